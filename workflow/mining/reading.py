"""The cases of a period and their journal entries that moved them: two queries, bounded by a number of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.models import Case, JournalEntry
from workflow.periods import at_local
from workflow.policy import area_filter

MOST = 3000
"""So many cases are looked at, the latest of the period: a page must not read a journal of millions."""


@dataclass(frozen=True)
class Passed:
    """One case as it went: the stages entered with when and by which action, in order."""

    case_id: int
    number: str
    title: str
    closed: bool
    barred: tuple[int, ...]
    steps: tuple[tuple[str, str, datetime], ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The stages, each visit once."""
        return tuple(stage for stage, _action, _at in self.steps)


@dataclass(frozen=True)
class Sample:
    """The cases looked at, and how many there are in all."""

    cases: list[Passed]
    count: int


def sample(
    session: Session, areas: Sequence[str], definition: str, edition: str, first: date, last: date
) -> Sample:
    """The latest cases of a definition and edition that were opened from one day to another in these areas."""
    wanted = [
        Case.definition == definition,
        Case.edition == edition,
        Case.opened_at >= at_local(first),
        Case.opened_at < at_local(last + timedelta(days=1)),
        area_filter(Case.area_code, areas),
    ]
    count = session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0
    newest = select(Case.id).where(*wanted).order_by(Case.opened_at.desc(), Case.id.desc()).limit(MOST)
    chosen = newest.subquery()
    rows = session.execute(
        select(Case.id, Case.number, Case.title, Case.closed_at, Case.barred).where(
            Case.id.in_(select(chosen.c.id))
        )
    ).all()
    steps: dict[int, list[tuple[str, str, datetime]]] = {row.id: [] for row in rows}
    visits: dict[int, int] = {}
    moved = (
        select(
            JournalEntry.case_id,
            JournalEntry.visit,
            JournalEntry.to_stage,
            JournalEntry.action,
            JournalEntry.at,
        )
        .where(JournalEntry.case_id.in_(select(chosen.c.id)))
        .order_by(JournalEntry.case_id, JournalEntry.seq)
    )
    for case_id, visit, stage, action, at in session.execute(moved):
        if visits.get(case_id) != visit:
            visits[case_id] = visit
            steps[case_id].append((stage, action, at))
    found = [
        Passed(
            row.id, row.number, row.title, row.closed_at is not None, tuple(row.barred), tuple(steps[row.id])
        )
        for row in rows
    ]
    return Sample(found, count)
