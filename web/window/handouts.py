"""Asking for, deciding about and handing out goods and money on an intake, and the receipt to be signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from definitions.letters.case_facts import area_at, authority
from web import context, kept
from web.cases.page import CasePage, facts_of, find_case
from web.fields import questions, read_form
from web.problems import status_of
from workflow import handouts
from workflow.documents import add_document
from workflow.errors import FormRefused, NotFound, Refused
from workflow.forms import Form
from workflow.models import AccessLog, Case, HandOut, Person, User
from workflow.roles import Role

bp = Blueprint("handouts", __name__, template_folder="templates")


def _page(case: Case) -> CasePage:
    return CasePage(context.edge().office, context.session(), case, context.actor(), context.now())


def _find(handout_id: int) -> tuple[HandOut, Case]:
    """The row and its case. Raises NotFound where the reader may not know of it."""
    row = context.session().get(HandOut, handout_id)
    if row is None:
        raise NotFound
    return row, find_case(
        context.session(), context.session().get_one(Case, row.case_id).number, context.actor()
    )


def _form(
    case: Case, form: type[Form], title: str, *, row: HandOut | None = None, errors: dict[str, str] | None = None, message: str = "",
) -> str:  # fmt: skip
    page = _page(case)
    facts = facts_of(page.office, page.session, case, page.actor, page.now)
    asked = questions(form, facts, MultiDict(request.form), errors or {})
    names = {one.name for one in asked}
    return render_template(
        "window/handout.html", case=case, title=title, questions=asked, row=row, message=message, place=request.path,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        others=[text for name, text in (errors or {}).items() if name not in names],
        key=request.form.get("key") or context.edge().office.entropy.token(16), spoken=handouts.spoken(row) if row else "",
        files=form is handouts.Receipt,
    )  # fmt: skip


def _take(
    case: Case, form: type[Form], title: str, keep: Callable[[Connection, dict[str, object]], HandOut], *, by: Sequence[Role],
    row: HandOut | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Show the form; take it. Whatever goes wrong, what was typed stands there again. Raises NotPermitted."""
    handouts.require(context.actor(), by, case)
    if request.method == "GET" or kept.only_show():
        return _form(case, form, title, row=row, message=kept.only_show())
    page = _page(case)
    try:
        clean = form.clean(
            read_form(form, MultiDict(request.form)),
            facts_of(page.office, page.session, case, page.actor, page.now),
        )
        with context.acting() as conn:
            done = keep(conn, clean)
            said = f"{done.number} {handouts.STATES[done.state]}"
    except FormRefused as refused:
        return _form(case, form, title, row=row, errors=refused.errors), 422
    except Refused as refused:
        return _form(case, form, title, row=row, message=refused.message), status_of(refused)[0]
    flash(_("已办理：%(what)s。", what=said))
    return redirect(url_for("cases.show", number=case.number) + "#handouts", 303)


@bp.route("/cases/<number>/handouts/new", methods=["GET", "POST"])
@kept.reshows
def ask(number: str) -> ResponseReturnValue:
    """Ask for something to be handed out. The same form sent twice is one request."""
    case = find_case(context.session(), number, context.actor())
    return _take(case, handouts.Request, "申请发放", lambda conn, form: handouts.request(
        context.edge().office, conn, case.id, form, key=request.form.get("key", "")[:40] or context.edge().office.entropy.token(16),
        actor=context.actor(), now=context.now(),
    ), by=handouts.ASKS)  # fmt: skip


@bp.route("/handouts/<int:handout_id>/decide", methods=["GET", "POST"])
@kept.reshows
def decide(handout_id: int) -> ResponseReturnValue:
    """Approve or decline it."""
    row, case = _find(handout_id)
    return _take(case, handouts.Decision, "批准发放", lambda conn, form: handouts.decide(
        context.edge().office, conn, handout_id, form, actor=context.actor(), now=context.now(),
    ), by=handouts.DECIDES, row=row)  # fmt: skip


@bp.route("/handouts/<int:handout_id>/give", methods=["GET", "POST"])
@kept.reshows
def give(handout_id: int) -> ResponseReturnValue:
    """Hand it over: the photograph of the signed receipt comes with the form."""
    row, case = _find(handout_id)

    def keep(conn: Connection, form: dict[str, object]) -> HandOut:
        paper = next((file for file in request.files.getlist("file") if file.filename), None)
        stored = None
        if paper is not None:
            stored = add_document(context.write(conn), case, kind=handouts.RECEIPT, name=paper.filename or "", body=paper.read(),
                                  actor=context.actor(), now=context.now(), person_id=row.person_id)  # fmt: skip
        return handouts.hand_over(
            context.edge().office,
            conn,
            handout_id,
            form,
            receipt=stored,
            actor=context.actor(),
            now=context.now(),
        )

    return _take(case, handouts.Receipt, "发放并登记签收", keep, by=handouts.ASKS, row=row)


@bp.route("/handouts/<int:handout_id>/cancel", methods=["GET", "POST"])
@kept.reshows
def cancel(handout_id: int) -> ResponseReturnValue:
    """Take back what is not handed out yet."""
    row, case = _find(handout_id)
    return _take(case, handouts.Cancelling, "取消发放", lambda conn, form: handouts.cancel(
        context.edge().office, conn, handout_id, form, actor=context.actor(), now=context.now(),
    ), by=handouts.ASKS, row=row)  # fmt: skip


@bp.get("/handouts/<int:handout_id>/receipt")
def receipt(handout_id: int) -> ResponseReturnValue:
    """The receipt to be printed and signed. Every look at it is written down."""
    row, case = _find(handout_id)
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(
                at=context.now(),
                user_id=context.actor().id,
                what="letter",
                case_id=case.id,
                reason=row.number,
            )
        )
        writing.flush()
    session = context.session()
    town = area_at(session, case.area_code, "town")
    names = {
        user_id: session.get_one(User, user_id).name
        for user_id in (row.requested_by, row.decided_by, row.handed_by)
        if user_id
    }
    return render_template(
        "window/receipt.html", row=row, case=case, person=session.get_one(Person, row.person_id), office=authority(town),
        spoken=handouts.spoken(row), names=names,
    )  # fmt: skip
