"""部门协同: open referrals by department and age, the ledger of the service centre's tasks, the roster of liaisons."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from definitions.coordination import Order, begin_task
from definitions.departments import KINDS
from web import context, kept
from web.departments.open_work import COORDINATION, REFERRAL, by_department, closed_since, open_lines
from web.duties import READERS, codes, require, reserve
from web.fields import read_form
from web.households.asking import REGISTRARS
from web.households.views import find
from web.menu import Entry
from web.problems import status_of
from workflow.acts import open_case
from workflow.areas import ancestor
from workflow.departments import departments_of, liaisons_on
from workflow.errors import FormRefused, Refused
from workflow.models import Setting
from workflow.roles import (
    ADMINISTRATOR,
    CENTRE_DIRECTOR,
    CENTRE_STAFF,
    DEPARTMENT_APPROVER,
    DEPARTMENT_REVIEWER,
    LIAISON,
)

USERS = (*READERS, LIAISON, DEPARTMENT_REVIEWER, DEPARTMENT_APPROVER)
SHOWN = timedelta(days=90)
"""So long the ledger shows what has ended."""

MENU = (Entry("部门协同", "departments.referrals", 45, codes(*USERS)),)
bp = Blueprint("departments", __name__, template_folder="templates", url_prefix="/departments")
reserve(bp, *USERS, ADMINISTRATOR)

TABS = {"referrals": "转办", "coordination": "督办台账", "roster": "联络员名册"}


@bp.get("/")
def referrals() -> str:
    """All open referrals by department, the oldest first."""
    lines = open_lines(context.session(), context.actor(), REFERRAL, context.today())
    return render_template(
        "departments/referrals.html", tabs=TABS, tab="referrals", groups=by_department(lines), lines=lines
    )


@bp.get("/coordination")
def coordination() -> str:
    """The ledger of tasks, and the form of a new one for those of the centre."""
    return _ledger()


def _ledger(errors: dict[str, str] | None = None, message: str = "") -> str:
    session, actor, today = context.session(), context.actor(), context.today()
    asks = bool(actor.roles & codes(CENTRE_STAFF, CENTRE_DIRECTOR))
    return render_template(
        "departments/coordination.html", tabs=TABS, tab="coordination", errors=errors or {}, message=message, typed=request.form,
        lines=open_lines(session, actor, COORDINATION, today), ended=closed_since(session, actor, COORDINATION, today - SHOWN, today),
        kinds=KINDS if asks else {},
    )  # fmt: skip


def _county() -> str:
    """The county whose centre this is."""
    own = next(
        (area for role, area in context.actor().grants if role in codes(CENTRE_STAFF, CENTRE_DIRECTOR)), ""
    )
    if own:
        return ancestor(own, "county")
    return str(context.session().get_one(Setting, "district").value)


@bp.post("/coordination")
@kept.reshows
def order() -> ResponseReturnValue:
    """A new task, given to its department at once."""
    if message := kept.only_show():
        return _ledger(message=message)
    try:
        with context.acting() as conn:
            made = begin_task(
                context.edge().office, conn, county=_county(), about=request.form.get("about", "").strip(),
                form=read_form(Order, request.form), actor=context.actor(), now=context.now(),
            )  # fmt: skip
    except FormRefused as refused:
        return _ledger(refused.errors), 422
    except Refused as refused:
        return _ledger(message=refused.message), status_of(refused)[0]
    flash(_("已交办：%(number)s。", number=made.number))
    return redirect(url_for("cases.show", number=made.number), 303)


OPENED = ("medical", "education", "referral")
"""What a window opens for a family without an intake of its own."""


@bp.post("/households/<int:household_id>/open")
def begin(household_id: int) -> ResponseReturnValue:
    """An application to a department, or a referral, for a family: filled in on its case page."""
    require(*REGISTRARS)
    household = find(household_id)
    if (definition := request.form.get("definition", "")) not in OPENED:
        raise Refused("请选择医疗救助、教育救助或者转办。")
    members = household.members(context.today())
    if not members:
        raise Refused("这个家庭现在没有成员，不能申请；请先登记家庭成员。")
    with context.acting() as conn:
        made = open_case(
            context.edge().office, conn, definition, subject=("household", household.id), area_code=household.area_code,
            actor=context.actor(), now=context.now(), title=members[0].person.name,
        )  # fmt: skip
    return redirect(url_for("cases.show", number=made.number), 303)


@bp.get("/roster")
def roster() -> str:
    """The departments with liaison and deputy of today, to be printed."""
    session, today = context.session(), context.today()
    departments = departments_of(session, _county())
    return render_template(
        "departments/roster.html", tabs=TABS, tab="roster", kinds=KINDS, departments=departments,
        liaisons=liaisons_on(session, [one.code for one in departments], today),
    )  # fmt: skip
