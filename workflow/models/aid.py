"""Aid granted and paid: entitlement intervals, payment lines, notices on the board, draws for county visits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class Entitlement(Base):
    """What a household is entitled to a month, from a month to a month ("YYYY-MM", both included)."""

    __tablename__ = "entitlement"
    __table_args__ = (
        UniqueConstraint("case_id", "from_month"),
        Index("ix_entitlement_months", "programme", "from_month", "to_month"),
        CheckConstraint("to_month IS NULL OR to_month >= from_month", name="months"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    programme: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    from_month: Mapped[str] = mapped_column(String(7))
    to_month: Mapped[str | None] = mapped_column(String(7))
    amount: Mapped[Decimal]
    base: Mapped[Decimal]
    supplement: Mapped[Decimal]
    shares: Mapped[dict[str, str]] = mapped_column(Json)
    derivation: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    decided_by: Mapped[str] = mapped_column(String(60))


class PaymentLine(Base):
    """What one person is due for one month under one programme: there can be one line only, whoever runs the list."""

    __tablename__ = "payment_line"
    __table_args__ = (
        UniqueConstraint("programme", "person_id", "month"),
        Index("ix_payment_line_list", "list_id", "state"),
        CheckConstraint("state in ('due','paid','failed','cancelled')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7), index=True)
    amount: Mapped[Decimal]
    state: Mapped[str] = mapped_column(String(10), default="due")
    tries: Mapped[int] = mapped_column(default=0)
    paid_on: Mapped[date | None]
    failure: Mapped[str] = mapped_column(default="")


class Notice(Base):
    """A publication on a board: what was shown is fixed with its hash, from a day to a day."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    visit: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    posted_on: Mapped[date]
    until: Mapped[date]
    taken_down_on: Mapped[date | None]


class Draw(Base):
    """A case's place in the month's random order and whether a county visit falls on it (reproducible by the seed)."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("area_code", "month", "place"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    area_code: Mapped[str] = mapped_column(String(12))
    month: Mapped[str] = mapped_column(String(7))
    place: Mapped[int | None]
    forced: Mapped[str] = mapped_column(default="")
    picked: Mapped[bool]
    seed: Mapped[str] = mapped_column(String(80))
    drawn_at: Mapped[datetime]
