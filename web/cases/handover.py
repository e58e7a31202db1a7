"""A task that changes hands takes along what its last holder had typed and not handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases.conflicts import answers
from web.cases.page import CasePage, facts_of, find_case
from web.filters import key
from workflow.errors import NotFound, NotPermitted
from workflow.models import AccessLog, FormDraft, User
from workflow.vocabulary import Action

bp = Blueprint("handover", __name__)


@dataclass(frozen=True)
class LeftBehind:
    """A colleague's draft of the form: who typed it, when, and what."""

    user_id: int
    name: str
    saved_at: datetime
    body: str
    answers: list[tuple[str, str]]


def left_behind(page: CasePage, word: Action) -> list[LeftBehind]:
    """The drafts of this form by those who can no longer hand it in, because its task is now the reader's.

    None while nobody or somebody else holds the task, none older than the task, none by somebody barred from the case.
    """
    task = next((task for task, _name in page.tasks if task.part == word.works_on), None)
    if task is None or page.actor.id is None or task.assignee_id != page.actor.id:
        return []
    rows = page.session.execute(
        select(FormDraft, User.name).join(User, User.id == FormDraft.user_id)
        .where(FormDraft.place == place_of(page, word), FormDraft.user_id != page.actor.id,
               FormDraft.saved_at >= task.opened_at, FormDraft.user_id.not_in(page.case.barred))
        .order_by(FormDraft.saved_at.desc())
    )  # fmt: skip
    facts = facts_of(page.office, page.session, page.case, page.actor, page.now)
    found = [
        LeftBehind(row.user_id, name, row.saved_at, row.body, answers(word.form, typed_in(row.body), facts))
        for row, name in rows
    ]
    return [one for one in found if one.answers]


def place_of(page: CasePage, word: Action) -> str:
    """Where drafts of this form are kept."""
    return url_for("actions.do", number=page.case.number, action=word.code)


def typed_in(body: str) -> MultiDict[str, str]:
    """A draft as it was typed."""
    return MultiDict(parse_qsl(body, keep_blank_values=True))


@bp.post("/cases/<number>/actions/<action>/take-over")
def take_over(number: str, action: str) -> ResponseReturnValue:
    """Go on with a colleague's draft; his own stays. Raises NotFound without one, NotPermitted over one's own."""
    reader = context.actor()
    case = find_case(context.session(), number, reader)
    page = CasePage(context.edge().office, context.session(), case, reader, context.now())
    word = page.blueprint.actions.get(action)
    whose = key(request.form.get("user", ""))
    found = next((one for one in left_behind(page, word) if one.user_id == whose), None) if word else None
    if word is None or found is None:
        raise NotFound
    place = place_of(page, word)
    if kept.draft(context.session(), reader.id or 0, place) is not None:
        raise NotPermitted(
            "您自己也填了一些内容，不能整份接过来；请先清空您填的，或者从同事的草稿里逐项抄录。"
        )
    with context.acting() as conn:
        kept.save(conn, reader.id or 0, place, list(typed_in(found.body).items(multi=True)), context.now(),
                  source=(found.user_id, found.saved_at))  # fmt: skip
        writing = context.write(conn)
        writing.add(AccessLog(at=context.now(), user_id=reader.id, what="draft", case_id=case.id,
                              household_id=page.household_id, reason=f"{found.name} {word.code}"[:200]))  # fmt: skip
        writing.flush()
    return redirect(place, 303)
