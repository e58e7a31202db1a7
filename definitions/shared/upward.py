"""The end of a case told to the one it was opened from: results come back to the window that sent the family on (ZJ-53)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.acts import follow
from workflow.facts import CaseState
from workflow.models import Case
from workflow.office import office_of
from workflow.vocabulary import Effect

CHILD_ENDED = "child_ended"
"""The action by which a case hears that one it has opened is over."""


def tells_parent(result: str) -> Effect:
    """An effect of an act that ends a case: its parent hears of it, where it waits for such news."""

    def told(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        parent = session.get(Case, case.parent_id) if case.parent_id is not None else None
        if parent is None or parent.closed_at is not None:
            return
        word = office_of(session).catalogue.of(parent).actions.get(CHILD_ENDED)
        if word is None or parent.stage not in word.moves:
            return
        body = {"number": case.number, "result": result}
        follow(session, parent.id, CHILD_ENDED, form=body, actor=actor, now=now, origin=case)

    told.__name__ = f"tells_parent_{result}"
    return told
