"""Finding people by what is known of them at a counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.areas import level_of
from workflow.models import Household, Membership, Person
from workflow.people.folding import both_scripts, fold_name
from workflow.people.typed import Way, is_number, ways
from workflow.policy import area_filter, readable_areas
from workflow.spelling import pinyin_of

MOST = 30


def find_people(session: Session, actor: Actor, query: str, limit: int = MOST) -> Sequence[Person]:
    """People the actor may see, by name, pinyin, initials, number or its last four; none without a query.

    A name is found under both its spellings, 繁 and 简; where nobody has it, those who sound the same are given. Rows
    merged into another are found by their own number only.

    """
    typed = "".join(query.split())
    if not typed:
        return []
    parts = _those_of(readable_areas(actor))
    for asked in (_as_typed, _sounding):
        found: dict[int, Person] = {}
        for seen in parts:
            for way in asked(typed):
                wanted = select(Person).where(way.condition, seen).order_by(*way.order)
                found |= {person.id: person for person in session.scalars(wanted.limit(limit - len(found)))}
        if found:
            return list(found.values())
    return []


def may_see(session: Session, actor: Actor, person: Person) -> bool:
    """Whether a person is, or was, of a household in the actor's areas; without any household, is registered there."""
    areas = session.scalars(
        select(Household.area_code).join(Membership).where(Membership.person_id == person.id).distinct()
    ).all()
    if not areas and person.merged_into is not None:
        return may_see(session, actor, session.get_one(Person, person.merged_into))
    return any(actor.reads(code) for code in areas or [person.hukou_area] if code)


def _those_of(areas: list[str]) -> list[ColumnElement[bool]]:
    """Who may be shown, in two parts: the members of households, then who was never of one.

    Who reads a town or more finds thirty soon: his people are looked at one by one along the index of what was typed,
    as a scalar subquery has them. Of a village there are few: there the database may start from its households.
    """
    homes = select(Membership.id).where(Membership.person_id == Person.id).correlate(Person)
    here = homes.join(Household).where(area_filter(Household.area_code, areas))
    wide = any(level_of(code) != "village" for code in areas)
    at_home = here.limit(1).scalar_subquery().is_not(None) if wide else here.exists()
    return [at_home, homes.limit(1).scalar_subquery().is_(None) & area_filter(Person.hukou_area, areas)]


def _as_typed(typed: str) -> list[Way]:
    if is_number(typed):
        return ways(typed)
    names = [typed] if typed.isascii() else sorted({typed, *both_scripts(typed)})
    return [_not_merged(way) for name in names for way in ways(name)]


def _sounding(typed: str) -> list[Way]:
    return [] if typed.isascii() else [_not_merged(Way(Person.pinyin == pinyin_of(fold_name(typed))))]


def _not_merged(way: Way) -> Way:
    return replace(way, condition=way.condition & Person.merged_into.is_(None))
