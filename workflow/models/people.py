"""People, households as dated memberships, and what is known of their means, each fact with its source and date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from workflow.models.base import Base, Key, by_letter
from workflow.spelling import initials_of, pinyin_of


def tail_of(id_number: str) -> str:
    """The last four characters of a citizen number: what people give at a counter."""
    return id_number[-4:]


def kind_of(id_number: str) -> str:
    """The kind of paper where nobody has said another: the citizen's card, or none."""
    return "citizen" if id_number else "none"


def derived(column: str, make: Callable[[str], str]) -> Callable[[Any], str]:
    """A default made from another column of the row being inserted, one by one or in bulk."""
    return lambda context: make(context.get_current_parameters().get(column) or "")


class Person(Base):
    """A natural person; one row a number. Never deleted: a row found to be somebody else's leads on by `merged_into`.

    `id_kind` is the paper whose number stands here; `id_note` says why there is none.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name", "name", "id"),
        Index("ix_person_pinyin", "pinyin", "id"),
        Index("ix_person_initials", "initials", "id"),
        Index("ix_person_id_tail", "id_tail", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    id_number: Mapped[str | None] = mapped_column(String(18), unique=True)
    id_kind: Mapped[str] = mapped_column(String(20), default=derived("id_number", kind_of))
    id_note: Mapped[str] = mapped_column(default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(by_letter(60))
    pinyin: Mapped[str] = mapped_column(by_letter(200), default=derived("name", pinyin_of))
    initials: Mapped[str] = mapped_column(String(30), default=derived("name", initials_of))
    id_tail: Mapped[str] = mapped_column(String(4), default=derived("id_number", tail_of))
    birth: Mapped[date] = mapped_column(index=True)
    sex: Mapped[str] = mapped_column(String(1))
    phone: Mapped[str] = mapped_column(String(30), default="")
    hukou_area: Mapped[str] = mapped_column(String(12), default="")
    died_on: Mapped[date | None]
    labour: Mapped[str] = mapped_column(String(10), default="able")
    occupation: Mapped[str] = mapped_column(String(60), default="")
    student: Mapped[bool] = mapped_column(default=False)
    disability_kind: Mapped[str] = mapped_column(String(20), default="")
    disability_grade: Mapped[int] = mapped_column(default=0)
    serious_illness: Mapped[bool] = mapped_column(default=False)
    bank_account: Mapped[str] = mapped_column(String(40), default="")

    @validates("name", "id_number")
    def _follow(self, key: str, value: str | None) -> str | None:
        """Keep what is searched by in step with what it is made from."""
        if key == "name":
            self.pinyin, self.initials = pinyin_of(value or ""), initials_of(value or "")
        else:
            self.id_tail = tail_of(value or "")
            if not value or self.id_kind in (None, "none"):
                self.id_kind = kind_of(value or "")
        return value


class Household(Base):
    """People who live and are assessed together, at one place."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    setting: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    created_at: Mapped[datetime]
    memberships: Mapped[list[Membership]] = relationship(order_by="Membership.id", back_populates="household")

    def members(self, on: date) -> list[Membership]:
        """The memberships in force on a day, the head first."""
        now = [m for m in self.memberships if m.from_date <= on and (m.to_date is None or on <= m.to_date)]
        return sorted(now, key=lambda m: (m.relation != "head", m.id))


class Membership(Base):
    """One person in one household from a day to a day; the database allows one open membership a person."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("uq_membership_open", "person_id", unique=True,
              sqlite_where=text("to_date IS NULL"), postgresql_where=text("to_date IS NULL")),
        Index("uq_membership_head", "household_id", unique=True,
              sqlite_where=text("to_date IS NULL AND relation = 'head'"),
              postgresql_where=text("to_date IS NULL AND relation = 'head'")),
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    share_forfeited: Mapped[bool] = mapped_column(default=False)
    household: Mapped[Household] = relationship(back_populates="memberships")
    person: Mapped[Person] = relationship()


class Income(Base):
    """A yearly income of one member as one source states it: declared, verified or surveyed."""

    __tablename__ = "income"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    category: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40), default="")
    annual: Mapped[Decimal]
    source: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    until: Mapped[date | None]
    new_employment: Mapped[bool] = mapped_column(default=False)


class Asset(Base):
    """Property of the household as one source states it: money in yuan, or a number of things."""

    __tablename__ = "asset"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal]
    source: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    until: Mapped[date | None]


class Kinship(Base):
    """A declared near relation between a person and a member of staff: registered apart, bars from the case."""

    __tablename__ = "kinship"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    declared_on: Mapped[date]
