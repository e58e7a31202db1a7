"""Families of a district that is already at work, as far as the database knows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from definitions.rehearsal.homes import Home
from workflow.db import Database
from workflow.models import Case, Household, Income, Person
from workflow.simulation.family import Family, IncomeFact, PersonFact, PropertyFact

USUAL_CLASS = "B"


class Recalled(dict[int, Any]):
    """What households know of themselves; one that nobody has played yet knows what it has declared, and hides nothing."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    def __missing__(self, household_id: int) -> Home:
        home = self[household_id] = recall(self._database, household_id)
        return home


def recall(database: Database, household_id: int) -> Home:
    """A household with its latest members and their declared incomes."""
    with database.reading() as session:
        household = session.get_one(Household, household_id)
        rows = [m for m in household.memberships if m.to_date is None] or household.memberships
        rows = sorted(rows, key=lambda m: (m.relation != "head", m.id))
        incomes = session.scalars(
            select(Income)
            .where(Income.household_id == household_id, Income.until.is_(None), Income.source == "declared")
            .order_by(Income.id)
        ).all()
        members = tuple(
            _person(m.person, m.relation, [one for one in incomes if one.person_id == m.person_id])
            for m in rows
        )
        facts = session.scalars(
            select(Case.facts)
            .where(Case.subject_kind == "household", Case.subject_id == household_id)
            .order_by(Case.id.desc())
        ).all()
        review_class = next((one["review_class"] for one in facts if one.get("review_class")), USUAL_CLASS)
        family = Family(
            household.area_code, household.setting, household.address, members, PropertyFact(Decimal(0)), False,
            review_class, "qualifies",
        )  # fmt: skip
        return Home(household_id, family, [m.person_id for m in rows], times=1)


def _person(person: Person, relation: str, incomes: list[Income]) -> PersonFact:
    return PersonFact(
        person.name, person.id_number or "", person.birth, "M" if person.sex == "M" else "F", relation, person.hukou_area,
        person.labour, person.occupation, bank_account=person.bank_account,
        incomes=tuple(IncomeFact(one.category, one.kind, one.annual) for one in incomes),
    )  # fmt: skip
