"""Who is married to whom, and whose child somebody is: kept beside the memberships, so that it outlasts them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.changes.doing import Doing
from workflow.models import KinTie, Membership, Person

COUPLES = {"head": "spouse", "spouse": "head"}
"""Relations to the head that say by themselves who is married to whom."""


def spouse_of(session: Session, person: Person, household: list[Membership]) -> Person | None:
    """His living spouse, by a recorded tie, else by the relations in his household."""
    ties = session.scalars(
        select(KinTie).where(
            (KinTie.person_id == person.id) | (KinTie.other_id == person.id),
            KinTie.relation == "spouse",
            KinTie.to_date.is_(None),
        )
    )
    for tie in ties:
        other = session.get_one(Person, tie.other_id if tie.person_id == person.id else tie.person_id)
        if other.died_on is None:
            return other
    own = next((m.relation for m in household if m.person_id == person.id), "")
    wanted = COUPLES.get(own, "-")
    return next((m.person for m in household if m.relation == wanted and m.person.died_on is None), None)


def tie(doing: Doing, one: Person, other: Person, relation: str) -> None:
    """Note what `other` is to `one` from the day of the event on."""
    doing.session.add(
        KinTie(
            person_id=one.id, other_id=other.id, relation=relation, from_date=doing.on, to_date=None,
            source=doing.form["source"], recorded_by=doing.actor.id, recorded_at=doing.now,
        )
    )  # fmt: skip
    doing.session.flush()


def untie(session: Session, one: Person, other: Person, on: date) -> None:
    """End a marriage on a day."""
    pair = {one.id, other.id}
    rows = session.scalars(
        select(KinTie).where(
            KinTie.person_id.in_(pair), KinTie.other_id.in_(pair), KinTie.relation == "spouse", KinTie.to_date.is_(None)
        )
    )  # fmt: skip
    for row in rows:
        row.to_date = max(on, row.from_date or on)
    session.flush()
