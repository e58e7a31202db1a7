"""The form of an action, made from its declaration, and handing it in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases.page import CasePage, facts_of, find_case
from web.fields import questions, read_form
from web.problems import status_of
from workflow.acts import act
from workflow.errors import ChangedMeanwhile, FormRefused, NotNow, NotPermitted, Refused
from workflow.models import JournalEntry
from workflow.vocabulary import Action

bp = Blueprint("actions", __name__, template_folder="templates")


@bp.route("/cases/<number>/actions/<action>", methods=["GET", "POST"])
@kept.reshows
def do(number: str, action: str) -> ResponseReturnValue:
    """Show the form; take it. Whatever goes wrong, it is shown again with every word that was typed."""
    reader = context.actor()
    case = find_case(context.session(), number, reader)
    page = CasePage(context.edge().office, context.session(), case, reader, context.now())
    word = page.blueprint.actions.get(action)
    if word is None:
        raise NotNow(f"“{page.blueprint.title}”没有“{action}”这项操作。")
    if request.method == "GET":
        offer = next((offer for offer in page.offers if offer.action.code == action), None)
        if offer is None:
            raise _not_offered(page, word)
        if offer.against is not None:
            raise offer.against
        found = kept.draft(context.session(), reader.id or 0, request.path)
        typed, saved_at = found or (MultiDict(), None)
        return _form(page, word, typed, saved_at=saved_at)
    typed = MultiDict(request.form)
    if message := kept.only_show():
        return _form(page, word, typed, message=message)
    if typed.get("do", "").startswith("add:"):
        return _form(page, word, typed)
    if (again := _already(page, word, typed)) is not None:
        return again
    try:
        with context.acting() as conn:
            act(context.edge().office, conn, case.id, action, actor=reader, form=read_form(word.form, typed),
                seen=typed.get("seen", type=int), now=context.now())  # fmt: skip
            kept.discard(conn, reader.id or 0, request.path)
    except FormRefused as refused:
        return _form(page, word, typed, errors=refused.errors), 422
    except ChangedMeanwhile as refused:
        return _form(page, word, typed, message=refused.message, changes=_since(page, typed)), 409
    except Refused as refused:
        return _form(page, word, typed, message=refused.message), status_of(refused)[0]
    flash(_("已办理：%(what)s。", what=_(word.label)))
    return redirect(url_for("cases.show", number=number), 303)


def _form(
    page: CasePage,
    word: Action,
    typed: MultiDict[str, str],
    *,
    message: str = "",
    errors: dict[str, str] | None = None,
    changes: list[JournalEntry] | None = None,
    saved_at: object = None,
) -> str:
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    asked = questions(word.form, facts, typed, errors or {})
    names = {question.name for question in asked}
    return render_template(
        "cases/action.html", page=page, case=page.case, word=word, questions=asked, message=message,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        other_errors=[text for name, text in (errors or {}).items() if name not in names],
        changes=changes or [], saved_at=saved_at, seen=page.case.version, place=request.path,
    )  # fmt: skip


def _not_offered(page: CasePage, word: Action) -> Refused:
    """Why the action is not there: the stage, or the role."""
    if page.case.stage not in word.moves:
        label = page.blueprint.stages[page.case.stage].label
        return NotNow(f"案件现在处于“{label}”，不能“{word.label}”。")
    roles = "、".join(role.title for role in word.by)
    return NotPermitted(f"“{word.label}”由{roles}办理，您没有这个岗位或不管这个区域。")


def _already(page: CasePage, word: Action, typed: MultiDict[str, str]) -> ResponseReturnValue | None:
    """The second click of a double click: the same person has just done this very action on the version he saw."""
    seen = typed.get("seen", type=int)
    if seen is None or seen == page.case.version:
        return None
    last = next((entry for entry in page.journal if entry.version == seen + 1), None)
    if last is None or last.action != word.code or last.actor_id != page.actor.id:
        return None
    flash(_("已办理：%(what)s。", what=_(word.label)))
    return redirect(url_for("cases.show", number=page.case.number), 303)


def _since(page: CasePage, typed: MultiDict[str, str]) -> list[JournalEntry]:
    """What happened after the version the form was made from."""
    seen = typed.get("seen", type=int)
    return [entry for entry in page.journal if seen is not None and entry.version > seen]
