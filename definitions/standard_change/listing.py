"""The list of a change: every benefit judged by the standards to come, some at a time, and kept up to date afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from definitions.shared.assessment import standards_of
from definitions.standard_change.judging import ADJUST, REVIEW, SAME, judge, standing_on
from definitions.standard_change.publishing import Planned, future_standards, planned
from workflow.facts import CaseState
from workflow.models import Case, Entitlement, ScheduledAct, StandardEffect

PROGRAMME = "dibao"
MOST = 50
"""Benefits judged in one transaction: a clerk who acts meanwhile does not wait long."""
COUNTY_DIGITS = 6


def benefits(change: Case | CaseState) -> Select[Entitlement, Case]:
    """The open grants of the county a change is for, with their cases."""
    county = change.area_code[:COUNTY_DIGITS]
    return (
        select(Entitlement, Case)
        .join(Case, Case.id == Entitlement.case_id)
        .where(
            Entitlement.programme == PROGRAMME,
            Entitlement.to_month.is_(None),
            Entitlement.area_code.between(county + "000000", county + "999999"),
            Case.closed_at.is_(None),
        )
        .order_by(Entitlement.case_id)
    )


def list_some(session: Session, change: Case, most: int = MOST) -> int:
    """Judge benefits that are not on the list yet; 0 when it is complete."""
    listed = select(StandardEffect.case_id).where(StandardEffect.change_id == change.id)
    rows = session.execute(benefits(change).where(Case.id.not_in(listed)).limit(most)).all()
    plan = planned(change.facts)
    present, future = (
        standards_of(session, change.area_code),
        future_standards(session, change.area_code, plan),
    )
    for grant, case in rows:
        found = judge(session, case, plan.first, present=present, future=future, change=change.number)
        session.add(
            StandardEffect(
                change_id=change.id, case_id=case.id, grant_id=grant.id, outcome=found.outcome, state="listed", why=found.why,
                old=found.old, new=found.new, eligible=found.eligible, low_edge=found.low_edge,
            )
        )  # fmt: skip
    session.flush()
    return len(rows)


def drop_list(session: Session, change_id: int) -> None:
    """Take back a list that nobody has signed."""
    session.execute(delete(StandardEffect).where(StandardEffect.change_id == change_id))


@dataclass(frozen=True, slots=True)
class Totals:
    """A list in figures: how many benefits, how many rise, how many a person must look at, yuan a month more."""

    benefits: int
    adjusted: int
    reviewed: int
    more: Decimal


def totals(session: Session, change_id: int) -> Totals:
    """The figures of the list that was or will be signed."""
    row = StandardEffect
    found = session.execute(
        select(row.outcome, func.count(), func.sum(row.old), func.sum(row.new))
        .where(row.change_id == change_id, ~row.later)
        .group_by(row.outcome)
    ).all()
    counts = {outcome: count for outcome, count, *_ in found}
    more = next((new - old for outcome, _, old, new in found if outcome == ADJUST), Decimal(0))
    return Totals(sum(counts.values()), counts.get(ADJUST, 0), counts.get(REVIEW, 0), more)


def outdated(session: Session, change: Case | CaseState) -> int:
    """How many benefits stand otherwise than when they were listed, are not listed, or have ended."""
    row = StandardEffect
    listed = session.execute(select(row.case_id, row.grant_id).where(row.change_id == change.id))
    now = ((grant.case_id, grant.id) for grant, _ in session.execute(benefits(change)))
    return len({tuple(pair) for pair in listed} ^ set(now))


def plan_all(session: Session, change: CaseState, plan: Planned, decided_by: str) -> None:
    """Fix the act of every listed benefit for the first day of the standards; the same twice changes nothing."""
    rows = session.scalars(
        select(StandardEffect)
        .where(
            StandardEffect.change_id == change.id,
            StandardEffect.outcome != SAME,
            StandardEffect.state == "listed",
        )
        .order_by(StandardEffect.case_id)
    ).all()
    _plan(session, change, rows, plan, plan.first, decided_by)


def catch_up(session: Session, change: Case, today: date) -> int:
    """Plan the act of benefits decided by the old standards since the list was signed. Returns how many."""
    plan = planned(change.facts)
    known = select(StandardEffect.grant_id).where(StandardEffect.change_id == change.id)
    rows = [
        _later(session, change, grant, case, plan)
        for grant, case in session.execute(benefits(change).where(Entitlement.id.not_in(known)))
    ]
    due = [row for row in rows if row is not None]
    _plan(session, change, due, plan, today, change.facts["decided_by"])
    return len(due)


def _later(
    session: Session, change: Case, grant: Entitlement, case: Case, plan: Planned
) -> StandardEffect | None:
    """The row of a grant the list does not know; None where nothing is to be done, or an act is waiting already."""
    row = session.scalar(
        select(StandardEffect).where(StandardEffect.change_id == change.id, StandardEffect.case_id == case.id)
    )
    if row is not None and row.state == "planned":
        return None
    fresh = standing_on(case.facts["assessment"]) >= plan.first
    if row is None:
        row = StandardEffect(
            change_id=change.id, case_id=case.id, outcome=SAME if fresh else ADJUST, old=grant.amount, new=grant.amount,
            eligible=True, low_edge=False, later=True,
        )  # fmt: skip
        session.add(row)
    row.grant_id = grant.id
    row.state = "fresh" if fresh and row.later else row.state
    session.flush()
    return None if fresh else row


def _plan(
    session: Session,
    change: Case | CaseState,
    rows: Sequence[StandardEffect],
    plan: Planned,
    on: date,
    decided_by: str,
) -> None:
    reason = f"{plan.source}：{plan.first} 起执行新标准"
    form = {"month": plan.month, "change": change.number, "reason": reason, "decided_by": decided_by}
    for row in rows:
        row.state = "planned"
        session.add(
            ScheduledAct(
                case_id=row.case_id, action="standard_changed", on_date=on, form=form, decided_by=decided_by, state="planned"
            )
        )  # fmt: skip
    session.flush()


def effects_of(session: Session, change_id: int) -> Iterator[tuple[StandardEffect, Case]]:
    """The rows that change something, with their cases."""
    rows = session.execute(
        select(StandardEffect, Case)
        .join(Case, Case.id == StandardEffect.case_id)
        .where(StandardEffect.change_id == change_id, StandardEffect.outcome != SAME)
        .order_by(StandardEffect.outcome, Case.area_code, Case.id)
    )
    return ((row, case) for row, case in rows)
