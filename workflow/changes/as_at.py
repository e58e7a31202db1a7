"""一户一档 as at a day: the household as it stood then, read from dated rows; nothing is reckoned by what came later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.catalogue import Catalogue
from workflow.changes.away import absences
from workflow.households import Difference, differences
from workflow.models import (
    Absence,
    Area,
    Case,
    EventPlace,
    Household,
    LifeEvent,
    Membership,
    PersonFact,
)
from workflow.periods import at_local
from workflow.running.as_at import PastCase, as_at


@dataclass(frozen=True)
class PastHousehold:
    """The household at the end of `day`: where it lived, who belonged to it, what was stated of them and of its means."""

    day: date
    area: str
    address: str
    setting: str
    members: tuple[Membership, ...]
    away: tuple[Absence, ...]
    means: tuple[Difference, ...]
    facts: tuple[PersonFact, ...]
    events: tuple[LifeEvent, ...]
    cases: tuple[tuple[Case, PastCase], ...]

    @property
    def empty(self) -> bool:
        """Whether nobody belonged to it then."""
        return not self.members


def household_as_at(
    session: Session, household_id: int, on: date, catalogue: Catalogue | None = None
) -> PastHousehold:
    """The household as it stood on a day; its cases where a catalogue says how their stages are called.

    A member who died that day still belonged to it; an event undone since never was.
    """
    household = session.get_one(Household, household_id)
    members = tuple(household.members(on))
    people = {member.person_id for member in members}
    place = _place(session, household, on)
    return PastHousehold(
        on, session.get_one(Area, place["area_code"]).name, place["address"], place["setting"], members,
        tuple(absences(session, household_id, on)), tuple(differences(session, household_id, on)),
        _facts(session, people, on), _events(session, household_id, on),
        _cases(session, catalogue, household_id, on) if catalogue is not None else (),
    )  # fmt: skip


def _place(session: Session, household: Household, on: date) -> dict[str, str]:
    """Where it lived: as the first later event that moved it has kept it, else as today."""
    later = session.scalars(
        select(LifeEvent)
        .where(
            LifeEvent.household_id == household.id, LifeEvent.on_date > on, LifeEvent.undone_at.is_(None),
            LifeEvent.kind == "move_within",
        )
        .order_by(LifeEvent.on_date, LifeEvent.id)
    )  # fmt: skip
    for event in later:
        row = event.moved.get("household", {}).get(str(household.id), {})
        if row and row["before"]:
            return dict(row["before"])
    return {"area_code": household.area_code, "address": household.address, "setting": household.setting}


def _facts(session: Session, people: set[int], on: date) -> tuple[PersonFact, ...]:
    rows = session.scalars(
        select(PersonFact)
        .where(
            PersonFact.person_id.in_(people), PersonFact.as_of <= on,
            or_(PersonFact.until.is_(None), PersonFact.until >= on),
        )
        .order_by(PersonFact.person_id, PersonFact.kind, PersonFact.id)
    )  # fmt: skip
    return tuple(rows)


def _events(session: Session, household_id: int, on: date) -> tuple[LifeEvent, ...]:
    rows = session.scalars(
        select(LifeEvent)
        .join(EventPlace)
        .where(
            EventPlace.household_id == household_id, LifeEvent.on_date <= on, LifeEvent.undone_at.is_(None)
        )
        .order_by(LifeEvent.on_date.desc(), LifeEvent.id.desc())
    )
    return tuple(rows)


def _cases(
    session: Session, catalogue: Catalogue, household_id: int, on: date
) -> tuple[tuple[Case, PastCase], ...]:
    rows = session.scalars(
        select(Case)
        .where(
            Case.subject_kind == "household", Case.subject_id == household_id,
            Case.opened_at < at_local(date.fromordinal(on.toordinal() + 1)),
        )
        .order_by(Case.id.desc())
    )  # fmt: skip
    found = ((case, as_at(session, catalogue, case, on)) for case in rows)
    return tuple((case, past) for case, past in found if past is not None)
