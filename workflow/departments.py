"""Departments of a county: which there are, who is their liaison and deputy, and the cases handed to them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.areas import ancestor
from workflow.errors import FormRefused, NotFound, Refused, Unmet
from workflow.facts import CaseState
from workflow.models import Area, Department, Handed, Liaison, RoleAssignment, User
from workflow.roles import LIAISON

_FILE = "departments_330212.csv"
MOST = 99
"""Departments of a county: their codes have two digits."""


@dataclass(frozen=True)
class DepartmentRow:
    """A department as it is shipped."""

    code: str
    kind: str
    name: str
    aid: bool


def read_department_rows() -> list[DepartmentRow]:
    """The shipped departments of 330212 (see data/README.md)."""
    text = (files("workflow") / "data" / _FILE).read_text(encoding="utf-8")
    return [DepartmentRow(**row | {"aid": row["aid"] == "yes"}) for row in csv.DictReader(text.splitlines())]


def departments_of(session: Session, area_code: str) -> Sequence[Department]:
    """The departments of the county an area belongs to, by code."""
    county = ancestor(area_code, "county")
    rows = select(Department).where(Department.area_code == county).order_by(Department.code)
    return session.scalars(rows).all()


def department_of(session: Session, area_code: str, kind: str, *, aid: bool = False) -> Department:
    """The county's department of a kind; with `aid` only one that gives aid. Raises Unmet where there is none."""
    found = next((one for one in departments_of(session, area_code) if one.kind == kind), None)
    if found is None:
        raise Unmet("本县（市、区）还没有登记这个部门，请管理员在“部门”里登记后再办。")
    if aid and not found.has_aid_function:
        raise Unmet(f"{found.name}没有救助职能，不能转办给它；请选择其他部门，需要配合的请由救助中心协调。")
    return found


def hand_to(session: Session, case: CaseState, department: Department, now: datetime) -> None:
    """From now on the case is with this department: its posts work on it, and its people may see it."""
    handed = [code for code in case.facts.get("departments", ()) if code != department.code]
    case.facts |= {
        "department": department.code,
        "department_name": department.name,
        "departments": [*handed, department.code],
    }
    if session.get(Handed, (case.id, department.code)) is None:
        session.add(Handed(case_id=case.id, department=department.code, handed_at=now))


def register(session: Session, county: str, *, kind: str, name: str, has_aid_function: bool) -> Department:
    """A department more of a county. Raises FormRefused where there is one of the kind or the name is missing."""
    there = departments_of(session, county)
    if same := next((one for one in there if one.kind == kind), None):
        raise FormRefused({"kind": f"这一类部门已登记为{same.name}；名称变了请直接改名"})
    if not name.strip():
        raise FormRefused({"name": "请填写部门名称"})
    taken = {one.code for one in there}
    free = (f"{county[:6]}D{number:02d}000" for number in range(1, MOST + 1))
    code = next((one for one in free if one not in taken), None)
    if code is None:
        raise Refused(f"一个县（市、区）最多登记 {MOST} 个部门。")
    session.add(Area(code=code, name=name.strip(), level="department", parent_code=county, setting="urban"))
    session.flush()
    made = Department(code=code, kind=kind, area_code=county, has_aid_function=has_aid_function)
    session.add(made)
    session.flush()
    return made


def change(
    session: Session, code: str, *, name: str, has_aid_function: bool, phone: str, address: str
) -> Department:
    """Another name, duty, telephone or address. Raises NotFound, FormRefused."""
    found = session.get(Department, code)
    if found is None:
        raise NotFound
    if not name.strip():
        raise FormRefused({"name": "请填写部门名称"})
    found.has_aid_function = has_aid_function
    found.area.name, found.area.phone, found.area.address = name.strip(), phone.strip(), address.strip()
    session.flush()
    return found


def appoint_liaison(
    session: Session,
    code: str,
    user_id: int,
    *,
    deputy: bool,
    from_date: date,
    to_date: date | None = None,
) -> Liaison:
    """Make somebody a department's liaison, or deputy, from a day to a day.

    Raises NotFound, and FormRefused where the dates are wrong, the place is taken in that time, or he has the other one.
    """
    department, user = session.get(Department, code, with_for_update=True), session.get(User, user_id)
    if department is None or user is None:
        raise NotFound
    if user.disabled_at is not None:
        raise FormRefused({"user": f"{user.name}的账号已停用"})
    if to_date is not None and to_date < from_date:
        raise FormRefused({"to_date": "截止日期不能早于开始日期"})
    for other in _between(session, code, from_date, to_date):
        if other.deputy == deputy:
            until = f"至 {other.to_date.isoformat()}" if other.to_date else "起"
            raise FormRefused(
                {
                    "user": f"{other.user.name}自 {other.from_date.isoformat()} {until}任{title_of(other)}，"
                    "同一时间只能有一人；请先免去，或者改日期"
                }
            )
        if other.user_id == user_id:
            raise FormRefused({"user": f"{user.name}在这段时间已任{title_of(other)}，不能同时担任"})
    post = RoleAssignment(user=user, role=LIAISON.code, area_code=code, from_date=from_date, to_date=to_date)
    made = Liaison(
        department=code, user=user, deputy=deputy, from_date=from_date, to_date=to_date, assignment=post
    )
    session.add_all([post, made])
    session.flush()
    return made


def end_liaison(session: Session, liaison_id: int, last_day: date) -> Liaison:
    """Let it end with this day; one that would begin later is taken back. Raises NotFound, Unmet where it is over."""
    found = session.get(Liaison, liaison_id, with_for_update=True)
    if found is None:
        raise NotFound
    if found.to_date is not None and found.to_date <= last_day:
        raise Unmet("这项任职已经结束。")
    if found.from_date > last_day:
        session.delete(found)
        session.flush()
        session.delete(found.assignment)
    else:
        found.to_date = found.assignment.to_date = last_day
    session.flush()
    return found


def title_of(liaison: Liaison) -> str:
    """What he is."""
    return "副联络员" if liaison.deputy else "联络员"


def liaisons_on(session: Session, codes: Iterable[str], day: date) -> dict[str, list[Liaison]]:
    """Who is liaison, and then deputy, of these departments on a day."""
    found: dict[str, list[Liaison]] = {code: [] for code in codes}
    rows = (
        select(Liaison)
        .where(
            Liaison.department.in_(found),
            Liaison.from_date <= day,
            or_(Liaison.to_date.is_(None), Liaison.to_date >= day),
        )
        .order_by(Liaison.deputy, Liaison.id)
    )
    for row in session.scalars(rows):
        found[row.department].append(row)
    return found


def _between(session: Session, code: str, first: date, last: date | None) -> Sequence[Liaison]:
    """The liaisons and deputies of a department in a span of time."""
    wanted = select(Liaison).where(
        Liaison.department == code, or_(Liaison.to_date.is_(None), Liaison.to_date >= first)
    )
    if last is not None:
        wanted = wanted.where(Liaison.from_date <= last)
    return session.scalars(wanted.order_by(Liaison.id)).all()
