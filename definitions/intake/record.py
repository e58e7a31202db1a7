"""Between the window and the household's file: what is on record is not asked, and what is told goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.models import Person
from workflow.people.facts import known_of, record_fact
from workflow.people_queries import household_members
from workflow.periods import local_date

SCHOOL_OF = {
    "kindergarten": "preschool", "primary": "compulsory", "junior": "compulsory", "senior": "high_school",
    "vocational": "high_school", "college": "university", "bachelor": "university",
}  # fmt: skip
"""Stage of schooling on record -> stage of the matcher. Another stage leaves it open."""

Facts = dict[str, dict[str, Any]]
"""What is known of each member, as the matcher reads it, by person id."""


def on_record(session: Session, household_id: int, on: date) -> Facts:
    """What the file says of the members on a day."""
    people = household_members(session, household_id, on)
    return {str(person.id): _of(session, person.id, on) for person in people}


def _of(session: Session, person_id: int, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for side in known_of(session, person_id, on):
        value = side.used.value
        if side.kind == "schooling" and (school := _school(value)):
            found["school"] = school
        elif side.kind == "work" and value["present"]:
            found["work"] = "employed"
        elif side.kind == "disability":
            found["disability"] = (
                {"kind": value["kind"], "grade": value["grade"]} if value["present"] else {"grade": 0}
            )
        elif side.kind == "illness":
            found["illness"] = value["present"]
    return found


def _school(value: Mapping[str, Any]) -> str:
    return SCHOOL_OF.get(value["stage"], "") if value["present"] else "none"


def put_on_record(session: Session, told: Facts, actor: Actor, now: datetime) -> None:
    """State what was told of the members as declared today, beside what other sources say."""
    stated = {"source": "declared", "as_of": local_date(now).isoformat()}
    for who, facts in told.items():
        person = session.get_one(Person, int(who))
        for kind, value in _statements(facts):
            record_fact(session, person, kind, {**value, **stated}, actor=actor, now=now)


def _statements(facts: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if school := facts.get("school"):
        stage = {"stage": "kindergarten"} if school == "preschool" else {}
        found.append(("schooling", {"present": school != "none", **stage}))
    if (work := facts.get("work")) in ("employed", "unemployed"):
        found.append(("work", {"present": work == "employed"}))
    if "disability" in facts:
        found.append(("disability", {"present": False}))
    if "illness" in facts:
        found.append(("illness", {"present": False}))
    return found
