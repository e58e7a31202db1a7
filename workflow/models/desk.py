"""Who does what for whom: stand-ins, leave, copies, questions, nudges, acts on many tasks at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class Substitution(Base):
    """委托代理: from a day to a day somebody stands in for somebody else; its `id` is the number the journal cites.

    `role` and `definition` narrow it; "" stands for all. A row is never changed but to revoke it.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        Index("ix_substitution_stand_in", "stand_in_id", "to_date"),
        Index("ix_substitution_principal", "principal_id", "to_date"),
        CheckConstraint("to_date >= from_date", name="dates"),
        CheckConstraint("principal_id <> stand_in_id", name="two"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    from_date: Mapped[date]
    to_date: Mapped[date]
    role: Mapped[str] = mapped_column(String(30), default="")
    definition: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    revoked_at: Mapped[datetime | None]
    revoked_why: Mapped[str] = mapped_column(Text, default="")


class Leave(Base):
    """Days on which somebody is away: no policy assigns him anything then."""

    __tablename__ = "leave"
    __table_args__ = (
        Index("ix_leave_user", "user_id", "to_date"),
        CheckConstraint("to_date >= from_date", name="dates"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    from_date: Mapped[date]
    to_date: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class CarbonCopy(Base):
    """抄送: somebody is told that a case is there; he sees number, definition, stage and dates, and decides nothing."""

    __tablename__ = "carbon_copy"
    __table_args__ = (Index("ix_carbon_copy_reader", "to_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Question(Base):
    """沟通: a question on a case to a colleague who may see it, and the answer."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_to", "to_id", "answered_at", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]


class Nudge(Base):
    """催办: one a task and working day."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("task_id", "day"), Index("ix_nudge_day", "day"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    day: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Batch(Base):
    """One act on many tasks: what, with which words, by whom. `params` are the act's own (to whom)."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    verb: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[datetime]


class BatchItem(Base):
    """One task of a batch and what came of it; `waiting` until its turn, so that a batch cut short goes on."""

    __tablename__ = "batch_item"
    __table_args__ = (CheckConstraint("state in ('waiting','done','skipped','failed')", name="state"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    to_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Mark(Base):
    """A clerk's own mark on a task of his list: it says nothing to anybody else."""

    __tablename__ = "mark"

    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    words: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[datetime]


class Post(Base):
    """Who held a role in an area when the desk was last tended: a change makes its tasks looked at again."""

    __tablename__ = "post"

    role: Mapped[str] = mapped_column(String(30), primary_key=True)
    scope: Mapped[str] = mapped_column(String(12), primary_key=True)
    holders: Mapped[list[int]] = mapped_column(Json, default=list)


class Skip(Base):
    """A task that somebody passed over when it was handed out to him, and why."""

    __tablename__ = "skip"
    __table_args__ = (Index("ix_skip_user", "user_id", "day", "task_id"), Index("ix_skip_day", "day"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
