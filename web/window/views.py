"""The window's desk: every intake of its area, what waits for whom, how old it is, and which legal day comes next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from definitions.intake.results import INTAKE
from web import context
from web.duties import READERS, area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from web.window.standing import desk

FILTERS = {"area": "区域", "stage": "环节"}

MENU = (Entry("综合受理", "window.index", 12, codes(*READERS)),)
bp = Blueprint("window", __name__, template_folder="templates")


@bp.get("/window")
def index() -> ResponseReturnValue:
    """Open intakes by their nearest day; by stage, those that have ended as well."""
    require(*READERS)
    office = context.edge().office
    stages = office.catalogue.editions(INTAKE)[-1].stages
    choices = {"area": area_choices("town", "village"), "stage": [(code, one.label) for code, one in stages.items()]}
    given = given_filters(FILTERS, choices)
    found = desk(
        office, context.session(), narrowed(given.get("area", "")), context.today(), stage=given.get("stage", ""),
        barred=context.actor().id,
    )  # fmt: skip
    return render_template(
        "window/index.html", found=found, given=given, names=FILTERS, choices=choices, stages=stages,
        groups={code: lines for code in stages if (lines := [line for line in found if line.case.stage == code])},
    )  # fmt: skip
