"""Areas, the working-day calendar, and the dated settings of the district."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Key


class Area(Base):
    """A county, town, village or department with its code, and the office a family can call or come to there."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint("level in ('county','town','village','department')", name="level"),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)
    setting: Mapped[str] = mapped_column(String(10), default="rural")
    office: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class CalendarDay(Base):
    """A day that differs from Monday-to-Friday: a holiday on a weekday, or a make-up working Saturday or Sunday."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("kind in ('work','rest')", name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str]
    source: Mapped[str]


class CalendarYear(Base):
    """A year whose holidays are published. A year without a row here is provisional."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]


class EditionPeriod(Base):
    """Which edition of the law the district works by, from when to when."""

    __tablename__ = "edition_period"

    from_date: Mapped[date] = mapped_column(primary_key=True)
    to_date: Mapped[date | None]
    edition: Mapped[str] = mapped_column(String(30))
    source: Mapped[str]


class Standard(Base):
    """A released local number: the monthly standard or the minimum wage, by setting and dates."""

    __tablename__ = "standard"
    __table_args__ = (UniqueConstraint("kind", "setting", "area_code", "from_date"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    setting: Mapped[str] = mapped_column(String(10))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    from_date: Mapped[date]
    to_date: Mapped[date]
    amount: Mapped[Decimal]
    source: Mapped[str]
    sample: Mapped[bool] = mapped_column(default=False)


class Setting(Base):
    """A named value of this installation (district code, restore marks)."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]
