"""The window's desk: every intake of its area, what waits for whom, how old it is, and which legal day comes next."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from definitions.intake.results import INTAKE
from web import context
from web.duties import READERS, area_choices, codes, narrowed, require
from web.filters import given_filters
from web.households.asking import REGISTRARS
from web.households.views import find
from web.menu import Entry
from web.window.standing import desk
from workflow.acts import open_case
from workflow.errors import Refused
from workflow.models import Case

FILTERS = {"area": "区域", "stage": "环节"}

MENU = (Entry("综合受理", "window.index", 12, codes(*READERS)),)
bp = Blueprint("window", __name__, template_folder="templates")


@bp.get("/window")
def index() -> ResponseReturnValue:
    """Open intakes by their nearest day; by stage, those that have ended as well."""
    require(*READERS)
    office = context.edge().office
    stages = office.catalogue.editions(INTAKE)[-1].stages
    choices = {
        "area": area_choices("town", "village"),
        "stage": [(code, one.label) for code, one in stages.items()],
    }
    given = given_filters(FILTERS, choices)
    found = desk(
        office, context.session(), narrowed(given.get("area", "")), context.today(), stage=given.get("stage", ""),
        barred=context.actor().id,
    )  # fmt: skip
    return render_template(
        "window/index.html", found=found, given=given, names=FILTERS, choices=choices, stages=stages,
        groups={code: lines for code in stages if (lines := [line for line in found if line.case.stage == code])},
    )  # fmt: skip


@bp.post("/households/<int:household_id>/intake")
def come(household_id: int) -> ResponseReturnValue:
    """A family has come: open its intake, or go on with the one that waits to be registered."""
    require(*REGISTRARS)
    household = find(household_id)
    begun = context.session().scalar(
        select(Case.number).where(
            Case.definition == INTAKE, Case.stage == "opened", Case.subject_kind == "household", Case.subject_id == household.id
        )
    )  # fmt: skip
    if begun is None:
        members = household.members(context.today())
        if not members:
            raise Refused("这个家庭现在没有成员，不能受理；请先登记家庭成员。")
        with context.acting() as conn:
            begun = open_case(
                context.edge().office, conn, INTAKE, subject=("household", household.id), area_code=household.area_code,
                actor=context.actor(), now=context.now(), title=members[0].person.name,
            ).number  # fmt: skip
    return redirect(url_for("actions.do", number=begun, action="register"), 303)
