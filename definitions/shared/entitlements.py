"""Grants as dated intervals: begin, change from a month, end with a month. Intervals of a case never overlap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.shared.guards import month_before
from workflow.errors import Unmet
from workflow.facts import CaseState
from workflow.models import Entitlement


def current(session: Session, case_id: int) -> Entitlement | None:
    """The interval without an end."""
    return session.scalar(
        select(Entitlement).where(Entitlement.case_id == case_id, Entitlement.to_month.is_(None))
    )


def begin(
    session: Session, case: CaseState, programme: str, from_month: str, assessment: dict[str, Any], decided_by: str,
    to_month: str | None = None,
) -> Entitlement:  # fmt: skip
    """A new interval from a month on. Raises Unmet where one is open already."""
    if current(session, case.id) is not None:
        raise Unmet("这个案件已有正在执行的待遇，不能重复发放。")
    row = Entitlement(
        case_id=case.id, household_id=case.household_id, programme=programme, area_code=case.area_code,
        from_month=from_month, to_month=to_month, amount=Decimal(assessment["total"]), base=Decimal(assessment["base"]),
        supplement=Decimal(assessment["supplement"]), shares=assessment["shares"], derivation=assessment["steps"],
        decided_by=decided_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def end_before(session: Session, case: CaseState, month: str) -> None:
    """End the open interval with the month before `month`; one that had not begun yet is taken back."""
    row = current(session, case.id)
    if row is None:
        return
    if row.from_month >= month:
        session.delete(row)
    else:
        row.to_month = month_before(month)
    session.flush()


def change(
    session: Session, case: CaseState, programme: str, month: str, assessment: dict[str, Any], decided_by: str,
    to_month: str | None = None,
) -> None:  # fmt: skip
    """Another amount from a month on."""
    end_before(session, case, month)
    begin(session, case, programme, month, assessment, decided_by, to_month)
