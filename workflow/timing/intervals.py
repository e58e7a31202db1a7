"""Whose time went by: the stays of a case read from its journal, and the working days that were the offices' own.

The legal clock never pauses. The workload clock leaves out what was spent waiting; it is computed from the journal each
time, so that no setting made later alters what has been.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.calendar import Calendar
from workflow.catalogue import Blueprint
from workflow.models import JournalEntry
from workflow.periods import local_date
from workflow.vocabulary import WAITS, Stage


@dataclass(frozen=True)
class Stay:
    """A visit of a stage: from when, until when (None: still there), under which edition."""

    stage: str
    since: datetime
    until: datetime | None
    edition: str


@dataclass(frozen=True)
class Stretch:
    """The working days of one stay: those after `first` up to `last`; `waited` says for whom, "" where they count."""

    stage: str
    label: str
    first: date
    last: date
    days: int
    waited: str


@dataclass(frozen=True)
class Workload:
    """All stretches of a case: `own` and `waiting` add up to the working days since it was opened."""

    stretches: tuple[Stretch, ...]

    @property
    def own(self) -> int:
        """Working days the offices had the case in hand."""
        return sum(one.days for one in self.stretches if not one.waited)

    @property
    def waiting(self) -> int:
        """Working days left out."""
        return sum(one.days for one in self.stretches if one.waited)

    @property
    def waits(self) -> list[Stretch]:
        """What is left out, where it took any day."""
        return [one for one in self.stretches if one.waited and one.days]


def stays(session: Session, case_id: int) -> list[Stay]:
    """The stays of a case, in order."""
    rows = session.execute(
        select(JournalEntry.at, JournalEntry.to_stage, JournalEntry.visit, JournalEntry.edition)
        .where(JournalEntry.case_id == case_id)
        .order_by(JournalEntry.seq)
    ).all()
    found: list[Stay] = []
    visit = 0
    for row in rows:
        if row.visit != visit:
            if found:
                found[-1] = Stay(found[-1].stage, found[-1].since, row.at, found[-1].edition)
            found.append(Stay(row.to_stage, row.at, None, row.edition))
            visit = row.visit
    return found


def waits_for(stage: Stage) -> str:
    """For whom a case waits in a stage, in words; "" where it is worked on."""
    if stage.waits_for:
        return WAITS[stage.waits_for]
    if stage.minimum is not None:
        return "公示期"
    return "等关联案件" if stage.held_by is None else ""


def workload(blueprint: Blueprint, been: Iterable[Stay], calendar: Calendar, today: date) -> Workload:
    """The working days of each stay; stages in which a benefit only goes on, and the end, are no work in hand."""
    found = []
    for stay in been:
        stage = blueprint.stages.get(stay.stage)
        if stage is None or stage.final or stage.keeps:
            continue
        first, last = local_date(stay.since), local_date(stay.until) if stay.until else today
        days = calendar.working_days_between(first, max(first, last))
        found.append(Stretch(stay.stage, stage.label, first, max(first, last), days, waits_for(stage)))
    return Workload(tuple(found))
