"""Everything in flight of many cases at once: a handful of statements for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.orm import Session

from workflow.facts import CaseState
from workflow.models import Case, CasePart, Deadline, Extension, JournalEntry, Notice, ScheduledAct, Task
from workflow.statements import STATE

_ENDED = ("done", "cancelled")


@dataclass
class Flight:
    """One case with all that hangs on it. Rows are as the database gives them; `started` is when its visit began.

    `events` gives for each action of interest the place in the journal and the moment at which it was last done.
    """

    case: CaseState
    started: datetime
    deadlines: list[Any] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    scheduled: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    events: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    notice_up: bool = False
    extending: bool = False

    @property
    def running(self) -> list[Any]:
        """The open deadlines."""
        return [row for row in self.deadlines if row.state == "open"]


def among(of: Any, ids: Sequence[int]) -> Any:
    """Whether a column is one of these ids, which stand in the text: hundreds of parameters cost more than the query."""
    return of.in_(bindparam("ids", ids, expanding=True, literal_execute=True))


def read_flights(
    conn: Connection | Session, ids: Sequence[int], actions: Iterable[str], *, lock: bool = False
) -> list[Flight]:
    """The cases of these ids, oldest first; under lock those that nobody else holds. `actions` start or end spans."""
    wanted = select(*(Case.__table__.c[name] for name in STATE)).where(among(Case.id, ids)).order_by(Case.id)
    if lock:
        wanted = wanted.with_for_update(skip_locked=True)
    began = dict(
        conn.execute(
            select(JournalEntry.case_id, func.min(JournalEntry.at))
            .join(Case, and_(Case.id == JournalEntry.case_id, Case.visit == JournalEntry.visit))
            .where(among(JournalEntry.case_id, ids))
            .group_by(JournalEntry.case_id)
        ).all()
    )
    flights = {row.id: Flight(CaseState(*row), began[row.id]) for row in conn.execute(wanted)}
    mine = list(flights)
    for row in conn.execute(
        select(Deadline.__table__).where(among(Deadline.case_id, mine)).order_by(Deadline.id)
    ):
        flights[row.case_id].deadlines.append(row)
    for row in conn.execute(
        select(Task.__table__).where(among(Task.case_id, mine), Task.state == "open").order_by(Task.id)
    ):
        flights[row.case_id].tasks.append(row)
    for row in conn.execute(
        select(CasePart.__table__)
        .join(Case, and_(Case.id == CasePart.case_id, Case.visit == CasePart.visit))
        .where(among(CasePart.case_id, mine))
    ):
        flights[row.case_id].parts[row.code] = row
    for row in conn.execute(
        select(ScheduledAct.case_id, ScheduledAct.action).where(
            among(ScheduledAct.case_id, mine), ScheduledAct.state.not_in(_ENDED)
        )
    ):
        flights[row.case_id].scheduled.append(row.action)
    for row in conn.execute(
        select(Case.parent_id, Case.facts).where(among(Case.parent_id, mine), Case.closed_at.is_(None))
    ):
        flights[row.parent_id].children.append(str(row.facts.get("part", "")))
    for row in conn.execute(
        select(
            JournalEntry.case_id,
            JournalEntry.action,
            func.max(JournalEntry.seq).label("seq"),
            func.max(JournalEntry.at).label("at"),
        )
        .where(among(JournalEntry.case_id, mine), JournalEntry.action.in_(list(actions)))
        .group_by(JournalEntry.case_id, JournalEntry.action)
    ):
        flights[row.case_id].events[row.action] = (row.seq, row.at)
    for row in conn.execute(
        select(Notice.case_id).where(among(Notice.case_id, mine), Notice.taken_down_on.is_(None))
    ):
        flights[row.case_id].notice_up = True
    for row in conn.execute(select(Extension.case_id).join(Deadline, Deadline.id == Extension.deadline_id).where(
        among(Extension.case_id, mine), Extension.confirmed_at.is_(None), Deadline.state == "open"
    )):  # fmt: skip
        flights[row.case_id].extending = True
    return list(flights.values())
