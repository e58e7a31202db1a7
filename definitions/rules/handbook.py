"""The rules and the numbers of every edition as one text in Markdown, made from what the program computes with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from definitions.editions.catalogue import EDITIONS
from definitions.editions.names import NAMES
from definitions.editions.number import Edition, Number, Value
from definitions.editions.samples import sample_rows
from definitions.editions.sources import cite
from definitions.editions.standards import KINDS, SETTINGS

FORMULAS: dict[str, tuple[str, ...]] = {
    "低保待遇（benefit、means）": (
        "家庭计入月收入 = 各项收入之和 − 不计入的就业收入 − 扣减，不低于 0；年收入除以 12，不取整。",
        "人均月收入 = 家庭计入月收入 ÷ 家庭人数；低于低保标准的，收入条件符合。",
        "基本救助金 =（低保标准 − 人均月收入）× 保留份额的人数，只在最后取整一次。",
        "分类施保 = 每人各项理由中最高一项之和；每月救助金额 = 基本救助金 + 分类施保。",
        "人均货币财产须低于 低保标准 × 12 × 年数。",
    ),
    "临时救助（temporary）": ("救助限额 = 低保标准 × 倍数 × 人数；救助金额取申请与限额中较小的。",),
    "医疗救助（medical）": (
        "剩余自付费用 = 总费用 − 医保报销 − 慈善帮扶 − 其他救助，不低于 0。",
        "救助金额取 申请金额、剩余自付费用、（剩余自付费用 − 起付标准）× 比例 中最小的。",
    ),
    "自理能力（selfcare）": ("吃饭、穿衣、上下床、如厕、室内行走、洗澡六项，按不能自主完成的项数定级。",),
    "刚性支出困难家庭（rigid）": (
        "刚性支出 ÷ 家庭年收入 高于比例限，人均年收入低于当地平均，人均月收入不低于低保边缘上限，且财产符合。",
    ),
    "追缴（recovery）": ("退回 = 每月多领金额 × 月数；骗取的，罚款在退回金额的最低与最高倍数之间。",),
    "复核（review）": ("下次复核 = 上次复核之日起满间隔月数的对应日，不顺延。",),
    "发放（payment）": ("批准的次月起发放，发放日不顺延；可按季发放的，在季度首月发放。",),
}
"""Title of a rule -> its formulas in words."""

SETTING_LABELS = dict(zip(SETTINGS, ("城镇", "农村"), strict=True))


def handbook() -> str:
    """Formulas, then the numbers of each edition, then the sample amounts; every number with dates and source."""
    return (
        "\n".join([*_formulas(), *(line for law in EDITIONS.values() for line in _edition(law)), *_samples()])
        + "\n"
    )


def _formulas() -> Iterator[str]:
    yield "# 计算规则与数值"
    for title, formulas in FORMULAS.items():
        yield from ("", f"## {title}", "", *(f"* {formula}" for formula in formulas))


def _edition(law: Edition) -> Iterator[str]:
    yield from (
        "",
        f"## 规则版本 {law.code}：{law.title}",
        "",
        f"施行期：{_span(law.from_, law.to)}。依据：{cite(law.source)}。",
    )
    yield from ("", "| 数值 | 取值 | 时段 | 依据 |", "|---|---|---|---|")
    for number in law.numbers:
        yield f"| {_label(number)} | {_value(number.value)} | {_span(number.from_, number.to)} | {cite(number.source)} |"
    for title, kinds in (("不计入收入", law.excluded_incomes), ("扣减项目", law.deductions)):
        yield from ("", f"| {title} | 时段 | 依据 |", "|---|---|---|")
        yield from (
            f"| {kind.label} | {_span(kind.from_, kind.to)} | {cite(kind.source)} |" for kind in kinds
        )


def _samples() -> Iterator[str]:
    yield from (
        "",
        "## 样例区的当地数值（未经核实）",
        "",
        "| 数值 | 城乡 | 取值 | 时段 | 依据 |",
        "|---|---|---|---|---|",
    )
    for row in sample_rows():
        where = SETTING_LABELS[row.setting]
        yield f"| {KINDS[row.kind]} | {where} | {row.amount} | {_span(row.from_, row.to)} | {cite(row.source)} |"


def _label(number: Number) -> str:
    return NAMES[number.name] + (f"（{SETTING_LABELS[number.setting]}）" if number.setting else "")


def _value(value: Value) -> str:
    if value is None:
        return "由当地确定"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _span(first: date, last: date | None) -> str:
    return f"{first} 起" + (f"至 {last}" if last else "")
