"""What is paid back, and the fine for fraud (R649-68)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import note_outside
from definitions.rules.trace import COUNT, RATE, Reason, Trace

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Recovery:
    """Yuan: the amount to return, and the least and greatest fine."""

    amount: Decimal
    fine_min: Decimal
    fine_max: Decimal
    derivation: Derivation


def recovery(code: str, day: date, *, months: int, monthly: Decimal, fraud: bool) -> Recovery:
    """Everything received without right is returned; fraud is fined one to three times that amount."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["recovery"]
    paid = trace.given("每月多领金额", monthly, source)
    time = trace.given("多领月数", months, source, COUNT)
    back = trace.times("应退回金额", paid, time, source=source)
    if not fraud:
        reasons.append(Reason("no_fraud", f"没有骗取行为，退回 {back} 元，不罚款。"))
        return Recovery(back.money, ZERO, ZERO, derivation(trace, reasons))
    fines = []
    for name, what in (("fine_multiple_min", "罚款下限"), ("fine_multiple_max", "罚款上限")):
        multiple = trace.given(f"{what}倍数", law.decimal(name, day), source, RATE)
        fines.append(trace.times(what, back, multiple, source=source))
    reasons.append(Reason("fraud", f"骗取救助的，退回 {back} 元，可以并处 {fines[0]} 至 {fines[1]} 元罚款。"))
    return Recovery(back.money, fines[0].money, fines[1].money, derivation(trace, reasons))
