"""All stand-ins of the district, in force and past, with the rules that govern them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web import context
from web.admin.base import bp, note, page
from workflow.desk.substitutions import RULES, leaves, revoke, substitutions


@bp.get("/stand-ins")
def stand_ins() -> ResponseReturnValue:
    """Who stands in for whom, and who is away."""
    session, today = context.session(), context.today()
    return page(
        "stand_ins", rows=substitutions(session, today), ended=substitutions(session, today, ended=True),
        away=leaves(session, today), rules=RULES,
    )  # fmt: skip


@bp.post("/stand-ins/<int:substitution_id>/end")
def end_stand_in(substitution_id: int) -> ResponseReturnValue:
    """End a substitution at once."""
    with context.acting() as conn:
        revoke(context.edge().office, conn, substitution_id, reason=request.form.get("reason", ""),
               actor=context.actor(), now=context.now())  # fmt: skip
    note("end_stand_in", f"substitution {substitution_id}")
    flash(_("委托第 %(n)s 号已终止。", n=substitution_id))
    return redirect(url_for("admin.stand_ins"), 303)
