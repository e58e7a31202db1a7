"""The numbers of verification, with their dates and sources. None of the texts of law states them: all are `design`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from definitions.editions.number import Number

_SINCE = date(2014, 5, 1)
"""R649 is in force, the first text under which a verification is asked (R649-58)."""

NUMBERS = (
    Number("report_valid_months", 6, _SINCE, None, "design"),
    Number("finding_age_months", 12, _SINCE, None, "design"),
    Number("answer_kept_months", 36, _SINCE, None, "design"),
    Number("answer_workdays", 5, _SINCE, None, "design"),
    Number("tolerance_income_share", Decimal("0.10"), _SINCE, None, "design"),
    Number("tolerance_monetary_share", Decimal("0.05"), _SINCE, None, "design"),
    Number("tolerance_monetary_yuan", Decimal(1000), _SINCE, None, "design"),
)
NAMES: dict[str, str] = {
    "report_valid_months": "核对报告有效月数",
    "finding_age_months": "核对数据可用月数",
    "answer_kept_months": "原始答复在家庭退出后保存月数",
    "answer_workdays": "来源部门答复期限（工作日）",
    "tolerance_income_share": "收入申报与核对的允许偏差",
    "tolerance_monetary_share": "货币财产申报与核对的允许偏差",
    "tolerance_monetary_yuan": "货币财产申报与核对的允许差额（元）",
}


def whole(name: str, day: date) -> int:
    """A count of months or days in force on a day. Raises StopIteration for one that there is not."""
    value = _on(name, day).value
    assert isinstance(value, int), name
    return value


def amount(name: str, day: date) -> Decimal:
    """A share or an amount in yuan in force on a day."""
    value = _on(name, day).value
    assert isinstance(value, Decimal), name
    return value


def _on(name: str, day: date) -> Number:
    found = [number for number in NUMBERS if number.name == name]
    return next((number for number in found if number.on(day)), found[0])
