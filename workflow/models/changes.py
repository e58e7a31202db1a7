"""What happens in a family: recorded events with what each changed, who is away, and who differs from the rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Json, Key
from workflow.models.people import Person


class LifeEvent(Base):
    """A birth, death, marriage ... of a household, on what evidence, and what it changed.

    `moved` holds each row it touched as it was before and as it was left (None: not there), so that undoing puts back
    exactly those; `started` the cases it opened or acted on. An event of several households stands once, under the one
    it was recorded in, with a place in the chain of each.
    """

    __tablename__ = "life_event"
    __table_args__ = (CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    moved: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    source: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text, default="")
    document_name: Mapped[str] = mapped_column(default="")
    document_type: Mapped[str] = mapped_column(String(60), default="")
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("document_content.sha256"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person | None] = relationship()
    places: Mapped[list[EventPlace]] = relationship()


class EventPlace(Base):
    """An event in the chain of a household."""

    __tablename__ = "event_place"

    event_id: Mapped[int] = mapped_column(ForeignKey("life_event.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True, index=True)


class Absence(Base):
    """Somebody of a family who lives elsewhere for a time: at school, at work, in prison ... and what he was there."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("uq_absence_open", "person_id", unique=True,
              sqlite_where=text("to_date IS NULL"), postgresql_where=text("to_date IS NULL")),
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    relation: Mapped[str] = mapped_column(String(20))
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))
    person: Mapped[Person] = relationship()


class CountedApart(Base):
    """Where a clerk counts, or does not count, somebody against what the rule says, and why; from a day on."""

    __tablename__ = "counted_apart"
    __table_args__ = (
        Index("uq_counted_apart_open", "household_id", "person_id", unique=True,
              sqlite_where=text("to_date IS NULL"), postgresql_where=text("to_date IS NULL")),
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    counted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
