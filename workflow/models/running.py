"""What goes wrong while the service runs: rows that a job could not carry out, until they are settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Key

PENDING_ROWS = text("state in ('retrying', 'open')")


class Incident(Base):
    """A row, or a whole job (`ref` 0), that failed. `retrying` until it has failed too often, then `open` for a person.

    `kind` is the job's id; `payload` the digest of what was tried, so that the same matter is told from a new one.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_pending", "kind", "ref", unique=True, sqlite_where=PENDING_ROWS, postgresql_where=PENDING_ROWS),
        Index("ix_incident_state", "state", "id"),
        CheckConstraint("state in ('retrying','open','done','skipped')", name="state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    ref: Mapped[int] = mapped_column(default=0)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    cause: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    next_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="retrying")
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
