"""Households as the matcher's document."""

from __future__ import annotations

from datetime import date
from typing import Any

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.matcher import Match, match

Document = dict[str, Any]
CITY, NATION = "NB2016", "NAT2021"
AUTUMN_2016, SPRING_2025 = date(2016, 10, 1), date(2025, 3, 1)


def adult(ident: str = "m1", *monthly: str, **more: Any) -> Document:
    """An adult about whom everything is known: healthy, working, without income but these amounts a month."""
    return {
        "id": ident, "birth": "1980-01-01", "incomes": [{"category": "wage", "monthly": m} for m in monthly],
        "school": "none", "work": "employed", "labour": "able", "disability": {"kind": "physical", "grade": 0},
        "illness": False,
    } | more  # fmt: skip


def family(*members: Document, **more: Any) -> Document:
    """A household about which everything is known, without any need but poverty."""
    return {
        "setting": "urban", "members": list(members), "hukou_here": True, "property": {"monetary": "0"},
        "bill": {"total": "0", "insurance": "0"}, "housing": "fine", "emergency": {"kind": "none"}, "disaster": False,
        "supporters": "able", "spending": [], "average_income": "70000", "rigid_threshold": "0.5",
    } | more  # fmt: skip


def without(document: Document, *keys: str) -> Document:
    return {key: value for key, value in document.items() if key not in keys}


def judged(
    document: Document, edition: str = NATION, as_of: date = SPRING_2025, have: tuple[str, ...] = ()
) -> dict[str, Match]:
    """The matches by `programme.item`."""
    found = match(document, edition=edition, as_of=as_of, standards=SAMPLE_STANDARDS, have=have)
    return {f"{one.programme}.{one.item}": one for one in found}


def verdict(document: Document, item: str, **given: Any) -> str:
    return judged(document, **given)[item].verdict


def codes(one: Match) -> set[str]:
    return {reason.code for reason in one.because}
