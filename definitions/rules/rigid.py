"""Whether a family is one of rigid-expenditure hardship (GX24-4, 5, 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from definitions.editions.catalogue import edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import monthly_standard, note_outside
from definitions.rules.trace import COUNT, RATE, Quantity, Reason, Trace, decimals, rounded
from workflow.periods import add_months

SPENDING: dict[str, str] = {
    "living": "生活必需支出",
    "medical": "医疗支出",
    "education": "教育支出",
    "rehabilitation": "残疾康复支出",
    "other": "其他刚性支出",
}


@dataclass(frozen=True, slots=True)
class RigidFamily:
    """`ratio` of rigid spending to income, four decimals (None without any income); `valid_until` only if eligible."""

    ratio: Decimal | None
    eligible: bool
    valid_until: date | None
    derivation: Derivation


def rigid_family(
    code: str,
    day: date,
    *,
    persons: int,
    annual_income: Decimal,
    local_average_income: Decimal,
    spending: Sequence[tuple[str, Decimal]],
    threshold: Decimal,
    property_ok: bool,
    standard: Decimal | None = None,
    setting: str | None = None,
    standards: Standards = SAMPLE_STANDARDS,
) -> RigidFamily:
    """Judge the four conditions on exact values; raises `NumberMissing` before GX24 or in an edition without it."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["rigid"]
    floor_multiple = law.decimal("rigid_floor_multiple", day)
    months = law.integer("rigid_validity_months", day)
    each = monthly_standard(standard, setting, law, day, standards, trace)
    income = trace.given("家庭年收入", annual_income, source)
    size = trace.given("家庭人数", persons, source, COUNT)
    head = trace.over("人均年收入", income, size, source)
    times = trace.given("低保边缘倍数", floor_multiple, source, RATE)
    least = trace.times("低保边缘家庭人均月收入上限", each, times, source=source)
    month = trace.twelfth("人均月收入", head, source)
    average = trace.given("当地上年人均可支配收入（全年）", local_average_income, source)
    spent = trace.total(
        "刚性支出（全年）", [trace.given(SPENDING[k], a, source) for k, a in spending], source
    )
    most = trace.given("刚性支出比例限", threshold, source, RATE)
    failed = []
    if not trace.holds("不属于低保或低保边缘家庭", month, ">=", least, source):
        change = "可申请低保或低保边缘家庭认定。"
        text = f"人均月收入 {month} 元，低于 {least} 元。{change}"
        failed.append(Reason("dibao_or_low_edge", text, str(least.money), str(month.money), change))
    if not trace.holds("收入低于当地平均", head, "<", average, source):
        change = f"家庭年收入须少于 {rounded(average.exact * persons)} 元。"
        text = f"人均年收入 {head} 元，没有低于当地上年人均可支配收入 {average} 元。{change}"
        failed.append(Reason("income_not_below_average", text, str(average.money), str(head.money), change))
    ratio = _ratio(spent, income, most, source, trace, failed)
    if not property_ok:
        change = "财产状况变化后可以重新申请。"
        failed.append(Reason("property_over_limit", f"家庭财产不符合规定。{change}", change=change))
    trace.noted("家庭财产条件", "按财产核查的结论", "是" if property_ok else "否", source)
    if failed:
        return RigidFamily(ratio, False, None, derivation(trace, [*reasons, *failed]))
    until = add_months(day, months) - timedelta(days=1)
    trace.day(
        "day_before_months", "认定有效期至", f"{day} 起 {months} 个月，到期前一日", (day.isoformat(), str(months)),
        until, law.number("rigid_validity_months", day).source,
    )  # fmt: skip
    reasons.append(
        Reason("rigid_expenditure", f"符合刚性支出困难家庭条件，认定有效期至 {until}，期满可重新申请。")
    )
    return RigidFamily(ratio, True, until, derivation(trace, reasons))


def _ratio(
    spent: Quantity, income: Quantity, most: Quantity, source: str, trace: Trace, failed: list[Reason]
) -> Decimal | None:
    if income.exact == 0:
        failed.append(Reason("no_income", "家庭没有收入，支出比例无法计算，应先申请低保。"))
        return None
    ratio = trace.over("刚性支出占收入的比例", spent, income, source, RATE)
    if not trace.holds("刚性支出比例条件", ratio, ">", most, source):
        change = f"认定的刚性支出须超过 {rounded(most.exact * income.exact)} 元。"
        text = f"刚性支出占收入 {ratio}，没有超过 {most}。{change}"
        failed.append(Reason("ratio_not_above", text, str(most), str(ratio), change))
    return Decimal(decimals(floor(ratio.exact * 10**4 + Fraction(1, 2)), 4))
