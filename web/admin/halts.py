"""Definitions that stand still: asked for by one administrator, confirmed by another, listed with their reason."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from web.admin.base import bp, note, page
from workflow.errors import FormRefused, Refused
from workflow.facts import Facts
from workflow.flow import halts as orders
from workflow.flow.verbs import Why
from workflow.households.form import Asked
from workflow.models import Halt, User

STATES = {"asked": "待另一人确认", "on": "已挂起", "ended": "已恢复", "declined": "未挂起"}
SHOWN = 50


@bp.get("/halts")
def halts() -> ResponseReturnValue:
    """Every definition, whether it stands still, and the orders so far."""
    return _page()


def _page(*, errors: dict[str, str] | None = None, message: str = "") -> str:
    session, catalogue = context.session(), context.edge().office.catalogue
    rows = session.scalars(
        select(Halt).where(Halt.case_id.is_(None)).order_by(Halt.id.desc()).limit(SHOWN)
    ).all()
    ids = {user for row in rows for user in (row.asked_by, row.confirmed_by, row.ended_by) if user}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    titles = {code: catalogue.editions(code)[-1].title for code in catalogue.codes}
    pending = {row.definition for row in rows if row.state in orders.PENDING}
    return page("halts", rows=rows, names=names, titles=titles, states=STATES, free=[c for c in titles if c not in pending],
                errors=errors or {}, message=message, typed=request.form)  # fmt: skip


@bp.post("/halts")
def ask_halt() -> ResponseReturnValue:
    """Ask to suspend a definition."""
    try:
        definition, reason = _definition(), _reason()
        with context.acting() as conn:
            orders.ask_definition(context.edge().office, conn, definition, acts=request.form.get("acts") == "yes", reason=reason,
                                  actor=context.actor(), now=context.now())  # fmt: skip
    except FormRefused as refused:
        return _page(errors=refused.errors), 422
    except Refused as refused:
        return _page(message=refused.message), 409
    note("halt_asked", f"{definition}: {reason}")
    flash(_("已提出，须由另一位管理员确认后生效。"))
    return redirect(url_for("admin.halts"), 303)


@bp.post("/halts/<int:halt_id>/confirm")
def confirm_halt(halt_id: int) -> ResponseReturnValue:
    """A second administrator confirms."""
    with context.acting() as conn:
        orders.confirm_definition(
            context.edge().office, conn, halt_id, actor=context.actor(), now=context.now()
        )
    note("halt_confirmed", f"halt {halt_id}")
    flash(_("流程已挂起。"))
    return redirect(url_for("admin.halts"), 303)


@bp.post("/halts/<int:halt_id>/end")
def end_halt(halt_id: int) -> ResponseReturnValue:
    """It goes on, or is not suspended after all."""
    try:
        reason = _reason()
    except FormRefused as refused:
        return _page(message=refused.message), 422
    with context.acting() as conn:
        orders.end_definition(
            context.edge().office, conn, halt_id, reason=reason, actor=context.actor(), now=context.now()
        )
    note("halt_ended", f"halt {halt_id}: {reason}")
    flash(_("已恢复。"))
    return redirect(url_for("admin.halts"), 303)


def _definition() -> str:
    chosen = request.form.get("definition", "")
    if chosen not in context.edge().office.catalogue.codes:
        raise FormRefused({"definition": "请选择要挂起的流程"})
    return chosen


def _reason() -> str:
    asked = cast("Facts", Asked(context.session(), context.actor(), context.now()))
    return str(Why.clean({"reason": request.form.get("reason", "")}, asked)["reason"])
