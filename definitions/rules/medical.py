"""Medical aid to what remains of a bill (R649-29, ZJ-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.errors import RuleRefused
from definitions.rules.parameters import note_outside
from definitions.rules.trace import RATE, Reason, Trace

GROUPS: dict[str, str] = {
    "dibao": "低保对象",
    "tekun": "特困人员",
    "low_edge": "低保边缘家庭成员",
    "expenditure": "支出型困难家庭成员",
    "other": "其他困难人员",
}


@dataclass(frozen=True, slots=True)
class MedicalAid:
    """Yuan: what remains of the bill after all payers, and the aid."""

    remaining: Decimal
    aid: Decimal
    derivation: Derivation


def medical_aid(
    code: str,
    day: date,
    *,
    total: Decimal,
    insurance: Decimal,
    charity: Decimal,
    other_aid: Decimal,
    requested: Decimal,
    group: str,
    deductible: Decimal | None = None,
    ratio: Decimal | None = None,
) -> MedicalAid:
    """min(requested, remaining, (remaining - deductible) x ratio), none below zero; without them 0 and 100 percent."""
    if ratio is not None and not 0 <= ratio <= 1:
        raise RuleRefused(f"ratio 为 {ratio}，救助比例应在 0 与 1 之间。")
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["medical"]
    bill = trace.given("医疗总费用", total, source)
    payers = [
        trace.given(what, amount, source)
        for what, amount in (("医保报销", insurance), ("慈善帮扶", charity), ("其他救助", other_aid))
    ]
    remaining = trace.minus("剩余自付费用", bill, *payers, source=source)
    below = trace.given("起付标准", deductible or 0, source, why=_unset("起付标准", "0", deductible))
    share = trace.given(
        "救助比例", 1 if ratio is None else ratio, source, RATE, _unset("救助比例", "100%", ratio)
    )
    above = trace.minus("起付标准以上费用", remaining, below, source=source)
    payable = trace.times("按比例可救助金额", above, share, source=source)
    asked = trace.given("申请金额", requested, source)
    aid = trace.rounded(
        "医疗救助金额", trace.least("可救助金额", [asked, remaining, payable], source), "fen", source
    )
    if ratio is None or deductible is None:
        reasons.append(
            Reason("local_terms_missing", "资料没有写当地的起付标准或救助比例，缺的按 0 和 100% 计算。")
        )
    if aid.exact < asked.exact:
        text = f"{GROUPS[group]}申请 {asked} 元，剩余自付费用和救助比例只容许 {aid} 元。"
        change = "补充未报销的合规费用单据后可以重算。"
        reasons.append(Reason("less_than_requested", text + change, str(aid.money), str(asked.money), change))
    else:
        reasons.append(Reason("as_requested", f"{GROUPS[group]}申请 {asked} 元，在可救助金额以内。"))
    return MedicalAid(remaining.money, aid.money, derivation(trace, reasons))


def _unset(what: str, default: str, value: Decimal | None) -> str:
    return f"未规定{what}，按 {default}" if value is None else f"按资料所写的{what} {value}"
