"""The journal: one hash chain per case, checkpoints over all heads, and the walk that proves both whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from workflow.actors import Actor
from workflow.facts import CaseState
from workflow.inserting import add_once
from workflow.models import Case, CaseForm, Checkpoint, CheckpointHead, JournalEntry, canonical, moment_text

COVERED = (
    "seq", "at", "actor_id", "actor_name", "action", "from_stage", "to_stage", "visit", "version", "edition",
    "says", "reason", "source", "origin", "form_digest", "state_digest", "prev_hash",
)  # fmt: skip
"""What an entry's hash covers, in this order, after the case number."""


def digest(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def state_digest(case: CaseState | Case) -> str:
    """Of everything an act can change on the case row: a row edited behind the journal's back is seen."""
    accepted = case.accepted_on.isoformat() if case.accepted_on else ""
    return digest(
        canonical([case.stage, case.visit, case.version, case.edition, case.facts, case.hands, case.barred,
                   case.clocks, case.title, accepted, case.result, case.release_id, case.software])
    )  # fmt: skip


def entry_hash(number: str, entry: Any) -> str:
    """The hash of an entry given as a row or mapping, over all COVERED fields."""
    get = entry.get if isinstance(entry, dict) else lambda name: getattr(entry, name)
    values = [moment_text(v) if isinstance(v := get(name), datetime) else v for name in COVERED]
    return digest(canonical([number, *values]))


def make_entry(
    case: CaseState,
    *,
    actor: Actor,
    now: datetime,
    action: str,
    from_stage: str,
    says: str,
    reason: str = "",
    source: str = "",
    origin: str = "",
    form: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The next entry of the case's chain; raises the case's `seq` and sets its `head_hash`."""
    case.seq += 1
    entry: dict[str, Any] = {
        "case_id": case.id,
        "seq": case.seq,
        "at": now,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "action": action,
        "from_stage": from_stage,
        "to_stage": case.stage,
        "visit": case.visit,
        "version": case.version,
        "edition": case.edition,
        "says": says,
        "reason": reason,
        "source": source,
        "origin": origin,
        "form_digest": digest(canonical(form)) if form else "",
        "state_digest": state_digest(case),
        "prev_hash": case.head_hash,
    }
    entry["hash"] = case.head_hash = entry_hash(case.number, entry)
    return entry


@dataclass(frozen=True)
class Verdict:
    """What the walk found: how many entries, whether all is whole, and the first place where it is not."""

    entries: int
    ok: bool
    first_broken: str | None = None


def verify(conn: Connection) -> Verdict:
    """Walk every chain, the forms' digests, the heads on the cases, and the checkpoints."""
    entries = 0
    for problem, count in _walk(conn):
        entries = count
        if problem:
            return Verdict(_count(conn), ok=False, first_broken=problem)
    return Verdict(entries, ok=True)


def _count(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(JournalEntry)).scalar_one()


def _walk(conn: Connection) -> Iterator[tuple[str, int]]:
    yield "", 0
    cases = {row.id: row for row in conn.execute(select(Case.id, Case.number, Case.seq, Case.head_hash))}
    forms = {
        (row.case_id, row.seq): digest(canonical(row.body))
        for row in conn.execute(select(CaseForm.case_id, CaseForm.seq, CaseForm.body))
    }
    count, last, previous = 0, None, ""
    ends: dict[int, tuple[int, str]] = {}
    for row in conn.execute(select(JournalEntry).order_by(JournalEntry.case_id, JournalEntry.seq)):
        count += 1
        number = cases[row.case_id].number if row.case_id in cases else f"#{row.case_id}"
        if row.case_id != last:
            last, previous, expected = row.case_id, "", 1
        place = f"{number} 第 {row.seq} 条"
        if row.seq != expected:
            yield f"{number} 第 {expected} 条：缺失", count
        if row.prev_hash != previous or entry_hash(number, row) != row.hash:
            yield f"{place}：内容与哈希不符", count
        if forms.get((row.case_id, row.seq), row.form_digest) != row.form_digest:
            yield f"{place}：表单内容与摘要不符", count
        previous, expected = row.hash, expected + 1
        ends[row.case_id] = (row.seq, row.hash)
    for case_id, head in cases.items():
        if ends.get(case_id) != (head.seq, head.head_hash):
            yield f"{head.number}：日志末条与案件不符", count
    yield _broken_checkpoint(conn), count


def _broken_checkpoint(conn: Connection) -> str:
    hashes: dict[int, tuple[date, int, str]] = {}
    previous = ""
    for point in conn.execute(select(Checkpoint).order_by(Checkpoint.day)):
        heads = conn.execute(
            select(CheckpointHead).where(CheckpointHead.day == point.day).order_by(CheckpointHead.case_id)
        ).all()
        if point.prev_hash != previous or point.hash != _checkpoint_hash(
            point.day, point.cases, point.entries, heads, previous
        ):
            return f"{point.day} 的检查点：内容与哈希不符"
        hashes |= {head.case_id: (point.day, head.seq, head.hash) for head in heads}
        previous = point.hash
    wanted = select(JournalEntry.case_id, JournalEntry.seq, JournalEntry.hash)
    kept = {(row.case_id, row.seq): row.hash for row in conn.execute(wanted)} if hashes else {}
    for case_id, (day, seq, value) in hashes.items():
        if kept.get((case_id, seq)) != value:
            return f"案件 {case_id} 第 {seq} 条：与 {day} 的检查点不符"
    return ""


def _checkpoint_hash(day: date, cases: int, entries: int, heads: Any, previous: str) -> str:
    rows = [[head.case_id, head.seq, head.hash] for head in heads]
    return digest(canonical([day.isoformat(), cases, entries, rows, previous]))


def checkpoint(conn: Connection, day: date) -> bool:
    """Chain the heads that moved since the last checkpoint, once a day. False where the day has one."""
    last = conn.execute(select(Checkpoint).order_by(Checkpoint.day.desc()).limit(1)).first()
    if last is not None and last.day >= day:
        return False
    seen = exists().where(CheckpointHead.case_id == Case.id, CheckpointHead.seq == Case.seq)
    moved = conn.execute(
        select(Case.id.label("case_id"), Case.seq, Case.head_hash.label("hash"))
        .where(~seen)
        .order_by(Case.id)
    ).all()
    cases = conn.execute(select(func.count()).select_from(Case)).scalar_one()
    entries = int(
        conn.execute(select(func.coalesce(func.sum(Case.seq), 0))).scalar_one()
    )  # PostgreSQL sums to numeric
    previous = last.hash if last is not None else ""
    value = _checkpoint_hash(day, cases, entries, moved, previous)
    heads = [[row.case_id, row.seq, row.hash] for row in moved]
    if not add_once(conn, Checkpoint, day=day, cases=cases, entries=entries, heads_digest=digest(canonical(heads)),
                    prev_hash=previous, hash=value):  # fmt: skip
        return False
    if moved:
        conn.execute(
            insert(CheckpointHead),
            [{"day": day, "case_id": row.case_id, "seq": row.seq, "hash": row.hash} for row in moved],
        )
    return True
