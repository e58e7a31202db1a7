"""Notices to put up, hanging and to take down; letters and posters as pages to print and as PDF."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select, tuple_

from definitions.letters import Letter
from definitions.letters.publicity import BOARDS
from notifications.letters import qr_svg, render
from web import context
from web.cases.page import find_case
from web.duties import READERS, area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from web.notices.letters import write_letter
from web.notices.posters import poster_of, posting_stages, upcoming_poster
from workflow.errors import NotFound
from workflow.models import AccessLog, Area, Case, Notice, Task
from workflow.policy import area_filter, may_read

FILTERS = {"area": "区域", "state": "状态"}
STATES = {"to_post": "待张贴", "hanging": "张贴中", "to_take_down": "待揭下", "down": "已揭下"}
SHOWN = 200

MENU = (Entry("公示", "notices.index", 45, codes(*READERS), apart=frozenset({"notices.letter_page"})),)
bp = Blueprint("notices", __name__, template_folder="templates")


@bp.get("/notices")
def index() -> ResponseReturnValue:
    """What is to be put up, what hangs, what has hung long enough."""
    require(*READERS)
    choices = {"area": area_choices("town", "village"), "state": list(STATES.items())}
    given = given_filters(FILTERS, choices)
    areas, session, today, wanted = (
        narrowed(given.get("area", "")),
        context.session(),
        context.today(),
        given.get("state", ""),
    )
    waiting = [] if wanted not in {"", "to_post"} else [
        (case, task) for case, task in session.execute(
            select(Case, Task).join(Task, Task.case_id == Case.id)
            .where(Task.state == "open", tuple_(Task.definition, Task.stage).in_(posting_stages()), area_filter(Task.area_code, areas))
            .order_by(Task.due_on, Task.id).limit(SHOWN)
        ) if context.actor().id not in case.barred
    ]  # fmt: skip
    conditions = [area_filter(Notice.area_code, areas)]
    conditions.append(
        Notice.taken_down_on.is_not(None) if wanted == "down" else Notice.taken_down_on.is_(None)
    )
    rows = session.execute(
        select(Notice, Case)
        .join(Case, Case.id == Notice.case_id)
        .where(*conditions)
        .order_by(Notice.until.desc() if wanted == "down" else Notice.until, Notice.id)
        .limit(SHOWN)
    )
    notices = [(notice, case) for notice, case in rows if context.actor().id not in case.barred]
    groups = {
        "to_take_down": [row for row in notices if row[0].taken_down_on is None and row[0].until < today],
        "hanging": [row for row in notices if row[0].taken_down_on is None and row[0].until >= today],
        "down": [row for row in notices if row[0].taken_down_on is not None],
    }
    places = {case.area_code for case, _task in waiting} | {notice.area_code for notice, _case in notices}
    return render_template(
        "notices/index.html", waiting=waiting, groups={k: v for k, v in groups.items() if wanted in {"", k} and v}, given=given, names=FILTERS,
        choices=choices, states=STATES, boards=BOARDS,
        villages=dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(places))).all()),
    )  # fmt: skip


def _log(case: Case, what: str, reason: str) -> None:
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(at=context.now(), user_id=context.actor().id, what=what, case_id=case.id, reason=reason)
        )
        writing.flush()


def _page(paper: Letter, case: Case, pdf: str) -> ResponseReturnValue:
    return render_template("notices/paper.html", paper=paper, case=case, pdf=pdf, qr=_qr(paper.link))


def _qr(link: str) -> Markup:
    """The code as a drawing that takes the size its place gives it."""
    drawn = re.sub(r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2"', qr_svg(link), count=1)
    return Markup(drawn)  # noqa: S704 - our own SVG


def _pdf(paper: Letter, name: str) -> Response:
    answer = make_response(render(paper, context.edge().config))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@bp.get("/cases/<number>/letters/<kind>")
def letter_page(number: str, kind: str) -> ResponseReturnValue:
    """A letter of a case, to be read and printed."""
    case = find_case(context.session(), number, context.actor())
    paper = write_letter(case, kind, context.session())
    _log(case, "letter", kind)
    return _page(paper, case, url_for("notices.letter_pdf", number=number, kind=kind))


@bp.get("/cases/<number>/letters/<kind>.pdf")
def letter_pdf(number: str, kind: str) -> ResponseReturnValue:
    """A letter of a case as PDF."""
    case = find_case(context.session(), number, context.actor())
    paper = write_letter(case, kind, context.session())
    _log(case, "letter", kind)
    return _pdf(paper, paper.number or f"{number}-{kind}")


@bp.get("/cases/<number>/poster")
def upcoming(number: str) -> ResponseReturnValue:
    """The poster that waits to be put up, as if put up today."""
    case = find_case(context.session(), number, context.actor())
    return _page(
        upcoming_poster(case, context.session(), context.today()),
        case,
        url_for("notices.upcoming_pdf", number=number),
    )


@bp.get("/cases/<number>/poster.pdf")
def upcoming_pdf(number: str) -> ResponseReturnValue:
    """The same as PDF."""
    case = find_case(context.session(), number, context.actor())
    return _pdf(upcoming_poster(case, context.session(), context.today()), f"{number}-poster")


def _notice(notice_id: int) -> tuple[Notice, Case]:
    notice = context.session().get(Notice, notice_id)
    case = context.session().get(Case, notice.case_id) if notice is not None else None
    if notice is None or case is None or not may_read(context.actor(), case):
        raise NotFound
    return notice, case


@bp.get("/notices/<int:notice_id>/poster")
def poster_page(notice_id: int) -> ResponseReturnValue:
    """The poster of a notice as it was fixed."""
    notice, case = _notice(notice_id)
    return _page(
        poster_of(notice, context.session()), case, url_for("notices.poster_pdf", notice_id=notice_id)
    )


@bp.get("/notices/<int:notice_id>/poster.pdf")
def poster_pdf(notice_id: int) -> ResponseReturnValue:
    """The same as PDF."""
    notice, case = _notice(notice_id)
    return _pdf(poster_of(notice, context.session()), f"{case.number}-notice-{notice_id}")
