"""Reporting a clue about a family, and the clues of the reader's area with where each stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from definitions.clue import CHANNELS, KINDS, VERDICTS, Clue, ClueCase, report
from web import context, kept
from web.duties import READERS, codes, require
from web.fields import questions, read_form
from web.filters import cursor, given_filters
from web.households.views import find, log
from web.menu import Entry
from web.problems import status_of
from workflow.errors import FormRefused, Refused
from workflow.facts import Facts
from workflow.households import find_households
from workflow.models import Area, Case, Household, Task
from workflow.policy import may_read, readable
from workflow.roles import VILLAGE_AGENT, WINDOW

PER_PAGE, MOST_FOUND = 50, 20
FILTERS = {"state": "办理情况"}
CHOICES = {"state": [("open", "正在办理"), ("closed", "已办结")]}

MENU = (Entry("变化线索", "clues.index", 17, codes(*READERS)),)
bp = Blueprint("clues", __name__, template_folder="templates")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What the codes of a clue are called, for the page of its case too."""
    return {"clue_words": {"kinds": KINDS, "channels": CHANNELS, "verdicts": VERDICTS}}


@bp.get("/clues")
def index() -> ResponseReturnValue:
    """The clues of the reader's area, the latest first. A reporter's name is for who answers him, when he does."""
    require(*READERS)
    given, reader, session = given_filters(FILTERS, CHOICES, "cursor"), context.actor(), context.session()
    wanted = select(Case).where(Case.definition == ClueCase.code, readable(reader)).order_by(Case.id.desc())
    if state := given.get("state"):
        wanted = wanted.where(Case.closed_at.is_(None) if state == "open" else Case.closed_at.is_not(None))
    if (before := cursor()) is not None:
        wanted = wanted.where(Case.id < before)
    rows = list(session.scalars(wanted.limit(PER_PAGE + 1)))
    found = [case for case in rows[:PER_PAGE] if may_read(reader, case)]
    due = select(Task.case_id, func.min(Task.due_on)).where(
        Task.case_id.in_([case.id for case in found]), Task.state == "open"
    )
    villages = select(Area.code, Area.name).where(Area.code.in_({case.area_code for case in found}))
    return render_template(
        "clues/index.html", found=found, given=given, names=FILTERS, choices=CHOICES, kinds=KINDS, channels=CHANNELS,
        verdicts=VERDICTS, due=dict(session.execute(due.group_by(Task.case_id)).all()), villages=dict(session.execute(villages).all()),
        answers=bool(reader.roles & codes(WINDOW, VILLAGE_AGENT)), may_report=bool(reader.roles & codes(*ClueCase.opened_by)), more=rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
    )  # fmt: skip


@bp.route("/clues/report", endpoint="report", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """About which family? Searched by post, so that no name stands in an address."""
    require(*ClueCase.opened_by)
    text = request.form.get("q", "").strip()
    found = (
        list(find_households(context.session(), context.actor(), text, limit=MOST_FOUND)) if text else None
    )
    if found is not None:
        log("clue_search", reason=str(len(found)))
    names = select(Area.code, Area.name).where(Area.code.in_({one.area_code for one in found or ()}))
    return render_template(
        "clues/choose.html", found=found, text=text, on=context.today(),
        villages=dict(context.session().execute(names).all()),
    )  # fmt: skip


@bp.route("/households/<int:household_id>/clues/new", methods=["GET", "POST"])
@kept.reshows
def enter(household_id: int) -> ResponseReturnValue:
    """What was noticed about this family."""
    require(*ClueCase.opened_by)
    household = find(household_id)
    if request.method == "GET" or kept.only_show():
        return _page(household, message=kept.only_show())
    raw = read_form(Clue, MultiDict(request.form))
    try:
        form = Clue.clean(raw, _about(household))
        with context.acting() as conn:
            case = report(
                context.edge().office, conn, household_id=household.id, person_id=next(iter(form["person"]), None),
                kind=form["kind"], text=form["text"], channel=form["channel"], reporter=form["reporter"], contact=form["contact"],
                about_staff=tuple(form["about_staff"]), actor=context.actor(), now=context.now(),
            )  # fmt: skip
            kept.discard(conn, context.actor().id or 0, request.path)
    except FormRefused as refused:
        return _page(household, errors=refused.errors), 422
    except Refused as refused:
        return _page(household, message=refused.message), status_of(refused)[0]
    flash(_("线索 %(number)s 已报送，结果会在消息里告诉您。", number=case.number))
    return redirect(url_for("households.show", household_id=household.id), 303)


def _about(household: Household) -> Facts:
    """What the fields look at before there is a case."""
    case = SimpleNamespace(household_id=household.id, area_code=household.area_code, barred=[], facts={})
    return cast(
        "Facts",
        SimpleNamespace(
            session=context.session(),
            case=case,
            actor=context.actor(),
            now=context.now(),
            today=context.today(),
        ),
    )


def _page(household: Household, *, errors: dict[str, str] | None = None, message: str = "") -> str:
    draft: Any = (
        kept.draft(context.session(), context.actor().id or 0, request.path)
        if request.method == "GET"
        else None
    )
    typed, saved_at = draft or (MultiDict(request.form), None)
    asked = questions(Clue, _about(household), typed, errors or {})
    names = {question.name for question in asked}
    return render_template(
        "clues/new.html", household=household, questions=asked, message=message, saved_at=saved_at, place=request.path,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        others=[text for name, text in (errors or {}).items() if name not in names],
    )  # fmt: skip
