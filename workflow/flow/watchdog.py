"""Invariants of the ways off the straight one: no open case is forgotten, and what stands still is what was ordered to."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.catalogue import Catalogue
from workflow.models import Case, Deadline, Halt, ScheduledAct, Task


def every_case_waits(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """Every open case has an open task, an open linked case, a dated wait or a suspension; without one it is forgotten."""
    waits = (
        select(Task.case_id).where(Task.state == "open"),
        select(Case.parent_id).where(Case.closed_at.is_(None), Case.parent_id.is_not(None)),
        select(ScheduledAct.case_id).where(ScheduledAct.state.in_(("planned", "deferred"))),
        select(Deadline.case_id).where(Deadline.state == "open"),
    )
    forgotten = select(Case.number, Case.stage).where(
        Case.closed_at.is_(None), Case.halt_id.is_(None), *(Case.id.not_in(wait) for wait in waits)
    )
    yield from (
        f"{row.number}：在“{row.stage}”没有待办、关联办件、到期日或挂起" for row in session.execute(forgotten)
    )


def halts_agree(session: Session, _catalogue: Catalogue) -> Iterator[str]:
    """A case stands still exactly where an order in force says so."""
    orders = {row.id: row for row in session.scalars(select(Halt).where(Halt.state == "on"))}
    alone = {row.case_id: row.id for row in orders.values() if row.case_id is not None}
    whole = {row.definition: row.id for row in orders.values() if row.case_id is None and row.acts}
    still = Case.halt_id.is_not(None) | Case.id.in_(list(alone)) | Case.definition.in_(list(whole))
    rows = select(Case.id, Case.number, Case.definition, Case.halt_id).where(Case.closed_at.is_(None), still)
    for row in session.execute(rows):
        if row.halt_id != alone.get(row.id, whole.get(row.definition)):
            yield f"{row.number}：挂起状态与挂起单不符"
