"""A household of the registers as the matcher reads it: what nobody has recorded stays out of the document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import InForce, edition_on
from definitions.shared.assessment import family_document
from workflow.forms import is_adult
from workflow.models import EditionPeriod, Household, Person
from workflow.people.facts import known_of
from workflow.people_queries import household_members

COUNTY_DIGITS = 6


def edition_of(session: Session, on: date) -> str:
    """The edition in force on a day by the district's timetable."""
    timetable = [InForce(r.edition, r.from_date, r.to_date) for r in session.scalars(select(EditionPeriod))]
    return edition_on(on, timetable).code


def household_document(session: Session, household_id: int, on: date, edition: str = "") -> dict[str, Any]:
    """The matcher's document of a household on a day, of those who count under an edition (none: that in force).

    An adult about whom no income is recorded at all has an unknown income; a minor without a record has none. A box of
    the register that is empty by default (no disability, no student) says nothing.
    """
    household = session.get_one(Household, household_id)
    document = family_document(session, household_id, edition or edition_of(session, on), on)
    people = {str(person.id): person for person in household_members(session, household_id, on)}
    document["members"] = [
        _member(session, member, people[member["id"]], on) for member in document["members"]
    ]
    document["setting"] = household.setting
    registered = [person.hukou_area for person in people.values() if person.hukou_area]
    if registered:
        county = household.area_code[:COUNTY_DIGITS]
        document["hukou_here"] = any(area[:COUNTY_DIGITS] == county for area in registered)
    return document


def _member(session: Session, member: dict[str, Any], person: Person, on: date) -> dict[str, Any]:
    found = dict(member)
    if is_adult(person.birth, on):
        found["labour"] = person.labour
        if not found["incomes"]:
            del found["incomes"]
    if person.disability_grade:
        found["disability"] = {"kind": person.disability_kind, "grade": person.disability_grade}
    if person.serious_illness:
        found["illness"] = True
    for side in known_of(session, person.id, on):
        fact = side.used
        if fact.kind in _READ and (fact.valid_to is None or fact.valid_to >= on):
            found |= _READ[fact.kind](fact.value)
    return found


def _schooling(said: dict[str, Any]) -> dict[str, Any]:
    if not said["present"]:
        return {"school": "none"}
    stage = STAGE_OF.get(said.get("stage") or "")
    return {"school": stage} if stage else {}


def _disability(said: dict[str, Any]) -> dict[str, Any]:
    if not said["present"]:
        return {"disability": {"grade": 0}}
    return {"disability": {"kind": said["kind"], "grade": said["grade"]}}


STAGE_OF = {
    "kindergarten": "preschool", "primary": "compulsory", "junior": "compulsory", "senior": "high_school",
    "vocational": "high_school", "college": "university", "bachelor": "university",
}  # fmt: skip
"""Stage of the register of people -> stage of the items; of others the law of the items says nothing."""
_READ: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "schooling": _schooling,
    "disability": _disability,
    "illness": lambda said: {"illness": said["present"]},
    "work": lambda said: {"work": "employed" if said["present"] else "unemployed"},
}
