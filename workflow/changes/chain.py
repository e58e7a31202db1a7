"""变化链: the events of a household, each recorded once with what it changed, the last one undone where it was an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.catalogue import Catalogue
from workflow.changes.deeds import DEEDS
from workflow.changes.doing import Doing, may_register
from workflow.changes.forms import FORMS, About, day_of
from workflow.changes.photograph import put_back
from workflow.changes.words import EVENTS
from workflow.documents import check_file, keep_content
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused, Unmet
from workflow.facts import Facts
from workflow.models import Case, EventPlace, Household, LifeEvent

SHORTEST_REASON = 4


@dataclass(frozen=True)
class Paper:
    """The certificate an event is recorded by, as a file."""

    name: str
    body: bytes


def record(
    session: Session,
    household: Household,
    kind: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    paper: Paper | None = None,
    instead: Callable[[Doing], None] | None = None,
    linked: bool = False,
) -> LifeEvent:
    """Check what is said of an event, do what it does to the households, and keep it with every row it changed.

    `instead` does it where an act of a case is the lawful way. Raises FormRefused, Refused, NotPermitted; then nothing
    has happened.
    """
    if kind not in FORMS:
        raise Refused(f"没有“{kind}”这种变化，只能是：{'、'.join(EVENTS.values())}。")
    about = About(session, actor, now, household)
    form = FORMS[kind].clean(raw, cast("Facts", about))
    doing = Doing(session, household, day_of(form), form, actor, now, linked)
    (instead or DEEDS[kind])(doing)
    session.flush()
    event = LifeEvent(
        household_id=household.id, person_id=doing.person_id or form.get("person"), kind=kind, on_date=doing.on,
        details=form, moved=doing.moved(), started=[], source=form["source"], evidence=form["evidence"],
        recorded_by=actor.id, recorded_at=now, places=[EventPlace(household_id=place) for place in sorted(doing.touched)],
    )  # fmt: skip
    if paper is not None:
        event.document_type = check_file(paper.name, paper.body)
        event.document_name, event.document_sha256 = paper.name[-120:], keep_content(session, paper.body)
    session.add(event)
    session.flush()
    return event


def chain(session: Session, household_id: int) -> list[LifeEvent]:
    """The events that concern a household, as they were recorded, the latest first; undone ones among them."""
    wanted = select(LifeEvent).join(EventPlace).where(EventPlace.household_id == household_id)
    return list(session.scalars(wanted.order_by(LifeEvent.id.desc())))


def undo(
    session: Session, catalogue: Catalogue, event_id: int, *, reason: str, actor: Actor, now: datetime
) -> LifeEvent:
    """Put back what an event recorded in error has changed. Raises Unmet where something was built on it."""
    event = session.get(LifeEvent, event_id)
    if event is None:
        raise NotFound
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明错在哪里，至少 {SHORTEST_REASON} 个字"})
    check_undoable(session, catalogue, event, actor)
    put_back(session, event.moved)
    event.undone_at, event.undone_by, event.undone_because = now, actor.id, reason.strip()
    session.flush()
    return event


def check_undoable(session: Session, catalogue: Catalogue, event: LifeEvent, actor: Actor) -> None:
    """Raise Unmet where a later event, a decision or a new case rests on it, NotPermitted for who does not register there."""
    if event.undone_at is not None:
        raise Unmet("这件事已经撤销过了。")
    homes = [session.get_one(Household, place.household_id) for place in event.places]
    for home in homes:
        if not may_register(actor, home.area_code):
            raise NotPermitted("这件事由登记它的乡镇（街道）撤销，您没有这个岗位或不管那个区域。")
    ids = [home.id for home in homes]
    later = session.scalars(
        select(LifeEvent)
        .join(EventPlace)
        .where(EventPlace.household_id.in_(ids), LifeEvent.id > event.id, LifeEvent.undone_at.is_(None))
        .order_by(LifeEvent.id.desc())
    ).first()
    if later is not None:
        raise Unmet(f"之后又登记了“{EVENTS[later.kind]}”（{later.on_date}），只能从最后一件撤起。")
    then = {int(one["case"]): one["stage"] for one in event.started if one["case"]}
    for case in session.scalars(select(Case).where(Case.id.in_(then))):
        if case.stage != then[case.id]:
            stage = catalogue.of(case).stages[case.stage].label
            raise Unmet(
                f"{case.number} 此后已经办到“{stage}”，不能撤销；请先退回，或按现在的情况另行登记变化。"
            )
    opened = session.scalars(
        select(Case).where(
            Case.subject_kind == "household", Case.subject_id.in_(ids), Case.parent_id.is_(None),
            Case.opened_at >= event.recorded_at, Case.id.not_in(then), Case.closed_at.is_(None),
        )
    ).first()  # fmt: skip
    if opened is not None:
        raise Unmet(f"这件事登记以后开办了 {opened.number}，不能撤销；请按现在的情况另行登记变化。")
