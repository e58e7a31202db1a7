"""Recounting running limits by a calendar that was published or changed: seen beforehand, then done once, case by case.

What has been met, decided or has passed keeps its date: no day that was used is taken back. A minimum (publicity) is
never shortened. Every move is entered in the journal of its case and told to whoever holds it. What is left of a run
that was broken off is found again by the next: a limit that has been moved counts to where it stands.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from workflow import settings
from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.calendar import Calendar
from workflow.clocks import begun, ends, next_rung, read_rule
from workflow.db import Database
from workflow.entries import read, write_back
from workflow.errors import Busy
from workflow.models import Case, Deadline, Setting, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.running.incidents import Troubles
from workflow.sweeps import Swept, never
from workflow.telling import tell

log = logging.getLogger(__name__)
BATCH = 2000
RECOUNT = "recount"
"""The id of the job."""
COUNTED_BY = "counted_by"
"""The setting that says by which calendar all running limits were last counted."""


@dataclass(frozen=True)
class Move:
    """A running limit that another calendar puts on another day. `settles`: its date is no longer provisional."""

    deadline_id: int
    case_id: int
    number: str
    label: str
    source: str
    old: date
    new: date
    minimum: bool
    settles: bool

    @property
    def moved(self) -> bool:
        """Whether the date is another one."""
        return self.old != self.new


def moves(session: Session | Connection, calendar: Calendar, today: date) -> Iterator[Move]:
    """What this calendar changes on the running limits, in the order of their dates."""
    last = (date.min, 0)
    while True:
        rows = session.execute(
            select(Deadline.__table__, Case.number)
            .join(Case, Case.id == Deadline.case_id)
            .where(
                Deadline.state == "open", Deadline.due_on >= max(today, last[0]),
                (Deadline.due_on > last[0]) | (Deadline.id > last[1]),
            )
            .order_by(Deadline.due_on, Deadline.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        for row in rows:
            if (move := _move(row, calendar)) is not None:
                yield move
        if len(rows) < BATCH:
            return
        last = (rows[-1].due_on, rows[-1].id)


def _move(row: Any, calendar: Calendar) -> Move | None:
    counted = read_rule(row.rule).count(begun(row), calendar)
    new = max(counted.due, row.due_on) if row.minimum else counted.due
    settles = row.provisional and not counted.provisional
    if new == row.due_on and not settles:
        return None
    return Move(row.id, row.case_id, row.number, row.label, row.source, row.due_on, new, row.minimum, settles)


def used_days(session: Session | Connection, days: Iterable[date]) -> list[tuple[date, int]]:
    """Which of these days were counted for a limit that has been met or has ended, and for how many of them."""
    wanted = sorted(days)
    if not wanted:
        return []
    rows = session.execute(
        select(Deadline.started_on, Deadline.due_on, Deadline.met_on).where(
            Deadline.state.in_(("met", "late")), Deadline.due_on >= wanted[0], Deadline.met_on >= wanted[0],
            Deadline.started_on < wanted[-1], Deadline.started_at.is_(None), ~Deadline.rule.startswith("="),
        )
    ).all()  # fmt: skip
    found = []
    for day in wanted:
        using = sum(1 for row in rows if row.started_on < day <= min(row.due_on, row.met_on))
        if using:
            found.append((day, using))
    return found


def fingerprint(calendar: Calendar) -> str:
    """A text that is another one for another calendar."""
    days = sorted((day.isoformat(), str(row.kind)) for day, row in calendar.days.items())
    return hashlib.sha256(repr((days, sorted(calendar.published))).encode()).hexdigest()


def recount(
    office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never, actor: Actor = SYSTEM_ACTOR
) -> Swept:  # fmt: skip
    """Move what the calendar in force moves, a transaction a case; nothing where all is counted by it already."""
    mark = fingerprint(office.calendar)
    with database.reading() as session:
        done = session.get(Setting, COUNTED_BY)
        if done is not None and done.value == mark:
            return Swept()
        cases = list(dict.fromkeys(move.case_id for move in moves(session, office.calendar, local_date(now))))
    swept = Swept()
    troubles = Troubles(database, RECOUNT, now)
    held = troubles.held()
    for case_id in cases:
        if stopped():
            return swept
        if case_id in held:
            continue
        try:
            with database.acting() as conn:
                swept.done += recount_case(office, conn, case_id, actor=actor, now=now)
        except Busy:
            raise
        except (
            Exception
        ) as error:  # one broken case must not stop the others; it is counted, shown and tried again
            log.exception("recounting failed for case %s", case_id)
            swept.failed += 1
            swept.error = swept.error or f"{case_id}: {error}"
            troubles.failed(case_id, case_id, error, mark)
    if swept.failed or held:
        return swept
    with database.acting() as conn:
        settings.put(conn, COUNTED_BY, mark)
    return swept


def recount_case(office: Office, conn: Connection, case_id: int, *, actor: Actor, now: datetime) -> int:
    """Recount the running limits of one case, under its lock; how many changed. Twice changes nothing."""
    case, _ = read(office, conn, case_id)
    today = local_date(now)
    rows = conn.execute(
        select(Deadline.__table__, Case.number)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.case_id == case_id, Deadline.state == "open", Deadline.due_on >= today)
        .order_by(Deadline.id)
    ).all()
    changed = [(row, move) for row in rows if (move := _move(row, office.calendar)) is not None]
    for row, move in changed:
        ladder = office.ladders.named(row.ladder)
        rung, moment = next_rung(
            ladder, row.rung, read_rule(row.rule), begun(row), _end(row, move.new), office.calendar
        )
        conn.execute(
            update(Deadline)
            .where(Deadline.id == row.id)
            .values(
                due_on=move.new, provisional=row.provisional and not move.settles, rung=rung, next_at=moment
            )
        )
        if row.kind.startswith("span:") and row.kind[5:] in case.clocks:
            case.clocks = {**case.clocks, row.kind[5:]: move.new.isoformat()}
    moved = [move for _row, move in changed if move.moved]
    if moved:
        says = "；".join(f"“{one.label}”由 {one.old.isoformat()} 改为 {one.new.isoformat()}" for one in moved)
        write_back(conn, case, actor=actor, now=now, action="recount", says=f"按公布的放假安排重算时限：{says}",
                   source="；".join(dict.fromkeys(one.source for one in moved)))  # fmt: skip
        redate_tasks(office, conn, case)
        _tell(conn, case, moved, now)
    return len(changed)


def _end(row: Any, new: date) -> date:
    return ends(row) if row.due_at else new


def redate_tasks(office: Office, conn: Connection, case: Any) -> None:
    """Let the open tasks of a case show the dates of its limits as they now stand."""
    stage = office.catalogue.of(case).stages[case.stage]
    rows = conn.execute(
        select(Deadline.kind, Deadline.due_on).where(Deadline.case_id == case.id, Deadline.state == "open")
    ).all()
    dues = {row.kind: row.due_on for row in rows}
    spans = {code: date.fromisoformat(due) for code, due in case.clocks.items()}
    own = dues.get(f"stage:{stage.id}") or spans.get(stage.within) or min(spans.values(), default=None)
    for task in conn.execute(
        select(Task.id, Task.part, Task.opens_on).where(Task.case_id == case.id, Task.state == "open")
    ).all():
        due = dues.get(f"part:{task.part}", own) if task.part else own
        opens = dues.get(f"minimum:{stage.id}", task.opens_on) if not task.part else task.opens_on
        conn.execute(update(Task).where(Task.id == task.id).values(due_on=due, opens_on=opens))


def _tell(conn: Connection, case: Any, moved: Sequence[Move], now: datetime) -> None:
    """Whoever holds the case hears once of all its limits that moved."""
    words = "；".join(f"{one.label}：{one.old.isoformat()} 改为 {one.new.isoformat()}" for one in moved)
    tasks = conn.execute(
        select(Task.assignee_id, Task.role, Task.scope)
        .where(Task.case_id == case.id, Task.state == "open")
        .order_by(Task.id)
    ).all()
    for place, task in enumerate(tasks):
        tell(conn, case, "recounted", now, user_id=task.assignee_id, role=task.role, scope=task.scope,
             key=f"{case.seq}:{place}", facts={"words": words})  # fmt: skip
