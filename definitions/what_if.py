"""What if: the same household with changed facts or on another day, and both derivations side by side. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Document = dict[str, Any]
Step = dict[str, Any]
OWNED = ("monetary", "vehicles", "commercial_premises", "dwellings")
"""What of the property may be changed."""
ADDED = "另加"


def added(number: int) -> str:
    """How an added member is called."""
    return f"{ADDED}{number}"


def alter(document: Document, answers: dict[str, Any]) -> Document:
    """The document with the answers of the what-if form in place of its edition, day, members, incomes and property.

    What the form does not ask (supplement reasons, deductions, a forfeited share, floor areas) stays as it is.
    """
    incomes: dict[str, list[dict[str, Any]]] = {}
    for row in answers["incomes"]:
        income = {
            "category": row["category"],
            "annual": row["annual"],
            "new_employment": bool(row["new_employment"]),
        }
        incomes.setdefault(row["person"], []).append(income | ({"kind": row["kind"]} if row["kind"] else {}))
    people = [m for m in document["members"] if m["id"] in answers["members"]]
    people += [{"id": added(n + 1)} for n in range(answers["more"] or 0)]
    members = [person | {"incomes": incomes.get(person["id"], [])} for person in people]
    owned = {key: value for key, value in document.get("property", {}).items() if key not in OWNED}
    owned |= {key: answers[key] for key in OWNED if answers[key] not in (None, "")}
    changed = {key: value for key, value in document.items() if key != "property"}
    changed |= {"edition": answers["edition"], "as_of": answers["as_of"], "members": members}
    return changed | ({"property": owned} if owned or "property" in document else {})


def answers_of(document: Document) -> dict[str, Any]:
    """The form filled in with the household as it is."""
    owned = document.get("property", {})
    return {
        "edition": document["edition"],
        "as_of": document["as_of"],
        "members": [member["id"] for member in document["members"]],
        "more": 0,
        "incomes": [
            {
                "person": member["id"], "category": income["category"], "kind": income.get("kind", ""),
                "annual": income["annual"], "new_employment": income.get("new_employment", False),
            }
            for member in document["members"]
            for income in member["incomes"]
        ],
    } | {key: owned.get(key, "") for key in OWNED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two derivations; a side is None where the other alone has the line."""

    what: str
    before: Step | None
    after: Step | None

    @property
    def differs(self) -> bool:
        """Whether the two sides give another value."""
        return self.before is None or self.after is None or self.before["value"] != self.after["value"]

    @property
    def source(self) -> str:
        """The clause, of the side that has the line."""
        return str((self.after or self.before or {})["source"])


def compare(before: Sequence[Step], after: Sequence[Step]) -> list[Line]:
    """Two derivations line by line, in their order; lines of the same name stand beside each other."""
    old, new = ([str(step["what"]) for step in steps] for steps in (before, after))
    lines = []
    for same, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same == "equal":
            lines += [Line(b["what"], b, a) for b, a in zip(before[i:j], after[k:n], strict=True)]
        else:
            lines += [Line(step["what"], step, None) for step in before[i:j]]
            lines += [Line(step["what"], None, step) for step in after[k:n]]
    return lines
