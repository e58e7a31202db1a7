"""Who is filling in which form of a case, as its readers see it. A hint, never a lock."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, delete, select

from web import context, kept
from web.auth import quiet
from web.cases.page import find_case
from workflow.actors import Actor
from workflow.errors import Busy
from workflow.inserting import put
from workflow.models import Case, FormPresence, User
from workflow.policy import has_role

bp = Blueprint("filling", __name__, template_folder="templates")


@dataclass(frozen=True)
class Filling:
    """A colleague at a form of the case, and when he was last heard of there."""

    name: str
    action: str
    label: str
    seen_at: datetime


def lapse() -> timedelta:
    """How long somebody counts as being at a form after he was last heard of."""
    return timedelta(minutes=context.edge().config.presence_minutes)


def others(case: Case, reader: Actor) -> list[Filling]:
    """The colleagues who are at a form of this case now. The caller has made sure that the reader may know of it."""
    words = context.edge().office.catalogue.of(case).actions
    rows = context.session().execute(
        select(User.name, FormPresence.action, FormPresence.seen_at)
        .join(User, User.id == FormPresence.user_id)
        .where(FormPresence.case_id == case.id, FormPresence.user_id != reader.id,
               FormPresence.seen_at > context.now() - lapse())
        .order_by(FormPresence.seen_at.desc(), User.name)
    )  # fmt: skip
    return [Filling(row.name, row.action, words[row.action].label, row.seen_at)
            for row in rows if row.action in words]  # fmt: skip


def come(case: Case, reader: Actor, action: str) -> None:
    """The reader is at this form. Where the database is busy he goes unseen: nobody's work waits for a hint."""
    now = context.now()
    with suppress(Busy), context.acting() as conn:
        conn.execute(
            delete(FormPresence).where(FormPresence.case_id == case.id, FormPresence.seen_at <= now - lapse())
        )
        put(conn, FormPresence, {"case_id": case.id, "user_id": reader.id, "action": action}, seen_at=now)


def go(conn: Connection, case_id: int, user_id: int, action: str) -> None:
    """He has handed it in or left it as it was."""
    conn.execute(
        delete(FormPresence).where(
            FormPresence.case_id == case_id, FormPresence.user_id == user_id, FormPresence.action == action
        )
    )


@bp.route("/cases/<number>/presence", methods=["GET", "POST"])
@quiet
def present(number: str) -> ResponseReturnValue:
    """Who is at a form of the case, as a piece of its pages; posted by a form's own page to say it is still open."""
    reader = context.actor()
    case = find_case(context.session(), number, reader)
    action = request.form.get("filling", "")
    word = context.edge().office.catalogue.of(case).actions.get(action)
    if word is not None and has_role(word, case, reader, "") is not None:
        place = url_for("actions.do", number=number, action=action)
        if not request.form.get("gone"):
            come(case, reader, action)
        elif kept.draft(context.session(), reader.id or 0, place) is None:
            with suppress(Busy), context.acting() as conn:
                go(conn, case.id, reader.id or 0, action)
    return render_template("cases/presence_part.html", filling=others(case, reader), own=action)
