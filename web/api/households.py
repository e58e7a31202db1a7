"""Households: register one, find those of one's areas."""

from __future__ import annotations

from web.api import represent
from web.api.asking import LIMIT, filters_of, make_cursor, read_cursor, text
from web.api.cases import log_access
from web.api.routes import Answer, Call, operation
from workflow.households import HouseholdForm, find_households, register


@operation("POST", "/households", "登记家庭", "Household", status=201, form=HouseholdForm)
def create_household(call: Call) -> Answer:
    """Register a household with its members, their incomes and what it owns, as declared."""
    household = register(call.session, dict(call.body), actor=call.actor, now=call.now)
    return Answer(represent.household(household, call.edge.today()), 201)


@operation(
    "GET", "/households", "查找家庭", "HouseholdPage", paged=True,
    query={"q": text("姓名、拼音、首字母、公民身份号码或其后四位，或村（社区）名称")},
)  # fmt: skip
def list_households(call: Call) -> Answer:
    """Households of the caller's areas, the newest first. Each one shown is logged."""
    place, limit = read_cursor(call.query, int), call.query.get("limit", LIMIT)
    found = find_households(
        call.session, call.actor, call.query.get("q", ""), limit + 1, before=place[0] if place else None
    )
    following = make_cursor([found[limit - 1].id], filters_of(call.query)) if len(found) > limit else None
    log_access(call, "household", [{"household_id": row.id} for row in found[:limit]])
    return Answer(
        {"items": [represent.household(row, call.edge.today()) for row in found[:limit]], "next": following}
    )
