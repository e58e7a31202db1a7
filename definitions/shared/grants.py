"""The ledger of aid of single departments (domain 1.7): a grant is written once, and never twice for the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.entries import reference
from workflow.errors import Unmet
from workflow.facts import CaseState
from workflow.models import AidGrant, Case, Person


def same_grant(
    session: Session, *, programme: str, person_id: int, item: str, period: str | None, but: int = 0
) -> tuple[str, AidGrant] | None:
    """A grant of the same item for the same person and period, with the number of its case."""
    row = session.execute(
        select(Case.number, AidGrant)
        .join(AidGrant, AidGrant.case_id == Case.id)
        .where(
            AidGrant.programme == programme,
            AidGrant.person_id == person_id,
            AidGrant.item == item,
            AidGrant.period == period,
            AidGrant.case_id != but,
        )
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def write_grant(
    session: Session, case: CaseState, *, person_id: int, item: str, decided_on: date, amount: Decimal | None, service: str = "",
    self_paid: Decimal | None = None, period: str | None = None, derivation: Sequence[dict[str, Any]] = (),
) -> None:  # fmt: skip
    """Enter what the department the case is with has granted. Raises Unmet where that is granted already or too much."""
    if amount is not None and self_paid is not None and amount > self_paid:
        raise Unmet(f"救助金额 {amount} 元超过剩余自付费用 {self_paid} 元，不能发放；请重新计算。")
    if period and (
        found := same_grant(
            session, programme=case.definition, person_id=person_id, item=item, period=period, but=case.id
        )
    ):
        name = session.get_one(Person, person_id).name
        raise Unmet(f"{name}在{period}已经享受“{item}”（{found[0]}），不能重复救助。")
    session.add(
        AidGrant(
            case_id=case.id, household_id=case.household_id, person_id=person_id, programme=case.definition, item=item,
            department=case.facts["department"], area_code=case.area_code, amount=amount, service=service, self_paid=self_paid,
            period=period, decided_on=decided_on, derivation=list(derivation), decided_by=reference(case),
        )
    )  # fmt: skip
    session.flush()


def mark_paid(session: Session, case_id: int, paid_on: date) -> None:
    """What the case has granted has reached the person."""
    session.execute(update(AidGrant).where(AidGrant.case_id == case_id).values(paid_on=paid_on))
