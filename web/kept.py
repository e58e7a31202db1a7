"""Nothing typed is lost: a form that could not be handed in is shown again, and drafts are kept on the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from web import context
from web.problems import page, status_of
from workflow.errors import Refused
from workflow.models import FormDraft

MOST = 60_000
"""Longest draft kept, in characters of its encoded form."""
SILENT_FIELDS = ("csrf_token", "seen", "password", "new_password", "do")

bp = Blueprint("kept", __name__)
_V = TypeVar("_V", bound=Callable[..., Any])


def reshows(view: _V) -> _V:
    """Mark a view that shows its form again with what was typed when `only_show()` is true."""
    view.reshows = True  # type: ignore[attr-defined]
    return view


def only_show() -> str:
    """Why the form that came must only be shown again, "" where it may be acted on."""
    return str(g.get("only_show", ""))


def reshow(message: str, status: int) -> ResponseReturnValue:
    """The form of this request once more, or a page that explains, where the view cannot show it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or not getattr(view, "reshows", False):
        return page(status, "这次操作没有完成", message)
    g.only_show = message
    try:
        shown: Any = view(**(request.view_args or {}))
    except Refused as refused:
        found, title = status_of(refused)
        return page(found, title, refused.message)
    answer = current_app.make_response(shown)
    answer.status_code = status
    return answer


def save(conn: Connection, user_id: int, place: str, values: list[tuple[str, str]], now: datetime) -> None:
    """Keep what a user has typed into the form at this place, over what was kept before."""
    body = urlencode([(name, value) for name, value in values if name not in SILENT_FIELDS])
    if len(body) > MOST:
        return
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    row = insert(FormDraft).values(user_id=user_id, place=place[:120], body=body, saved_at=now)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["user_id", "place"], set_={"body": row.excluded.body, "saved_at": now}
        )
    )


def draft(session: Session, user_id: int, place: str) -> tuple[MultiDict[str, str], datetime] | None:
    """What was kept for the form at this place, and when."""
    row = session.get(FormDraft, (user_id, place[:120]))
    if row is None:
        return None
    return MultiDict(parse_qsl(row.body, keep_blank_values=True)), row.saved_at


def discard(conn: Connection, user_id: int, place: str) -> None:
    """Forget it: the form was handed in, or its writer starts afresh."""
    conn.execute(delete(FormDraft).where(FormDraft.user_id == user_id, FormDraft.place == place[:120]))


@bp.post("/drafts")
def autosave() -> ResponseReturnValue:
    """Called by the page while somebody types."""
    values = list(request.form.items(multi=True))
    place = next((value for name, value in values if name == "place"), "")
    if not place.startswith("/"):
        return "", 400
    with context.acting() as conn:
        save(conn, current_user.id, place, [pair for pair in values if pair[0] != "place"], context.now())
    return "", 204


@bp.post("/drafts/discard")
def start_afresh() -> ResponseReturnValue:
    """Forget the draft of a form and show it empty."""
    from flask import redirect

    place = request.form.get("place", "")
    if not place.startswith("/") or place.startswith("//"):
        return page(400, "这次操作没有完成", "没有说明是哪一张表单。")
    with context.acting() as conn:
        discard(conn, current_user.id, place)
    return redirect(place, 303)
