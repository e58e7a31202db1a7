"""Whether somebody entered in a household is on file already: by his number, or by the clerk's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.households.words import RELATIONS
from workflow.identity import mask_name
from workflow.models import Area, Membership, Person
from workflow.people.folding import fold_name
from workflow.people.lookalikes import SHORTEST_REASON, Asked, Found, described, lookalikes
from workflow.people.merging import stands_for

_SHOWN = 3


@dataclass
class Recognised:
    """The person on file (None: he is new), why he cannot be entered ("" where he can), and who he is not."""

    known: Person | None = None
    fault: str = ""
    others: list[Person] = field(default_factory=list)


def recognise(session: Session, members: Sequence[Mapping[str, Any]], area_code: str) -> list[Recognised]:
    """Each member as somebody on file or somebody new; who looks like another is decided about by the clerk."""
    found = [Recognised(*find_person(session, member)) for member in members]
    new = [n for n, one in enumerate(found) if one.known is None and not one.fault]
    compared = lookalikes(session, [_asked(members[n], area_code) for n in new])
    for n, answer in zip(new, compared, strict=True):
        found[n] = _decided(session, members[n], answer)
    return found


def find_person(session: Session, member: Mapping[str, Any]) -> tuple[Person | None, str]:
    """The person of this number, if there is one, and why he cannot join a household now ("" where he can)."""
    known = None
    if member["id_number"]:
        known = session.scalar(select(Person).where(Person.id_number == member["id_number"]))
    if known is None:
        return None, ""
    known = stands_for(session, known)
    if fold_name(known.name) != fold_name(member["name"]):
        shown = mask_name(known.name)
        return (
            known,
            f"这个身份号码已登记在“{shown}”名下，请核对证件；确是两人同号的，先不填号码登记，报公安机关更正",
        )
    return known, _why_not(session, known)


def _why_not(session: Session, known: Person) -> str:
    if known.died_on is not None:
        return f"{known.name} 已登记于 {known.died_on} 死亡，请核对"
    other = session.scalar(
        select(Membership).where(Membership.person_id == known.id, Membership.to_date.is_(None))
    )
    if other is not None:
        village = session.get_one(Area, other.household.area_code).name
        return f"{known.name} 现在是{village}另一户的{RELATIONS[other.relation]}，请先在那里办理离户"
    return ""


def _asked(member: Mapping[str, Any], area_code: str) -> Asked:
    return Asked(
        member["name"], date.fromisoformat(member["birth"]), member["sex"], member["id_number"], area_code,
        relation=member["relation"],
    )  # fmt: skip


def _decided(session: Session, member: Mapping[str, Any], answer: Found) -> Recognised:
    """What the clerk has decided about those who look like this member; a fault where he has to."""
    chosen, because = member["same_as"], member["not_same"]
    if chosen:
        known = next((hit.person for hit in answer.hits if hit.person.id == chosen), None)
        if known is None:
            return Recognised(fault=f"“同一人编号” {chosen} 不在可能重复的人当中，请核对")
        if known.id_number and member["id_number"]:
            return Recognised(fault=f"编号 {chosen} 已登记另一个号码，请对照证件核对后更正")
        return Recognised(known, _why_not(session, known))
    if not answer.pressing:
        return Recognised()
    if len(because) >= SHORTEST_REASON:
        return Recognised(others=[hit.person for hit in answer.pressing])
    likely = "；".join(described(session, hit) for hit in answer.pressing[:_SHOWN])
    return Recognised(
        fault=f"可能已经登记过：{likely}。是同一人的，请在“同一人编号”填写其编号；不是的，请在“另有其人的理由”写明理由"
    )
