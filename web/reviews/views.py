"""The reviews calendar: a month at a glance and its list."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import context
from web.duties import READERS, area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from web.problems import UnknownFilter
from web.reviews.schedule import CLASSES, STATES, Review, reviews_between

FILTERS = {"area": "区域", "class": "类别", "state": "状态"}
WEEK = ("一", "二", "三", "四", "五", "六", "日")

MENU = (Entry("复核", "reviews.show", 40, codes(*READERS)),)
bp = Blueprint("reviews", __name__, template_folder="templates")


@dataclass(frozen=True)
class DayCell:
    """A day of the month view: whether it belongs to the month, rests, and how many re-checks stand how."""

    day: date
    inside: bool
    rests: bool
    why: str
    counts: Counter[str]


@bp.get("/reviews")
def show() -> ResponseReturnValue:
    """The re-checks due in a month, by day and as a list."""
    require(*READERS)
    choices = {
        "area": area_choices("town", "village"),
        "class": list(CLASSES.items()),
        "state": list(STATES.items()),
    }
    given = given_filters(FILTERS, choices, "month")
    first = _month(request.args.get("month", ""))
    after = (first + timedelta(days=31)).replace(day=1)
    found = reviews_between(
        context.session(), narrowed(given.get("area", "")), first, after - timedelta(days=1), context.today(), context.actor().id,
        given.get("class", ""), given.get("state", ""),
    )  # fmt: skip
    return render_template(
        "reviews/month.html", given=given, names=FILTERS, choices=choices, first=first, after=after,
        before=(first - timedelta(days=1)).replace(day=1), weeks=_weeks(first, found), week=WEEK, found=found,
        states=STATES, classes=CLASSES, counts=Counter(line.state for line in found),
    )  # fmt: skip


def _month(text: str) -> date:
    """The first day of the month asked for, else of this one. Raises UnknownFilter."""
    if not text:
        return context.today().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UnknownFilter(f"“月份”应写成 2016-10 的样子，现在是“{text}”。") from None


def _weeks(first: date, found: list[Review]) -> list[list[DayCell]]:
    calendar = context.edge().office.calendar
    by_day: dict[date, Counter[str]] = {}
    for line in found:
        by_day.setdefault(line.due, Counter())[line.state] += 1
    return [
        [
            DayCell(day, day.month == first.month, not calendar.is_working(day), calendar.why(day) if day in calendar.days else "", by_day.get(day, Counter()))
            for day in week
        ]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]  # fmt: skip
