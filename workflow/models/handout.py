"""Goods and money a window hands out: asked for, approved by somebody else, handed over against a receipt."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Key


class HandOut(Base):
    """One thing, or one sum in yuan, for a family of a case. `key` is the request's own: handed in twice, it is one.

    The database knows the four eyes: nobody decides about what he has asked for; nothing is handed out undecided or
    without the name of who received it.
    """

    __tablename__ = "hand_out"
    __table_args__ = (
        CheckConstraint("state in ('requested','approved','declined','handed_out','cancelled')", name="state"),
        CheckConstraint("(kind = 'goods' AND quantity IS NOT NULL AND quantity > 0 AND amount IS NULL)"
                        " OR (kind = 'money' AND amount IS NOT NULL AND amount > 0 AND quantity IS NULL)",
                        name="what"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="four_eyes"),
        CheckConstraint("state NOT IN ('approved','declined','handed_out') OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("state <> 'handed_out' OR (handed_by IS NOT NULL AND received_by <> '')", name="received"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(10), default="")
    amount: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="requested")
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    handed_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(String(60), default="")
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
