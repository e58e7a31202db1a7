"""People: accounts, links to set a password, dated roles; and the roles themselves."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from web import context, kept
from web.admin.base import bp, note, page
from web.filters import given_filters
from web.problems import status_of
from workflow import staff
from workflow.errors import FormRefused, NotFound, Refused
from workflow.models import Area, RoleAssignment, User
from workflow.roles import LIAISON, ROLES

FILTERS = {"role": "角色", "state": "状态"}
STATES = {"active": "在用", "disabled": "停用"}
LEVELS = {"county": "县（市、区）", "town": "乡镇（街道）", "village": "村（社区）", "department": "部门"}


@bp.get("/")
def people() -> ResponseReturnValue:
    """All accounts with the roles of today."""
    return _people()


def _people(errors: dict[str, str] | None = None, message: str = "") -> str:
    choices = {"role": [(code, role.title) for code, role in ROLES.items()], "state": list(STATES.items())}
    given = given_filters(FILTERS, choices) if request.method == "GET" else {}
    wanted = select(User).options(selectinload(User.assignments)).order_by(User.login)
    if state := given.get("state"):
        wanted = wanted.where(
            User.disabled_at.is_(None) if state == "active" else User.disabled_at.is_not(None)
        )
    users = [
        user
        for user in context.session().scalars(wanted)
        if given.get("role") in {None, *(a.role for a in _in_force(user))}
    ]
    return page(
        "people", users=[(user, _in_force(user)) for user in users], areas=_area_names(), given=given, names=FILTERS, choices=choices,
        errors=errors or {}, message=message, typed=request.form, may_sign_in=[user.id for user in users if user.password_hash],
    )  # fmt: skip


def _in_force(user: User) -> list[RoleAssignment]:
    today = context.today()
    return [a for a in user.assignments if a.from_date <= today and (a.to_date is None or today <= a.to_date)]


def _area_names() -> dict[str, str]:
    codes = select(RoleAssignment.area_code).distinct()
    return {
        row.code: row.name
        for row in context.session().execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    }


@bp.post("/people")
@kept.reshows
def add() -> ResponseReturnValue:
    """A new account; its link is shown once."""
    if message := kept.only_show():
        return _people(message=message)
    try:
        with context.acting() as conn:
            session = context.write(conn)
            user = staff.create_user(session, login=request.form.get("login", ""), name=request.form.get("name", ""), now=context.now(),
                                     email=request.form.get("email", ""), phone=request.form.get("phone", ""))  # fmt: skip
            made, secret = (
                user.id,
                staff.start_reset(session, user, context.edge().office.entropy, context.now()),
            )
            session.flush()
    except FormRefused as refused:
        return _people(refused.errors), 422
    note("user_added", f"staff {made}")
    return _shown_once(made, secret)


def _shown_once(user_id: int, secret: str) -> str:
    """The person's page with the link, read afresh after the write."""
    context.session().rollback()
    return _person(user_id, link=f"{context.edge().config.public_url.rstrip('/')}/password/{secret}")


def _person(user_id: int, *, link: str = "", errors: dict[str, str] | None = None, message: str = "") -> str:
    user = context.session().get(User, user_id)
    if user is None:
        raise NotFound
    areas = context.session().scalars(
        select(Area).where(Area.level.in_(("county", "town", "village", "department"))).order_by(Area.code)
    )
    return page(
        "people", "person", user=user, in_force={a.id for a in _in_force(user)}, link=link, errors=errors or {}, message=message,
        areas=[(area.code, {"county": "", "town": "　", "village": "　　", "department": "　"}[area.level] + area.name) for area in areas], roles=ROLES,
        typed=request.form, names={area.code: area.name for area in context.session().scalars(select(Area))},
    )  # fmt: skip


@bp.get("/people/<int:user_id>")
def person(user_id: int) -> ResponseReturnValue:
    """One account with all its roles, past and to come."""
    return _person(user_id)


@bp.post("/people/<int:user_id>/reset")
def reset(user_id: int) -> ResponseReturnValue:
    """A new link to set a password; the old password ends."""
    with context.acting() as conn:
        session = context.write(conn)
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        secret = staff.start_reset(session, user, context.edge().office.entropy, context.now())
        session.flush()
    note("user_reset", f"staff {user_id}")
    return _shown_once(user_id, secret)


@bp.post("/people/<int:user_id>/disable")
def disable(user_id: int) -> ResponseReturnValue:
    """Close an account at once."""
    if user_id == context.actor().id:
        raise Refused("不能停用您自己的账号，请由另一位管理员办理。")
    with context.acting() as conn:
        session = context.write(conn)
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        staff.disable(session, user, context.now())
        session.flush()
    note("user_disabled", f"staff {user_id}")
    flash(_("账号已停用，登录、令牌和链接都已失效。"))
    return redirect(url_for("admin.person", user_id=user_id), 303)


def day_of(name: str) -> date | None:
    """A day as it was typed, None where none was. Raises FormRefused."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormRefused({name: "请写成 2026-01-01 的样子"}) from None


def _asked_role() -> tuple[str, str, date, date | None]:
    """Role, area, first and last day as they were asked for. Raises FormRefused."""
    role, area = request.form.get("role", ""), request.form.get("area", "")
    if role not in ROLES:
        raise FormRefused({"role": "请选择角色"})
    if not area:
        raise FormRefused({"area": "请选择区域"})
    return role, area, day_of("from_date") or context.today(), day_of("to_date")


@bp.post("/people/<int:user_id>/roles")
@kept.reshows
def assign(user_id: int) -> ResponseReturnValue:
    """Give a role for an area from a day to a day."""
    if message := kept.only_show():
        return _person(user_id, message=message)
    try:
        role, area, first, last = _asked_role()
        with context.acting() as conn:
            session = context.write(conn)
            user = session.get(User, user_id)
            if user is None:
                raise NotFound
            staff.assign(session, user, role, area, first, last)
    except FormRefused as refused:
        return _person(user_id, errors=refused.errors), 422
    except Refused as refused:
        return _person(user_id, message=refused.message), status_of(refused)[0]
    note("role_given", f"staff {user_id} {role} {area}")
    flash(_("已任职：%(role)s。", role=_(ROLES[role].title)))
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.post("/roles/<int:assignment_id>/end")
def end_role(assignment_id: int) -> ResponseReturnValue:
    """Let a role end with today."""
    with context.acting() as conn:
        session = context.write(conn)
        found = session.get(RoleAssignment, assignment_id)
        if found is None:
            raise NotFound
        if found.user_id == context.actor().id and found.role == "administrator":
            raise Refused("不能免去您自己的系统管理员岗位，请由另一位管理员办理。")
        if found.role == LIAISON.code:
            raise Refused("联络员在“部门”页免去。")
        user_id = found.user_id
        if found.from_date > context.today():
            session.delete(found)
        else:
            staff.end_assignment(session, found, context.today())
        session.flush()
    note("role_ended", f"staff {user_id} assignment {assignment_id}")
    flash(_("任职到今天为止。"))
    return redirect(url_for("admin.person", user_id=user_id), 303)


@bp.get("/roles")
def roles() -> ResponseReturnValue:
    """Each role: where it is held, how many hold it, and where nobody does."""
    today = context.today()
    counts = context.session().execute(
        select(
            RoleAssignment.role,
            func.count(RoleAssignment.user_id.distinct()),
            func.count(RoleAssignment.area_code.distinct()),
        )
        .join(User)
        .where(
            User.disabled_at.is_(None),
            RoleAssignment.from_date <= today,
            (RoleAssignment.to_date.is_(None)) | (RoleAssignment.to_date >= today),
        )
        .group_by(RoleAssignment.role)
    )
    found = {role: (people_, areas) for role, people_, areas in counts}
    catalogue = context.edge().office.catalogue
    duties: dict[str, list[str]] = {}
    for one in catalogue:
        for word in one.actions.values():
            for role in word.by:
                if word.label not in duties.setdefault(role.code, []):
                    duties[role.code].append(word.label)
    return page(
        "roles",
        roles=ROLES,
        counts=found,
        duties=duties,
        levels=LEVELS,
    )
