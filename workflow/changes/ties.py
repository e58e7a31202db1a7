"""Who is married to whom, and whose child somebody is: what an event says of kinship, in the register of kin."""

from __future__ import annotations

from workflow.changes.doing import Doing
from workflow.models import Person
from workflow.people import kin

_SOURCES = {"certificate": "verified"}
"""A certificate proves; the other sources of events are called alike there."""


def spouse_of(doing: Doing, person: Person) -> Person | None:
    """His living spouse on the day of the event, by a registered tie or by a household's register."""
    for tie in kin.ties_of(doing.session, [person.id], doing.on):
        if tie.relation == "spouse":
            other = doing.session.get_one(Person, tie.other)
            if other.died_on is None:
                return other
    return None


def tie(doing: Doing, one: Person, other: Person, relation: str) -> None:
    """Register what `other` is to `one` from the day of the event on, once. Raises Refused where that cannot be."""
    known = kin.ties_of(doing.session, [one.id], doing.on)
    if any(held.other == other.id and held.relation == relation and held.row for held in known):
        return
    source = doing.form["source"]
    kin.tie(
        doing.session, one, other, relation, source=_SOURCES.get(source, source), actor=doing.actor, now=doing.now,
        from_date=doing.on,
    )  # fmt: skip


def part(doing: Doing, one: Person, other: Person) -> None:
    """End a marriage on the day of the event."""
    for held in kin.ties_of(doing.session, [one.id], doing.on):
        if held.other == other.id and held.relation == "spouse" and held.row:
            kin.end_tie(doing.session, held.row, on=doing.on, now=doing.now)
