"""Recording an event with all it brings about, showing it beforehand, undoing it on error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, select

from definitions.changes.consequences import (
    REPORT_DEATH,
    Started,
    act_on,
    benefit_of,
    consequences,
    started_of,
    tell_case,
)
from workflow import changes
from workflow.actors import Actor
from workflow.changes.doing import Doing
from workflow.changes.telling import Move, moves
from workflow.changes.words import EVENTS
from workflow.db import Database
from workflow.errors import NotFound
from workflow.facts import CaseState
from workflow.models import Household, LifeEvent
from workflow.office import Office


@dataclass(frozen=True)
class Shown:
    """What an event does, before anybody has signed it: moves and consequences in words."""

    moves: tuple[Move, ...]
    started: tuple[Started, ...]


def record(
    office: Office,
    conn: Connection,
    household_id: int,
    kind: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    paper: changes.Paper | None = None,
    origin: CaseState | None = None,
) -> LifeEvent:
    """Record an event with all it brings about. Raises NotFound and what the event or an act of a case refuses.

    `origin` is the case whose signed act causes it.
    """
    session = office.session(conn)
    household = session.scalar(select(Household).where(Household.id == household_id).with_for_update())
    if household is None:
        raise NotFound
    instead = _by_act(office, conn, household_id, actor, now, origin) if kind == "death" else None
    event = changes.record(
        session,
        household,
        kind,
        raw,
        actor=actor,
        now=now,
        paper=paper,
        instead=instead,
        linked=origin is not None,
    )
    found = consequences(office, conn, event, actor, now, origin)
    event.started = [asdict(one) for one in found]
    session.flush()
    return event


def preview(
    database: Database,
    office: Office,
    household_id: int,
    kind: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Shown:
    """What recording it would do: done as it would be, read, and taken back. Raises as `record` does."""
    shown: list[Shown] = []
    with suppress(_TakenBack), database.acting() as conn:
        event = record(office, conn, household_id, kind, raw, actor=actor, now=now)
        shown.append(Shown(tuple(moves(office.session(conn), event, household_id)), started_of(event)))
        _take_back()
    return shown[0]


class _TakenBack(Exception):  # noqa: N818 - nothing has failed
    pass


def _take_back() -> NoReturn:
    """End the transaction under way as if nothing had been."""
    raise _TakenBack


def undo(
    office: Office, conn: Connection, event_id: int, *, reason: str, actor: Actor, now: datetime
) -> LifeEvent:
    """Undo an event recorded in error; the cases it had started or touched are told, and go on by themselves.

    Raises Unmet where something was built on it.
    """
    session = office.session(conn)
    event = changes.undo(session, office.catalogue, event_id, reason=reason, actor=actor, now=now)
    says = f"家庭变化“{EVENTS[event.kind]}”（{event.on_date}）登记有误，已撤销，请按撤销后的家庭办理"
    for case_id in sorted({one.case for one in started_of(event) if one.case}):
        tell_case(office, conn, case_id, says, actor, now)
    return event


def _by_act(
    office: Office, conn: Connection, household_id: int, actor: Actor, now: datetime, origin: CaseState | None
) -> Callable[[Doing], None] | None:
    """A death in a family on benefit is reported on the benefit's case, which ends the membership itself."""
    benefit = benefit_of(office, office.session(conn), household_id, REPORT_DEATH)
    if benefit is None:
        return None
    number = benefit.id

    def report(doing: Doing) -> None:
        person = doing.form["person"]
        doing.person_id = person
        doing.member(person)
        body = {"person": [person], "died_on": doing.on.isoformat()}
        act_on(office, conn, number, REPORT_DEATH, body, actor, now, origin)
        doing.end_ties_here(person, doing.household.id, doing.on)

    return report
