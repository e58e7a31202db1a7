"""Revoking a case (撤销) with what that undoes, declared in one word of a definition:

    revoke = revokes("撤销案件", revoked, publicity, decision, approved, source="R649-68",
                     compensations=(Compensation("撤下公示", board.take_down, after=(publicity,)),))

The action is carried out when a second person confirms (workflow.flow.halts), by nobody alone. What the case has gone
through decides which compensations are executed; the journal lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.facts import CaseState
from workflow.flow.history import History
from workflow.forms import Form, Reason
from workflow.office import office_of
from workflow.roles import LINKED
from workflow.vocabulary import Effect, Stage, Written, action, from_any


@dataclass(frozen=True)
class Compensation:
    """What must be undone where a revoked case has entered one of `after`: taking down a notice, ending a payment.

    `effect` does it at once, or plans it on another case for a day.
    """

    label: str
    effect: Effect
    after: tuple[Stage, ...]


class Revocation(Form):
    """Why it is revoked."""

    reason = Reason("撤销理由", sample="受理时不属于本乡镇管辖，撤销案件")


def revokes(
    label: str,
    to: Stage,
    *stages: Stage,
    source: str,
    compensations: tuple[Compensation, ...] = (),
    **more: Any,
) -> Written:
    """The action that ends a case from any of these stages as if it should never have been."""
    return action(
        label, from_any(to, *stages), by=LINKED, says="撤销了案件", form=Revocation, source=source, revokes=True,
        effects=(compensate(compensations),), compensations=compensations, **more,
    )  # fmt: skip


def compensate(compensations: tuple[Compensation, ...]) -> Effect:
    """Execute those the case's way calls for, in order, and say so."""

    def undo_consequences(
        session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
    ) -> None:
        history = History.of(session.connection(), office_of(session).catalogue, case)
        entered = history.passed | {case.stage}
        done = []
        for one in compensations:
            if entered & {stage.id for stage in one.after}:
                one.effect(session, case, form, actor, now)
                session.flush()
                done.append(one.label)
        form["compensated"] = done
        if done:
            form["reason"] = f"{form['reason']}（同时：{'、'.join(done)}）"

    return undo_consequences


__all__ = ["Compensation", "Revocation", "revokes"]
