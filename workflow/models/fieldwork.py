"""What staff carry out of the office on a phone, and what comes back from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class PhoneBox(Base):
    """A locked box on somebody's phone: the server's half of its key, and the cases that were put into it.

    `id` is chosen by the phone. Ended, it has no half any more: what is left on the phone opens with its PIN alone,
    and not at all where the PIN is not known. `told` are the ids of the cases, for whoever asks what a lost phone held.
    """

    __tablename__ = "phone_box"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    secret: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(default="")
    told: Mapped[list[int]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FieldPackage(Base):
    """One piece of field work as it arrived: what was typed, and what came of it. Its papers stand beside it.

    `client_id` is the phone's own and is never used twice. `typed` are the pairs of the form, `seen` the version of the
    case that was put into the box. `received` is stored and not tried yet; `done` the act was done; `held` it waits for
    its sender, `message` saying why; `resumed` he went on with it in the case; `dropped` he let it be.
    `twin_id` is an earlier package about the same thing.
    """

    __tablename__ = "field_package"
    __table_args__ = (
        UniqueConstraint("user_id", "client_id"),
        Index("ix_field_package_case_action", "case_id", "action"),
        CheckConstraint("state in ('received','done','held','resumed','dropped')", name="state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[str] = mapped_column(String(36))
    digest: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    action: Mapped[str] = mapped_column(String(40))
    visit: Mapped[int]
    seen: Mapped[int]
    typed: Mapped[list[Any]] = mapped_column(Json)
    filled_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="received")
    message: Mapped[str] = mapped_column(Text, default="")
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("field_package.id"))
    settled_at: Mapped[datetime | None]


class FieldPaper(Base):
    """A photograph or signature of a package. Its content stands once, under its hash, as that of every paper."""

    __tablename__ = "field_paper"

    package_id: Mapped[int] = mapped_column(ForeignKey("field_package.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("document_content.sha256"))
