"""The conditions of the items, by name: pure predicates of a household (those of one member: `persons`).

They ask the rules (`definitions.rules`) and compute nothing that a rule computes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from definitions.matcher.needs import (
    EMERGENCIES,
    HOUSING,
    SUPPORTERS,
)
from definitions.matcher.situation import Finding, Situation, all_of, failed, met, unknown
from definitions.rules.rigid import RigidFamily, rigid_family
from definitions.rules.trace import Reason
from workflow.errors import Refused

TIERS: dict[str, str] = {
    "dibao": "低保",
    "tekun": "特困",
    "low_edge": "低保边缘家庭",
    "rigid": "刚性支出困难家庭",
}
"""Tier of help -> its name (O23)."""

Test = Callable[[Situation], Finding]


def income_below_standard(at: Situation) -> Finding:
    """Income a head below the standard; with incomes that nobody has stated it can only be found too high."""
    judged = at.judged
    if isinstance(judged, Refused):
        return at.not_judged(judged)
    if not judged.eligible:
        return Finding(False, _coded(judged.reasons, "income_not_below_standard"))
    if at.silent:
        return all_of(unknown("incomes", member) for member in at.silent)
    return Finding(True, _coded(judged.reasons, "income_below_standard"))


def within_low_edge(at: Situation) -> Finding:
    """Income a head from the standard to the limit of low-edge families."""
    judged = at.judged
    if isinstance(judged, Refused):
        return at.not_judged(judged)
    if not judged.eligible and not judged.low_edge:
        return Finding(False, _coded(judged.reasons, "above_low_edge"))
    if at.silent:
        return all_of(unknown("incomes", member) for member in at.silent)
    if judged.eligible:
        standard, own = str(judged.limits.income_per_capita), str(judged.per_capita)
        return failed("income_below_standard", f"人均月收入 {own} 元，低于低保标准 {standard} 元。", change="可以申请低保。",
                      limit=standard, value=own)  # fmt: skip
    return Finding(True, _coded(judged.reasons, "low_edge"))


def property_within(at: Situation) -> Finding:
    """What the household owns is within the limits."""
    judged = at.judged
    if isinstance(judged, Refused):
        return at.not_judged(judged)
    if judged.property_ok is None:
        return unknown("property")
    found = tuple(
        r for r in judged.reasons if r.code in PROPERTY_FAULTS or r.code == "property_within_limits"
    )
    return Finding(judged.property_ok, found)


PROPERTY_FAULTS = (
    "monetary_over_limit", "vehicles_over_limit", "commercial_premises_over_limit", "dwellings_over_limit",
    "floor_area_not_stated", "floor_area_over_limit",
)  # fmt: skip


def hukou_here(at: Situation) -> Finding:
    """A member is registered in this district (M220-4; M57-4, 5)."""
    here = at.needs.hukou_here
    if here is None:
        return unknown("hukou_here")
    if here:
        return met("hukou_here", "有家庭成员的户籍在本区。")
    return failed(
        "hukou_elsewhere",
        "没有家庭成员的户籍在本区。",
        change="请向户籍所在地的乡镇（街道）申请，窗口可以转办。",
    )


def has_bill(at: Situation) -> Finding:
    """Something of a medical bill is left to the family."""
    bill = at.needs.bill
    if bill is None:
        return unknown("bill")
    left = bill.total - bill.insurance - bill.charity - bill.other_aid
    if left > 0:
        return met("bill_left", f"近 12 个月自付医疗费用 {left:.2f} 元。")
    return failed("no_bill_left", "近 12 个月没有自付的医疗费用。", change="有新的费用单据后可以申请。", limit="0.00",
                  value=f"{max(left, Decimal(0)):.2f}")  # fmt: skip


def housing_difficulty(at: Situation) -> Finding:
    """No dwelling of its own, or a crowded one (R649-37; ZJ-29)."""
    return _housing(at, ("none", "crowded"))


def dilapidated(at: Situation) -> Finding:
    """A dangerous dwelling in the country (R649-38; ZJ-30)."""
    setting = at.needs.facts.setting
    if setting is None:
        return unknown("setting")
    if setting != "rural":
        return failed("not_rural", "危房改造只在农村办理。", change="城镇家庭可以申请公租房或租赁补贴。")
    return _housing(at, ("dilapidated",))


def _housing(at: Situation, wanted: tuple[str, ...]) -> Finding:
    found = at.needs.housing
    if found is None:
        return unknown("housing")
    if found in wanted:
        return met("housing_difficulty", f"住房情况：{HOUSING[found]}。")
    words = "、".join(HOUSING[w] for w in wanted)
    return failed(
        "no_such_difficulty",
        f"住房情况：{HOUSING[found]}。",
        change=f"{words}的家庭可以申请。",
        value=HOUSING[found],
    )


def in_emergency(at: Situation) -> Finding:
    """Struck by fire, accident, sudden illness or the like (R649-47; ZJ-38)."""
    kind = at.needs.emergency
    if kind is None:
        return unknown("emergency")
    if kind == "none":
        return failed("no_emergency", "没有遇到急难。", change="遇到火灾、意外、突发重病等急难时可以申请。")
    return met("emergency", f"遇到急难：{EMERGENCIES[kind]}。")


def struck_by_disaster(at: Situation) -> Finding:
    """Struck by a natural disaster (R649-20)."""
    if at.needs.disaster is None:
        return unknown("disaster")
    if at.needs.disaster:
        return met("disaster", "遭受了自然灾害。")
    return failed("no_disaster", "没有遭受自然灾害。", change="受灾时可以申请。")


def unmet_need(at: Situation) -> Finding:
    """Something is left that the programmes do not carry: a bill, an emergency (R649-53)."""
    found = [has_bill(at), in_emergency(at)]
    carrying = next((f for f in found if f.holds), None)
    if carrying is not None:
        return carrying
    if any(f.holds is None for f in found):
        return all_of(f for f in found if f.holds is None)
    return all_of(found)


def rigid_spending(at: Situation) -> Finding:
    """The conditions of a family in hardship by rigid spending, as its rule judges them (GX24-4)."""
    judged = at.judged
    if isinstance(judged, Refused):
        return at.not_judged(judged)
    if (judged.eligible or judged.low_edge) and not at.silent:
        change = "可申请低保或低保边缘家庭认定。"
        least, own = str(judged.limits.low_edge_per_capita), str(judged.per_capita)
        return failed(
            "dibao_or_low_edge",
            f"人均月收入 {own} 元，在 {least} 元以内。",
            change=change,
            limit=least,
            value=own,
        )
    needs = at.needs
    lacking = [unknown("incomes", member) for member in at.silent]
    lacking += [
        unknown(fact)
        for fact in ("spending", "average_income", "rigid_threshold")
        if getattr(needs, fact) is None
    ]
    lacking += [unknown("property")] if judged.property_ok is None else []
    if lacking:
        return all_of(lacking)
    family = rigid(at)
    if isinstance(family, Refused):
        return Finding(None, (Reason("unknown", family.message),), ("standard",))
    return Finding(family.eligible, family.derivation.reasons)


def rigid(at: Situation) -> RigidFamily | Refused:
    """The rule of rigid spending on a situation all of whose facts are known; income counts as the means test counts it."""
    judged, needs = at.judged, at.needs
    assert not isinstance(judged, Refused)
    assert needs.spending is not None
    assert needs.average_income is not None
    assert needs.rigid_threshold is not None
    try:
        return rigid_family(
            at.law.code, at.day, persons=len(at.members), annual_income=judged.countable_income * 12,
            local_average_income=needs.average_income, spending=needs.spending, threshold=needs.rigid_threshold,
            property_ok=judged.property_ok is True, standard=needs.facts.standard, setting=needs.facts.setting,
            standards=at.standards,
        )  # fmt: skip
    except Refused as refused:
        return refused


def supporters_unable(at: Situation) -> Finding:
    """Nobody who must support, or nobody who can (R649-14; TK21-4, 8)."""
    found = at.needs.supporters
    if found is None:
        return unknown("supporters")
    if found == "able":
        return failed("supporters_able", "有法定赡养、抚养、扶养义务人，并且有能力。", change="义务人没有能力履行义务的，请提供情况。",
                      value=SUPPORTERS[found])  # fmt: skip
    return met("supporters_unable", f"法定赡养、抚养、扶养义务人：{SUPPORTERS[found]}。")


def _coded(reasons: tuple[Reason, ...], code: str) -> tuple[Reason, ...]:
    return tuple(r for r in reasons if r.code == code)


HOUSEHOLD_TESTS: dict[str, Test] = {
    test.__name__: test
    for test in (
        income_below_standard, within_low_edge, property_within, hukou_here, has_bill, housing_difficulty, dilapidated,
        in_emergency, struck_by_disaster, unmet_need, rigid_spending, supporters_unable,
    )
}  # fmt: skip
TIER_TESTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "dibao": (("hukou_here", "income_below_standard", "property_within"), ()),
    "low_edge": (("hukou_here", "within_low_edge", "property_within"), ()),
    "tekun": (
        ("hukou_here", "income_below_standard", "property_within", "supporters_unable"),
        ("without_labour",),
    ),
    "rigid": (("hukou_here", "rigid_spending"), ()),
}
"""Tier -> what makes a family, and one of its members, belong to it."""
