"""Whether what was done is what the signed list said, to the fen, read from the entitlements themselves."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.standard_change.judging import ADJUST, REVIEW
from workflow.models import Case, Entitlement, StandardEffect

MOST_NAMED = 5


def waiting(session: Session, change_id: int) -> int:
    """How many benefits are still to be adjusted; those that have ended since are not."""
    row = StandardEffect
    return (
        session.scalar(
            select(func.count())
            .select_from(row)
            .join(Case, Case.id == row.case_id)
            .where(row.change_id == change_id, row.state == "planned", Case.closed_at.is_(None))
        )
        or 0
    )


def faults(session: Session, change_id: int) -> list[str]:
    """Every benefit of the list whose adjustment differs from it, in words; none where list and adjustments agree."""
    found = []
    for row, case in session.execute(
        select(StandardEffect, Case)
        .join(Case, Case.id == StandardEffect.case_id)
        .where(StandardEffect.change_id == change_id, ~StandardEffect.later)
        .order_by(Case.id)
    ):
        if row.state == "adjusted" and row.outcome == ADJUST:
            paid = session.scalar(
                select(Entitlement.amount).where(
                    Entitlement.case_id == case.id, Entitlement.from_month == row.month
                )
            )
            if paid != row.new:
                found.append(
                    f"{case.number}：名单为 {row.new} 元，实际为 {'无' if paid is None else f'{paid} 元'}"
                )
        elif row.state == "reviewed" and row.outcome == ADJUST:
            found.append(f"{case.number}：{row.why}")
        elif row.state == "planned" and case.closed_at is None and row.outcome in (ADJUST, REVIEW):
            found.append(f"{case.number}：还没有执行")
    return found


def in_words(found: list[str]) -> str:
    """The first of the faults, and how many there are."""
    more = f"等 {len(found)} 户" if len(found) > MOST_NAMED else ""
    return "；".join(found[:MOST_NAMED]) + more
