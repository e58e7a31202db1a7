"""Areas with the office a family can call, and the calendar of holidays."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date
from itertools import count

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context, kept
from web.admin.base import bp, note, page
from web.problems import UnknownFilter
from web.tables import TABLES
from workflow.errors import NotFound, Refused
from workflow.imports import Fault, ImportRefused, Table, read_table, run
from workflow.imports.base import Columns
from workflow.imports.tables import csv_bytes
from workflow.models import Area, CalendarDay, CalendarYear
from workflow.office import read_calendar
from workflow.timing.recount import Move, moves, recount

MOST_TEXT = 200
YEARS = range(2000, 2100)
AT_ONCE = 500
"""So many cases are recounted before the page answers; the scheduler goes on with the rest."""


@bp.get("/areas")
def areas() -> ResponseReturnValue:
    """Towns, or the villages of one town, with office, telephone and address."""
    strange = [name for name in request.args if name != "town"]
    towns = list(
        context.session().scalars(select(Area).where(Area.level.in_(("county", "town"))).order_by(Area.code))
    )
    chosen = request.args.get("town", "")
    if strange or (chosen and chosen not in {area.code for area in towns}):
        raise UnknownFilter("筛选条件只有 town，请从列表里选镇街。")
    rows = (
        list(
            context.session().scalars(
                select(Area).where(Area.parent_code == chosen, Area.level != "department").order_by(Area.code)
            )
        )
        if chosen
        else towns
    )
    return page("areas", rows=rows, towns=towns, chosen=chosen)


@bp.route("/areas/<code>", methods=["GET", "POST"])
@kept.reshows
def area(code: str) -> ResponseReturnValue:
    """One area: where its office is and how to reach it; this stands on letters and public pages."""
    found = context.session().get(Area, code)
    if found is None:
        raise NotFound
    given = {
        name: request.form.get(name, getattr(found, name)).strip() for name in ("office", "phone", "address")
    }
    if request.method == "GET" or kept.only_show():
        return page("areas", "area", area=found, typed=given, errors={}, message=kept.only_show())
    errors = {name: "最多 200 个字" for name, text in given.items() if len(text) > MOST_TEXT}
    if given["phone"] and not set(given["phone"]) <= set("0123456789-+() 转、"):
        errors["phone"] = "电话只能有数字、空格和 - + ( ) 转，例如 0574-88888888"
    if errors:
        return page("areas", "area", area=found, typed=given, errors=errors, message=""), 422
    with context.acting() as conn:
        session = context.write(conn)
        row = session.get_one(Area, code)
        row.office, row.phone, row.address = given["office"], given["phone"], given["address"]
        session.flush()
    note("area_changed", code)
    flash(_("已保存 %(name)s 的办公信息。", name=found.name))
    return redirect(
        url_for("admin.areas", town=found.parent_code or "")
        if found.level == "village"
        else url_for("admin.areas"),
        303,
    )


@dataclass(frozen=True)
class YearDay:
    """A day of the year view: works, rests, holiday or makeup."""

    day: date | None
    kind: str
    why: str


@bp.get("/holidays")
def holidays() -> ResponseReturnValue:
    """A year of the calendar; a year that is not published is told loudly."""
    text = request.args.get("year", str(context.today().year))
    if not (text.isascii() and text.isdigit()) or int(text) not in YEARS or set(request.args) - {"year"}:
        raise UnknownFilter("“年份”应写成 2026 的样子。")
    return _holidays(int(text))


def _holidays(
    year: int,
    *,
    faults: list[Fault] | None = None,
    preview: list[CalendarDay] | None = None,
    moving: list[Move] | None = None,
    raw: str = "",
    message: str = "",
) -> str:
    published = {
        row.year: row.source
        for row in context.session().scalars(select(CalendarYear).order_by(CalendarYear.year))
    }
    return page(
        "holidays", year=year, months=[_month(year, month) for month in range(1, 13)], source=published.get(year, ""),
        provisional=context.edge().office.calendar.is_provisional(year), this_year=context.today().year, published=published,
        faults=faults or [], preview=preview, moving=moving or [], raw=raw, message=message, week=("一", "二", "三", "四", "五", "六", "日"),
    )  # fmt: skip


def _month(year: int, month: int) -> tuple[int, list[list[YearDay]]]:
    calendar = context.edge().office.calendar

    def kind(day: date) -> YearDay:
        row, weekend = calendar.days.get(day), day.weekday() >= months.SATURDAY
        if row is not None:
            return YearDay(day, "makeup" if calendar.is_working(day) else "holiday", calendar.why(day))
        return YearDay(day, "off" if weekend else "works", "")

    weeks = months.Calendar().monthdatescalendar(year, month)
    return month, [
        [kind(day) if day.month == month else YearDay(None, "", "") for day in week] for week in weeks
    ]


@bp.post("/holidays")
@kept.reshows
def import_holidays() -> ResponseReturnValue:
    """Check a year's list and show it; stored only when the preview is confirmed."""
    year, raw = context.today().year, request.form.get("raw", "")
    if message := kept.only_show():
        return _holidays(year, raw=raw, message=message)
    try:
        table = _sent_table(raw)
        years, days, moving = _tried(table)
        if request.form.get("sure") != "yes":
            return _holidays(years[0], preview=days, moving=moving, raw=_as_csv(days))
        with context.acting() as conn:
            writing = context.write(conn)
            run(TABLES["holidays"](writing), table, writing, actor=context.actor(), now=context.now())
            writing.flush()
    except ImportRefused as refused:
        return _holidays(year, faults=list(refused.faults), raw=raw, message=refused.message), 422
    except Refused as refused:
        return _holidays(year, raw=raw, message=refused.message), 422
    context.edge().refresh()
    note("holidays_imported", "、".join(map(str, years)))
    edge = context.edge()
    done = count()
    recount(edge.office, edge.database, context.now(), lambda: next(done) >= AT_ONCE, context.actor())
    flash(
        _(
            "%(years)s 年的放假安排已生效，%(n)s 项时限改为新的日期。",
            years="、".join(map(str, years)),
            n=len(moving),
        )
    )
    return redirect(url_for("admin.holidays", year=years[0]), 303)


def _sent_table(raw: str) -> Table:
    """The file, else what was pasted. Raises Refused for neither, Unreadable."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return read_table(file.filename, file.read())
    if not raw.strip():
        raise Refused("请选择文件，或把内容粘贴进来。")
    return read_table("粘贴的内容.csv", raw.encode())


def _tried(table: Table) -> tuple[list[int], list[CalendarDay], list[Move]]:
    """The years of a list, their days as they would be, and the limits that would move. Nothing is kept. Raises ImportRefused, Refused."""
    with context.edge().database.reading() as session:
        kind = TABLES["holidays"](session)
        run(kind, table, session, actor=context.actor(), now=context.now())
        columns = Columns(kind, table.columns)
        years = sorted({int(columns.text(row, "day")[:4]) for row in table.rows})
        every = session.scalars(select(CalendarDay).order_by(CalendarDay.day)).all()
        moving = [one for one in moves(session, read_calendar(session), context.today()) if one.moved]
        session.expunge_all()
    return years, [row for row in every if row.day.year in years], moving


def _as_csv(days: list[CalendarDay]) -> str:
    """The same list as text, which the preview carries on to be confirmed."""
    rows = ((row.day, "放假" if row.kind == "rest" else "上班", row.name, row.source) for row in days)
    return csv_bytes([("日期", "类型", "节日", "文件依据"), *rows]).decode("utf-8-sig")
