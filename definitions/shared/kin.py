"""Which kin the law counts: near relatives who bar from a case, and who owes a family support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from workflow.models import Household, Person
from workflow.people.kin import relatives

NEAR_RELATIVES = ("spouse", "parent", "child", "sibling", "grandparent", "grandchild")
"""Near relatives (近亲属): CC-1045; a member of staff who is one keeps out (M57-11; M220-14)."""
SUPPORTERS = ("spouse", "child", "parent", "guardian")
"""Who owes support (赡养、抚养、扶养义务人): CC-1059 between spouses, CC-1067 children and parents; a guardian by CC-34."""
ADULT = 18
"""CC-17."""


@dataclass(frozen=True)
class Supporter:
    """Somebody outside the household who owes one of its members support."""

    person: Person
    member: Person
    relation: str


def supporters(session: Session, household_id: int, on: date) -> list[Supporter]:
    """The living adults outside a household who owe a member support on a day, the member's order kept.

    Parents owe it to minors only; adult children unable to live alone are for the clerk to judge.
    """
    members = [m.person for m in session.get_one(Household, household_id).members(on)]
    inside = {member.id for member in members}
    kin = relatives(session, [member.id for member in members], on, SUPPORTERS)
    found = []
    for member in members:
        for other, relation in kin[member.id].items():
            person = session.get_one(Person, other)
            owes = relation != "parent" or _age(member, on) < ADULT
            if other not in inside and person.died_on is None and _age(person, on) >= ADULT and owes:
                found.append(Supporter(person, member, relation))
    return found


def _age(person: Person, on: date) -> int:
    return on.year - person.birth.year - ((on.month, on.day) < (person.birth.month, person.birth.day))
