"""Deadlines derived from journal facts: start event and rule give the date; the ladder gives the next moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.calendar import Calendar
from workflow.errors import Misdefined
from workflow.facts import CaseState
from workflow.ladders import LADDERS, SILENT, Ladder
from workflow.office import Office
from workflow.periods import Days, OnDate, Period, Step, parse_rule
from workflow.policy import scope_of
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
        yield Step(self.day, True, "固定日期，遇休息日不顺延")

    def half(self) -> None:
        """Has no units to halve; see `next_rung`."""

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
        yield from self.then.explain(self.first.due(start, calendar), calendar)

    def half(self) -> None:
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


def deadline_row(
    office: Office,
    case: CaseState,
    *,
    kind: str,
    label: str,
    rule: Any,
    source: str,
    role: Role | None,
    today: date,
    ladder: Ladder,
    part: str = "",
    minimum: bool = False,
) -> dict[str, Any]:
    """One deadline of a case that starts today."""
    rule = _resolved(rule, case)
    due = rule.due(today, office.calendar)
    ladder = SILENT if minimum else ladder
    rung, moment = next_rung(ladder, 0, rule, today, due, office.calendar)
    return {
        "case_id": case.id,
        "visit": case.visit,
        "kind": kind,
        "label": label,
        "stage": case.stage,
        "part": part,
        "role": role.code if role else "",
        "scope": scope_of(role, case.area_code) if role else "",
        "started_on": today,
        "rule": str(rule),
        "due_on": due,
        "source": source,
        "minimum": minimum,
        "provisional": office.calendar.provisional_between(today, due),
        "ladder": ladder.code,
        "rung": rung,
        "next_at": moment,
    }


def ladder_of(code: str) -> Ladder:
    """The ladder a deadline row names."""
    return LADDERS[code]


def role_title(code: str) -> str:
    """The Chinese title of a role code."""
    return ROLES[code].title if code in ROLES else code
