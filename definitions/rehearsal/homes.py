"""A family as it knows itself: who is who, what it has not told, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workflow.simulation.family import Family
from workflow.simulation.scene import Scene


@dataclass
class Home:
    """`people` are the person ids in the order of the family's members."""

    household_id: int
    family: Family
    people: list[int]
    hides: str = "nothing"
    change: str = ""
    times: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def head(self) -> int:
        """Person id of the head."""
        return self.people[0]

    @property
    def account(self) -> str:
        """The head's bank account."""
        return self.family.head.bank_account or "0000000000000000000"

    def earner(self, living: list[int]) -> tuple[int, str, str, Decimal]:
        """Whose income changes, and what it was: person, category, kind, yuan a year."""
        for person, fact in zip(self.people, self.family.members, strict=True):
            for income in fact.incomes:
                if person in living and income.kind not in ("base_pension", "scholarship", "government_aid"):
                    return person, income.category, income.kind, income.annual
        return living[0], "wage", "casual", Decimal(0)


def home_of(scene: Scene) -> Home:
    """The family a scene is about."""
    home: Home = scene.desk.lore[scene.case.household_id]
    return home


def living(scene: Scene) -> list[int]:
    """The members of the household today."""
    from workflow.people_queries import household_members

    return [
        person.id for person in household_members(scene.facts.session, scene.case.household_id, scene.today)
    ]


def yuan(amount: Decimal) -> str:
    """An amount as forms take it."""
    return f"{amount:.2f}"
