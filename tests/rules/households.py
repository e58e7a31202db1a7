"""Households as JSON documents."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def member(number: int, *incomes: Document, **more: Any) -> Document:
    return {
        "id": f"m{number}",
        "relation": "head" if number == 1 else "other",
        "incomes": list(incomes),
    } | more


def household(size: int, *incomes: Document, **more: Any) -> Document:
    """A household of NB2016 in autumn 2016 whose first member has the incomes."""
    members = [member(1, *incomes)] + [member(i) for i in range(2, size + 1)]
    given = {
        "edition": "NB2016",
        "as_of": "2016-10-01",
        "standard": "744",
        "minimum_wage": "1860",
        "setting": "urban",
        "members": members[:size],
    }
    return given | more


def monthly(amount: str, **more: Any) -> Document:
    return {"category": "other", "monthly": amount} | more


def annual(amount: str, **more: Any) -> Document:
    return {"category": "transfer", "annual": amount} | more


def codes(answer: Document) -> set[str]:
    return {reason["code"] for reason in answer["reasons"]}
