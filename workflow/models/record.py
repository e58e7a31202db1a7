"""The journal, its forms and checkpoints, the outbox and the inbox, and the scheduler's ticks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class JournalEntry(Base):
    """One act on one case; append-only by trigger; each entry's hash covers the one before."""

    __tablename__ = "journal_entry"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    actor_name: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    from_stage: Mapped[str] = mapped_column(String(40))
    to_stage: Mapped[str] = mapped_column(String(40))
    visit: Mapped[int]
    version: Mapped[int]
    edition: Mapped[str] = mapped_column(String(30))
    says: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(String(60), default="")
    form_digest: Mapped[str] = mapped_column(String(64), default="")
    state_digest: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class CaseForm(Base):
    """What was handed in with an act. The journal holds its digest, so it can be destroyed when its time is over."""

    __tablename__ = "case_form"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(Json)


class Checkpoint(Base):
    """The heads of all chains at the end of a day, chained: a cut tail is seen."""

    __tablename__ = "checkpoint"

    day: Mapped[date] = mapped_column(primary_key=True)
    cases: Mapped[int]
    entries: Mapped[int]
    heads_digest: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class CheckpointHead(Base):
    """A head as a checkpoint saw it, for the chains that grew since the checkpoint before."""

    __tablename__ = "checkpoint_head"
    __table_args__ = (Index("ix_checkpoint_head_case", "case_id", "seq"),)

    day: Mapped[date] = mapped_column(ForeignKey("checkpoint.day"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class OutboxMessage(Base):
    """Something to be told, written inside the act's transaction, delivered afterwards. One a key."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state", "state", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    topic: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(30), default="")
    scope: Mapped[str] = mapped_column(String(12), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class InboxMessage(Base):
    """A message in one person's inbox; its e-mail, if he has an address, is delivered from here.

    `mail_with` is the letter in which it is told of, where several went as one digest.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("outbox_id", "user_id"),
        Index("ix_inbox_message_user", "user_id", "read_at", "id"),
        Index("ix_inbox_message_mail", "mail_state", "mail_next_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    topic: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[str] = mapped_column(String(10), default="none")
    mail_tries: Mapped[int] = mapped_column(default=0)
    mail_next_at: Mapped[datetime | None]
    mail_with: Mapped[int | None] = mapped_column(ForeignKey("inbox_message.id"), index=True)
    mail_error: Mapped[str] = mapped_column(Text, default="")


class Tick(Base):
    """When a sweep last ran, by whom, with what outcome: a dead scheduler must not look like a quiet day."""

    __tablename__ = "tick"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    milliseconds: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
