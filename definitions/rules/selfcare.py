"""The self-care level of a person in extreme hardship (TK21-21, 22)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from definitions.editions.catalogue import edition
from definitions.rules.answers import Derivation, derivation
from definitions.rules.parameters import note_outside
from definitions.rules.trace import COUNT, Reason, Trace

ACTIVITIES: dict[str, str] = {
    "eat": "自主吃饭",
    "dress": "自主穿衣",
    "bed": "自主上下床",
    "toilet": "自主如厕",
    "walk": "室内自主行走",
    "bathe": "自主洗澡",
}
LEVELS: dict[str, str] = {
    "able": "具备生活自理能力",
    "part": "部分丧失生活自理能力",
    "full": "完全丧失生活自理能力",
}


@dataclass(frozen=True, slots=True)
class SelfCare:
    """The level (a key of `LEVELS`) and how many of the six activities fail."""

    level: str
    failures: int
    derivation: Derivation


def selfcare(code: str, day: date, failed: Collection[str]) -> SelfCare:
    """None failed: able; from one: part loss; from four: full loss."""
    law, trace, reasons = edition(code), Trace(), list[Reason]()
    note_outside(law, day, reasons)
    source = law.articles["selfcare"]
    words = "、".join(label for activity, label in ACTIVITIES.items() if activity in failed)
    failures = trace.given("不能自主完成的项数", len(set(failed)), source, COUNT, words or "六项均能自主完成")
    level = "able"
    for name, reached in (("selfcare_part_min", "part"), ("selfcare_full_min", "full")):
        least = trace.given(f"{LEVELS[reached]}的最少项数", law.integer(name, day), source, COUNT)
        if trace.holds(LEVELS[reached], failures, ">=", least, source):
            level = reached
    reasons.append(Reason(f"selfcare_{level}", f"六项中有 {failures} 项不能自主完成，{LEVELS[level]}。"))
    return SelfCare(level, int(failures.exact), derivation(trace, reasons))
