"""The monthly bulletin 通报: how many limits were kept, where and at which stage, what is overdue, what was extended.

It counts limits, by the office that held them; no name of a family stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.areas import ancestor, level_of
from workflow.calendar import Calendar
from workflow.models import Area, Case, Deadline, Extension, User
from workflow.periods import at_local
from workflow.policy import area_filter
from workflow.rungs import ESCALATION


@dataclass(frozen=True)
class Rate:
    """How many limits ended in one place or at one stage, and how many of them in time. `key` is its code."""

    key: str
    on_time: int
    ended: int

    @property
    def late(self) -> int:
        """How many ended after their time."""
        return self.ended - self.on_time

    @property
    def percent(self) -> str:
        """The share in time, in whole percent rounded down, so that 100 means all; a dash where none ended."""
        return f"{self.on_time * 100 // self.ended}%" if self.ended else "–"


@dataclass(frozen=True)
class Overdue:
    """A limit that has passed: of which case, held where, due when, ended when (None: not yet), working days late."""

    number: str
    definition: str
    label: str
    source: str
    unit: str
    due: date
    ended: date | None
    days: int


@dataclass(frozen=True)
class Granted:
    """An extension confirmed in the month."""

    number: str
    definition: str
    edition: str
    kind: str
    label: str
    code: str
    reason: str
    unit: str
    due_before: date
    due_after: date
    asked_by: str
    confirmed_by: str


@dataclass(frozen=True)
class Bulletin:
    """A month: `first` is its first day, `last` its last or today, `names` what the units are called."""

    first: date
    last: date
    total: Rate
    units: list[Rate]
    stages: list[Rate]
    overdue: list[Overdue]
    extensions: list[Granted]
    escalated: int
    settled: int
    names: dict[str, str]


def month_end(first: date) -> date:
    """The last day of the month that begins on this day."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def bulletin(
    session: Session, areas: Sequence[str], first: date, today: date, calendar: Calendar
) -> Bulletin:
    """The bulletin of a month over these areas, up to today where the month is not over."""
    last = min(month_end(first), today)
    ended = _ended(session, areas, first, last)
    overdue = _overdue(session, areas, first, last, calendar)
    extensions = _extensions(session, areas, first, last)
    units = _rates(ended, lambda row: unit_of(row.scope, row.area_code))
    keys = {rate.key for rate in units} | {one.unit for one in overdue} | {one.unit for one in extensions}
    total = Rate("", sum(rate.on_time for rate in units), sum(rate.ended for rate in units))
    return Bulletin(
        first, last, total, units, _rates(ended, lambda row: f"{row.definition}:{row.label}"), overdue, extensions,
        _escalations(session, areas, Case.opened_at, first, last), _escalations(session, areas, Case.closed_at, first, last),
        dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(keys))).all()),
    )  # fmt: skip


def unit_of(scope: str, area_code: str) -> str:
    """The office that answers for a limit: the county, or the town; a village's work is its town's."""
    held = scope or area_code
    return ancestor(held, "town") if level_of(held) == "village" else held


def _legal() -> list[Any]:
    """Limits that count: no minimum, nothing that only runs along, no escalation."""
    return [Deadline.minimum.is_(False), Deadline.ladder != "silent", Case.definition != ESCALATION]


def _ended(session: Session, areas: Sequence[str], first: date, last: date) -> list[Any]:
    met = func.sum(case((Deadline.state == "met", 1), else_=0))
    return list(session.execute(
        select(Deadline.scope, Case.area_code, Case.definition, Deadline.label, func.count().label("n"), met.label("met"))
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.state.in_(("met", "late")), Deadline.met_on.between(first, last), area_filter(Case.area_code, areas), *_legal())
        .group_by(Deadline.scope, Case.area_code, Case.definition, Deadline.label)
    ))  # fmt: skip


def _rates(rows: Sequence[Any], key: Callable[[Any], str]) -> list[Rate]:
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        met, n = sums.get(key(row), (0, 0))
        sums[key(row)] = (met + int(row.met or 0), n + row.n)
    found = [Rate(code, met, n) for code, (met, n) in sums.items()]
    return sorted(found, key=lambda rate: (rate.on_time * 1000 // rate.ended, -rate.ended, rate.key))


def _overdue(
    session: Session, areas: Sequence[str], first: date, last: date, calendar: Calendar
) -> list[Overdue]:
    """What had passed by the end of the month and was not done by then, or was done late in the month; the oldest first."""
    rows = session.execute(
        select(Deadline, Case.number, Case.definition, Case.area_code)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            area_filter(Case.area_code, areas), *_legal(),
            or_(
                and_(Deadline.state == "open", Deadline.due_on < last),
                and_(Deadline.state == "late", Deadline.due_on <= last, Deadline.met_on >= first),
            ),
        )
        .order_by(Deadline.due_on, Deadline.id)
    )  # fmt: skip
    return [
        Overdue(
            number, definition, row.label, row.source, unit_of(row.scope, area), row.due_on,
            (ended := row.met_on if row.met_on and row.met_on <= last else None),
            max(calendar.working_days_between(row.due_on, ended or last), 1),
        )
        for row, number, definition, area in rows
    ]  # fmt: skip


def _extensions(session: Session, areas: Sequence[str], first: date, last: date) -> list[Granted]:
    asker, confirmer = aliased(User), aliased(User)
    rows = session.execute(
        select(Extension, Deadline, Case, asker.name, confirmer.name)
        .join(Deadline, Deadline.id == Extension.deadline_id)
        .join(Case, Case.id == Extension.case_id)
        .join(asker, asker.id == Extension.asked_by)
        .join(confirmer, confirmer.id == Extension.confirmed_by)
        .where(
            Extension.confirmed_at >= at_local(first), Extension.confirmed_at < at_local(last + timedelta(days=1)),
            area_filter(Case.area_code, areas),
        )
        .order_by(Extension.confirmed_at, Extension.id)
    )  # fmt: skip
    return [
        Granted(of.number, of.definition, of.edition, limit.kind, limit.label, row.code, row.reason,
                unit_of(limit.scope, of.area_code), limit.extended_from or row.due_on, row.due_on, asked, confirmed)
        for row, limit, of, asked, confirmed in rows
    ]  # fmt: skip


def _escalations(session: Session, areas: Sequence[str], moment: Any, first: date, last: date) -> int:
    wanted = select(func.count(Case.id)).where(
        Case.definition == ESCALATION, moment >= at_local(first), moment < at_local(last + timedelta(days=1)),
        area_filter(Case.area_code, areas),
    )  # fmt: skip
    return session.scalar(wanted) or 0
