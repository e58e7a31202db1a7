"""How long the matcher takes for a household: every item of policy, reading of the document and derivations included."""

from __future__ import annotations

import random
import time
from datetime import date
from statistics import median
from typing import Any

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.matcher import match

EDITION, DAY, SEED = "NAT2021", date(2025, 3, 1), 7


def measure(many: int) -> dict[str, float]:
    """Seconds a household: the middle one, and the one that one in a hundred exceeds."""
    chance = random.Random(SEED)
    documents = [_family(chance) for _ in range(many)]
    took = []
    for document in documents:
        start = time.perf_counter()
        match(document, edition=EDITION, as_of=DAY, standards=SAMPLE_STANDARDS)
        took.append(time.perf_counter() - start)
    return {"median": median(took), "p99": sorted(took)[int(many * 0.99)]}


def _family(chance: random.Random) -> dict[str, Any]:
    """One to six people of whom some things are known."""

    def yuan(most: int) -> str:
        return f"{chance.randrange(most)}.{chance.randrange(100):02d}"

    members = [
        {
            "id": f"m{number}", "birth": f"{chance.randrange(1940, 2020)}-06-15",
            "incomes": [{"category": "wage", "annual": yuan(20000)} for _ in range(chance.randrange(3))],
            "school": chance.choice(["none", "compulsory", "university"]), "work": chance.choice(["employed", "unemployed"]),
            "labour": "able", "disability": {"kind": "physical", "grade": chance.randrange(5)}, "illness": chance.random() < 0.2,
        }
        for number in range(1, chance.randrange(1, 7) + 1)
    ]  # fmt: skip
    return {
        "setting": "urban", "hukou_here": True, "members": members, "property": {"monetary": yuan(90000)},
        "bill": {"total": yuan(90000), "insurance": "0"}, "housing": "crowded", "emergency": {"kind": "illness", "amount": yuan(9000)},
        "supporters": "none", "disaster": False, "spending": [{"kind": "medical", "annual": yuan(90000)}],
        "average_income": "70000", "rigid_threshold": "0.5",
    }  # fmt: skip
