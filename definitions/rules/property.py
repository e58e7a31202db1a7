"""The property test (M220-17, M57-14; conditions of ZJ15), and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from definitions.editions.number import Edition
from definitions.editions.standards import Standards, find_local, local
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import HouseholdFacts, PropertyFacts
from definitions.rules.trace import COUNT, RATE, Quantity, Reason, Trace, rounded


@dataclass(frozen=True, slots=True)
class PropertyTest:
    """Whether the property is within its limits (None: not stated), and the limit of money a head."""

    ok: bool | None
    monetary_per_capita: Decimal | None


def property_test(
    facts: HouseholdFacts,
    law: Edition,
    size: Quantity,
    standard: Quantity,
    standards: Standards,
    trace: Trace,
    reasons: list[Reason],
) -> PropertyTest:
    """Money a head strictly below the years' standard, no vehicle, no premises, at most one dwelling and a small second."""
    owned = facts.property
    years = _years(facts, law, standards, trace, required=owned is not None)
    limit = None
    if years is not None:
        months = trace.given("月数", 12, years.source, COUNT, "一年 12 个月")
        limit = trace.times("人均货币财产限额", standard, months, years.quantity, source=years.source)
    shown = limit.money if limit is not None else None
    if owned is None or limit is None or years is None:
        reasons.append(Reason("property_not_stated", "资料没有写家庭财产，财产条件未判断。"))
        return PropertyTest(None, shown)
    source = years.source
    failed = [
        *_monetary(owned, size, limit, source, trace),
        *_none_of("vehicles", "生活用机动车辆、船舶", owned.vehicles, law, facts, trace),
        *_none_of("commercial_premises", "商铺、办公楼等用房", owned.commercial_premises, law, facts, trace),
        *_dwellings(owned, facts, law, trace),
    ]
    reasons.extend(failed or [Reason("property_within_limits", "家庭财产在限额以内。")])
    return PropertyTest(not failed, shown)


@dataclass(frozen=True, slots=True)
class _Years:
    quantity: Quantity
    source: str


def _years(
    facts: HouseholdFacts, law: Edition, standards: Standards, trace: Trace, *, required: bool
) -> _Years | None:
    source = law.articles["property"]
    stated = facts.property.monetary_years if facts.property else None
    least, most = (law.find(f"monetary_years_{end}", facts.as_of) for end in ("min", "max"))
    if stated is not None and least is not None and most is not None:
        low, high = law.decimal(least.name, facts.as_of), law.decimal(most.name, facts.as_of)
        if not low <= stated <= high:
            raise RuleRefused(
                f"property.monetary_years 为 {stated}，应在 {low} 至 {high} 年之间。", source=least.source
            )
    if stated is None:
        ask = local if required else find_local
        found = ask(standards, "monetary_years", facts.setting, facts.as_of)
        if found is None:
            return None
        stated, source = found.amount, found.source or source
    return _Years(trace.given("货币财产限额年数", stated, source, RATE, f"{stated} 年的低保标准"), source)


def _monetary(
    owned: PropertyFacts, size: Quantity, limit: Quantity, source: str, trace: Trace
) -> list[Reason]:
    money = trace.given("家庭货币财产", owned.monetary, source)
    each = trace.over("人均货币财产", money, size, source)
    if trace.holds("货币财产条件", each, "<", limit, source):
        return []
    most = limit.exact * size.exact
    change = f"家庭货币财产须少于 {rounded(most)} 元，现有 {money.money} 元。"
    text = f"人均货币财产 {each} 元，没有低于限额 {limit} 元。{change}"
    return [Reason("monetary_over_limit", text, str(limit.money), str(each.money), change)]


def _none_of(
    code: str, what: str, owned: int, law: Edition, facts: HouseholdFacts, trace: Trace
) -> list[Reason]:
    number = law.number(f"{code}_max", facts.as_of)
    most, source = law.integer(number.name, facts.as_of), number.source
    have = trace.given(what, owned, source, COUNT)
    limit = trace.given(f"{what}限额", most, source, COUNT)
    if trace.holds(f"{what}条件", have, "<=", limit, source):
        return []
    change = f"最多为 {most}。"
    return [
        Reason(
            f"{code}_over_limit", f"家庭成员名下的{what}数为 {owned}。{change}", str(most), str(owned), change
        )
    ]


def _dwellings(owned: PropertyFacts, facts: HouseholdFacts, law: Edition, trace: Trace) -> list[Reason]:
    """One dwelling or none; a second where the floor area a head is strictly below the average. Urban households alone."""
    free_of, by_area = (law.integer(name, facts.as_of) for name in ("dwellings_free", "dwellings_by_area"))
    source = law.number("dwellings_by_area", facts.as_of).source
    have = trace.given("住房", owned.dwellings, source, COUNT, f"{owned.dwellings} 套")
    free = trace.given("住房限额", free_of, source, COUNT, f"{free_of} 套以内不问面积")
    if trace.holds("住房条件", have, "<=", free, source):
        return []
    if facts.setting is None:
        raise RuleRefused("住房超过一套时，请写明 setting（urban 或 rural）。", source="ZJ15")
    if facts.setting == "rural":
        trace.noted("住房条件（农村）", "住房套数的限制只适用于城镇家庭", "不限制", source)
        return []
    if owned.dwellings > by_area:
        change = f"住房须在 {by_area} 套以内。"
        text = f"家庭有住房 {owned.dwellings} 套。{change}"
        return [Reason("dwellings_over_limit", text, str(by_area), str(owned.dwellings), change)]
    if owned.floor_area_per_capita is None or owned.floor_area_limit is None:
        change = "请补充人均建筑面积（floor_area_per_capita）和当地上年人均面积（floor_area_limit）。"
        return [
            Reason(
                "floor_area_not_stated", f"有两套住房，但没有写面积，不能认定符合。{change}", change=change
            )
        ]
    area = trace.given("人均建筑面积", Fraction(owned.floor_area_per_capita), source, RATE)
    most = trace.given("当地上年人均建筑面积", Fraction(owned.floor_area_limit), source, RATE)
    if trace.holds("两套住房的面积条件", area, "<", most, source):
        return []
    change = f"人均建筑面积须低于 {most} 平方米。"
    text = f"有两套住房，人均建筑面积 {area} 平方米。{change}"
    return [
        Reason(
            "floor_area_over_limit",
            text,
            str(owned.floor_area_limit),
            str(owned.floor_area_per_capita),
            change,
        )
    ]
