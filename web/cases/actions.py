"""The form of an action, made from its declaration, and handing it in."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases import conflicts, filling
from web.cases.handover import left_behind
from web.cases.page import CasePage, facts_of, find_case
from web.fields import questions, suggested
from web.problems import status_of
from workflow.acts import act
from workflow.errors import Busy, ChangedMeanwhile, FormRefused, NotNow, NotPermitted, Refused
from workflow.vocabulary import Action

bp = Blueprint("actions", __name__, template_folder="templates")


@bp.route("/cases/<number>/actions/<action>", methods=["GET", "POST"])
@kept.reshows
def do(number: str, action: str) -> ResponseReturnValue:
    """Show the form; take it. Whatever goes wrong, it is shown again with every word that was typed."""
    page, word = _asked_for(number, action)
    return _show(page, word) if request.method == "GET" else _take(page, word, MultiDict(request.form))


def _asked_for(number: str, action: str) -> tuple[CasePage, Action]:
    """The case as it now is, and the action. Raises NotFound, NotNow."""
    reader = context.actor()
    case = find_case(context.session(), number, reader)
    page = CasePage(context.edge().office, context.session(), case, reader, context.now())
    word = page.blueprint.actions.get(action)
    if word is None:
        raise NotNow(f"“{page.blueprint.title}”没有“{action}”这项操作。")
    return page, word


def _show(page: CasePage, word: Action) -> ResponseReturnValue:
    """The form with the reader's draft. Where it is no longer open, a draft is shown to be copied from."""
    found = kept.draft(page.session, page.actor.id or 0, request.path)
    typed, saved_at = found or (MultiDict(), None)
    if (refused := _against(page, word)) is None:
        if found is None:
            typed = suggested(word.form, facts_of(page.office, page.session, page.case, page.actor, page.now))
        return _form(page, word, typed, saved_at=saved_at)
    if found is None or not typed:
        raise refused
    return _closed(page, word, typed, refused)


def _take(page: CasePage, word: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    if (message := kept.only_show()) or typed.get("do", "").startswith("add:"):
        return _form(page, word, typed, message=message)
    if (again := _already(page, word, typed)) is not None:
        return again
    reader, case = page.actor, page.case
    theirs = _theirs(page, word, typed)
    try:
        with context.acting() as conn:
            act(context.edge().office, conn, case.id, word.code, actor=reader, form=conflicts.chosen(word.form, typed, theirs),
                seen=typed.get("seen", type=int), now=context.now())  # fmt: skip
            kept.discard(conn, reader.id or 0, request.path)
            filling.go(conn, case.id, reader.id or 0, word.code)
    except FormRefused as refused:
        return _form(page, word, typed, errors=refused.errors), 422
    except Refused as refused:
        return _overtaken(word, typed, refused)
    flash(_("已办理：%(what)s。", what=_(word.label)))
    return redirect(url_for("cases.show", number=case.number), 303)


def _overtaken(word: Action, typed: MultiDict[str, str], refused: Refused) -> ResponseReturnValue:
    """What was typed is kept; the case is read anew, and the form shown against it while it is open."""
    _keep(typed)
    context.session().rollback()
    page, word = _asked_for(str((request.view_args or {})["number"]), word.code)
    gone = _against(page, word)
    if isinstance(gone, NotNow | NotPermitted):
        return _closed(page, word, typed, gone if isinstance(refused, ChangedMeanwhile) else refused)
    return _form(page, word, typed, message=refused.message), status_of(refused)[0]


def _keep(typed: MultiDict[str, str]) -> None:
    with suppress(Busy), context.acting() as conn:
        kept.save(conn, context.actor().id or 0, request.path, list(typed.items(multi=True)), context.now())


def _form(
    page: CasePage,
    word: Action,
    typed: MultiDict[str, str],
    *,
    message: str = "",
    errors: dict[str, str] | None = None,
    saved_at: object = None,
) -> str:
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    asked = questions(word.form, facts, typed, errors or {})
    names = {question.name for question in asked}
    began = conflicts.began_at(typed, page.case.version)
    changes = conflicts.since(page, began)
    filling.come(page.case, page.actor, word.code)
    return render_template(
        "cases/action.html", page=page, case=page.case, word=word, questions=asked, message=message,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        other_errors=[text for name, text in (errors or {}).items() if name not in names],
        changes=changes, theirs=conflicts.differing(page, word, typed, changes), since=began,
        saved_at=saved_at, source=kept.source_of(page.session, page.actor.id or 0, request.path),
        left=left_behind(page, word), filling=filling.others(page.case, page.actor),
        seen=page.case.version, place=request.path,
    )  # fmt: skip


def _closed(
    page: CasePage, word: Action, typed: MultiDict[str, str], refused: Refused
) -> ResponseReturnValue:
    """The action is not open to the reader any more: why, what happened, and what he typed, to be copied."""
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    changes = conflicts.since(page, conflicts.began_at(typed, page.case.version))
    shown = render_template(
        "cases/closed.html", page=page, case=page.case, word=word, message=refused.message, changes=changes,
        theirs=conflicts.differing(page, word, typed, changes), answers=conflicts.answers(word.form, typed, facts),
        place=request.path,
    )  # fmt: skip
    return shown, status_of(refused)[0]


def _theirs(page: CasePage, word: Action, typed: MultiDict[str, str]) -> dict[str, conflicts.Theirs]:
    began = conflicts.began_at(typed, page.case.version)
    return conflicts.differing(page, word, typed, conflicts.since(page, began))


def _against(page: CasePage, word: Action) -> Refused | None:
    """Why the reader cannot do it now: the stage, the role, or what the engine says."""
    offer = next((offer for offer in page.offers if offer.action.code == word.code), None)
    if offer is not None:
        return offer.against
    if page.case.stage not in word.moves:
        return page.blueprint.not_now(page.case, word.code)
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
