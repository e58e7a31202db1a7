"""What a made-up family is: plain facts, before anything of it stands in a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from workflow.identity import Sex

Outcome = Literal["qualifies", "low_edge", "income", "property"]


@dataclass(frozen=True)
class IncomeFact:
    """A yearly income in yuan: category wage, business, property, transfer or other, and its kind."""

    category: str
    kind: str
    annual: Decimal


@dataclass(frozen=True)
class PersonFact:
    """A member. `labour` is able, partial or none; `disability_grade` 1 (gravest) to 4, 0 for none."""

    name: str
    id_number: str
    birth: date
    sex: Sex
    relation: str
    hukou_area: str
    labour: str
    occupation: str
    student: bool = False
    disability_kind: str = ""
    disability_grade: int = 0
    serious_illness: bool = False
    phone: str = ""
    bank_account: str = ""
    incomes: tuple[IncomeFact, ...] = ()


@dataclass(frozen=True)
class PropertyFact:
    """What the household owns together: money in yuan, numbers of things, living space in m² a head."""

    monetary: Decimal
    vehicles: int = 0
    commercial_premises: int = 0
    dwellings: int = 1
    floor_area_per_capita: Decimal = Decimal("25.00")


@dataclass(frozen=True)
class Family:
    """A household that applies. The head is the first member; `near_relative` is a relation to staff.

    `outcome` is what the draw aimed at with the standard it was given; the decision is not this module's.
    """

    area_code: str
    setting: str
    address: str
    members: tuple[PersonFact, ...]
    owns: PropertyFact
    near_relative: bool
    review_class: str
    outcome: Outcome

    @property
    def head(self) -> PersonFact:
        """Who applies."""
        return self.members[0]


def age_on(birth: date, day: date) -> int:
    """Full years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
