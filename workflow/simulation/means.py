"""What made-up families earn and own, drawn so that a given outcome of the means test comes about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from workflow.entropy import Entropy
from workflow.simulation.family import IncomeFact, Outcome, PersonFact, PropertyFact, age_on

ELDERLY = 60
_EARNS = {
    "企业职工": ("wage", "salary", 5), "零工": ("wage", "casual", 3),
    "个体经营": ("business", "trade", 4), "务农": ("business", "farming", 2), "退休": ("transfer", "pension", 3),
}  # fmt: skip
"""Income category, kind and weight of an occupation in the family's income."""
_BASE_PENSION = 2100
"""Yuan a year, about the centrally set base pension of rural residents."""


def annual_income(entropy: Entropy, outcome: Outcome, standard: Decimal, persons: int) -> int:
    """What the family has in all, in whole yuan a year, by its distance from the standard."""
    if outcome == "low_edge":
        percent = entropy.between(102, 148)
    elif outcome == "income":
        percent = entropy.between(155, 300)
    else:
        percent = 0 if entropy.chance(15) else entropy.between(8, 96)
    return int(standard * percent * 12 * persons / 100)


def shared_out(
    people: Sequence[PersonFact], annual: int, setting: str, today: date
) -> list[tuple[IncomeFact, ...]]:
    """The family's income by member: base pensions of rural elders first, the rest by occupation.

    Where nobody earns, the head has it as support from relatives elsewhere.
    """
    shares: list[list[IncomeFact]] = [[] for _ in people]
    left = annual
    for share, person in zip(shares, people, strict=True):
        if setting == "rural" and age_on(person.birth, today) >= ELDERLY and left:
            part = min(left, _BASE_PENSION)
            share.append(IncomeFact("transfer", "base_pension", _yuan(part)))
            left -= part
    earners = [(i, *_EARNS[p.occupation]) for i, p in enumerate(people) if p.occupation in _EARNS]
    earners = earners or [(0, "transfer", "support", 1)]
    weights = sum(weight for *_, weight in earners)
    for i, category, kind, weight in earners:
        part = left * weight // weights
        left, weights = left - part, weights - weight
        if part:
            shares[i].append(IncomeFact(category, kind, _yuan(part)))
    return [tuple(share) for share in shares]


def uncounted(entropy: Entropy, person: PersonFact) -> Iterator[IncomeFact]:
    """Incomes that the law leaves out, on top of those that the outcome was drawn for."""
    if person.student and entropy.chance(12):
        yield IncomeFact("transfer", "scholarship", _yuan(100 * entropy.between(8, 30)))
    if person.disability_grade in (1, 2) and entropy.chance(40):
        yield IncomeFact("transfer", "government_aid", _yuan(12 * entropy.between(60, 125)))


def owned(entropy: Entropy, outcome: Outcome, standard: Decimal, persons: int) -> PropertyFact:
    """Savings are drawn in hundredths of three years' standard a head; owning too much has one of three causes."""
    percent, vehicles, premises = entropy.below(entropy.choice((10, 30, 85))), 0, 0
    if outcome == "property":
        cause = entropy.choice(("savings", "savings", "vehicle", "premises"))
        if cause == "savings":
            percent = entropy.between(145, 300)
        vehicles, premises = int(cause == "vehicle"), int(cause == "premises")
    return PropertyFact(
        monetary=_yuan(int(standard * 36 * persons * percent / 100)),
        vehicles=vehicles,
        commercial_premises=premises,
        dwellings=0 if entropy.chance(10) else 1,
        floor_area_per_capita=_yuan(entropy.between(12, 45)),
    )


def _yuan(whole: int) -> Decimal:
    return Decimal(whole).quantize(Decimal("0.01"))
