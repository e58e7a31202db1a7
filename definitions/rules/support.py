"""What children and others who owe support, and live apart, are taken to give: income of the household (M57-13; M220-16).

They are no members: their support is transfer income. The formula is set locally.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from definitions.editions.catalogue import edition
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards, local
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import monthly_standard, note_outside
from definitions.rules.trace import COUNT, RATE, Reason, Trace


@dataclass(frozen=True, slots=True)
class Support:
    """Yuan a month that one supporter is taken to give to this household."""

    monthly: Decimal
    derivation: Derivation


def support_payment(
    code: str,
    day: date,
    *,
    family_income: Decimal,
    family_size: int,
    agreed: Decimal | None = None,
    setting: str | None = None,
    standards: Standards = SAMPLE_STANDARDS,
) -> Support:
    """A share of what a supporter's own family has a head above a multiple of the standard; what was agreed or ordered
    by a court goes before the formula.

    `family_income` is that family's income, yuan a month. Raises `NumberMissing` where the district has set nothing.
    """
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["income"]
    if agreed is not None:
        paid = trace.given("赡养（抚养、扶养）费", agreed, source, why="按协议、调解书或判决书的数额")
        reasons.append(Reason("support_agreed", f"有协议或者裁判文书的，按其数额 {paid} 元计入。"))
        return Support(paid.money, derivation(trace, reasons))
    standard = monthly_standard(None, setting, law, day, standards, trace)
    multiple, part = (
        local(standards, f"support_{name}", setting, day) for name in ("free_multiple", "share")
    )
    income = trace.given("赡养义务人家庭月收入", family_income, source)
    size = trace.given("赡养义务人家庭人数", family_size, source, COUNT)
    each = trace.over("赡养义务人家庭人均月收入", income, size, source)
    times = trace.given("赡养费起算倍数", multiple.amount, multiple.source, RATE)
    free = trace.times("赡养义务人家庭人均留用", standard, times, source=multiple.source)
    above = trace.minus("人均超出留用的部分", each, free, source=multiple.source)
    share = trace.given("赡养费计入比例", part.amount, part.source, RATE)
    paid = trace.rounded(
        "每月赡养费", trace.times("应付赡养费", above, share, source=part.source), "fen", source
    )
    if paid.exact:
        reasons.append(Reason("support_counted", f"按当地公式，每月计入赡养费 {paid} 元。"))
    else:
        text = f"赡养义务人家庭人均月收入 {each} 元，不高于留用 {free} 元，不计赡养费。"
        reasons.append(Reason("support_unable", text, str(free.money), str(each.money)))
    return Support(paid.money, derivation(trace, reasons))
