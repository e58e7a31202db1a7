"""Aid of single departments: what was granted to whom, and the bills it was granted on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class AidGrant(Base):
    """One grant in the ledger of aid: money (`amount`) or a service or goods (`service`), decided by a department.

    `self_paid` is what the person had to bear himself: aid on a bill is never above it. Of one item for one period a
    person is granted one, whoever decides.
    """

    __tablename__ = "aid_grant"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id", "item"),
        UniqueConstraint("programme", "person_id", "item", "period"),
        CheckConstraint("amount IS NOT NULL OR service <> ''", name="something"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("self_paid IS NULL OR amount <= self_paid", name="self_paid"),
        CheckConstraint("paid_on IS NULL OR paid_on >= decided_on", name="paid"),
        Index("ix_aid_grant_person", "person_id", "decided_on"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(ForeignKey("department.code"))
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    amount: Mapped[Decimal | None]
    service: Mapped[str] = mapped_column(default="")
    self_paid: Mapped[Decimal | None]
    period: Mapped[str | None] = mapped_column(String(20))
    decided_on: Mapped[date]
    paid_on: Mapped[date | None]
    derivation: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    decided_by: Mapped[str] = mapped_column(String(60))


class AidBill(Base):
    """A bill on which aid is asked for: while its case runs or has been granted, no other may rest on it."""

    __tablename__ = "aid_bill"
    __table_args__ = (
        Index("uq_aid_bill_invoice", "invoice", unique=True, sqlite_where=text("released_on IS NULL"),
              postgresql_where=text("released_on IS NULL")),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("insurance + charity + other_aid <= total", name="payers"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invoice: Mapped[str] = mapped_column(String(40))
    hospital: Mapped[str]
    issued_on: Mapped[date]
    total: Mapped[Decimal]
    insurance: Mapped[Decimal]
    charity: Mapped[Decimal]
    other_aid: Mapped[Decimal]
    released_on: Mapped[date | None]
