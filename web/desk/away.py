"""Being away: stand-ins and leave, my own and of those I answer for."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from web import context, kept
from web.problems import status_of
from workflow.desk.lending import NOT_LENT
from workflow.desk.substitutions import (
    RULES,
    arrangeable,
    cancel_leave,
    leaves,
    revoke,
    substitute,
    substitutions,
    take_leave,
)
from workflow.errors import FormRefused, Refused
from workflow.models import User
from workflow.roles import ROLES

bp = Blueprint("away", __name__, template_folder="templates")


@bp.get("/away")
def mine() -> ResponseReturnValue:
    """Who stands in for me and for whom I do; my leave; and the form for both."""
    return _page()


def _page(*, errors: dict[str, str] | None = None, message: str = "", form: str = "") -> str:
    session, today = context.session(), context.today()
    people = arrangeable(session, context.actor(), today)
    led = {user.id for user in people}
    shown = {"of": None} if len(led) > 1 else {"of": current_user.id}
    rows = [row for row in substitutions(session, today, **shown) if _concerns(row.Substitution, led)]
    everybody = session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.name)).all()
    return render_template(
        "desk/away.html", rows=rows, rules=RULES, people=people, everybody=everybody, led=led,
        away=[row for row in leaves(session, today, **shown) if row.Leave.user_id in led],
        roles={code: role.title for code, role in ROLES.items() if code not in NOT_LENT}, definitions=_definitions(),
        errors=errors or {}, message=message, form=form, typed=request.form,
    )  # fmt: skip


def _concerns(row: object, led: set[int]) -> bool:
    return bool({row.principal_id, row.stand_in_id} & {current_user.id, *led})  # type: ignore[attr-defined]


def _definitions() -> dict[str, str]:
    catalogue = context.edge().office.catalogue
    return {code: catalogue.editions(code)[-1].title for code in catalogue.codes}


def _days() -> tuple[date, date]:
    """From when to when, as posted. Raises FormRefused."""
    found, errors = [], {}
    for name in ("from_date", "to_date"):
        try:
            found.append(date.fromisoformat(request.form.get(name, "")))
        except ValueError:
            errors[name] = "请选日期"
    if errors:
        raise FormRefused(errors)
    return found[0], found[1]


@bp.post("/away/stand-ins")
@kept.reshows
def lend() -> ResponseReturnValue:
    """A new substitution."""
    if message := kept.only_show():
        return _page(message=message, form="lend")
    try:
        first, last = _days()
        with context.acting() as conn:
            row = substitute(
                context.edge().office, conn, principal=request.form.get("principal", current_user.id, type=int),
                stand_in=request.form.get("stand_in", 0, type=int), from_date=first, to_date=last,
                role=request.form.get("role", ""), definition=request.form.get("definition", ""),
                reason=request.form.get("reason", ""), actor=context.actor(), now=context.now(),
            )  # fmt: skip
            number = row.id
    except FormRefused as refused:
        return _page(errors=refused.errors, form="lend"), 422
    except Refused as refused:
        return _page(message=refused.message, form="lend"), status_of(refused)[0]
    flash(_("已设定委托第 %(n)s 号。", n=number))
    return redirect(url_for("away.mine"), 303)


@bp.post("/away/stand-ins/<int:substitution_id>/end")
def end(substitution_id: int) -> ResponseReturnValue:
    """End a substitution at once."""
    with context.acting() as conn:
        revoke(context.edge().office, conn, substitution_id, reason=request.form.get("reason", ""),
               actor=context.actor(), now=context.now())  # fmt: skip
    flash(_("委托第 %(n)s 号已终止。", n=substitution_id))
    return redirect(url_for("away.mine"), 303)


@bp.post("/away/leave")
@kept.reshows
def leave() -> ResponseReturnValue:
    """Enter leave."""
    if message := kept.only_show():
        return _page(message=message, form="leave")
    try:
        first, last = _days()
        with context.acting() as conn:
            take_leave(
                context.edge().office, conn, user=request.form.get("user", current_user.id, type=int), from_date=first,
                to_date=last, reason=request.form.get("reason", ""), actor=context.actor(), now=context.now(),
            )  # fmt: skip
    except FormRefused as refused:
        return _page(errors=refused.errors, form="leave"), 422
    except Refused as refused:
        return _page(message=refused.message, form="leave"), status_of(refused)[0]
    flash(_("已登记请假，这几天不会自动分派新的待办。"))
    return redirect(url_for("away.mine"), 303)


@bp.post("/away/leave/<int:leave_id>/cancel")
def back(leave_id: int) -> ResponseReturnValue:
    """Back sooner."""
    with context.acting() as conn:
        cancel_leave(context.edge().office, conn, leave_id, actor=context.actor(), now=context.now())
    flash(_("已销假。"))
    return redirect(url_for("away.mine"), 303)
