"""Finding people by what is known of them at a counter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.areas import level_of
from workflow.models import Household, Membership, Person
from workflow.people.folding import both_scripts, fold_name
from workflow.policy import area_filter, readable_areas
from workflow.spelling import pinyin_of

MOST = 30
_UNTIL = "\U0010ffff"
"""Sorts after every letter: the end of a range that begins with what was typed."""
_SHORTEST_PINYIN = 2


def find_people(session: Session, actor: Actor, query: str, limit: int = MOST) -> Sequence[Person]:
    """People the actor may see, by name, pinyin, initials, number or its last four; none without a query.

    A name is found under both its spellings, 繁 and 简; where nobody has it, those who sound the same are given. Rows
    merged into another are found by their own number only.

    Who reads a town or more finds thirty soon: his people are looked at one by one from the newest, as a scalar
    subquery has them. Of a village there are few: there the database may start from its households.
    """
    typed = "".join(query.split())
    if not typed:
        return []
    areas = readable_areas(actor)
    homes = select(Membership.id).where(Membership.person_id == Person.id).correlate(Person)
    here = homes.join(Household).where(area_filter(Household.area_code, areas))
    wide = any(level_of(code) != "village" for code in areas)
    at_home = here.limit(1).scalar_subquery().is_not(None) if wide else here.exists()
    alone = homes.limit(1).scalar_subquery().is_(None) & area_filter(Person.hukou_area, areas)
    for condition in _ways(typed, session.get_bind().dialect.name):
        found: list[Person] = []
        for seen in (at_home, alone):
            wanted = select(Person).where(condition, seen).order_by(Person.id.desc())
            if len(found) < limit:
                found += session.scalars(wanted.limit(limit - len(found)))
        if found:
            return found
    return []


def may_see(session: Session, actor: Actor, person: Person) -> bool:
    """Whether a person is, or was, of a household in the actor's areas; without any household, is registered there."""
    areas = session.scalars(
        select(Household.area_code).join(Membership).where(Membership.person_id == person.id).distinct()
    ).all()
    if not areas and person.merged_into is not None:
        return may_see(session, actor, session.get_one(Person, person.merged_into))
    return any(actor.reads(code) for code in areas or [person.hukou_area] if code)


def _ways(typed: str, dialect: str) -> list[ColumnElement[bool]]:
    """The conditions to try, one after another until one finds somebody."""
    folded = typed.lower()
    alive = Person.merged_into.is_(None)
    if re.fullmatch(r"[0-9]{17}[0-9xX]", typed):
        return [Person.id_number == typed.upper()]
    if re.fullmatch(r"[0-9]{3}[0-9xX]", typed):
        return [(Person.id_tail == typed.upper()) & alive]
    if re.fullmatch(r"(?=.*[0-9])[0-9A-Za-z]{5,18}", typed):
        return [Person.id_number == typed.upper()]
    if typed.isascii():
        if len(folded) < _SHORTEST_PINYIN:
            return [(Person.initials == folded) & alive]
        return [or_(begins(Person.pinyin, folded, dialect), Person.initials == folded) & alive]
    same = or_(*(begins(Person.name, name, dialect) for name in sorted({typed, *both_scripts(typed)})))
    return [same & alive, (Person.pinyin == pinyin_of(fold_name(typed))) & alive]


def begins(column: Any, text: str, dialect: str) -> ColumnElement[bool]:
    """SQL: the column begins with this text, asked so that its index answers: on PostgreSQL that of `text_pattern_ops`."""
    if dialect == "postgresql":
        return and_(column.bool_op("~>=~")(text), column.bool_op("~<~")(text + _UNTIL))
    return and_(column >= text, column < text + _UNTIL)
