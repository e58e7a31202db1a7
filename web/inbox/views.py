"""Messages to the signed-in person, grouped by case; what is done is marked so."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from notifications.inbox import PAGE, inbox, mark_read, unread_count
from web import context
from web.filters import cursor, given_filters, key
from web.menu import Entry
from workflow.models import Case
from workflow.policy import may_read

FILTERS = {"show": "显示"}
CHOICES = {"show": [("unread", "只看没办的")]}


def unread() -> int:
    """How many messages the reader has not marked as done: shown in the navigation."""
    if "unread" not in g:
        g.unread = unread_count(context.session(), current_user.id)
    return int(g.unread)


MENU = (Entry("消息", "inbox.show", 70, count=unread),)
bp = Blueprint("inbox", __name__, template_folder="templates")


@bp.get("/inbox")
def show() -> ResponseReturnValue:
    """The messages, newest first, those of one case together."""
    given = given_filters(FILTERS, CHOICES, "cursor")
    found = list(
        inbox(context.session(), current_user.id, unread="show" in given, before=cursor(), limit=PAGE + 1)
    )
    messages = found[:PAGE]
    order = {
        case_id: place for place, case_id in enumerate(dict.fromkeys(message.case_id for message in messages))
    }
    by_case = groupby(
        sorted(messages, key=lambda message: order[message.case_id]), key=lambda message: message.case_id
    )
    rows = context.session().scalars(select(Case).where(Case.id.in_(order)))
    cases = {case.id: case for case in rows if may_read(context.actor(), case)}
    return render_template(
        "inbox/inbox.html", groups=[(cases.get(case_id), list(group)) for case_id, group in by_case], given=given, names=FILTERS,
        choices=CHOICES, more=messages[-1].id if len(found) > PAGE else None, open=unread(),
    )  # fmt: skip


@bp.post("/inbox/done")
def done() -> ResponseReturnValue:
    """Mark messages as done: the ones named, or all."""
    ids = [found for text in request.form.getlist("id") if (found := key(text)) is not None]
    everything = request.form.get("all") == "yes"
    with context.acting() as conn:
        count = mark_read(conn, current_user.id, context.now(), None if everything else ids)
    flash(_("已把 %(n)s 条消息标为办过。", n=count))
    return redirect(url_for("inbox.show"), 303)
