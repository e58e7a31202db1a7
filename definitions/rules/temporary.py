"""The cap of temporary aid (ZJ-39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import monthly_standard, note_outside
from definitions.rules.trace import COUNT, RATE, Reason, Trace


@dataclass(frozen=True, slots=True)
class TemporaryAid:
    """Yuan, once. `cap` is None where the edition's law sets none."""

    cap: Decimal | None
    granted: Decimal
    derivation: Derivation


def temporary_aid(
    code: str,
    day: date,
    *,
    persons: int,
    requested: Decimal,
    exceptional: bool,
    standard: Decimal | None = None,
    setting: str | None = None,
    standards: Standards = SAMPLE_STANDARDS,
) -> TemporaryAid:
    """At most 6 times the standard a person, 12 times in exceptional hardship; raises `NumberMissing`."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["temporary"]
    asked = trace.given("拟救助金额", requested, source)
    name = "temporary_multiple_exceptional" if exceptional else "temporary_multiple"
    if law.find(name, day) is None:
        reasons.append(Reason("no_cap", f"规则版本 {code} 的全国规定没有救助限额，按当地规定执行。"))
        return TemporaryAid(None, trace.least("救助金额", [asked], source).money, derivation(trace, reasons))
    each = monthly_standard(standard, setting, law, day, standards, trace)
    why = "每人低保标准的倍数" + ("（特别困难）" if exceptional else "")
    multiple = trace.given("限额倍数", law.decimal(name, day), law.number(name, day).source, RATE, why)
    size = trace.given("救助人数", persons, source, COUNT)
    cap = trace.times("救助限额", each, multiple, size, source=source)
    granted = trace.least("救助金额", [asked, cap], source)
    if granted.exact < asked.exact:
        change = (
            "确属特别困难的，可按特别困难申请较高限额。" if not exceptional else "超出部分可转介慈善帮扶。"
        )
        text = f"拟救助 {asked} 元，超过限额 {cap} 元，按限额救助。{change}"
        reasons.append(Reason("over_cap", text, str(cap.money), str(asked.money), change))
    else:
        reasons.append(Reason("within_cap", f"拟救助 {asked} 元，在限额 {cap} 元以内。"))
    return TemporaryAid(cap.money, granted.money, derivation(trace, reasons))
