"""The bulletin of a month: page, PDF and CSV from the same figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from definitions.letters.report import Report
from definitions.letters.sheet import Table, day_words
from notifications.letters import render
from web import context
from web.board.views import ROLES
from web.duties import area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from web.problems import UnknownFilter
from workflow.imports.tables import csv_bytes
from workflow.models import Area
from workflow.timing.bulletin import Bulletin, Granted, Rate, bulletin, month_end

FILTERS = {"area": "区域"}
MENU = (Entry("通报", "bulletin.show", 55, codes(*ROLES)),)
bp = Blueprint("bulletin", __name__, template_folder="templates")


def month_of(text: str, today: date) -> date:
    """The first day of the month asked for, else of the last month that is over. Raises UnknownFilter."""
    if not text:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.max
    if first > today:
        raise UnknownFilter(f"“月份”应写成 2016-10 的样子，而且不能在今天之后，现在是“{text}”。")
    return first


def _asked() -> tuple[Bulletin, dict[str, str], dict[str, list[tuple[str, str]]]]:
    require(*ROLES)
    choices = {"area": area_choices("town")}
    given = given_filters(FILTERS, choices, "month")
    first = month_of(request.args.get("month", ""), context.today())
    found = bulletin(
        context.session(),
        narrowed(given.get("area", "")),
        first,
        context.today(),
        context.edge().office.calendar,
    )
    return found, given, choices


@bp.get("/bulletin")
def show() -> ResponseReturnValue:
    """The page, with the months beside it."""
    found, given, choices = _asked()
    here: dict[str, Any] = {**given, "month": f"{found.first:%Y-%m}"}
    return render_template(
        "bulletin/show.html", found=found, given=given, names=FILTERS, choices=choices, stage_words=stage_words,
        before=f"{found.first - timedelta(days=1):%Y-%m}", after=_after(found), reason_of=reason_of,
        pdf=url_for("bulletin.pdf", **here), csv=url_for("bulletin.csv", **here), month=here["month"],
    )  # fmt: skip


def _after(found: Bulletin) -> str:
    following = month_end(found.first) + timedelta(days=1)
    return f"{following:%Y-%m}" if following <= context.today() else ""


def stage_words(key: str) -> tuple[str, str]:
    """Programme and limit of a rate's key."""
    definition, _colon, label = key.partition(":")
    return context.edge().office.catalogue.editions(definition)[-1].title, label


def reason_of(one: Granted) -> str:
    """The listed reason of an extension in words."""
    span = (
        context.edge()
        .office.catalogue.get(one.definition, one.edition)
        .spans.get(one.kind.removeprefix("span:"))
    )
    return span.extension.reasons.get(one.code, one.code) if span and span.extension else one.code


@bp.get("/bulletin.pdf")
def pdf() -> ResponseReturnValue:
    """The bulletin on paper."""
    found, given, _choices = _asked()
    answer = make_response(render(_report(found, given.get("area", "")), context.edge().config))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="bulletin-{found.first:%Y-%m}.pdf"'
    return answer


@bp.get("/bulletin.csv")
def csv() -> ResponseReturnValue:
    """The same as a table: one line a figure, its kind first."""
    found, _given, _choices = _asked()
    answer = make_response(csv_bytes([
        ("类别", "对象", "细目", "总数", "按时", "逾期", "按时率", "应办结", "办结", "逾期工作日", "依据或理由"),
        *(("单位", found.names.get(r.key, r.key), "", *_cells(r), "", "", "", "") for r in found.units),
        *(("环节", *stage_words(r.key), *_cells(r), "", "", "", "") for r in found.stages),
        *(("逾期", o.number, o.label, "", "", "", "", o.due, o.ended or "未办结", o.days, o.source) for o in found.overdue),
        *(("延期", e.number, e.label, "", "", "", "", f"{e.due_before} → {e.due_after}", "", "", f"{reason_of(e)}：{e.reason}")
          for e in found.extensions),
    ]))  # fmt: skip
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="bulletin-{found.first:%Y-%m}.csv"'
    return answer


def _cells(rate: Rate) -> tuple[int, int, int, str]:
    return rate.ended, rate.on_time, rate.late, rate.percent


def _report(found: Bulletin, area: str) -> Report:
    titles = ("办结时限", "按时", "逾期", "按时率")
    units = [(found.names.get(r.key, r.key), *map(str, _cells(r))) for r in found.units]
    stages = [(" · ".join(stage_words(r.key)), *map(str, _cells(r))) for r in found.stages]
    late = [
        (o.number, o.label, found.names.get(o.unit, o.unit), day_words(o.due), day_words(o.ended) if o.ended else "未办结", str(o.days))
        for o in found.overdue
    ]  # fmt: skip
    longer = [
        (e.number, e.label, reason_of(e), f"{day_words(e.due_before)}改为{day_words(e.due_after)}", f"{e.asked_by}／{e.confirmed_by}")
        for e in found.extensions
    ]  # fmt: skip
    tables = (
        (units, ("单位", *titles), (3, 1, 1, 1, 1), "一、各单位"), (stages, ("环节", *titles), (3, 1, 1, 1, 1), "二、各环节"),
        (late, ("受理号", "哪一项时限", "单位", "应办结", "办结", "逾期工作日"), (4, 4, 3, 5, 5, 3), "三、逾期"),
        (longer, ("受理号", "哪一项时限", "理由", "时限", "提出／确认"), (2, 2, 2, 3, 2), "四、延期"),
    )  # fmt: skip
    return Report(
        title=f"{found.first.year}年{found.first.month}月社会救助办理时限通报", number=f"{day_words(found.first)}至{day_words(found.last)}",
        office=_office(area), signed_on=context.today(), paragraphs=(sentence(found),),
        tables=tuple(Table(head, tuple(body), widths, caption) for body, head, widths, caption in tables if body),
    )  # fmt: skip


def _office(area: str) -> str:
    here = context.session().get(Area, area) if area else None
    return here.name if here is not None else _("社会救助管理服务中心")


def sentence(found: Bulletin) -> str:
    """The month in one sentence."""
    return (
        f"本期办结时限 {found.total.ended} 项，按时 {found.total.on_time} 项，按时率 {found.total.percent}；"
        f"列入逾期 {len(found.overdue)} 项，批准延期 {len(found.extensions)} 项；新立督办 {found.escalated} 件，办结督办 {found.settled} 件。"
    )
