"""What the engine offers on every case, with its form: taking back, suspending, revoking."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases.page import CasePage, facts_of, find_case
from web.fields import questions, read_form
from web.problems import status_of
from workflow.errors import FormRefused, NotFound, Refused
from workflow.flow.verbs import VERBS, Verb, run

bp = Blueprint("verbs", __name__, template_folder="templates")


@bp.route("/cases/<number>/verbs/<deed>", methods=["GET", "POST"])
@kept.reshows
def do(number: str, deed: str) -> ResponseReturnValue:
    """Show its form; take it."""
    reader = context.actor()
    case = find_case(context.session(), number, reader)
    if deed not in VERBS:
        raise NotFound
    word = VERBS[deed]
    page = CasePage(context.edge().office, context.session(), case, reader, context.now())
    typed = MultiDict(request.form)
    if request.method == "GET":
        word.check(facts_of(page.office, page.session, case, reader, page.now))
        found = kept.draft(page.session, reader.id or 0, request.path)
        return _form(page, word, found[0] if found else typed)
    if message := kept.only_show():
        return _form(page, word, typed, message=message)
    try:
        with context.acting() as conn:
            run(page.office, conn, case.id, deed, actor=reader, form=read_form(word.form, typed),
                seen=typed.get("seen", type=int), now=context.now())  # fmt: skip
            kept.discard(conn, reader.id or 0, request.path)
    except FormRefused as refused:
        return _form(page, word, typed, errors=refused.errors), 422
    except Refused as refused:
        return _form(page, word, typed, message=refused.message), status_of(refused)[0]
    flash(_("已办理：%(what)s。", what=_(word.label)))
    return redirect(url_for("cases.show", number=number), 303)


def _form(
    page: CasePage,
    word: Verb,
    typed: MultiDict[str, str],
    *,
    message: str = "",
    errors: dict[str, str] | None = None,
) -> str:
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    return render_template(
        "cases/verb.html", page=page, case=page.case, word=word, questions=questions(word.form, facts, typed, errors or {}),
        errors=errors or {}, message=message, seen=page.case.version, place=request.path,
    )  # fmt: skip
