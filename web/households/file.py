"""一户一档: the household as it stood on any day, and two days side by side."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import context
from web.duties import READERS, require
from web.households.views import find, log
from workflow.changes import AWAY, EVENTS
from workflow.changes.as_at import PastHousehold, household_as_at
from workflow.households import COUNTED_ASSETS, RELATIONS, SETTINGS, SOURCES
from workflow.models import Household
from workflow.people.facts import in_words
from workflow.people.words import FACT_KINDS, FACT_SOURCES
from workflow.periods import local_date
from workflow.policy import may_read

bp = Blueprint("household_file", __name__, template_folder="templates")


@bp.get("/households/<int:household_id>/file")
def show(household_id: int) -> ResponseReturnValue:
    """Members, means, facts, events and cases of that day; with `against`, of two days. Every look is written down."""
    require(*READERS)
    household = find(household_id)
    first = _first_day(household)
    on = _asked("on", first) or context.today()
    against = _asked("against", first)
    days = [on] if against is None or against == on else [on, against]
    log("household_as_at", household.id, reason="、".join(day.isoformat() for day in days))
    reader = context.actor()
    shown = [_as_it_was(household, day) for day in days]
    return render_template(
        "households/file.html", household=household, shown=shown, on=on, against=against, first=first, relations=RELATIONS,
        settings=SETTINGS, sources=SOURCES, counted=COUNTED_ASSETS, away=AWAY, events=EVENTS, fact_kinds=FACT_KINDS,
        fact_sources=FACT_SOURCES, in_words=in_words, readable=lambda case: may_read(reader, case),
    )  # fmt: skip


def _as_it_was(household: Household, day: date) -> PastHousehold:
    return household_as_at(context.session(), household.id, day, context.edge().office.catalogue)


def _first_day(household: Household) -> date:
    """Nothing is known of a household before its first member."""
    began = [member.from_date for member in household.memberships]
    return min([*began, local_date(household.created_at)])


def _asked(name: str, first: date) -> date | None:
    """A day of the address, within the time of the household; None where none, or none that is a day, was given."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return max(min(day, context.today()), first)
