"""Wages taken to be earned by members who can work and state less, where nothing hinders them (N22 一(一))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards, local
from definitions.rules.answers import Derivation, derivation
from definitions.rules.errors import RuleRefused
from definitions.rules.parameters import note_outside
from definitions.rules.trace import RATE, Reason, Trace

LABOUR: dict[str, str] = {"able": "有劳动能力", "partial": "部分丧失劳动能力"}
HINDRANCES: dict[str, str] = {
    "caring": "照料重病、重度残疾或者失能的家庭成员",
    "illness": "本人患病治疗期间",
    "pregnancy": "怀孕、哺乳期",
    "student": "全日制在校学习",
    "no_offer": "已登记失业，公共就业服务机构未能提供适合的岗位",
}
"""What must be respected as it is: nothing is imputed then."""


@dataclass(frozen=True, slots=True)
class Wage:
    """Yuan a month that counts as the member's earnings."""

    monthly: Decimal
    imputed: bool
    derivation: Derivation


def imputed_wage(
    code: str,
    day: date,
    *,
    labour: str,
    stated: Decimal,
    hindered: str | None = None,
    setting: str | None = None,
    standards: Standards = SAMPLE_STANDARDS,
) -> Wage:
    """The greater of what is stated and the district's coefficient of the minimum wage; what is stated where something
    hinders the member.

    `stated` is yuan a month. Raises `RuleRefused` for an unknown word, `NumberMissing` where the district has set nothing.
    """
    if labour not in LABOUR:
        raise RuleRefused(f"“{labour}”不能按劳动力系数计算，应是 {'、'.join(LABOUR)} 之一。")
    if hindered is not None and hindered not in HINDRANCES:
        raise RuleRefused(f"“{hindered}”不是可用的情形，应是 {'、'.join(HINDRANCES)} 之一。")
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["income"]
    own = trace.given("申报的月工资性收入", stated, source)
    if hindered is not None:
        reasons.append(Reason("hindered", f"{HINDRANCES[hindered]}，尊重实际情况，按实际收入 {own} 元计入。"))
        return Wage(own.money, False, derivation(trace, reasons))
    wage = local(standards, "minimum_wage", setting, day)
    factor = local(standards, f"labour_coefficient_{labour}", setting, day)
    least = trace.given("当地月最低工资", wage.amount, wage.source)
    times = trace.given(f"劳动力系数（{LABOUR[labour]}）", factor.amount, factor.source, RATE)
    expected = trace.times("按劳动力系数的收入", least, times, source=factor.source)
    counted = trace.rounded(
        "计入的月工资性收入", trace.greatest("取高", [own, expected], factor.source), "fen", source
    )
    if own.exact < expected.exact:
        change = "确有不能就业的实际情形的，请说明并附证明，按实际收入计入。"
        text = f"{LABOUR[labour]}，申报 {own} 元，低于 {expected} 元，按后者计入。{change}"
        reasons.append(Reason("imputed", text, str(expected.money), str(own.money), change))
    else:
        reasons.append(Reason("as_stated", f"申报的 {own} 元不低于 {expected} 元，按申报计入。"))
    return Wage(counted.money, own.exact < expected.exact, derivation(trace, reasons))
