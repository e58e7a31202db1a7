"""What an act asks about the ways off the straight one: does the case stand still, what of the next stage is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from workflow.errors import NotNow, Unmet
from workflow.facts import CaseState
from workflow.models import Case, Halt, OwedPapers, User

OWED = "papers:"
"""What the deadlines of papers that are owed are called, before the number of the entry."""

if TYPE_CHECKING:
    from workflow.vocabulary import Action, Part


def kept_parts(word: Action, form: Mapping[str, Any] | None) -> frozenset[str]:
    """The parts of the stage entered by this act that stand as they were done before."""
    return frozenset((form or {}).get("kept", ())) if word.keeps_parts else frozenset()


def still_open(conn: Connection, case: CaseState, part: Part) -> bool:
    """Whether the linked case of this part, opened at an earlier visit, is still under way."""
    rows = conn.execute(
        select(Case.facts).where(
            Case.parent_id == case.id, Case.definition == part.opens, Case.closed_at.is_(None)
        )
    )
    return any(row.facts.get("part") == part.code for row in rows)


def standing_still(conn: Connection, case: CaseState) -> NotNow:
    """The refusal of an act on a case that is suspended: by whom, since when, and why."""
    row = conn.execute(
        select(Halt.case_id, Halt.reason, Halt.confirmed_at, User.name)
        .join(User, User.id == Halt.asked_by)
        .where(Halt.id == case.halt_id)
    ).one()
    what = "案件" if row.case_id is not None else "这类办件"
    return NotNow(f"{what}已挂起（{row.name}，{row.reason}），恢复以后才能办理；法定时限照常计算。")


def answers_for(conn: Connection, case: CaseState, deadline: Any) -> int | None:
    """Who is reminded of a limit in place of the holder: whoever suspended the case, or owes the papers."""
    if case.halt_id is not None:
        return conn.execute(select(Halt.asked_by).where(Halt.id == case.halt_id)).scalar_one()
    if deadline.kind.startswith(OWED):
        seq = int(deadline.kind.removeprefix(OWED))
        return conn.execute(
            select(OwedPapers.user_id).where(OwedPapers.case_id == case.id, OwedPapers.seq == seq)
        ).scalar()
    return None


def check_open(conn: Connection, definition: str, title: str) -> None:
    """Raise Unmet where no new case of this definition may be opened now."""
    row = conn.execute(
        select(Halt.reason).where(Halt.case_id.is_(None), Halt.definition == definition, Halt.state == "on")
    ).first()
    if row is not None:
        raise Unmet(f"“{title}”已暂停受理新的办件：{row.reason}。")
