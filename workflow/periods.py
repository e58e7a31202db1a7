"""Periods and the one rule by which they are counted, whatever the edition.

* The day it starts on is not counted (民法典 201).
* Working days count only working days; days count every day.
* A period of months ends on the corresponding day, or on the month's last day where it has none (民法典 202).
* A period that would end on a rest day ends on the next working day (民法典 203).
* A period of hours runs from its moment to its moment, over rest days too (民法典 201, 203).
* A date fixed by a schedule is no period: it stays where it is.

Dates are dates in China. Nothing here asks the machine for its clock or its zone.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from workflow.calendar import Calendar
from workflow.errors import Refused

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Chinese time. A fixed offset: since 1991 there is no summer time, and no zone database can be missing."""

_DAY = timedelta(days=1)
_UNREMINDED = 2
"""Limits of one or two units have no reminder."""
_HALF, _WHOLE = 50, 100


class Step(NamedTuple):
    """One day of the explanation: whether it counts as a unit of the period, and why."""

    day: date
    counted: bool
    reason: str


@dataclass(frozen=True)
class Counted:
    """A period counted out. `provisional`: it rests on a year whose holidays are not published yet."""

    rule: Period
    start: date
    due: date
    provisional: bool
    calendar: Calendar = field(repr=False)

    @cached_property
    def steps(self) -> list[Step]:
        """The way from the first to the last day, one line a day (for months, only the days that matter)."""
        return list(self.rule.explain(self.start, self.calendar))

    @cached_property
    def skipped(self) -> list[Step]:
        """The rest days passed over, or that moved the end, each with its reason (国庆节, 周六)."""
        if isinstance(self.rule, OnDate | Hours):
            return []
        first = self.start if isinstance(self.rule, Workdays) else self.rule.bare_end(self.start) - _DAY
        days = (first + timedelta(days=n) for n in range(1, (self.due - first).days + 1))
        return [Step(day, False, self.calendar.why(day)) for day in days if not self.calendar.is_working(day)]


@dataclass(frozen=True)
class Period(ABC):
    """A length of time that a limit grants."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The period in words: 10 个工作日, 7 天, 3 个月."""

    @abstractmethod
    def bare_end(self, start: date) -> date:
        """The last day before rest days are looked at; the earliest day the end depends on."""

    @abstractmethod
    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """How it is counted, in order."""

    @abstractmethod
    def part(self, percent: int) -> Period | None:
        """So much of it, in whole units rounded up; None where it is too short to be reminded of."""

    def half(self) -> Period | None:
        """The period until the reminder, None where there is no reminder."""
        return self.part(_HALF)

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the period that starts on `start`. Raises Refused beyond the last date there is."""
        try:
            return calendar.next_working(self.bare_end(start))
        except (OverflowError, ValueError):
            raise Refused("日期超出可以计算的范围，请核对起算日期。", start=start) from None

    def count(self, start: date, calendar: Calendar) -> Counted:
        """The same with what is needed to explain it."""
        due = self.due(start, calendar)
        provisional = calendar.provisional_between(self.bare_end(start), due)
        return Counted(self, start, due, provisional, calendar)


@dataclass(frozen=True)
class _Units(Period):
    """A number of units. Raises Refused where the number is zero, negative or above ten years."""

    n: int
    code: ClassVar[str]
    unit: ClassVar[str]
    most: ClassVar[int]

    def __post_init__(self) -> None:
        if self.n < 1:
            raise Refused(f"期限至少是 1 {self.unit}，不能是 {self.n}。", rule=str(self))
        if self.n > self.most:
            raise Refused(f"期限超过十年（最多 {self.most} {self.unit}），请核对。", rule=str(self))

    def __str__(self) -> str:
        return f"{self.n}{self.code}"

    @property
    def label(self) -> str:
        """The period in words."""
        return f"{self.n} {self.unit}"


@dataclass(frozen=True)
class Workdays(_Units):
    """So many working days."""

    code, unit, most = "wd", "个工作日", 2500

    def bare_end(self, start: date) -> date:
        """The day after the start: whether it and the days after it are working days is looked up."""
        return start + _DAY

    def due(self, start: date, calendar: Calendar) -> date:
        """The n-th working day after the start."""
        return calendar.add_working_days(start, self.n)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """Every day from the start to the n-th working day."""
        yield _starts(start)
        day, counted = start, 0
        while counted < self.n:
            day += _DAY
            works = calendar.is_working(day)
            counted += works
            why = calendar.why(day)
            yield Step(day, works, f"第 {counted} 个工作日（{why}）" if works else f"{why}，不计入")

    def part(self, percent: int) -> Workdays | None:
        """So much of it, rounded up; none for one or two days."""
        return Workdays(-(-self.n * percent // _WHOLE)) if self.n > _UNREMINDED else None


@dataclass(frozen=True)
class Days(_Units):
    """So many calendar days."""

    code, unit, most = "d", "天", 3653

    def bare_end(self, start: date) -> date:
        """The n-th day after the start."""
        return start + timedelta(days=self.n)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """Every day from the start to the end, then the days by which the end moves."""
        yield _starts(start)
        for n in range(1, self.n + 1):
            yield Step(start + timedelta(days=n), True, f"第 {n} 天")
        yield from _rolls(self.bare_end(start), calendar)

    def part(self, percent: int) -> Days | None:
        """So much of it, rounded up; none for one or two days."""
        return Days(-(-self.n * percent // _WHOLE)) if self.n > _UNREMINDED else None


@dataclass(frozen=True)
class Months(_Units):
    """So many calendar months."""

    code, unit, most = "m", "个月", 120

    def bare_end(self, start: date) -> date:
        """The corresponding day, or the month's last day."""
        return add_months(start, self.n)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """The start, the corresponding day, then the days by which the end moves."""
        yield _starts(start)
        end = self.bare_end(start)
        if end.day == start.day:
            yield Step(end, True, f"满 {self.label}的对应日（民法典第 202 条）")
        else:
            yield Step(
                end, True, f"满 {self.label}，当月没有 {start.day} 日，以月末日为准（民法典第 202 条）"
            )
        yield from _rolls(end, calendar)

    def part(self, percent: int) -> Months | None:
        """So much of it, rounded up; none for one month, of which that would be the whole."""
        return Months(-(-self.n * percent // _WHOLE)) if self.n > 1 else None


@dataclass(frozen=True)
class Hours(_Units):
    """So many hours, from a moment to a moment. It does not roll over rest days: what is urgent does not wait."""

    code, unit, most = "h", "小时", 24 * 3653

    def ends(self, start: datetime) -> datetime:
        """The moment it ends."""
        return start + timedelta(hours=self.n)

    def bare_end(self, start: date) -> date:
        """The day it ends. Raises Refused where the start is a day without its hour."""
        return local_date(self.ends(_moment(start)))

    def due(self, start: date, calendar: Calendar) -> date:
        """The day it ends, rest day or not."""
        try:
            return self.bare_end(start)
        except OverflowError:
            raise Refused("日期超出可以计算的范围，请核对起算时刻。", start=start) from None

    def count(self, start: date, calendar: Calendar) -> Counted:
        """The same; no calendar is asked, so it is never provisional."""
        return Counted(self, start, self.due(start, calendar), False, calendar)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """The moment of the start, then each day with the hours of it that are counted."""
        begin = _moment(start).astimezone(CHINA)
        end = self.ends(begin)
        yield Step(begin.date(), False, f"{begin:%H:%M} 起算，按小时计算（民法典第 201 条第二款）")
        until = begin
        while until < end:
            day = until.date()
            until = min(end, datetime.combine(day + _DAY, time(), CHINA))
            yield Step(day, True, f"满 {_hours(until - begin)}")
        yield Step(end.date(), False, f"{end:%H:%M} 届满，遇休息日不顺延")

    def part(self, percent: int) -> Hours | None:
        """So much of it, rounded up; none for one or two hours."""
        return Hours(-(-self.n * percent // _WHOLE)) if self.n > _UNREMINDED else None


@dataclass(frozen=True)
class OnDate(Period):
    """A date that a schedule or a signed decision fixes, kept under `fact` in the case. It does not roll.

    The start it is counted from is that date: `rule.due(rule.read(facts), calendar)`.
    """

    fact: str

    def __str__(self) -> str:
        return f"on:{self.fact}"

    @property
    def label(self) -> str:
        """What it is called."""
        return "所定日期"

    def read(self, facts: Mapping[str, Any]) -> date:
        """The date among the facts, given as a date or as ISO text. Raises Refused where it is missing."""
        value = facts.get(self.fact)
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise Refused("案件里还没有定下这个日期，请先填写。", fact=self.fact) from None

    def bare_end(self, start: date) -> date:
        """The date itself."""
        return start

    def due(self, start: date, calendar: Calendar) -> date:
        """The date itself, rest day or not."""
        return start

    def count(self, start: date, calendar: Calendar) -> Counted:
        """The date itself; no calendar is asked, so it is never provisional."""
        return Counted(self, start, start, False, calendar)

    def explain(self, start: date, calendar: Calendar) -> Iterator[Step]:
        """One line."""
        yield Step(start, True, "所定日期，不因休息日顺延")

    def part(self, percent: int) -> None:
        """No reminder: nothing runs."""


_RULE = re.compile(r"(-?[0-9]{1,9})(wd|d|m|h)")
_BY_CODE: dict[str, type[_Units]] = {kind.code: kind for kind in (Workdays, Days, Months, Hours)}


def parse_rule(text: str) -> Period:
    """The period a code names: 10wd, 7d, 3m, 24h, on:FACT. Raises Refused for anything else."""
    code = text.strip()
    if code.startswith("on:") and code[3:].isidentifier():
        return OnDate(code[3:])
    found = _RULE.fullmatch(code)
    if found is None:
        raise Refused(
            f"看不懂期限“{text}”：请写数字加单位，如 10wd（工作日）、7d（天）、3m（个月）、24h（小时）。",
            rule=text,
        )
    return _BY_CODE[found[2]](int(found[1]))


def half(rule: Period, start: date, calendar: Calendar) -> date | None:
    """The day of the reminder: half of the units, rounded up, counted as the limit is.

    None where there is none: limits of one or two days, of one month, and fixed dates.
    """
    shorter = rule.half()
    return None if shorter is None else shorter.due(start, calendar)


def add_months(day: date, n: int) -> date:
    """The corresponding day n months later (earlier where n is negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def local_date(now: datetime) -> date:
    """The date in China at this moment. Raises ValueError for a moment without zone."""
    if now.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return now.astimezone(CHINA).date()


def at_local(day: date, hour: int = 0) -> datetime:
    """The moment in UTC at which this hour of this day begins in China."""
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


def _moment(start: date) -> datetime:
    if isinstance(start, datetime):
        return start
    raise Refused("按小时计算的期限要写起算的时刻，例如 2016-09-05T14:30。", start=start)


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"


def _starts(start: date) -> Step:
    return Step(start, False, "起算日不计入（民法典第 201 条）")


def _rolls(end: date, calendar: Calendar) -> Iterator[Step]:
    """The days after an end that is a rest day, to the working day on which the period then ends."""
    if calendar.is_working(end):
        return
    day, why = end, f"末日是休息日（{calendar.why(end)}）"
    while not calendar.is_working(day := day + _DAY):
        yield Step(day, False, f"{calendar.why(day)}，顺延")
    yield Step(day, False, f"{why}，顺延到这个工作日（民法典第 203 条）")
