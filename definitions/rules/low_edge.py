"""The income test of a low-edge family (ZJ-13: 1.5 times and below, never above the minimum wage; M57-8: below)."""

from __future__ import annotations

from definitions.editions.number import Edition
from definitions.editions.standards import Standards, find_local, local
from definitions.rules.facts import HouseholdFacts
from definitions.rules.trace import RATE, Quantity, Trace


def low_edge_limit(
    facts: HouseholdFacts, law: Edition, standard: Quantity, standards: Standards, trace: Trace
) -> Quantity:
    """The most a head of a low-edge family may earn. A widened multiple needs the minimum wage where it caps it."""
    source = law.articles["low_edge"]
    basic = law.decimal("low_edge_multiple", facts.as_of)
    multiple = facts.low_edge_multiple or basic
    times = trace.given("低保边缘倍数", multiple, source, RATE, f"低保标准的 {multiple} 倍")
    limit = trace.times("低保边缘家庭人均收入上限", standard, times, source=source)
    if not law.flag("low_edge_capped", facts.as_of):
        return limit
    wage = facts.minimum_wage
    if wage is None:
        ask = local if multiple > basic else find_local
        found = ask(standards, "minimum_wage", facts.setting, facts.as_of)
        if found is None:
            return limit
        wage = found.amount
    cap = trace.given("当地月最低工资", wage, source)
    return trace.least("低保边缘家庭人均收入上限（不高于最低工资）", (limit, cap), source)


def is_low_edge(
    facts: HouseholdFacts, law: Edition, per_capita: Quantity, limit: Quantity, trace: Trace
) -> bool:
    """Whether the income a head is within the limit, the limit included where the edition includes it."""
    sign = "<=" if law.flag("low_edge_inclusive", facts.as_of) else "<"
    return trace.holds("在低保边缘收入上限以内", per_capita, sign, limit, law.articles["low_edge"])
