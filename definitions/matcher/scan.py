"""应助未助: families of an area that could have help and have no case and no grant of it (SEED 三(五); domain 1.6 e)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from definitions.matcher.household import edition_of, household_document
from definitions.matcher.items import PROGRAMMES
from definitions.matcher.matching import Match, match
from definitions.shared.assessment import standards_of
from definitions.shared.guards import month_of
from workflow.models import AidGrant, Case, Entitlement, Household
from workflow.periods import add_months
from workflow.policy import area_filter

MOST = 100
"""Families looked at in one go."""
GRANT_MONTHS = 12
"""For how long a single grant counts as help the family has."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A family with the items it could have, and the programmes it has or has asked for."""

    household: Household
    items: tuple[Match, ...]
    have: frozenset[str]


def missed(session: Session, areas: Sequence[str], on: date) -> Iterator[Missed]:
    """Families of the areas whom the law of a day would help and nobody helps, in order of number.

    Only what the registers tell counts: an item that rests on a fact nobody has recorded is no missed aid.
    """
    after: int | None = 0
    while after is not None:
        found, after = look(session, areas, on, after)
        yield from found


def look(
    session: Session, areas: Sequence[str], on: date, after: int = 0, most: int = MOST
) -> tuple[list[Missed], int | None]:
    """The missed among the next `most` families after a number, and the number to go on from (None: that was all)."""
    families = session.scalars(
        select(Household)
        .where(area_filter(Household.area_code, areas), Household.id > after)
        .order_by(Household.id)
        .limit(most)
    ).all()
    law = edition_of(session, on)
    having = helped(session, [family.id for family in families], on)
    counties = {family.area_code[:6]: family.area_code for family in families}
    standards = {county: standards_of(session, area) for county, area in counties.items()}
    found = []
    for family in families:
        if not family.members(on):
            continue
        have = frozenset(having.get(family.id, ()))
        document = household_document(session, family.id, on, law)
        matches = match(document, edition=law, as_of=on, standards=standards[family.area_code[:6]], have=have)
        items = tuple(one for one in matches if one.verdict == "can" and one.programme not in have)
        if items:
            found.append(Missed(family, items, have))
    return found, families[-1].id if len(families) == most else None


def helped(session: Session, households: Sequence[int], on: date) -> dict[int, set[str]]:
    """The programmes each family has: a running case, an entitlement of this month, a grant of the last year."""
    found: dict[int, set[str]] = {}
    month = month_of(on)
    running = select(Case.subject_id, Case.definition).where(
        Case.subject_kind == "household",
        Case.subject_id.in_(households),
        Case.definition.in_(PROGRAMMES),
        Case.closed_at.is_(None),
    )
    entitled = select(Entitlement.household_id, Entitlement.programme).where(
        Entitlement.household_id.in_(households),
        Entitlement.from_month <= month,
        or_(Entitlement.to_month.is_(None), Entitlement.to_month >= month),
    )
    granted = select(AidGrant.household_id, AidGrant.programme).where(
        AidGrant.household_id.in_(households), AidGrant.decided_on > add_months(on, -GRANT_MONTHS)
    )
    for wanted in (running, entitled, granted):
        for household, programme in session.execute(wanted):
            if programme in PROGRAMMES:
                found.setdefault(household, set()).add(programme)
    return found
