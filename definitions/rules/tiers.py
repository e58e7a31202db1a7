"""分档: the base by tiers of income a head, where a district pays so instead of the difference (M57-23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from definitions.editions.number import Edition
from definitions.editions.standards import TIER_KINDS, LocalAmount, Standards, find_local, local
from definitions.rules.errors import RuleRefused
from definitions.rules.trace import Quantity, Trace


@dataclass(frozen=True, slots=True)
class Tier:
    """What a member gets a month where the income a head is below a bound."""

    below: LocalAmount
    amount: LocalAmount


def tiers_of(law: Edition, standards: Standards, setting: str | None, day: date) -> tuple[Tier, ...]:
    """The district's tiers on a day, the lowest income first; none where it pays the difference, as M220-27 has it.

    Raises `NumberMissing` for half a tier, `RuleRefused` where a bound does not rise or an amount does.
    """
    if "tiers" not in law.articles:
        return ()
    found = []
    for below, amount in TIER_KINDS:
        if not any(find_local(standards, kind, setting, day) for kind in (below, amount)):
            break
        found.append(Tier(local(standards, below, setting, day), local(standards, amount, setting, day)))
    for lower, upper in pairwise(found):
        if not lower.below.amount < upper.below.amount or lower.amount.amount < upper.amount.amount:
            raise RuleRefused(
                "分档标准有误：各档的收入上限应当逐档提高，救助金额不能随收入提高。",
                source=law.articles["tiers"],
            )
    return tuple(found)


def check_tiers(law: Edition, standards: Standards, setting: str, day: date) -> None:
    """Refuse tiers to be released that no family could be judged by; raises what `tiers_of` raises."""
    if tiers := tiers_of(law, standards, setting, day):
        _reach(tiers, local(standards, "standard", setting, day).amount, law.articles["tiers"])


def base_by_tier(
    tiers: Sequence[Tier],
    standard: Quantity,
    per_capita: Quantity,
    keeping: Quantity,
    source: str,
    trace: Trace,
) -> Quantity:
    """The amount of the family's tier for each member who keeps his share.

    Raises `RuleRefused` where the tiers do not reach up to the standard.
    """
    _reach(tiers, standard.exact, source)
    for number, tier in enumerate(tiers, 1):
        bound = trace.given(f"第{number}档收入上限", tier.below.amount, tier.below.source or source)
        if trace.holds(f"属于第{number}档", per_capita, "<", bound, source):
            each = trace.given(f"第{number}档每人每月金额", tier.amount.amount, tier.amount.source or source)
            return trace.times("分档救助金额", each, keeping, source=source)
    raise AssertionError("the tiers reach up to the standard, and the income is below it")


def _reach(tiers: Sequence[Tier], standard: Decimal | Fraction, source: str) -> None:
    if (last := tiers[-1].below.amount) < standard:
        raise RuleRefused(
            f"分档标准只到人均月收入 {last} 元，没有到低保标准，请补全或提高最后一档。", source=source
        )
