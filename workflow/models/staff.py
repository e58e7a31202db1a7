"""Users, their dated roles, their sessions and tokens, and who looked at what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.models.base import Base, Key


class User(Base):
    """A member of staff. Without a password hash nobody can sign in as him; `reset_hash` is of a one-time link.

    `capacity` is how many open tasks a policy lets lie on his desk at once; None: no limit. `appointed` says that some
    case was put in his hands beyond his posts, so that his list looks for it.
    `person_id` is his own row among the people of the district, by which his kin are found.
    `digest` says that he wants one letter a day; `digest_on` is the day of the last.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    password_hash: Mapped[str] = mapped_column(default="")
    reset_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    reset_until: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    capacity: Mapped[int | None]
    appointed: Mapped[bool | None]
    digest: Mapped[bool] = mapped_column(default=False)
    digest_on: Mapped[date | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    assignments: Mapped[list[RoleAssignment]] = relationship(
        order_by="RoleAssignment.id", back_populates="user"
    )


class RoleAssignment(Base):
    """A role for an area from a day to a day."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "area_code", "from_date"),
        Index("ix_role_assignment_role_area", "role", "area_code"),
        CheckConstraint("to_date IS NULL OR to_date >= from_date", name="dates"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(30))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    user: Mapped[User] = relationship(back_populates="assignments")


class WebSession(Base):
    """A signed-in browser, kept on the server so that it can be listed, ended and expired. Only a hash of its key."""

    __tablename__ = "web_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ApiToken(Base):
    """A personal token for the API; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Attempt(Base):
    """Failed tries within one window, counted in the database so that every process sees them."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]


class AccessLog(Base):
    """Who looked at whose personal data, when and why."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    what: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(index=True)
    household_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(default="")


class IdempotencyKey(Base):
    """The first answer to a POST, given again when the same key comes with the same body."""

    __tablename__ = "idempotency_key"

    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(Text, default="{}")
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
