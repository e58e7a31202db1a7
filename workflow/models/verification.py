"""Verification of a household's means: who allowed it, what was asked of whom, what came back, what it says.

That nothing is asked without a valid authorisation is a fact of the database: `migrations/authorised.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key, written_out

STATES = (
    "waiting", "sent", "answered", "no_data", "mismatch", "silent", "failed", "by_letter", "superseded",
)  # fmt: skip


class Authorisation(Base):
    """A person lets his means be checked: by which sources (`scope`), for what, from when to when.

    Without `valid_to` it lasts as long as a case of the household runs; the day that ends is then written into it.
    Somebody under age or not able to act is signed for by his guardian.
    """

    __tablename__ = "authorisation"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        Index("ix_authorisation_running", "person_id", "household_id",
              sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint("signed_by_guardian_id IS NULL OR signed_by_guardian_id <> person_id", name="guardian"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    signed_on: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    scope: Mapped[list[str]] = mapped_column(Json)
    purposes: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    signed_by_guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class Query(Base):
    """One source is asked about one person, for one order. `key` is the same in every attempt, on every road.

    `due_on` is by when the source must answer; `next_try_at` is when it is asked, or asked again, by itself;
    `accepted_at` when the source said that it has the question.
    """

    __tablename__ = "verification_query"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id", "source"),
        ForeignKeyConstraint(["authorisation_id", "person_id"], ["authorisation.id", "authorisation.person_id"],
                             name="fk_verification_query_authorisation"),
        Index("ix_verification_query_next", "next_try_at", "id",
              sqlite_where=text("next_try_at IS NOT NULL"), postgresql_where=text("next_try_at IS NOT NULL")),
        Index("ix_verification_query_authorisation", "authorisation_id"),
        CheckConstraint(f"state in ({', '.join(repr(state) for state in STATES)})", name="state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source: Mapped[str] = mapped_column(String(30))
    authorisation_id: Mapped[int]
    state: Mapped[str] = mapped_column(written_out(12), default="waiting")
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class Answer(Base):
    """What a source sent, as it came, encrypted; the same answer again is the same row.

    `payload` is erased when its time is over, and is never kept where nobody may ask any more: the hash stays.
    """

    __tablename__ = "verification_answer"
    __table_args__ = (
        UniqueConstraint("query_id", "sha256"),
        Index("ix_verification_answer_kept", "received_at",
              sqlite_where=text("payload IS NOT NULL"), postgresql_where=text("payload IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("verification_query.id"))
    received_at: Mapped[datetime]
    as_of: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))
    transport: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    late: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]


class Finding(Base):
    """One thing an answer says of a person, beside what was declared. Amounts and dates are text, as they were compared."""

    __tablename__ = "verification_finding"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("verification_answer.id"), index=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("verification_query.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    item: Mapped[str] = mapped_column(String(40))
    value: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]
    declared: Mapped[str | None]
    tolerance: Mapped[str] = mapped_column(String(60), default="")
    code: Mapped[str] = mapped_column(String(20), default="")


class CheckReport(Base):
    """A report as it was signed: `body` is the whole of it, so that nothing that changes later changes it (R22)."""

    __tablename__ = "check_report"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        Index("ix_check_report_household", "household_id", "issued_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    version: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    conclusion: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[date]
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("check_report.id"), unique=True)
