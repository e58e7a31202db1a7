"""The means test of a household: income a head against the standard, property, low edge."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.editions.catalogue import edition
from definitions.editions.number import Edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards
from definitions.rules.facts import HouseholdFacts, MemberFacts
from definitions.rules.income import countable_income
from definitions.rules.low_edge import is_low_edge, low_edge_limit
from definitions.rules.members import living_members
from definitions.rules.parameters import monthly_standard, note_outside
from definitions.rules.property import PropertyTest, property_test
from definitions.rules.trace import Quantity, Reason, Trace, rounded


@dataclass(frozen=True, slots=True)
class Means:
    """The outcome of the means test, quantities exact. `eligible` and `low_edge` are the income tests alone."""

    law: Edition
    living: tuple[MemberFacts, ...]
    standard: Quantity
    countable: Quantity
    per_capita: Quantity
    eligible: bool
    low_edge: bool
    low_edge_limit: Quantity
    property: PropertyTest


def means_test(
    facts: HouseholdFacts, trace: Trace, reasons: list[Reason], standards: Standards = SAMPLE_STANDARDS
) -> Means:
    """Judge a household; steps and reasons are appended to those given.

    Raises `RuleRefused` for a household without living members or a value the law forbids, `NumberMissing` for a
    standard that nobody gives.
    """
    law = edition(facts.edition)
    note_outside(law, facts.as_of, reasons)
    living, size = living_members(facts, law, trace)
    standard = monthly_standard(facts.standard, facts.setting, law, facts.as_of, standards, trace)
    countable = countable_income(facts, law, living, standard, trace, reasons)
    per_capita = trace.over("人均月收入", countable, size, law.articles["income_test"])
    eligible = trace.holds("低保收入条件", per_capita, "<", standard, law.articles["income_test"])
    limit = low_edge_limit(facts, law, standard, standards, trace)
    within = is_low_edge(facts, law, per_capita, limit, trace)
    if eligible:
        reasons.append(
            Reason("income_below_standard", f"人均月收入 {per_capita} 元，低于低保标准 {standard} 元。")
        )
    else:
        reasons.append(
            _too_much("income_not_below_standard", "低保标准", per_capita, standard, size, strict=True)
        )
        if within:
            reasons.append(Reason("low_edge", f"人均月收入在低保边缘家庭上限 {limit} 元以内。"))
        else:
            inclusive = law.flag("low_edge_inclusive", facts.as_of)
            reasons.append(
                _too_much("above_low_edge", "低保边缘上限", per_capita, limit, size, strict=not inclusive)
            )
    owned = property_test(facts, law, size, standard, standards, trace, reasons)
    return Means(
        law, living, standard, countable, per_capita, eligible, within and not eligible, limit, owned
    )


def _too_much(
    code: str, what: str, own: Quantity, limit: Quantity, size: Quantity, *, strict: bool
) -> Reason:
    most = rounded(limit.exact * size.exact)
    change = f"家庭计入月收入须{'少于' if strict else '不多于'} {most} 元，现为 {rounded(own.exact * size.exact)} 元。"
    text = f"人均月收入 {own} 元，{'没有低于' if strict else '高于'}{what} {limit} 元。{change}"
    return Reason(code, text, str(limit.money), str(own.money), change)
