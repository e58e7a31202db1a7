"""What a change of the district's standards does to each household on benefit."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Key


class StandardEffect(Base):
    """One benefit on the list of one change: the amount it has, the amount foretold, and what was done of it.

    `outcome` is what the list says: adjust, review (a person must look), same. `state` is what became of it: listed,
    planned, adjusted, redecided (a decision signed meanwhile was adjusted), reviewed, fresh (stands on the new standard
    already). `grant_id` is the entitlement judged last; `later` marks benefits that came after the list was signed.
    """

    __tablename__ = "standard_effect"
    __table_args__ = (
        UniqueConstraint("change_id", "case_id"),
        Index("ix_standard_effect_state", "change_id", "state", "outcome"),
        CheckConstraint("outcome in ('adjust','review','same')", name="outcome"),
        CheckConstraint(
            "state in ('listed','planned','adjusted','redecided','reviewed','fresh')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    grant_id: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="listed")
    why: Mapped[str] = mapped_column(default="")
    old: Mapped[Decimal]
    new: Mapped[Decimal]
    eligible: Mapped[bool]
    low_edge: Mapped[bool]
    later: Mapped[bool] = mapped_column(default=False)
    month: Mapped[str] = mapped_column(String(7), default="")
    applied: Mapped[Decimal | None]
