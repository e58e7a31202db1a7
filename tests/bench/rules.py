"""Households judged a second, in one process: with the derivation that is stored and printed, and by `Judge` without."""

from __future__ import annotations

import random
import time
from datetime import date

from definitions.rules.benefit import benefit
from definitions.rules.facts import HouseholdFacts
from definitions.rules.household_document import read_household
from definitions.rules.quick import Judge

EDITION, DAY, SEED, TURNS = "NAT2021", date(2024, 3, 1), 7, 5


def measure(many: int) -> dict[str, float]:
    """Households a second (the best of some turns), reading of the documents not counted."""
    chance = random.Random(SEED)
    families = [_family(chance) for _ in range(many)]
    judge = Judge(EDITION, DAY)
    for facts in families:
        found, verdict = benefit(facts), judge.judge(facts)
        assert (found.total, found.property_ok) == (verdict.total, verdict.property_ok)
    return {
        "derivation": max(_rate(families, benefit) for _ in range(TURNS)),
        "quick": max(_rate(families, judge.judge) for _ in range(TURNS)),
    }


def _rate(families: list[HouseholdFacts], judged) -> float:
    start = time.perf_counter()
    for facts in families:
        judged(facts)
    return len(families) / (time.perf_counter() - start)


def _family(chance: random.Random) -> HouseholdFacts:
    """One to six people with incomes, savings, sometimes a deduction or a reason for a supplement."""

    def yuan(most: int) -> str:
        return f"{chance.randrange(most)}.{chance.randrange(100):02d}"

    members = [
        {
            "id": f"m{number}",
            "incomes": [
                {"category": chance.choice(["wage", "business", "transfer"]), "annual": yuan(16000)}
                for _ in range(chance.randrange(3))
            ],
            "supplement_reasons": chance.choice([[], [], ["elderly"], ["minor"], ["serious_illness"]]),
        }
        for number in range(1, chance.randrange(2, 8))
    ]
    document = {
        "edition": EDITION,
        "as_of": DAY.isoformat(),
        "setting": "urban",
        "members": members,
        "property": {"monetary": yuan(150_000), "vehicles": int(chance.random() < 0.1), "dwellings": 1},
    }
    if chance.random() < 0.3:
        document["deductions"] = [{"kind": "illness", "annual": yuan(6000)}]
    return read_household(document)
