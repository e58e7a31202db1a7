"""A household of the registers as the matcher reads it: what nobody has recorded stays out of the document."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from workflow.forms import is_adult
from workflow.households import facts_document
from workflow.models import Household, Person
from workflow.people_queries import household_members

COUNTY_DIGITS = 6


def household_document(session: Session, household_id: int, on: date) -> dict[str, Any]:
    """The matcher's document of a household on a day.

    An adult about whom no income is recorded at all has an unknown income; a minor without a record has none. A box of
    the register that is empty by default (no disability, no student) says nothing.
    """
    household = session.get_one(Household, household_id)
    document = facts_document(session, household_id, on)
    people = {str(person.id): person for person in household_members(session, household_id, on)}
    document["members"] = [_member(member, people[member["id"]], on) for member in document["members"]]
    document["setting"] = household.setting
    registered = [person.hukou_area for person in people.values() if person.hukou_area]
    if registered:
        county = household.area_code[:COUNTY_DIGITS]
        document["hukou_here"] = any(area[:COUNTY_DIGITS] == county for area in registered)
    return document


def _member(member: dict[str, Any], person: Person, on: date) -> dict[str, Any]:
    found = dict(member)
    if not found["incomes"] and is_adult(person.birth, on):
        del found["incomes"]
    if is_adult(person.birth, on):
        found["labour"] = person.labour
    if person.disability_grade:
        found["disability"] = {"kind": person.disability_kind, "grade": person.disability_grade}
    if person.serious_illness:
        found["illness"] = True
    return found
