"""The bills of a medical case: each rests on one case at a time, and what is paid on it never exceeds what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from definitions.editions.standards import KINDS, find_local, local
from definitions.rules.medical import MedicalAid, medical_aid
from definitions.shared.assessment import standards_of
from workflow.errors import FormRefused
from workflow.facts import CaseState, Facts
from workflow.models import AidBill, Case, Household

PAYERS = ("insurance", "charity", "other_aid")
"""Who pays before medical aid: insurance of every kind, charity, other aid (R649-29; ZJ-22)."""
_INVOICE = re.compile(r"[0-9A-Za-z-]{4,40}")


def faults(rows: Iterable[dict[str, Any]], facts: Facts) -> str:
    """What is wrong with the bills of an application, "" where nothing is: each bill named with its line."""
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        invoice = spelled(row["invoice"])
        if not _INVOICE.fullmatch(invoice):
            return f"第 {number} 行的票据号应为 4 至 40 位字母、数字或短横线"
        if invoice in seen:
            return f"第 {number} 行的票据 {invoice} 重复填写"
        seen.add(invoice)
        if Decimal(row["total"]) <= 0:
            return f"第 {number} 行的医疗总费用应大于 0"
        if sum(Decimal(row[payer]) for payer in PAYERS) > Decimal(row["total"]):
            return f"第 {number} 行的报销和帮扶合计超过总费用，请核对"
        if other := _used(facts.session, invoice, facts.case.id):
            return f"票据 {invoice} 已经在 {other} 用过，同一张票据不能重复救助"
    return ""


def spelled(invoice: str) -> str:
    """A number as it is compared: without spaces, in capitals."""
    return "".join(str(invoice).split()).upper()


def _used(session: Session, invoice: str, case_id: int) -> str | None:
    return session.scalar(
        select(Case.number)
        .join(AidBill, AidBill.case_id == Case.id)
        .where(AidBill.invoice == invoice, AidBill.released_on.is_(None), AidBill.case_id != case_id)
    )


def register(session: Session, case: CaseState, person_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """The bills of an application, for this case alone. Raises FormRefused where another took one this moment."""
    for row in rows:
        session.add(
            AidBill(
                case_id=case.id, person_id=person_id, invoice=spelled(row["invoice"]), hospital=row["hospital"],
                issued_on=date.fromisoformat(row["issued_on"]), **{name: Decimal(row[name]) for name in ("total", *PAYERS)},
            )
        )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:
        raise FormRefused({"bills": "有票据刚刚在另一个案件登记，同一张票据不能重复救助"}) from error


def release(session: Session, case_id: int, today: date) -> None:
    """The case ends without aid: its bills may be handed in again."""
    rows = update(AidBill).where(AidBill.case_id == case_id, AidBill.released_on.is_(None))
    session.execute(rows.values(released_on=today))


def bills_of(session: Session, case_id: int) -> list[AidBill]:
    """The bills a case rests on."""
    wanted = select(AidBill).where(AidBill.case_id == case_id, AidBill.released_on.is_(None))
    return list(session.scalars(wanted.order_by(AidBill.id)))


def compute(session: Session, case: CaseState, group: str, requested: Decimal, today: date) -> MedicalAid:
    """The aid by the bills and the local terms of the group. Raises NumberMissing where its ratio is not set."""
    bills, standards = bills_of(session, case.id), standards_of(session, case.area_code)
    setting = session.get_one(Household, case.household_id).setting
    kind = f"medical_deductible_{group}"
    deductible = find_local(standards, kind, setting, today) if kind in KINDS else None
    paid = {name: sum((getattr(bill, name) for bill in bills), Decimal(0)) for name in ("total", *PAYERS)}
    return medical_aid(
        case.edition, today, **paid, requested=requested, group=group,
        deductible=deductible.amount if deductible else Decimal(0),
        ratio=local(standards, f"medical_ratio_{group}", setting, today).amount,
    )  # fmt: skip
