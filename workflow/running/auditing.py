"""A sample of cases that everybody draws alike from the same seed, and what verifying each says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.catalogue import Catalogue
from workflow.models import Case
from workflow.periods import at_local
from workflow.policy import area_filter, readable_areas
from workflow.running.nightly import differing

MOST = 200
"""So many cases in one sample at most."""


@dataclass(frozen=True)
class Drawn:
    """A case of the sample; `problem` is the first thing that does not fit its journal, "" where all does."""

    place: int
    case: Case
    problem: str


@dataclass(frozen=True)
class Sample:
    """What was drawn, from how many."""

    seed: str
    until: date
    whole: int
    drawn: tuple[Drawn, ...]


def sample(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    *,
    seed: str,
    number: int,
    until: date,
    programme: str = "",
) -> Sample:
    """Draw from the cases the actor may see that were opened up to the end of a day.

    A case's lot is the SHA-256 of seed and number: the same seed, day and programme draw the same cases for ever, and
    nobody can choose which.
    """
    wanted = [
        area_filter(Case.area_code, readable_areas(actor)),
        Case.opened_at < at_local(until + timedelta(days=1)),
    ]
    if programme:
        wanted.append(Case.definition == programme)
    lots = sorted(
        (lot(seed, row.number), row.id)
        for row in session.execute(select(Case.id, Case.number).where(*wanted))
    )
    ids = [case_id for _, case_id in lots[: min(number, MOST)]]
    return Sample(seed, until, len(lots), tuple(_verified(session, catalogue, actor, ids)))


def lot(seed: str, number: str) -> str:
    """The lot of a case under a seed."""
    return hashlib.sha256(f"{seed}\n{number}".encode()).hexdigest()


def _verified(session: Session, catalogue: Catalogue, actor: Actor, ids: Sequence[int]) -> list[Drawn]:
    broken = dict(differing(session, catalogue, list(ids)))
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    return [
        Drawn(place, cases[case_id], broken.get(case_id, ""))
        for place, case_id in enumerate(ids, 1)
        if actor.id not in cases[case_id].barred
    ]
