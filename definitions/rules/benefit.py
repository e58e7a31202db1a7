"""The monthly amount of dibao: base, supplement, and each member's share (M220-27, M57-23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards, local
from definitions.rules.facts import SUPPLEMENT_REASONS, HouseholdFacts, MemberFacts
from definitions.rules.means import Means, means_test
from definitions.rules.tiers import base_by_tier, tiers_of
from definitions.rules.trace import COUNT, Quantity, Reason, Step, Trace, yuan

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits the household was held against, yuan (a month for income), a head."""

    income_per_capita: Decimal
    low_edge_per_capita: Decimal
    monetary_per_capita: Decimal | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A household judged. Yuan a month with two decimals; `shares` by member id add up to `total` exactly.

    `eligible` and `low_edge` are the income tests alone; `property_ok` stands beside them (None: not stated).
    """

    eligible: bool
    property_ok: bool | None
    low_edge: bool
    countable_income: Decimal
    per_capita: Decimal
    base: Decimal
    supplement: Decimal
    total: Decimal
    shares: Mapping[str, Decimal]
    limits: Limits
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]


def benefit(facts: HouseholdFacts, standards: Standards = SAMPLE_STANDARDS) -> Assessment:
    """Judge a household and compute its allowance; raises what `means_test` raises."""
    trace, reasons = Trace(), list[Reason]()
    means = means_test(facts, trace, reasons, standards)
    base = _base(facts, means, standards, trace, reasons)
    supplements = {
        m.id: _supplement(m, facts, means, standards, trace) for m in means.living if means.eligible
    }
    added = [s for s in supplements.values() if s is not None]
    total = trace.total("每月救助金额", [base, *added], means.law.articles["base"])
    kept = split_equally(base.money, [m.id for m in means.living if not m.share_forfeited])
    return Assessment(
        eligible=means.eligible,
        property_ok=means.property.ok,
        low_edge=means.low_edge,
        countable_income=means.countable.money,
        per_capita=means.per_capita.money,
        base=base.money,
        supplement=sum((s.money for s in added), ZERO),
        total=total.money,
        shares={m.id: kept.get(m.id, ZERO) + _money(supplements.get(m.id)) for m in means.living},
        limits=Limits(means.standard.money, means.low_edge_limit.money, means.property.monetary_per_capita),
        steps=tuple(trace.steps),
        reasons=tuple(reasons),
    )


def split_equally(amount: Decimal, ids: Iterable[str]) -> dict[str, Decimal]:
    """Split an amount into shares that add up to it: equal in fen, what is left over one fen each in order of id."""
    order = sorted(ids)
    if not order:
        return {}
    each, over = divmod(int(amount * 100), len(order))
    return {i: yuan(each + (n < over)) for n, i in enumerate(order)}


def _base(
    facts: HouseholdFacts, means: Means, standards: Standards, trace: Trace, reasons: list[Reason]
) -> Quantity:
    """(standard - income a head), or the amount of the district's tier, x members who keep their share, rounded once;
    zero where income is too high.
    """
    source = means.law.articles["base"]
    if not means.eligible:
        return trace.given("基本救助金", 0, source, why="收入不符合低保条件，不发放")
    lost = [m.id for m in means.living if m.share_forfeited]
    if lost:
        article = means.law.articles["share_forfeited"]
        reasons.append(Reason("share_forfeited", f"{'、'.join(lost)} 本人的一份停发（{article}）。"))
    keeping = trace.given(
        "保留份额的人数",
        len(means.living) - len(lost),
        means.law.articles["share_forfeited"] if lost else source,
        COUNT,
        f"家庭成员 {len(means.living)} 人" + (f"，{'、'.join(lost)} 停发本人份额" if lost else ""),
    )
    if tiers := tiers_of(means.law, standards, facts.setting, facts.as_of):
        exact = base_by_tier(tiers, means.standard, means.per_capita, keeping, source, trace)
    else:
        gap = trace.minus("人均差额", means.standard, means.per_capita, source=source)
        exact = trace.times("补差金额", gap, keeping, source=source)
    how = facts.rounding or means.law.text("rounding", facts.as_of)
    return trace.rounded("基本救助金", exact, how, source)


def _supplement(
    member: MemberFacts, facts: HouseholdFacts, means: Means, standards: Standards, trace: Trace
) -> Quantity | None:
    """The highest single rate among a member's reasons; None without any."""
    if not member.supplement_reasons:
        return None
    source = means.law.articles["supplement"]
    rates: list[Quantity] = []
    for reason in member.supplement_reasons:
        what = f"{member.id} 分类施保（{SUPPLEMENT_REASONS[reason]}）"
        stated = facts.supplement_rates.get(reason)
        if stated is None:
            found = local(standards, f"supplement_{reason}", facts.setting, facts.as_of)
            rates.append(trace.given(what, found.amount, found.source or source))
        else:
            rates.append(trace.given(what, stated, source))
    return trace.greatest(f"{member.id} 分类施保", rates, source)


def _money(amount: Quantity | None) -> Decimal:
    return amount.money if amount else ZERO
