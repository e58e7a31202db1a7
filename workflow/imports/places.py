"""Import of areas and of holidays."""

from __future__ import annotations

from calendar import SATURDAY
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from workflow.areas import ancestor, check_area_code, level_of
from workflow.calendar import DayRow, parse_day_row
from workflow.errors import Refused
from workflow.imports.base import Columns, Kind, Work
from workflow.imports.tables import Row
from workflow.models import Area, CalendarDay, CalendarYear
from workflow.timing.recount import used_days

_ABOVE = {"village": "town", "town": "county"}
_SETTINGS = {"城镇": "urban", "农村": "rural", "urban": "urban", "rural": "rural"}
_ORDER = ("county", "town", "village")
FEWEST_DAYS = 7
"""A year's published list has more; a shorter one is a part of it."""


def _areas(work: Work, columns: Columns, rows: Sequence[Row]) -> None:
    known = {area.code: area for area in work.session.scalars(select(Area))}
    lines: dict[str, Row] = {}
    for row in rows:
        try:
            code = check_area_code(columns.text(row, "code"))
        except Refused as refused:
            work.wrong(row, columns.title("code"), refused.message)
            continue
        if code in lines:
            work.wrong(row, columns.title("code"), f"与第 {lines[code].line} 行重复")
        lines.setdefault(code, row)
        _check_area(work, columns, row, code, new=code not in known)
    for code, row in lines.items():
        above = _ABOVE.get(level_of(code))
        if above and (parent := ancestor(code, above)) not in known and parent not in lines:
            work.wrong(row, columns.title("code"), f"上级 {parent} 不在区划表中，请一并导入")
    work.stop_if_faulty()
    for level in _ORDER:
        for code, row in lines.items():
            if level_of(code) == level:
                _store_area(work, columns, row, known.get(code), code)
        work.session.flush()


def _check_area(work: Work, columns: Columns, row: Row, code: str, *, new: bool) -> None:
    if level_of(code) not in _ORDER:
        work.wrong(row, columns.title("code"), "只导入县（市、区）、乡镇（街道）和村（社区）")
    if not columns.text(row, "name"):
        work.wrong(row, columns.title("name"), "请填写名称")
    setting = columns.text(row, "setting")
    if setting and setting not in _SETTINGS:
        work.wrong(row, columns.title("setting"), "只能写城镇或农村")
    if not setting and new:
        work.wrong(row, columns.title("setting") or "城乡", "新增区划请写明城镇或农村")


def _store_area(work: Work, columns: Columns, row: Row, area: Area | None, code: str) -> None:
    level = level_of(code)
    values = {"name": columns.text(row, "name")}
    values |= {key: columns.text(row, key) for key in columns.given(("office", "phone"))}
    if setting := columns.text(row, "setting"):
        values["setting"] = _SETTINGS[setting]
    if area is None:
        parent = ancestor(code, _ABOVE[level]) if level in _ABOVE else None
        work.session.add(Area(code=code, level=level, parent_code=parent, **values))
        work.stored += 1
    elif all(getattr(area, key) == value for key, value in values.items()):
        work.unchanged += 1
    else:
        for key, value in values.items():
            setattr(area, key, value)
        work.stored += 1


AREAS = Kind(
    "areas",
    "区划表",
    {
        "code": ("代码", "区划代码"),
        "name": ("名称",),
        "setting": ("城乡",),
        "office": ("办公地点",),
        "phone": ("电话",),
    },
    ("code", "name"),
    _areas,
)
"""Areas are added or renamed; none is removed, because cases stand in them."""


def _holidays(work: Work, columns: Columns, rows: Sequence[Row]) -> None:
    days: dict[date, tuple[Row, DayRow]] = {}
    for row in rows:
        cells = {code: columns.text(row, code) for code in HOLIDAYS.columns}
        try:
            day = parse_day_row(cells)
        except Refused as refused:
            work.wrong(row, columns.title(str(refused.facts.get("column", ""))), refused.message)
            continue
        if day.day in days:
            work.wrong(row, columns.title("day"), f"与第 {days[day.day][0].line} 行重复")
        days.setdefault(day.day, (row, day))
    years = {day.day.year for _, day in days.values()}
    for year in sorted(years):
        listed = [row for row, day in days.values() if day.day.year == year]
        if len(listed) < FEWEST_DAYS:
            work.wrong(
                listed[0], columns.title("day"), f"{year} 年只有 {len(listed)} 天；请给出全年的放假和调休安排"
            )
    work.stop_if_faulty()
    _check_unused(work, columns, days, years)
    work.stop_if_faulty()
    for year in sorted(years):
        _replace_year(work, year, [day for _, day in days.values() if day.day.year == year])


def _check_unused(
    work: Work, columns: Columns, days: Mapping[Any, tuple[Row, DayRow]], years: Iterable[int]
) -> None:
    """A day that was counted for a limit which has ended cannot be made another one afterwards."""
    before = {row.day: row.kind for row in work.session.scalars(select(CalendarDay)) if row.day.year in years}
    changed = {
        day for day in {*before, *days}
        if _works(day, before.get(day)) != _works(day, str(days[day][1].kind) if day in days else None)
    }  # fmt: skip
    for day, using in used_days(work.session, changed):
        row = (
            days[day][0]
            if day in days
            else next(row for row, one in days.values() if one.day.year == day.year)
        )
        work.wrong(row, columns.title("day"), f"{day.isoformat()} 已计入 {using} 项办结的时限，不能再改")


def _works(day: date, kind: str | None) -> bool:
    return kind == "work" if kind else day.weekday() < SATURDAY


def _replace_year(work: Work, year: int, days: Sequence[DayRow]) -> None:
    """The list is the whole list of its year: what it does not name is an ordinary day."""
    held = {row.day: row for row in work.session.scalars(select(CalendarDay)) if row.day.year == year}
    gone = set(held) - {day.day for day in days}
    work.session.execute(delete(CalendarDay).where(CalendarDay.day.in_(gone)))
    for day in days:
        row = held.get(day.day)
        if row is not None and (row.kind, row.name) == (str(day.kind), day.name):
            work.unchanged += 1
            continue
        work.session.merge(CalendarDay(day=day.day, kind=str(day.kind), name=day.name, source=day.source))
        work.stored += 1
    work.session.merge(CalendarYear(year=year, source=days[0].source))


HOLIDAYS = Kind(
    "holidays",
    "节假日表",
    {
        "day": ("日期",),
        "kind": ("类型", "放假或上班"),
        "name": ("节日", "名称"),
        "source": ("文件依据", "来源"),
    },
    ("day", "kind", "name"),
    _holidays,
)
"""A year in the file becomes published with exactly these days."""
