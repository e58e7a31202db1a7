"""What keeping the service running needs: rows that a job could not carry out, and limits as they once were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Key

PENDING_ROWS = text("state in ('retrying', 'open')")


class DeadlinePast(Base):
    """A limit as it was up to the journal entry `until_seq` of its case; written by a trigger when it is moved."""

    __tablename__ = "deadline_past"
    __table_args__ = (Index("ix_deadline_past_case", "case_id", "deadline_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    deadline_id: Mapped[int]
    until_seq: Mapped[int]
    case_id: Mapped[int]
    visit: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    label: Mapped[str]
    stage: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(30))
    started_on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    source: Mapped[str]
    minimum: Mapped[bool]
    provisional: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    met_on: Mapped[date | None]


class Incident(Base):
    """A row, or a whole job (`ref` 0), that failed. `retrying` until it has failed too often, then `open` for a person.

    `kind` is the job's id; `payload` the digest of what was tried, so that the same matter is told from a new one.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_pending",
            "kind",
            "ref",
            unique=True,
            sqlite_where=PENDING_ROWS,
            postgresql_where=PENDING_ROWS,
        ),
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
