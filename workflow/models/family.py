"""What is known of a person beyond his row: dated facts by source, kinship, and rows found to be one person or two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class PersonFact(Base):
    """One thing a source states of a person from a day on. A later statement of the same source ends it (one
    corrected on its own day ends before it began), nothing is overwritten.
    """

    __tablename__ = "person_fact"
    __table_args__ = (
        Index("ix_person_fact_person", "person_id", "kind"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    certificate: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]


class KinTie(Base):
    """Two people are kin: what the second is to the first. Of each relation and its inverse one is stored (workflow.people.kin)."""

    __tablename__ = "kin_tie"
    __table_args__ = (
        Index("uq_kin_tie_open", "person_id", "other_id", "relation", unique=True,
              sqlite_where=text("to_date IS NULL"), postgresql_where=text("to_date IS NULL")),
        CheckConstraint("person_id <> other_id", name="two"),
        CheckConstraint("relation in ('spouse','child','sibling','grandchild','ward')", name="relation"),
        CheckConstraint("to_date IS NULL OR from_date IS NULL OR to_date >= from_date", name="dates"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    relation: Mapped[str] = mapped_column(String(12))
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]


class PersonMerge(Base):
    """Two rows that were one person: who found so on what evidence, what was moved from where, and its undoing."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index("uq_person_merge_open", "gone_id", unique=True,
              sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL")),
        CheckConstraint("kept_id <> gone_id", name="two"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    evidence: Mapped[str] = mapped_column(Text)
    document_name: Mapped[str] = mapped_column(default="")
    document_type: Mapped[str] = mapped_column(String(60), default="")
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("document_content.sha256"))
    moved: Mapped[dict[str, Any]] = mapped_column(Json)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str] = mapped_column(Text, default="")


class NotSame(Base):
    """Two people who look alike and were found to be two; it holds as long as the facts it rested on (`digest`)."""

    __tablename__ = "not_same"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id", "digest"),
        CheckConstraint("person_id < other_id", name="order"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    because: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
