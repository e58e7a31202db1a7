"""The countable income of a household, yuan a month, exact (M220-16, M57-13; disregard of new earnings ZJ-50)."""

from __future__ import annotations

from fractions import Fraction

from definitions.editions.number import Edition
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import CATEGORIES, HouseholdFacts, Income, MemberFacts
from definitions.rules.trace import RATE, Quantity, Reason, Trace


def countable_income(
    facts: HouseholdFacts,
    law: Edition,
    living: tuple[MemberFacts, ...],
    standard: Quantity,
    trace: Trace,
    reasons: list[Reason],
) -> Quantity:
    """Incomes that count, less disregarded new earnings and deductions, not below zero.

    Raises `RuleRefused` where an edition without such a rule is asked for the disregard.
    """
    source = law.articles["income"]
    counted = [
        (income, _monthly(f"{member.id} {CATEGORIES[income.category]}", income, source, trace))
        for member in living
        for income in member.incomes
        if not _excluded(member, income, facts, law, trace)
    ]
    income = trace.total("家庭月收入", [q for _, q in counted], source)
    earnings = [q for i, q in counted if i.new_employment]
    taken = [*_disregard(facts, law, earnings, standard, trace, reasons), *_deductions(facts, law, trace)]
    return trace.minus("家庭计入月收入", income, *taken, source=source)


def _excluded(member: MemberFacts, income: Income, facts: HouseholdFacts, law: Edition, trace: Trace) -> bool:
    kind = law.excluded(income.kind, facts.as_of) if income.kind else None
    if kind is None:
        return False
    trace.given(f"{member.id} {kind.label}", 0, kind.source, why="不计入家庭收入")
    return True


def _monthly(what: str, income: Income, source: str, trace: Trace) -> Quantity:
    kind = f"，{income.kind} 不在不计入之列" if income.kind else ""
    if income.annual is None:
        return trace.given(what, income.monthly, source, why=f"每月金额{kind}")
    year = trace.given(f"{what}（全年）", income.annual, source, why=f"全年金额{kind}")
    return trace.twelfth(f"{what}（每月）", year, source)


def _deductions(facts: HouseholdFacts, law: Edition, trace: Trace) -> list[Quantity]:
    found = []
    for deduction in facts.deductions:
        kind = law.deductible(deduction.kind, facts.as_of)
        if kind is None:
            raise RuleRefused(
                f"规则版本 {law.code} 在 {facts.as_of} 没有“{deduction.kind}”这种扣减。",
                source=law.articles["income"],
            )
        year = trace.given(f"{kind.label}（全年）", deduction.annual, kind.source)
        found.append(trace.twelfth(f"{kind.label}（每月）", year, kind.source))
    return found


def _disregard(
    facts: HouseholdFacts,
    law: Edition,
    earnings: list[Quantity],
    standard: Quantity,
    trace: Trace,
    reasons: list[Reason],
) -> list[Quantity]:
    """New earnings not counted: all of them up to a multiple of the standard, while months remain."""
    used = facts.disregard_months_used
    if used is None:
        return []
    source = law.articles["disregard"]
    if law.find("disregard_months_max", facts.as_of) is None:
        raise RuleRefused(
            f"employment_disregard 不能用：就业收入不计入的规定见浙江省条例第 50 条（ZJ-50），"
            f"规则版本 {law.code} 没有这一规定，收入因就业超过标准的按渐退办理。",
            source=source,
        )
    most = law.integer("disregard_months_max", facts.as_of)
    if used >= most:
        text = f"就业收入不计入的期限已用 {used} 个月，最多 {most} 个月，本月起全部计入。"
        reasons.append(Reason("disregard_used_up", text, limit=str(most), value=str(used)))
        return []
    multiple = trace.given(
        "不计入上限倍数", law.decimal("disregard_multiple", facts.as_of), source, RATE, "低保标准的倍数"
    )
    cap = trace.times("就业收入不计入上限", standard, multiple, source=source)
    gained = trace.total("救助期间新就业的月收入", earnings, source)
    if gained.exact > Fraction(0):
        least = law.integer("disregard_months_min", facts.as_of)
        text = f"新就业收入在第 {used + 1} 个月仍不计入（至少 {least} 个月，最多 {most} 个月），合计不超过 {cap} 元。"
        reasons.append(Reason("employment_disregard", text))
    return [trace.least("不计入的就业收入", (gained, cap), source)]
