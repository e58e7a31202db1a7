"""What an event has moved, in words: who was what where before, and what he is where now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from workflow.changes.words import AWAY
from workflow.households.words import RELATIONS
from workflow.models import Area, Household, LifeEvent, Person

NOBODY = "—"


@dataclass(frozen=True)
class Move:
    """One person: what he was, what he is. Of a household, `who` is empty."""

    who: str
    before: str
    after: str


def moves(session: Session, event: LifeEvent, seen_from: int) -> list[Move]:
    """What the event moved, as one household sees it."""
    found = [_person(session, event, seen_from, person) for person in _people(event)]
    found += [_absence(session, row) for row in event.moved.get("absence", {}).values()]
    for key, row in event.moved.get("household", {}).items():
        if row["before"] is not None and row["after"] is not None and int(key) == seen_from:
            found.append(Move("", _place(session, row["before"]), _place(session, row["after"])))
    return [move for move in found if move.before != move.after]


def _people(event: LifeEvent) -> list[int]:
    rows = event.moved.get("membership", {}).values()
    return list(dict.fromkeys((row["after"] or row["before"])["person_id"] for row in rows))


def _person(session: Session, event: LifeEvent, seen_from: int, person_id: int) -> Move:
    sides = []
    for side in ("before", "after"):
        rows = [row[side] for row in event.moved["membership"].values() if row[side] is not None]
        held = next((r for r in rows if r["person_id"] == person_id and r["to_date"] is None), None)
        sides.append(_standing(session, event, seen_from, held) if held else NOBODY)
    died = event.moved.get("person", {}).get(str(person_id), {})
    if died and (died["after"] or {}).get("died_on") and not (died["before"] or {}).get("died_on"):
        sides[1] = f"{died['after']['died_on']} 死亡"
    elif sides[1] == NOBODY:
        sides[1] = "不再是本户成员"
    return Move(session.get_one(Person, person_id).name, sides[0], sides[1])


def _standing(session: Session, event: LifeEvent, seen_from: int, row: dict[str, Any]) -> str:
    relation = RELATIONS.get(row["relation"], row["relation"])
    if row["household_id"] == seen_from:
        return f"本户{relation}"
    village = session.get_one(Area, session.get_one(Household, row["household_id"]).area_code).name
    made = event.moved.get("household", {}).get(str(row["household_id"]), {})
    which = "新立的一户" if made and made["before"] is None else "另一户"
    return f"{village}{which}的{relation}"


def _absence(session: Session, row: dict[str, Any]) -> Move:
    left = row["after"] or row["before"]
    name, kind = session.get_one(Person, left["person_id"]).name, AWAY[left["kind"]]
    if row["before"] is None:
        return Move(name, "在家", f"{left['from_date']} 起{kind}")
    return Move(name, kind, f"{left['to_date']} 后回家")


def _place(session: Session, row: dict[str, Any]) -> str:
    return f"{session.get_one(Area, row['area_code']).name} {row['address']}"
