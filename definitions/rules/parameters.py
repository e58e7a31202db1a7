"""What every rule asks of its edition and district: the standard of the day, and whether the day lies in the edition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from definitions.editions.number import Edition
from definitions.editions.standards import Standards, local
from definitions.rules.errors import RuleRefused
from definitions.rules.trace import Quantity, Reason, Trace


def monthly_standard(
    stated: Decimal | None, setting: str | None, law: Edition, day: date, standards: Standards, trace: Trace
) -> Quantity:
    """The dibao standard, yuan a month a person: the one stated, or the district's for that day."""
    source = law.articles["standard"]
    if stated is not None:
        return trace.given("低保标准", stated, source, why="按资料所写的标准")
    found = local(standards, "standard", setting, day)
    return trace.given("低保标准", found.amount, found.source or source, why=f"{day} 当地执行的标准")


def note_outside(law: Edition, day: date, reasons: list[Reason]) -> None:
    """Say so where the day lies outside the edition: the result then only serves to compare."""
    if not law.covers(day):
        span = f"{law.from_} 起" + (f"至 {law.to}" if law.to else "")
        reasons.append(
            Reason("outside_edition", f"{day} 不在规则版本 {law.code} 的施行期内（{span}），结果只供比较。")
        )


def check_standard(
    law: Edition,
    setting: str,
    amount: Decimal,
    day: date,
    *,
    minimum_wage: Decimal | None = None,
    urban: Decimal | None = None,
) -> None:
    """Refuse a standard to be released that lies outside ZJ-10's band; an edition without the band lets it pass.

    Urban: 40 to 50 percent of the monthly minimum wage, where that method is used (give `minimum_wage`). Rural: at
    least 70 percent of the urban standard (`urban`). Both ends belong to the band.
    """
    if amount <= 0:
        raise RuleRefused("低保标准必须大于 0。")
    if setting == "urban" and minimum_wage is not None and law.find("standard_wage_share_min", day):
        low, high = (law.decimal(f"standard_wage_share_{end}", day) * minimum_wage for end in ("min", "max"))
        if not low <= amount <= high:
            raise RuleRefused(
                f"城镇低保标准 {amount} 元不在最低工资 {minimum_wage} 元的 40% 至 50% 之间"
                f"（{low:.2f} 至 {high:.2f} 元）。",
                source=law.number("standard_wage_share_min", day).source,
            )
    if setting == "rural" and urban is not None and (share := law.find("rural_urban_share_min", day)):
        least = law.decimal(share.name, day) * urban
        if amount < least:
            raise RuleRefused(
                f"农村低保标准 {amount} 元低于城镇标准 {urban} 元的 70%（{least:.2f} 元）。",
                source=share.source,
            )
