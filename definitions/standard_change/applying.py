"""One benefit taken over to released standards: an act of its own case, caused by the signed list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.dibao.effects import open_standard_review
from definitions.shared import entitlements
from definitions.shared.assessment import standards_of
from definitions.shared.guards import first_of_next_month, month_of
from definitions.standard_change.judging import ADJUST, REVIEW, SAME, judge, standing_on
from definitions.standard_change.listing import PROGRAMME
from definitions.standard_change.publishing import planned
from workflow.actors import Actor
from workflow.facts import CaseState
from workflow.models import Case, Entitlement, PaymentLine, StandardEffect


def apply_standard(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Adjust the amount as the list foretold it; where it comes out otherwise, open a re-check instead.

    A decision signed since the list is adjusted too, by the same computation. Where nothing is left to be adjusted, the
    row says so.
    """
    change = session.scalars(select(Case).where(Case.number == form["change"])).one()
    row = session.scalars(
        select(StandardEffect).where(StandardEffect.change_id == change.id, StandardEffect.case_id == case.id)
    ).one()
    plan, grant = planned(change.facts), entitlements.current(session, case.id)
    if grant is None or standing_on(case.facts["assessment"]) >= plan.first:
        row.state = "fresh"
        return
    standards = standards_of(session, case.area_code)
    found = judge(session, case, plan.first, present=standards, future=standards, change=change.number)
    as_listed = not row.later and row.grant_id == grant.id
    differs = as_listed and (found.outcome, found.new) != (row.outcome, row.new)
    if found.outcome == SAME and not as_listed:
        row.grant_id, row.state = grant.id, "fresh"
    elif found.outcome == ADJUST and not differs:
        _adjust(session, case, found.assessment or {}, grant, row, form)
        row.state = "adjusted" if as_listed else "redecided"
    else:
        row.why = f"与名单不同：现在算得每月 {found.new} 元。{found.why}" if differs else found.why
        row.state, row.grant_id = "reviewed", grant.id
        if not as_listed:
            row.outcome = REVIEW
        open_standard_review(session, case, actor, now)


def _adjust(
    session: Session,
    case: CaseState,
    assessment: dict[str, Any],
    grant: Entitlement,
    row: StandardEffect,
    form: dict[str, Any],
) -> None:
    """The new amount from the first month of the standard that is not on a payment list yet."""
    newest = session.scalar(select(func.max(PaymentLine.month)).where(PaymentLine.case_id == case.id))
    after = month_of(first_of_next_month(date.fromisoformat(f"{newest}-01"))) if newest else ""
    row.month = max(form["month"], grant.from_month, after)
    entitlements.change(session, case, PROGRAMME, row.month, assessment, form["decided_by"])
    case.facts |= {"assessment": assessment, "amount": assessment["total"]}
    begun = entitlements.current(session, case.id)
    assert begun is not None, "it has just begun"
    row.applied, row.grant_id = begun.amount, begun.id
    if not row.later and row.state == "planned" and grant.amount != row.old:
        row.why = f"名单签发后金额已由 {row.old} 元改为 {grant.amount} 元，按新的核定调整。"
