"""The blueprint of these pages and what they share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web import context
from web.duties import codes, reserve
from web.menu import Entry
from workflow.errors import Refused
from workflow.models import AccessLog
from workflow.releases.signing import SIGNERS

TABS = {"index": "发布", "orders": "生效", "diff": "比较", "migrations": "迁移"}
"""Endpoint -> what its tab is called."""
MENU = (Entry("版本与迁移", "releases.index", 88, codes(*SIGNERS)),)
bp = Blueprint("releases", __name__, template_folder="templates", url_prefix="/releases")
reserve(bp, *SIGNERS)


def page(name: str, tab: str, /, **shown: Any) -> str:
    """One of these pages, with the tabs of the others."""
    return render_template(f"releases/{name}.html", tabs=TABS, tab=tab, **shown)


def changed(back: str, done: str, work: Callable[[Session], Any], what: str) -> ResponseReturnValue:
    """Do one thing in a transaction of its own, write it down, and go back to a page that says so. Raises what it refuses."""
    with context.acting() as conn:
        session = context.write(conn)
        work(session)
        session.add(AccessLog(at=context.now(), user_id=context.actor().id, what=what, reason=back[:200]))
        session.flush()
    context.edge().refresh()
    flash(done)
    return redirect(back, 303)


def read_date(text: str, what: str) -> date:
    """A date from a form. Raises Refused."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"请填写{what}。") from None
