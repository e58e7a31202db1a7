"""A household written as JSON, read into facts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from definitions.editions.standards import SETTINGS
from definitions.rules.document import Reader
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import (
    CATEGORIES,
    SUPPLEMENT_REASONS,
    Deduction,
    HouseholdFacts,
    Income,
    MemberFacts,
    PropertyFacts,
)
from definitions.rules.trace import ROUNDINGS

KEYS = (
    "edition", "as_of", "standard", "rounding", "setting", "minimum_wage", "low_edge_multiple", "members",
    "deductions", "supplement_rates", "property", "employment_disregard",
)  # fmt: skip
MEMBER_KEYS = ("id", "relation", "birth", "alive", "incomes", "supplement_reasons", "share_forfeited")
INCOME_KEYS = ("category", "kind", "annual", "monthly", "new_employment")
PROPERTY_KEYS = (
    "monetary", "monetary_years", "vehicles", "commercial_premises", "dwellings", "floor_area_per_capita",
    "floor_area_limit",
)  # fmt: skip
DEDUCTION_KINDS = ("employment_cost", "illness", "disability", "other")
EARNINGS = ("wage", "business", "other")
"""Categories an income of a new job can have."""


def read_household(data: object) -> HouseholdFacts:
    """The facts of a household document; raises `RuleRefused` naming the key at fault."""
    doc = Reader(data, KEYS)
    return HouseholdFacts(
        edition=doc.text("edition"),
        as_of=doc.day("as_of"),
        members=_members(doc),
        setting=doc.choice("setting", SETTINGS) if doc.has("setting") else None,
        standard=doc.positive("standard", doc.amount) if doc.has("standard") else None,
        minimum_wage=doc.positive("minimum_wage", doc.amount) if doc.has("minimum_wage") else None,
        low_edge_multiple=_multiple(doc) if doc.has("low_edge_multiple") else None,
        rounding=doc.choice("rounding", ROUNDINGS) if doc.has("rounding") else None,
        deductions=tuple(
            Deduction(d.choice("kind", DEDUCTION_KINDS), d.amount("annual"))
            for d in doc.parts("deductions", ("kind", "annual"))
        ),
        supplement_rates=_rates(doc.part("supplement_rates", SUPPLEMENT_REASONS))
        if doc.has("supplement_rates")
        else {},
        property=_property(doc.part("property", PROPERTY_KEYS)) if doc.has("property") else None,
        disregard_months_used=doc.part("employment_disregard", ("months_used",)).count("months_used")
        if doc.has("employment_disregard")
        else None,
    )


def _members(doc: Reader) -> tuple[MemberFacts, ...]:
    if not doc.has("members"):
        raise RuleRefused("members 没有写，请列出共同生活的家庭成员。", key="members")
    members = tuple(_member(m) for m in doc.parts("members", MEMBER_KEYS))
    ids = [m.id for m in members]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise RuleRefused(f"members 里编号重复：{'、'.join(twice)}。每人只写一次。", key="members")
    return members


def _member(doc: Reader) -> MemberFacts:
    return MemberFacts(
        id=doc.text("id"),
        relation=doc.optional(doc.text, "relation"),
        birth=doc.optional(doc.day, "birth"),
        alive=doc.flag("alive") if doc.has("alive") else True,
        incomes=tuple(_income(i) for i in doc.parts("incomes", INCOME_KEYS)),
        supplement_reasons=doc.choices("supplement_reasons", SUPPLEMENT_REASONS),
        share_forfeited=doc.flag("share_forfeited") if doc.has("share_forfeited") else False,
    )


def _income(doc: Reader) -> Income:
    category = doc.choice("category", CATEGORIES)
    new = doc.flag("new_employment") if doc.has("new_employment") else False
    if new and category not in EARNINGS:
        raise RuleRefused(f"{doc.at('new_employment')} 只能用于劳动所得，不能用于{CATEGORIES[category]}。")
    if doc.has("annual") == doc.has("monthly"):
        raise RuleRefused(f"{doc.at('annual')} 与 {doc.at('monthly')} 请写其中一项，且只写一项。")
    kind = doc.optional(doc.text, "kind")
    if doc.has("monthly"):
        return Income(category, Fraction(doc.amount("monthly")), kind, new)
    annual = doc.amount("annual")
    return Income(category, Fraction(annual) / 12, kind, new, annual)


def _multiple(doc: Reader) -> Decimal:
    multiple = doc.rate("low_edge_multiple")
    if multiple < 1:
        raise RuleRefused("low_edge_multiple 不能小于 1，否则低保边缘家庭的上限会低于低保标准。")
    return multiple


def _rates(doc: Reader) -> dict[str, Decimal]:
    return {reason: doc.amount(reason) for reason in SUPPLEMENT_REASONS if doc.has(reason)}


def _property(doc: Reader) -> PropertyFacts:
    return PropertyFacts(
        monetary=doc.amount("monetary") if doc.has("monetary") else Decimal(0),
        monetary_years=doc.positive("monetary_years", doc.rate) if doc.has("monetary_years") else None,
        vehicles=doc.count("vehicles") if doc.has("vehicles") else 0,
        commercial_premises=doc.count("commercial_premises") if doc.has("commercial_premises") else 0,
        dwellings=doc.count("dwellings") if doc.has("dwellings") else 0,
        floor_area_per_capita=doc.optional(doc.rate, "floor_area_per_capita"),
        floor_area_limit=doc.optional(doc.rate, "floor_area_limit"),
    )
