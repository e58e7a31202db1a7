"""Acts that a signed decision fixes for a day, and linked cases that an act opens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.acts import open_case
from workflow.entries import reference
from workflow.facts import CaseState
from workflow.models import ScheduledAct
from workflow.office import office_of


def plan(
    session: Session,
    case_id: int,
    action: str,
    on: date,
    *,
    origin: CaseState,
    form: dict[str, Any] | None = None,
) -> None:
    """Have the sweep carry out `action` on a case on that day, by the decision under way on `origin`."""
    same = session.scalar(
        select(ScheduledAct).where(
            ScheduledAct.case_id == case_id, ScheduledAct.action == action, ScheduledAct.on_date == on
        )
    )
    if same is not None and same.state != "done":
        same.form, same.decided_by, same.state = form or {}, reference(origin), "planned"
    elif same is None:
        session.add(
            ScheduledAct(
                case_id=case_id,
                action=action,
                on_date=on,
                form=form or {},
                decided_by=reference(origin),
                state="planned",
            )
        )
    session.flush()


def unplan(session: Session, case_id: int, *actions: str) -> None:
    """Take back what was planned and is not carried out yet, because a newer decision replaces it."""
    session.execute(
        update(ScheduledAct)
        .where(
            ScheduledAct.case_id == case_id,
            ScheduledAct.action.in_(actions),
            ScheduledAct.state.in_(("planned", "deferred")),
        )
        .values(state="cancelled")
    )


def open_linked(
    session: Session, case: CaseState, definition: str, *, actor: Actor, now: datetime, facts: dict[str, Any]
) -> CaseState:
    """Open a case that belongs to this one, about the same household, under the same edition."""
    session.flush()
    return open_case(
        office_of(session), session.connection(), definition, subject=("household", case.household_id),
        area_code=case.area_code, actor=actor, now=now, title=case.title, parent=case, facts=facts,
    )  # fmt: skip
