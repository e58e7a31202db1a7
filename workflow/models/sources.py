"""Whom a verification asks, by which road, and how that road fares: settings and state in rows, so that every process
sees the same circuit.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class VerificationSource(Base):
    """A bureau that is asked. `address` is a URL for `http`, a folder below the exchange folder for `files`, a postal
    address for `letter`.

    `secret_name` names the secret of the installation, which no row ever holds. `retry_seconds` is how long after each
    failed try the next one comes; after the last the source is silent. `when_silent` says what the report then goes by:
    nothing, what was last known with its age, or nothing at all goes on.

    The circuit opens after `breaker_failures` failures on end and lets one try through after `breaker_seconds`, at
    `try_at`; while it is `half_open` that one try is out.
    """

    __tablename__ = "verification_source"
    __table_args__ = (
        CheckConstraint("transport in ('http','files','letter')", name="transport"),
        CheckConstraint("when_silent in ('none','last_known','stop')", name="when_silent"),
        CheckConstraint("circuit in ('closed','open','half_open')", name="circuit"),
        CheckConstraint("encoding in ('utf-8','gb18030')", name="encoding"),
        CheckConstraint("timeout_seconds > 0 and deadline_days > 0", name="positive"),
        CheckConstraint("breaker_failures > 0 and breaker_seconds > 0", name="breaker"),
    )

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    transport: Mapped[str] = mapped_column(String(10), default="letter")
    address: Mapped[str] = mapped_column(default="")
    secret_name: Mapped[str] = mapped_column(String(40), default="")
    encoding: Mapped[str] = mapped_column(String(10), default="utf-8")
    timeout_seconds: Mapped[int] = mapped_column(default=10)
    retry_seconds: Mapped[list[int]] = mapped_column(Json)
    poll_seconds: Mapped[int] = mapped_column(default=600)
    deadline_days: Mapped[int]
    breaker_failures: Mapped[int] = mapped_column(default=5)
    breaker_seconds: Mapped[int] = mapped_column(default=300)
    when_silent: Mapped[str] = mapped_column(String(10), default="none")
    active: Mapped[bool] = mapped_column(default=True)

    circuit: Mapped[str] = mapped_column(String(10), default="closed")
    failures: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")


class BureauFile(Base):
    """A batch file that went out or came in. `state` of one going out: claimed (questions are added to it),
    closed (none is added, it is written to the folder), written; of one coming in: reading, taken, refused.

    The same content comes in once, whatever it is called; `rows` is what it held, taken or refused row by row.
    """

    __tablename__ = "bureau_file"
    __table_args__ = (
        CheckConstraint("direction in ('out','in')", name="direction"),
        CheckConstraint("state in ('claimed','closed','written','reading','taken','refused')", name="state"),
        UniqueConstraint("source", "direction", "sha256"),
        UniqueConstraint("source", "direction", "day", "number"),
        Index("ix_bureau_file_state", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("verification_source.code"))
    direction: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    number: Mapped[int]
    """The how many-eth of its day."""
    name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    at: Mapped[datetime]


class BureauFileQuery(Base):
    """Which queries stand in a file that goes out, in its order."""

    __tablename__ = "bureau_file_query"

    file_id: Mapped[int] = mapped_column(ForeignKey("bureau_file.id"), primary_key=True)
    query_id: Mapped[int] = mapped_column(primary_key=True)


class BureauNonce(Base):
    """A signed call of a bureau that was heard: the same one again is refused."""

    __tablename__ = "bureau_nonce"

    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
