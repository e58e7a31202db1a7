"""The facts a household is judged by, as the rules take them. Money is yuan; what is None the edition supplies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

CATEGORIES: dict[str, str] = {
    "wage": "工资性收入",
    "business": "经营净收入",
    "property": "财产净收入",
    "transfer": "转移净收入",
    "other": "其他收入",
}
SUPPLEMENT_REASONS: dict[str, str] = {
    "elderly": "老年人",
    "minor": "未成年人",
    "severe_disability": "重度残疾人",
    "serious_illness": "重病患者",
}


@dataclass(frozen=True, slots=True)
class Income:
    """One income of a member. `monthly` is a twelfth of the year, exact; `kind` may make it one not counted."""

    category: str
    monthly: Fraction
    kind: str | None = None
    new_employment: bool = False
    annual: Decimal | None = None
    """The annual amount, where the income was stated by the year."""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A co-living member. Supplement reasons are established facts; `share_forfeited` is a decision against him."""

    id: str
    incomes: tuple[Income, ...] = ()
    supplement_reasons: tuple[str, ...] = ()
    share_forfeited: bool = False
    alive: bool = True
    relation: str | None = None
    birth: date | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Spending that lowers the countable income of the household, yuan a year."""

    kind: str
    annual: Decimal


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """What the household owns in all; floor areas in square metres a head."""

    monetary: Decimal = Decimal(0)
    monetary_years: Decimal | None = None
    vehicles: int = 0
    commercial_premises: int = 0
    dwellings: int = 0
    floor_area_per_capita: Decimal | None = None
    floor_area_limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """A household on a day under an edition. `disregard_months_used` is None where no disregard is asked for."""

    edition: str
    as_of: date
    members: tuple[MemberFacts, ...]
    setting: str | None = None
    standard: Decimal | None = None
    minimum_wage: Decimal | None = None
    low_edge_multiple: Decimal | None = None
    rounding: str | None = None
    deductions: tuple[Deduction, ...] = ()
    supplement_rates: Mapping[str, Decimal] = field(default_factory=dict)
    property: PropertyFacts | None = None
    disregard_months_used: int | None = None
