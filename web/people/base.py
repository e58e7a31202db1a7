"""What the pages of people share: who may see whom, who may change what, and the note of every look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from web import context
from web.duties import codes
from workflow.errors import NotFound
from workflow.models import AccessLog, Area, Person
from workflow.people.lookalikes import METHODS, STRENGTHS, Found
from workflow.people.search import may_see
from workflow.roles import VERIFIER, VILLAGE_AGENT, WINDOW, Role

RECORDERS: tuple[Role, ...] = (VILLAGE_AGENT, WINDOW, VERIFIER)
"""Who records facts and kinship of people, and says that two are not the same."""
DECIDERS: tuple[Role, ...] = (WINDOW, VERIFIER)
"""Who merges two rows, and parts them again."""


def find(person_id: int) -> Person:
    """The person. Raises NotFound where there is none or the reader may not know of him."""
    found = context.session().get(Person, person_id)
    if found is None or not may_see(context.session(), context.actor(), found):
        raise NotFound
    return found


def holds(*roles: Role) -> bool:
    """Whether the reader holds one of these roles today."""
    return bool(context.actor().roles & codes(*roles))


def log(what: str, person_id: int | None = None, reason: str = "") -> None:
    """Write down who looked at whom."""
    with context.acting() as conn:
        writing = context.write(conn)
        row = AccessLog(at=context.now(), user_id=context.actor().id, what=what, person_id=person_id)
        row.reason = reason[:200]
        writing.add(row)
        writing.flush()


def places(found: set[str]) -> dict[str, str]:
    """The names of these areas by code."""
    rows = context.session().execute(select(Area.code, Area.name).where(Area.code.in_(found))).all()
    return {row.code: row.name for row in rows}


def age(person: Person, on: date) -> int:
    """Full years on a day; at death, where he has died."""
    end = person.died_on or on
    return end.year - person.birth.year - ((end.month, end.day) < (person.birth.month, person.birth.day))


def alike(found: Sequence[Found]) -> dict[str, Any]:
    """What the list of those who look alike needs: the names of their villages, and whether the reader may open them."""
    hits = [hit for one in found for hit in one.hits]
    return {
        "methods": METHODS, "strengths": STRENGTHS, "villages": places({hit.place for hit in hits}),
        "open_to_me": {hit.person.id for hit in hits if hit.place and context.actor().reads(hit.place)},
    }  # fmt: skip
