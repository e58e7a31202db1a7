"""Nothing typed is lost: a form that could not be handed in is shown again, and drafts are kept on the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from web import context
from web.problems import page, status_of
from workflow.errors import Refused
from workflow.inserting import insert_into
from workflow.models import FormDraft, User

MOST = 400_000
"""Longest draft kept, in characters of its encoded form: more than any form of a case takes."""
SILENT_FIELDS = ("csrf_token", "password", "new_password", "do")

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


def save(
    conn: Connection,
    user_id: int,
    place: str,
    values: list[tuple[str, str]],
    now: datetime,
    *,
    source: tuple[int, datetime] | None = None,
) -> bool:
    """Keep what a user has typed into the form at this place, over what was kept before. False where it is too long.

    `source` names the colleague whose draft it was, and when he typed it; it stays through later saves.
    """
    body = urlencode([(name, value) for name, value in values if name not in SILENT_FIELDS])
    if len(body) > MOST:
        return False
    typed_by, typed_at = source or (None, None)
    row = insert_into(conn, FormDraft).values(
        user_id=user_id, place=place[:120], body=body, saved_at=now, typed_by=typed_by, typed_at=typed_at
    )
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["user_id", "place"], set_={"body": row.excluded.body, "saved_at": now}
        )
    )
    return True


def draft(session: Session, user_id: int, place: str) -> tuple[MultiDict[str, str], datetime] | None:
    """What was kept for the form at this place, and when."""
    row = session.get(FormDraft, (user_id, place[:120]))
    if row is None:
        return None
    return MultiDict(parse_qsl(row.body, keep_blank_values=True)), row.saved_at


def source_of(session: Session, user_id: int, place: str) -> tuple[str, datetime] | None:
    """The colleague whose draft was taken over at this place, and when he typed it."""
    row = session.execute(
        select(User.name, FormDraft.typed_at)
        .join(User, User.id == FormDraft.typed_by)
        .where(FormDraft.user_id == user_id, FormDraft.place == place[:120])
    ).first()
    return (row.name, row.typed_at) if row is not None and row.typed_at is not None else None


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
        done = save(
            conn, current_user.id, place, [pair for pair in values if pair[0] != "place"], context.now()
        )
    return "", 204 if done else 413


@bp.post("/drafts/discard")
def start_afresh() -> ResponseReturnValue:
    """Forget the draft of a form and show it empty, or go where the page says."""
    place = request.form.get("place", "")
    if not place.startswith("/") or place.startswith("//"):
        return page(400, "这次操作没有完成", "没有说明是哪一张表单。")
    with context.acting() as conn:
        discard(conn, current_user.id, place)
    back = request.form.get("back", "")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else place, 303)
