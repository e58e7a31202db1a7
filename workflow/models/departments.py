"""The departments of a county that take part in helping, their liaisons, and the cases that are handed to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Key
from workflow.models.places import Area
from workflow.models.staff import RoleAssignment, User


class Department(Base):
    """A department of a county. Its posts are held at `code`, an area of the level "department", which has its name.

    `kind` is the sector it stands for, one department a county and kind; without `has_aid_function` nothing is handed
    to it.
    """

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("area_code", "kind"),)

    code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    has_aid_function: Mapped[bool] = mapped_column(default=True)
    area: Mapped[Area] = relationship(foreign_keys=[code], lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.area.name


class Liaison(Base):
    """Who is a department's liaison, or deputy, from a day to a day: one of each at a time. `assignment` is his post."""

    __tablename__ = "liaison"
    __table_args__ = (
        Index("uq_liaison_active", "department", unique=True,
              sqlite_where=text("to_date IS NULL AND NOT deputy"), postgresql_where=text("to_date IS NULL AND NOT deputy")),
        Index("uq_liaison_deputy", "department", unique=True,
              sqlite_where=text("to_date IS NULL AND deputy"), postgresql_where=text("to_date IS NULL AND deputy")),
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    department: Mapped[str] = mapped_column(ForeignKey("department.code"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    deputy: Mapped[bool] = mapped_column(default=False)
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("role_assignment.id"))
    user: Mapped[User] = relationship()
    assignment: Mapped[RoleAssignment] = relationship()


class Handed(Base):
    """A case was handed to a department: from then on its people may see it."""

    __tablename__ = "handed"
    __table_args__ = (Index("ix_handed_department", "department", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    department: Mapped[str] = mapped_column(ForeignKey("department.code"), primary_key=True)
    handed_at: Mapped[datetime]
