"""应助未助: the families of the reader's area that the matcher finds entitled to help nobody gives them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from definitions.matcher import PROGRAMMES
from definitions.matcher.scan import MOST, look
from web import context
from web.duties import area_choices, codes, narrowed, require
from web.filters import cursor, given_filters
from web.menu import Entry
from workflow.models import Area
from workflow.roles import CENTRE_DIRECTOR, CENTRE_STAFF, COUNTY_REVIEWER, SUPERVISOR, TOWN_REVIEWER, WINDOW

READERS = (WINDOW, TOWN_REVIEWER, COUNTY_REVIEWER, SUPERVISOR, CENTRE_STAFF, CENTRE_DIRECTOR)
FILTERS = {"area": "区域"}

MENU = (Entry("应助未助", "missed.show", 45, codes(*READERS)),)
bp = Blueprint("missed", __name__, template_folder="templates")


@bp.get("/missed-aid")
def show() -> ResponseReturnValue:
    """The next families of the register, and those among them that could have help."""
    require(*READERS)
    session = context.session()
    choices = {"area": area_choices("town", "village")}
    given = given_filters(FILTERS, choices, "cursor")
    found, following = look(session, narrowed(given.get("area", "")), context.today(), cursor() or 0)
    villages = {one.household.area_code: session.get_one(Area, one.household.area_code).name for one in found}
    heads = {one.household.id: one.household.members(context.today())[0].person.name for one in found}
    return render_template(
        "missed/list.html", found=found, next=following, given=given, names=FILTERS, choices=choices, heads=heads,
        villages=villages, programmes=PROGRAMMES, most=MOST,
    )  # fmt: skip
