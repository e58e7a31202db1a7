"""Copies and questions on a case, what came to oneself, and keeping out of a case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from web import context, kept
from web.cases.page import find_case
from web.menu import Entry
from web.problems import status_of
from workflow.actors import Actor, load_actor
from workflow.desk import asking, rights
from workflow.desk.recusal import recuse as keep_out
from workflow.errors import FormRefused, NotPermitted, Refused
from workflow.models import CarbonCopy, Case, Question, User
from workflow.policy import may_read


def waiting() -> int:
    """Copies not read and questions not answered: shown in the navigation."""
    if "asked" not in g:
        unread = select(func.count()).where(CarbonCopy.to_id == current_user.id, CarbonCopy.read_at.is_(None))
        open_ = select(func.count()).where(Question.to_id == current_user.id, Question.answered_at.is_(None))
        g.asked = (context.session().scalar(unread) or 0) + (context.session().scalar(open_) or 0)
    return int(g.asked)


MENU = (Entry("沟通", "talk.mine", 72, count=waiting),)
bp = Blueprint("talk", __name__, template_folder="templates")


@bp.get("/talk")
def mine() -> ResponseReturnValue:
    """What was copied to me, and questions to me and from me."""
    return _mine()


def _mine(errors: dict[str, str] | None = None, about: int = 0) -> str:
    session, actor = context.session(), context.actor()
    return render_template(
        "desk/talk.html", copies=asking.copies(session, context.edge().office.catalogue, current_user.id),
        questions=asking.questions(session, actor), errors=errors or {}, about=about, typed=request.form,
    )  # fmt: skip


@bp.post("/copies/<int:copy_id>/read")
def read(copy_id: int) -> ResponseReturnValue:
    """已阅."""
    with context.acting() as conn:
        asking.mark_read(context.edge().office, conn, copy_id, actor=context.actor(), now=context.now())
    flash(_("已阅。"))
    return redirect(url_for("talk.mine"), 303)


@bp.post("/questions/<int:question_id>/answer")
@kept.reshows
def answer(question_id: int) -> ResponseReturnValue:
    """Answer a question put to me."""
    if kept.only_show():
        return _mine(about=question_id)
    try:
        with context.acting() as conn:
            asking.answer(context.edge().office, conn, question_id, words=request.form.get("words", ""),
                          actor=context.actor(), now=context.now())  # fmt: skip
    except FormRefused as refused:
        return _mine(refused.errors, question_id), 422
    flash(_("已答复。"))
    return redirect(url_for("talk.mine"), 303)


@bp.route("/cases/<number>/copy", methods=["GET", "POST"])
@kept.reshows
def copy(number: str) -> ResponseReturnValue:
    """Let colleagues know of a case."""
    return _tell(number, "copy")


@bp.route("/cases/<number>/question", methods=["GET", "POST"])
@kept.reshows
def question(number: str) -> ResponseReturnValue:
    """Ask a colleague about a case."""
    return _tell(number, "question")


def _tell(number: str, verb: str) -> ResponseReturnValue:
    case = find_case(context.session(), number, context.actor())
    rights.require(verb, context.actor(), case.area_code)
    if request.method == "GET" or kept.only_show():
        return _form(case, verb, message=kept.only_show())
    words, to = request.form.get("words", ""), request.form.getlist("to", type=int)
    office = context.edge().office
    who: dict[str, Any] = {"actor": context.actor(), "now": context.now()}
    try:
        with context.acting() as conn:
            if verb == "copy":
                asking.send_copy(office, conn, case.id, to=to, words=words, **who)
            else:
                asking.ask(office, conn, case.id, to=to[0] if len(to) == 1 else 0, words=words, **who)
    except FormRefused as refused:
        return _form(case, verb, errors=refused.errors), 422
    except Refused as refused:
        return _form(case, verb, message=refused.message), status_of(refused)[0]
    flash(_("已抄送。") if verb == "copy" else _("已发出，对方答复后会告诉您。"))
    return redirect(url_for("cases.show", number=number), 303)


def _form(case: Case, verb: str, *, errors: dict[str, str] | None = None, message: str = "") -> str:
    return render_template(
        "desk/tell.html", case=case, verb=verb, people=_people(case, verb), errors=errors or {}, message=message,
        chosen=request.form.getlist("to"), typed=request.form, back=url_for("cases.show", number=case.number),
    )  # fmt: skip


def _people(case: Case, verb: str) -> list[tuple[int, str]]:
    """Whom one may tell: for a question only those who may see the case."""
    rows = context.session().scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.name))
    out = {current_user.id, *case.barred}
    people = [user for user in rows if user.id not in out]
    if verb == "question":
        people = [
            user for user in people if may_read(load_actor(context.session(), user.id, context.today()), case)
        ]
    return [(user.id, user.name) for user in people]


@bp.route("/cases/<number>/keep-out", methods=["GET", "POST"])
@kept.reshows
def recuse(number: str) -> ResponseReturnValue:
    """I must keep out of this case."""
    case = find_case(context.session(), number, context.actor())
    if not may_recuse(context.actor(), case):
        raise NotPermitted("案件已经办结，或者您不办理这个区域的案件，不用申明回避。")
    if request.method == "GET" or kept.only_show():
        return _recusal(case, message=kept.only_show())
    try:
        with context.acting() as conn:
            keep_out(context.edge().office, conn, case.id, reason=request.form.get("reason", ""), actor=context.actor(),
                     now=context.now())  # fmt: skip
    except FormRefused as refused:
        return _recusal(case, errors=refused.errors), 422
    except Refused as refused:
        return _recusal(case, message=refused.message), status_of(refused)[0]
    flash(_("已申明回避，%(number)s 由他人办理，您不再看到这个案件。", number=case.number))
    return redirect(url_for("worklist.mine"), 303)


def _recusal(case: Case, *, errors: dict[str, str] | None = None, message: str = "") -> str:
    return render_template("desk/recuse.html", case=case, errors=errors or {}, message=message, typed=request.form,
                           back=url_for("cases.show", number=case.number))  # fmt: skip


def may_recuse(actor: Actor, case: Case) -> bool:
    """Whether the case is open and he could have to do with it."""
    working = {role.code for role in rights.VERBS["copy"].roles}
    return case.closed_at is None and bool({role for role, _area in actor.grants} & working)


@bp.app_template_global()
def case_talk(case: Case) -> dict[str, object]:
    """Copies, questions, and what the reader may start, for the page of a case."""
    actor, session = context.actor(), context.session()
    allowed = {}
    for verb in ("copy", "question"):
        try:
            rights.require(verb, actor, case.area_code)
        except NotPermitted:
            continue
        allowed[verb] = url_for(f"talk.{verb}", number=case.number)
    if may_recuse(actor, case):
        allowed["recuse"] = url_for("talk.recuse", number=case.number)
    return {
        "questions": asking.questions(session, actor, case_id=case.id),
        "copies": asking.receipts(session, case.id),
        "may": allowed,
    }
