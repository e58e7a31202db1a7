"""A household as the conditions see it: read once, judged once by the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from definitions.editions.catalogue import edition
from definitions.editions.number import Edition, NumberMissing
from definitions.editions.standards import Standards
from definitions.matcher.needs import FACTS, Member, Needs
from definitions.rules.benefit import Assessment, benefit
from definitions.rules.trace import Reason
from workflow.errors import Refused


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds (None: a fact is missing), why, and the paths of the facts that are missing."""

    holds: bool | None
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


def met(code: str, text: str) -> Finding:
    """The condition holds."""
    return Finding(True, (Reason(code, text),))


def failed(
    code: str, text: str, *, change: str, limit: str | None = None, value: str | None = None
) -> Finding:
    """The condition does not hold; what would change it belongs to the answer."""
    return Finding(False, (Reason(code, f"{text}{change}", limit, value, change),))


def unknown(fact: str, member: Member | None = None) -> Finding:
    """Nobody has said: this fact of the household, or of a member."""
    whose = f"{member.id} 的" if member else ""
    path = f"{member.id}.{fact}" if member else fact
    text = f"不知道{whose}{FACTS[fact]}，暂不能判断。"
    return Finding(None, (Reason("unknown", text, change=f"请补充{whose}{FACTS[fact]}。"),), (path,))


def all_of(found: Iterable[Finding]) -> Finding:
    """One that fails decides; else one that is not known; else all hold."""
    found = tuple(found)
    holds = (
        False
        if any(f.holds is False for f in found)
        else None
        if any(f.holds is None for f in found)
        else True
    )
    telling = [f for f in found if f.holds is holds]
    return Finding(
        holds,
        tuple(dict.fromkeys(r for f in telling for r in f.reasons)),
        tuple(dict.fromkeys(m for f in telling for m in f.missing)),
    )


class Situation:
    """The facts with the law of a day, the local numbers, and what the family has already."""

    def __init__(self, needs: Needs, standards: Standards, have: frozenset[str]) -> None:
        self.needs, self.standards, self.have = needs, standards, have
        self.law: Edition = edition(needs.facts.edition)
        self.day: date = needs.facts.as_of
        self.members = needs.members
        self.silent = tuple(m for m in needs.members if not m.incomes_known)
        """Members whose income nobody has stated."""
        self.tiers: dict[str, Finding] = {}
        """What the tests of the tiers found, kept for the items that rest on them."""

    @cached_property
    def judged(self) -> Assessment | Refused:
        """The household by the rules on what is known of it, or why it cannot be judged."""
        try:
            return benefit(self.needs.facts, self.standards)
        except Refused as refused:
            return refused

    def alone(self, member: Member) -> Assessment:
        """One member judged as a household of his own; raises what `benefit` raises."""
        own = tuple(m for m in self.needs.facts.members if m.id == member.id)
        return benefit(replace(self.needs.facts, members=own, deductions=(), property=None), self.standards)

    def not_judged(self, refused: Refused) -> Finding:
        """The rules could not judge: what they miss is missing here."""
        fact = "standard" if isinstance(refused, NumberMissing) else "members"
        if isinstance(refused, NumberMissing) and self.needs.facts.setting is None:
            fact = "setting"
        return Finding(None, (Reason("unknown", refused.message),), (fact,))
