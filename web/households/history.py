"""What the household page tells of its members and of what has happened: who counts and why, and the chain of events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from definitions import changes as law
from definitions.rules.counting import VERDICTS
from definitions.shared.counting import counted
from web import context
from workflow.changes import EVENT_SOURCES, EVENTS, chain
from workflow.changes.telling import moves
from workflow.models import Case, Household, User


def told(household: Household, cases: list[Case]) -> dict[str, Any]:
    """Both, as the templates take them. The rule is that of the running case, else the one in force today."""
    running = next((case.edition for case in cases if case.closed_at is None), "")
    code = running or context.edge().office.edition_on(context.today())
    people = counted(context.session(), household, code, context.today())
    return {
        "timeline": timeline(household),
        "counted_people": people,
        "verdicts": VERDICTS,
        "edition_of_rule": code,
    }


def timeline(household: Household) -> list[dict[str, Any]]:
    """The chain of a household as its page shows it, the latest first."""
    session = context.session()
    found = chain(session, household.id)
    names = dict(
        session.execute(select(User.id, User.name).where(User.id.in_({e.recorded_by for e in found}))).all()
    )
    last = next((event.id for event in found if event.undone_at is None), None)
    return [
        {"event": event, "label": EVENTS[event.kind], "moves": moves(session, event, household.id), "by": names[event.recorded_by],
         "started": law.started_of(event), "source": EVENT_SOURCES[event.source], "last": event.id == last}
        for event in found
    ]  # fmt: skip
