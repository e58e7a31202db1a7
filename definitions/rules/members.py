"""Who counts as a member of the household."""

from __future__ import annotations

from definitions.editions.number import Edition
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import HouseholdFacts, MemberFacts
from definitions.rules.trace import COUNT, Quantity, Trace


def living_members(
    facts: HouseholdFacts, law: Edition, trace: Trace
) -> tuple[tuple[MemberFacts, ...], Quantity]:
    """The members alive, and their number; a household without any is refused (M220-5, M57-7)."""
    living = tuple(m for m in facts.members if m.alive)
    if not facts.members:
        raise RuleRefused(
            "家庭没有成员，无法计算。请写明共同生活的家庭成员。", source=law.articles["members"]
        )
    if not living:
        raise RuleRefused(
            "家庭成员均已去世，没有可以计算的成员。应办理停发。", source=law.articles["members"]
        )
    dead = [m.id for m in facts.members if not m.alive]
    why = f"共同生活的家庭成员 {len(living)} 人" + (f"（{'、'.join(dead)} 已去世，不计）" if dead else "")
    return living, trace.given("家庭人数", len(living), law.articles["members"], COUNT, why)
