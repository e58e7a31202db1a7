"""Who of a family counts: the rule on what is on file, and where a clerk has differed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.rules.counting import ABOVE_BACHELOR, UP_TO_BACHELOR, Relative, Standing, who_counts
from workflow.changes.away import absences, differing, plain
from workflow.models import Absence, CountedApart, Household, Person, PersonFact

BEYOND = ("postgraduate",)
"""Stages of schooling above the bachelor's."""


@dataclass(frozen=True)
class Counted:
    """One person of the family: what the rule says of him, and the clerk's other word, where there is one."""

    person: Person
    relation: str
    standing: Standing
    otherwise: CountedApart | None

    @property
    def counts(self) -> bool:
        """Whether he is counted in the end."""
        return self.otherwise.counted if self.otherwise is not None else self.standing.counted


def counted(session: Session, household: Household, code: str, on: date) -> list[Counted]:
    """Everybody of the family on a day, members first, then those who are away and no members meanwhile."""
    away = {row.person_id: row for row in absences(session, household.id, on)}
    people = {m.person_id: (m.person, m.relation) for m in household.members(on)}
    people |= {
        row.person_id: (row.person, row.relation) for row in away.values() if row.person_id not in people
    }
    schooling = _schooling(session, set(people), on)
    relatives = [
        _relative(person, relation, away.get(person.id), schooling.get(person.id, ""))
        for person, relation in people.values()
    ]
    against = differing(session, household.id, on)
    return [
        Counted(person, relation, standing, against.get(person.id))
        for (person, relation), standing in zip(
            people.values(), who_counts(relatives, edition(code), on), strict=True
        )
    ]


def left_out(session: Session, household_id: int, code: str, on: date) -> set[str]:
    """The members of the household who do not count on a day, by their ids as the rules read them."""
    if plain(session, household_id):
        return set()
    household = session.get_one(Household, household_id)
    return {str(one.person.id) for one in counted(session, household, code, on) if not one.counts}


def _relative(person: Person, relation: str, away: Absence | None, stage: str) -> Relative:
    studies = ABOVE_BACHELOR if stage in BEYOND else UP_TO_BACHELOR if person.student or stage else ""
    return Relative(
        id=str(person.id), name=person.name, relation=relation, birth=person.birth, died_on=person.died_on,
        schooling=studies, able=person.labour != "none", employed=bool(person.occupation),
        disability_kind=person.disability_kind, disability_grade=person.disability_grade,
        serious_illness=person.serious_illness, away=away.kind if away else "",
        away_since=away.from_date if away else None,
    )  # fmt: skip


def _schooling(session: Session, people: set[int], on: date) -> dict[int, str]:
    """The stage of schooling on file, where somebody studies on that day."""
    rows = session.scalars(
        select(PersonFact).where(
            PersonFact.person_id.in_(people), PersonFact.kind == "schooling", PersonFact.as_of <= on,
            (PersonFact.until.is_(None)) | (PersonFact.until >= on),
        )
    )  # fmt: skip
    return {row.person_id: str(row.value.get("stage", "")) for row in rows if row.value.get("present")}
