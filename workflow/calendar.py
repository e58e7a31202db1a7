"""Working days: Monday to Friday, less statutory holidays, plus make-up working weekends (调休上班).

The days that differ from Monday-to-Friday are rows. A year whose holidays are not published yet counts as plain
Monday-to-Friday and every result that rests on it is *provisional*.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import chinese_calendar

from workflow.errors import Refused

SEEDED_YEARS = frozenset(range(2004, 2027))
"""The years whose holidays `seed_rows` knows."""

_SEED_SOURCE = "国务院办公厅放假安排（chinesecalendar）"
_SATURDAY = 5
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DATE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")


class DayKind(StrEnum):
    """Whether the offices work on a listed day."""

    WORK = "work"
    REST = "rest"


@dataclass(frozen=True)
class DayRow:
    """A listed day: a holiday (`rest`) or a make-up working day (`work`), and the festival it belongs to."""

    day: date
    kind: DayKind
    name: str
    source: str = ""


@dataclass(frozen=True)
class Calendar:
    """An unchanging calendar. `days` are the listed days, `published` the years whose list is complete.

    All counting is by arithmetic over the sorted exceptions, never day by day, so a long span costs what a short
    one does.
    """

    days: Mapping[date, DayRow] = field(repr=False)
    published: frozenset[int]
    _rest: list[int] = field(init=False, repr=False, compare=False)
    _work: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the days that truly differ from Monday-to-Friday, as ordinals."""
        rest = [d.toordinal() for d in self.days if not self.is_working(d) and d.weekday() < _SATURDAY]
        work = [d.toordinal() for d in self.days if self.is_working(d) and d.weekday() >= _SATURDAY]
        object.__setattr__(self, "_rest", sorted(rest))
        object.__setattr__(self, "_work", sorted(work))

    @classmethod
    def of(cls, rows: Iterable[DayRow], published: Iterable[int]) -> Calendar:
        """The calendar of these rows; of two rows for one day the later one holds."""
        return cls({row.day: row for row in rows}, frozenset(published))

    def is_working(self, day: date) -> bool:
        """Whether the offices work on this day."""
        row = self.days.get(day)
        return day.weekday() < _SATURDAY if row is None else row.kind is DayKind.WORK

    def is_provisional(self, year: int) -> bool:
        """Whether the holidays of this year are not published yet."""
        return year not in self.published

    def provisional_between(self, first: date, last: date) -> bool:
        """Whether any year from `first` to `last`, both included, is provisional."""
        return any(self.is_provisional(year) for year in range(first.year, last.year + 1))

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first working day after it."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is not counted; before it where n is negative; itself for 0.

        Raises Refused where that lies beyond the last date there is.
        """
        if n == 0:
            return day
        ordinal = day.toordinal()
        reach = 2 * abs(n) + 40
        if n > 0:
            target = self._up_to(ordinal) + n
            low, high = ordinal, ordinal + reach
            while self._up_to(high) < target and high <= _LAST:
                high += reach
        else:
            target = self._up_to(ordinal - 1) + n + 1
            low, high = ordinal - reach, ordinal
            while self._up_to(low) >= target and low >= 1:
                low -= reach
        found = low + bisect_left(range(low, high), target, key=self._up_to)
        if not 1 <= found <= _LAST:
            raise Refused("日期超出可以计算的范围，请核对起算日期。", start=day)
        return date.fromordinal(found)

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days after `a` up to and with `b`; negative where `b` is earlier.

        From today to the last day of a limit: the working days that remain, 0 on the last day itself.
        """
        return self._up_to(b.toordinal()) - self._up_to(a.toordinal())

    def why(self, day: date) -> str:
        """What kind of day it is: 国庆节, 调休上班, 周六, 周三."""
        row = self.days.get(day)
        if row is None:
            return WEEKDAYS[day.weekday()]
        return row.name if row.kind is DayKind.REST else "调休上班"

    def _up_to(self, ordinal: int) -> int:
        """The number of working days from 0001-01-01, a Monday, to this ordinal."""
        weeks, days = divmod(ordinal, 7)
        weekdays = weeks * 5 + min(days, 5)
        return weekdays - bisect_right(self._rest, ordinal) + bisect_right(self._work, ordinal)


_LAST = date.max.toordinal()


def seed_rows() -> Iterable[DayRow]:
    """The listed days of `SEEDED_YEARS`, from the package chinesecalendar."""
    for kind, days in (
        (DayKind.REST, chinese_calendar.holidays),
        (DayKind.WORK, chinese_calendar.workdays),
    ):
        for day, english in days.items():
            name: str = chinese_calendar.Holiday(english).chinese
            yield DayRow(day, kind, name + "节" if name in ("清明", "端午", "中秋") else name, _SEED_SOURCE)


@cache
def seeded_calendar() -> Calendar:
    """The calendar of the seed rows, for where there is no database."""
    return Calendar.of(seed_rows(), SEEDED_YEARS)


_KINDS = {
    "work": DayKind.WORK, "上班": DayKind.WORK, "班": DayKind.WORK,
    "rest": DayKind.REST, "放假": DayKind.REST, "休": DayKind.REST,
}  # fmt: skip


def parse_day_row(row: Mapping[str, Any], source: str = "导入") -> DayRow:
    """A row of an imported list: day (date or 2027-02-06), kind (rest/放假, work/上班), name. Raises Refused."""
    unknown = sorted(set(row) - {"day", "kind", "name", "source"})
    if unknown:
        raise Refused(f"不认识的列：{'、'.join(unknown)}；只需要 day、kind、name。", column=unknown[0])
    day = _parse_day(row.get("day"))
    text = str(row.get("kind") or "").strip()
    if text not in _KINDS:
        raise Refused(f"kind 应为 rest（放假）或 work（调休上班），现在是“{text}”。", column="kind")
    name = str(row.get("name") or "").strip()
    if not name:
        raise Refused("缺少 name：请写所属节日，如“国庆节”。", column="name")
    return DayRow(day, _KINDS[text], name, str(row.get("source") or "").strip() or source)


def _parse_day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if found := _DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise Refused(f"没有“{text}”这一天，请核对。", column="day") from None
    raise Refused(f"day 应写成 2027-02-06 的样子，现在是“{text}”。", column="day")
