"""Deadlines derived from journal facts: start event and rule give the date; the ladder gives the next moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.calendar import Calendar
from workflow.errors import Misdefined
from workflow.facts import CaseState
from workflow.ladders import SILENT, Ladder
from workflow.office import Office
from workflow.periods import Counted, Days, Hours, OnDate, Period, Step, local_date, parse_rule
from workflow.policy import post_of, scope_of
from workflow.roles import ROLES, Role


@dataclass(frozen=True)
class Fixed(Period):
    """A date fixed by a schedule or a signed decision; it does not roll over rest days."""

    day: date

    def due(self, start: date, calendar: Calendar) -> date:
        """The date itself."""
        return self.day

    def bare_end(self, start: date) -> date:
        """The date itself."""
        return self.day

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """One step: the date is fixed."""
        yield Step(self.day, True, "由决定或计划确定的日期，不因休息日顺延")

    def part(self, percent: int) -> None:
        """Has no units to take a share of; see `next_rung`."""

    def count(self, start: date, calendar: Calendar) -> Counted:
        """The date itself; no calendar is asked, so it is never provisional."""
        return Counted(self, start, self.day, False, calendar)

    def __str__(self) -> str:
        return f"={self.day.isoformat()}"

    @property
    def label(self) -> str:
        """Until when."""
        return f"至 {self.day.isoformat()}"


@dataclass(frozen=True)
class After(Period):
    """A limit that begins when a minimum is over: `After(Days(7), Workdays(2))`."""

    first: Period
    then: Period

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the second period, counted from the last day of the first."""
        return self.then.due(self.first.due(start, calendar), calendar)

    def bare_end(self, start: date) -> date:
        """The earliest day the end depends on: that of the first period."""
        return self.first.bare_end(start)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """First the one, then the other."""
        yield from self.first.explain(start, calendar)
        middle, *rest = self.then.explain(self.first.due(start, calendar), calendar)
        yield Step(middle.day, False, f"{self.first.label}期满，从次日起再计 {self.then.label}")
        yield from rest

    def part(self, percent: int) -> None:
        """Has units of two kinds; see `next_rung`."""

    def __str__(self) -> str:
        return f"{self.first}+{self.then}"

    @property
    def label(self) -> str:
        """Both periods in words."""
        return f"{self.first.label}期满后 {self.then.label}"


def read_rule(text: str) -> Period:
    """The rule a deadline row was made with."""
    if text.startswith("="):
        return Fixed(date.fromisoformat(text[1:]))
    first, plus, then = text.partition("+")
    return After(parse_rule(first), parse_rule(then)) if plus else parse_rule(text)


def _resolved(rule: Any, case: CaseState) -> Any:
    if isinstance(rule, OnDate):
        if not (day := case.facts.get(rule.fact)):
            raise Misdefined(f"案件 {case.number} 没有日期“{rule.fact}”，时限无法计算。")
        return Fixed(date.fromisoformat(day))
    return rule


def next_rung(
    ladder: Ladder, index: int, rule: Any, started: date, due: date, calendar: Calendar
) -> tuple[int, datetime | None]:
    """The next rung of a deadline and its moment; a scheduled date is halved in calendar days.

    A limit after a minimum is halved from the minimum's end: until then there is nothing to be reminded of.
    """
    plain = rule
    if isinstance(rule, Fixed):
        plain = Days(max((due - started).days, 1))
    if isinstance(rule, After):
        plain, started = rule.then, rule.first.due(started, calendar)
    return ladder.next(index, plain, started, due, calendar)


def begun(row: Any) -> date:
    """Where a deadline row is counted from: its day, or its moment for a limit of hours."""
    start: date = row.started_at or row.started_on
    return start


def ends(row: Any) -> date:
    """The last day of a deadline row, or its moment for a limit of hours."""
    end: date = row.due_at or row.due_on
    return end


def deadline_row(
    office: Office,
    case: CaseState,
    *,
    kind: str,
    label: str,
    rule: Any,
    source: str,
    role: Role | None,
    now: datetime,
    ladder: Ladder,
    part: str = "",
    minimum: bool = False,
) -> dict[str, Any]:
    """One deadline of a case that starts now: today for limits in days, at this moment for limits in hours."""
    today, rule = local_date(now), _resolved(rule, case)
    start: date = now if isinstance(rule, Hours) else today
    counted = rule.count(start, office.calendar)
    due_at = rule.ends(now) if isinstance(rule, Hours) else None
    ladder = SILENT if minimum else office.ladders.of(case.definition, case.edition, kind, today, ladder)
    rung, moment = next_rung(ladder, 0, rule, start, due_at or counted.due, office.calendar)
    return {
        "case_id": case.id,
        "visit": case.visit,
        "kind": kind,
        "label": label,
        "stage": case.stage,
        "part": part,
        "role": role.code if role else "",
        "scope": (post_of(role, case) if role.of_department else scope_of(role, case.area_code))
        if role
        else "",
        "started_on": today,
        "started_at": now if due_at else None,
        "rule": str(rule),
        "due_on": counted.due,
        "due_at": due_at,
        "source": source,
        "minimum": minimum,
        "provisional": counted.provisional,
        "ladder": ladder.code,
        "rung": rung,
        "next_at": moment,
    }


def role_title(code: str) -> str:
    """The Chinese title of a role code."""
    return ROLES[code].title if code in ROLES else code
