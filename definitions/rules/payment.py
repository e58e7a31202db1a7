"""From which month an allowance is paid, and by which day (M220-29, 31; M57-21, 25). The day does not roll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.errors import RuleRefused
from definitions.rules.parameters import note_outside
from definitions.rules.trace import Reason, Trace
from workflow.periods import add_months

QUARTER = 3


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """The first day of the first month paid for, and the last day to pay it (None: set locally)."""

    first_month: date
    pay_by: date | None
    derivation: Derivation


def first_payment(
    code: str,
    day: date,
    *,
    approved: date,
    setting: str | None = None,
    quarterly: bool = False,
    pay_day: int | None = None,
) -> FirstPayment:
    """The month after approval, by the edition's day of the month; `pay_day` is one set locally where the law sets none.

    A quarter is paid in its first month: where the first month paid for lies inside a quarter, it is paid with the next.
    """
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    month = add_months(approved.replace(day=1), 1)
    source = law.articles["first_month"]
    trace.day(
        "next_month", "首发月份", f"{approved} 批准，次月起发放", (approved.isoformat(),), month, source
    )
    if quarterly:
        _may_be_quarterly(law.flag("quarterly_rural", day), setting, law.code, law.articles["pay"])
    by = law.number("pay_day", day)
    last = by.value if by.value is not None else pay_day
    if not isinstance(last, int):
        trace.noted("发放截止日", "全国规定没有固定日期，由当地确定", "当地确定", by.source)
        reasons.append(Reason("pay_day_local", f"{month:%Y-%m} 起发放，具体日期由当地确定。"))
        return FirstPayment(month, None, derivation(trace, reasons))
    paid_in = add_months(month, -(month.month - 1) % QUARTER) if quarterly else month
    pay_by = paid_in.replace(day=last)
    formula = f"季度首月 {last} 日前" if quarterly else f"每月 {last} 日前"
    op = "quarter_day" if quarterly else "month_day"
    trace.day(op, "发放截止日", formula, (month.isoformat(), str(last)), pay_by, by.source)
    reasons.append(Reason("first_month", f"{month:%Y-%m} 起发放，{pay_by} 前发到账户；遇休息日不顺延。"))
    return FirstPayment(month, pay_by, derivation(trace, reasons))


def _may_be_quarterly(allowed: bool, setting: str | None, code: str, source: str) -> None:
    if not allowed:
        raise RuleRefused(f"quarterly 不能用：规则版本 {code} 要求按月发放。", source=source)
    if setting is None:
        raise RuleRefused("按季发放（quarterly）时，请写明 setting（urban 或 rural）。", source=source)
    if setting != "rural":
        raise RuleRefused(
            "quarterly 不能用：只有金融网点不足的农村地区可以按季发放，城镇按月发放。", source=source
        )
