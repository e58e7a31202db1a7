"""Each night: every case that changed is rebuilt from its journal and compared with its rows; and a watch over open cases
that nobody and nothing will move on. What differs is an incident.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from workflow import settings
from workflow.catalogue import Catalogue
from workflow.journal import digest, entry_hash
from workflow.models import (
    Case,
    CaseForm,
    Checkpoint,
    CheckpointHead,
    Deadline,
    Incident,
    JournalEntry,
    ScheduledAct,
    Setting,
    Task,
    canonical,
)
from workflow.running.incidents import PENDING, record
from workflow.running.job import Mend, Run
from workflow.sweeps import Swept
from workflow.verify import replayed

REBUILD, WATCH = "rebuild", "watch"
"""The ids of the two jobs."""
REBUILT_TO = "rebuilt_to"
"""The setting that names the last checkpoint whose cases have been rebuilt."""
BATCH = 25


def rebuild(run: Run) -> Swept:
    """After each day's checkpoint: the cases whose journal grew since the last one that was looked at.

    A run that is stopped begins anew: nothing is looked at twice to another end.
    """
    with run.database.reading() as session:
        done = session.get(Setting, REBUILT_TO)
        since = date.fromisoformat(done.value) if done is not None else date.min
        last = session.scalar(select(func.max(Checkpoint.day)))
        if last is None or last <= since:
            return Swept()
        moved = (
            select(CheckpointHead.case_id)
            .where(CheckpointHead.day > since)
            .distinct()
            .order_by(CheckpointHead.case_id)
        )
        ids = list(session.scalars(moved))
    swept = Swept()
    for start in range(0, len(ids), BATCH):
        if run.stopped():
            return swept
        batch = ids[start : start + BATCH]
        with run.database.reading() as session:
            broken = dict(differing(session, run.office.catalogue, batch))
        for case_id, problem in broken.items():
            with run.database.acting() as conn:
                record(
                    conn,
                    REBUILD,
                    case_id,
                    case_id=case_id,
                    cause=problem,
                    payload=problem,
                    now=run.now,
                    at_once=True,
                )
        swept.done += len(batch)
    with run.database.acting() as conn:
        settings.put(conn, REBUILT_TO, last.isoformat())
    return swept


def differing(session: Session, catalogue: Catalogue, ids: list[int]) -> Iterator[tuple[int, str]]:
    """Of these cases those that are not what their journal says, each with the first thing that differs."""
    entries: dict[int, list[JournalEntry]] = {}
    for entry in session.scalars(
        select(JournalEntry)
        .where(JournalEntry.case_id.in_(ids))
        .order_by(JournalEntry.case_id, JournalEntry.seq)
    ):
        entries.setdefault(entry.case_id, []).append(entry)
    forms = {
        (row.case_id, row.seq): digest(canonical(row.body))
        for row in session.execute(
            select(CaseForm.case_id, CaseForm.seq, CaseForm.body).where(CaseForm.case_id.in_(ids))
        )
    }
    for case in session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.id)):
        history = entries.get(case.id, [])
        problem = _unchained(case, history, forms) or _rebuilt(case, history, catalogue)
        if problem:
            yield case.id, f"{case.number}：{problem}"


def _rebuilt(case: Case, history: list[JournalEntry], catalogue: Catalogue) -> str:
    try:
        return replayed(case, history, catalogue)
    except Exception as error:  # noqa: BLE001 - what cannot be rebuilt is told, as what differs is
        return f"不能从日志重放（{type(error).__name__}: {error}）"


def _unchained(case: Case, history: list[JournalEntry], forms: dict[tuple[int, int], str]) -> str:
    previous = ""
    for expected, entry in enumerate(history, 1):
        if entry.seq != expected:
            return f"日志第 {expected} 条缺失"
        if entry.prev_hash != previous or entry_hash(case.number, entry) != entry.hash:
            return f"日志第 {expected} 条的内容与哈希不符"
        if forms.get((case.id, entry.seq), entry.form_digest) != entry.form_digest:
            return f"日志第 {expected} 条的表单与摘要不符"
        previous = entry.hash
    return "" if case.head_hash == previous else "日志末条与案件不符"


def watch(run: Run) -> Swept:
    """Open cases with no open task, no date that will move them, no order that halts them: nobody would ever look."""
    with run.database.reading() as session:
        found = list(stuck(session, run.office.catalogue))
    for case_id, version, words in found:
        if run.stopped():
            break
        with run.database.acting() as conn:
            record(
                conn, WATCH, case_id, case_id=case_id, cause=words, payload=version, now=run.now, at_once=True
            )
    return Swept(done=len(found))


def stuck(session: Session, catalogue: Catalogue, only: int | None = None) -> Iterator[tuple[int, int, str]]:
    """Id and version of such cases, and where each stands; those with an incident of their own are left out."""
    wanted = select(Case).where(
        Case.closed_at.is_(None), Case.halt_id.is_(None),
        ~select(Task.id).where(Task.case_id == Case.id, Task.state == "open").exists(),
        ~select(ScheduledAct.id).where(ScheduledAct.case_id == Case.id, ScheduledAct.state.in_(("planned", "deferred"))).exists(),
        ~select(Deadline.id).where(Deadline.case_id == Case.id, Deadline.state == "open").exists(),
    )  # fmt: skip
    child = Case.__table__.alias()
    wanted = wanted.where(
        ~select(child.c.id).where(child.c.parent_id == Case.id, child.c.closed_at.is_(None)).exists()
    )
    if only is None:
        known = select(Incident.id).where(
            Incident.case_id == Case.id, Incident.state.in_(PENDING), Incident.kind != WATCH
        )
        wanted = wanted.where(~known.exists())
    else:
        wanted = wanted.where(Case.id == only)
    for case in session.scalars(wanted.order_by(Case.id)):
        stage = catalogue.of(case).stages[case.stage]
        yield case.id, case.version, f"{case.number}：在“{stage.label}”，没有待办，也没有会到的日期"


def _nothing(_run: Run, _ref: int) -> None:
    """Looking again is all that a retry does: a person mends it first."""


def _agrees(session: Session, run: Run, ref: int) -> bool:
    return not any(differing(session, run.office.catalogue, [ref]))


def _moves_on(session: Session, run: Run, ref: int) -> bool:
    return not any(stuck(session, run.office.catalogue, only=ref))


def _leave(_conn: Connection, _run: Run, _ref: int) -> None:
    """A person has looked at it and says why it may stay."""


REBUILT = Mend(_nothing, _agrees, _leave)
WATCHED = Mend(_nothing, _moves_on, _leave)
