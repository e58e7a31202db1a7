"""One act on many tasks: what was ticked, previewed line by line, then done; and a leaver's whole desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from web import context, kept
from web.duties import require
from workflow.desk import bulk
from workflow.desk.eligible import in_office
from workflow.errors import FormRefused, NotFound
from workflow.models import Batch, Case, RoleAssignment, Task, User
from workflow.policy import area_filter, may_read
from workflow.roles import HEAD, SUPERVISOR, TOWN_REVIEWER

LEADERS = (SUPERVISOR, HEAD, TOWN_REVIEWER)
bp = Blueprint("bulk", __name__, template_folder="templates", url_prefix="/bulk")


def _asked() -> tuple[str, list[int], int, str]:
    """Verb, tasks, receiver and reason as posted."""
    form = request.form
    return (
        form.get("verb", ""),
        form.getlist("task", type=int),
        form.get("to", 0, type=int),
        form.get("reason", ""),
    )


@bp.post("/preview")
@kept.reshows
def preview() -> ResponseReturnValue:
    """What would come of each task, and why one is left out. Nothing is done yet."""
    verb, ids, to, reason = _asked()
    errors: dict[str, str] = {}
    lines: list[bulk.Line] = []
    try:
        lines = bulk.preview(context.edge().office, context.edge().database, verb, ids, to=to, reason=reason,
                             actor=context.actor(), now=context.now())  # fmt: skip
    except FormRefused as refused:
        errors = refused.errors
    page = render_template(
        "desk/preview.html", verb=verb, verbs=bulk.ALL if verb in bulk.ORDERS else bulk.VERBS, ids=ids, to=to, reason=reason, lines=lines, errors=errors,
        people=_people(ids) if verb in bulk.GIVING else [], message=kept.only_show(),
    )  # fmt: skip
    return (page, 422) if errors else page


@bp.post("/do")
@kept.reshows
def do() -> ResponseReturnValue:
    """Do it, task by task."""
    if kept.only_show():
        return preview()
    verb, ids, to, reason = _asked()
    with context.acting() as conn:
        batch = bulk.start(conn, verb, ids, to=to, reason=reason, actor=context.actor(), now=context.now())
    return _run(batch)


@bp.post("/<int:batch_id>/go-on")
def go_on(batch_id: int) -> ResponseReturnValue:
    """Do what of a batch still waits."""
    return _run(batch_id)


def _run(batch_id: int) -> ResponseReturnValue:
    sums = bulk.go_on(
        context.edge().office, context.edge().database, batch_id, actor=context.actor(), now=context.now()
    )
    flash(
        _(
            "办成 %(done)s 项，跳过 %(skipped)s 项，出错 %(failed)s 项。",
            done=sums["done"],
            skipped=sums["skipped"],
            failed=sums["failed"],
        )
    )
    return redirect(url_for("bulk.show", batch_id=batch_id), 303)


@bp.get("/<int:batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """What came of each task of one's own batch."""
    batch = context.session().get(Batch, batch_id)
    if batch is None or batch.made_by != current_user.id:
        raise NotFound
    sums = bulk.result(context.edge().database, batch_id)
    return render_template("desk/batch.html", batch=batch, verbs=bulk.ALL, sums=sums,
                           lines=bulk.lines(context.session(), batch_id, context.actor()))  # fmt: skip


@bp.get("/leaver")
def leaver() -> ResponseReturnValue:
    """Choose whose desk is to be moved, or all that is late; its tasks go into one preview."""
    require(*LEADERS)
    people, who = _led(), request.args.get("who", "")
    chosen = next((user for user in people if str(user.id) == who), None)
    ids = bulk.desk_of(context.session(), chosen.id) if chosen else _late() if who == "late" else []
    return render_template("desk/leaver.html", people=people, chosen=chosen, who=who, tasks=_lines(ids),
                           receivers=[user for user in _people(ids) if chosen is None or user.id != chosen.id])  # fmt: skip


def _late() -> list[int]:
    """The late tasks of the areas the reader leads, the most urgent first."""
    wanted = (Task.state == "open", Task.due_on < context.today(), area_filter(Task.area_code, _scopes()))
    return list(
        context.session().scalars(
            select(Task.id).where(*wanted).order_by(Task.due_on, Task.id).limit(bulk.MOST)
        )
    )


def _lines(ids: list[int]) -> list[Any]:
    """Rows (task, case, holder) in the order of their limits; cases the reader must keep out of are left out."""
    rows = context.session().execute(
        select(Task, Case, User.name).join(Case, Case.id == Task.case_id).outerjoin(User, User.id == Task.assignee_id)
        .where(Task.id.in_(ids)).order_by(Task.due_on.nulls_last(), Task.id)
    )  # fmt: skip
    return [row for row in rows if may_read(context.actor(), row.Case)]


def _scopes() -> list[str]:
    led = {role.code for role in LEADERS}
    return sorted({scope for role, scope in context.actor().grants if role in led})


def _led() -> list[User]:
    """The staff with a post in the areas the reader leads, accounts closed since included: their work is still there."""
    posts = select(RoleAssignment.user_id).where(area_filter(RoleAssignment.area_code, _scopes()))
    return list(context.session().scalars(select(User).where(User.id.in_(posts)).order_by(User.name)))


def _people(ids: list[int]) -> list[User]:
    """Everybody who holds one of the posts of these tasks."""
    if not ids:
        return []
    posts = context.session().execute(select(Task.role, Task.scope).where(Task.id.in_(ids)).distinct()).all()
    found: dict[int, User] = {}
    for role, scope in posts:
        rows = context.session().scalars(
            select(User).join(RoleAssignment)
            .where(RoleAssignment.role == role, RoleAssignment.area_code == scope, *in_office(context.today())).distinct()
        )  # fmt: skip
        found |= {user.id: user for user in rows}
    return sorted(found.values(), key=lambda user: user.name)
