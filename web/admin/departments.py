"""Departments and their posts: which there are, whether they give aid, who is liaison and deputy from when to when."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from definitions.departments import KINDS
from web import context, kept
from web.admin.base import bp, note, page
from web.admin.people import day_of
from web.problems import status_of
from workflow import departments as register
from workflow.errors import FormRefused, NotFound, Refused
from workflow.models import Department, Liaison, RoleAssignment, Setting, User


def _county() -> str:
    return str(context.session().get_one(Setting, "district").value)


@bp.get("/departments")
def departments() -> ResponseReturnValue:
    """All departments with the liaison and deputy of today."""
    return _departments()


def _departments(errors: dict[str, str] | None = None, message: str = "") -> str:
    session = context.session()
    found = register.departments_of(session, _county())
    missing = {kind: label for kind, label in KINDS.items() if kind not in {one.kind for one in found}}
    return page(
        "departments", departments=found, kinds=KINDS, missing=missing, errors=errors or {}, message=message, typed=request.form,
        liaisons=register.liaisons_on(session, [one.code for one in found], context.today()),
    )  # fmt: skip


@bp.post("/departments")
@kept.reshows
def add_department() -> ResponseReturnValue:
    """A department of a kind there is none of yet."""
    if message := kept.only_show():
        return _departments(message=message)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        return _departments({"kind": "请选择部门类别"}), 422
    try:
        with context.acting() as conn:
            made = register.register(
                context.write(conn), _county(), kind=kind, name=request.form.get("name", ""),
                has_aid_function=request.form.get("aid") == "yes",
            )  # fmt: skip
            code = made.code
    except FormRefused as refused:
        return _departments(refused.errors), 422
    except Refused as refused:
        return _departments(message=refused.message), status_of(refused)[0]
    note("department_added", code)
    flash(_("部门已登记。"))
    return redirect(url_for("admin.department", department=code), 303)


@bp.get("/departments/<department>")
def department(department: str) -> ResponseReturnValue:
    """One department: its name and duty, its liaisons of all times, who else has a post there."""
    return _department(department)


def _department(code: str, errors: dict[str, str] | None = None, message: str = "") -> str:
    session, today = context.session(), context.today()
    found = session.get(Department, code)
    if found is None:
        raise NotFound
    rows = select(Liaison).where(Liaison.department == code)
    posts = select(RoleAssignment).where(RoleAssignment.area_code == code, RoleAssignment.role != "liaison")
    people = session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.name, User.id))
    return page(
        "departments", "department", department=found, kinds=KINDS, errors=errors or {}, message=message, typed=request.form,
        terms=session.scalars(rows.order_by(Liaison.from_date.desc(), Liaison.id.desc())).all(), title_of=register.title_of,
        posts=[one for one in session.scalars(posts.order_by(RoleAssignment.id)) if one.to_date is None or one.to_date >= today],
        people=[(one.id, f"{one.name}（{one.login}）") for one in people],
    )  # fmt: skip


@bp.post("/departments/<department>")
@kept.reshows
def change_department(department: str) -> ResponseReturnValue:
    """Another name, duty, telephone or address."""
    if message := kept.only_show():
        return _department(department, message=message)
    asked = {name: request.form.get(name, "") for name in ("name", "phone", "address")}
    try:
        with context.acting() as conn:
            register.change(
                context.write(conn), department, has_aid_function=request.form.get("aid") == "yes", **asked
            )
    except FormRefused as refused:
        return _department(department, refused.errors), 422
    note("department_changed", department)
    flash(_("部门资料已更新。"))
    return redirect(url_for("admin.department", department=department), 303)


@bp.post("/departments/<department>/liaisons")
@kept.reshows
def appoint_liaison(department: str) -> ResponseReturnValue:
    """A liaison or deputy from a day on, or from a day to a day."""
    if message := kept.only_show():
        return _department(department, message=message)
    who, deputy = request.form.get("user", ""), request.form.get("deputy") == "yes"
    if not who.isdecimal():
        return _department(department, {"user": "请选择人员"}), 422
    try:
        first, last = day_of("from_date") or context.today(), day_of("to_date")
        with context.acting() as conn:
            register.appoint_liaison(
                context.write(conn), department, int(who), deputy=deputy, from_date=first, to_date=last
            )
    except FormRefused as refused:
        return _department(department, refused.errors), 422
    note("liaison_appointed", f"staff {who} {department}")
    flash(_("已任命。"))
    return redirect(url_for("admin.department", department=department), 303)


@bp.post("/liaisons/<int:liaison_id>/end")
def end_liaison(liaison_id: int) -> ResponseReturnValue:
    """Let it end with today."""
    with context.acting() as conn:
        ended = register.end_liaison(context.write(conn), liaison_id, context.today())
        code = ended.department
    note("liaison_ended", f"liaison {liaison_id}")
    flash(_("任职到今天为止。"))
    return redirect(url_for("admin.department", department=code), 303)
