"""What two people have signed: releases of definitions, editions put in force, migrations of running cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class Signed:
    """Columns of a paper that one person writes and another signs. Nothing takes effect before `signed_at`.

    Names stand beside the ids, because the paper must stay readable; what the product ships is written by nobody's id.
    """

    written_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    written_name: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_name: Mapped[str] = mapped_column(String(60), default="")
    signed_at: Mapped[datetime | None]


class Release(Signed, Base):
    """An edition of a definition as it was released, with everything that is pinned to it.

    `record` is the definition in full, so that a later difference can be named; `effects` is what the second person saw.
    A correction of a released edition is a further `revision`, never a change of this row.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("definition", "edition", "revision"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    definition: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(30))
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    forms: Mapped[str] = mapped_column(String(64))
    letters: Mapped[str] = mapped_column(String(64))
    numbers: Mapped[str] = mapped_column(String(64))
    software: Mapped[str] = mapped_column(String(20))
    record: Mapped[dict[str, Any]] = mapped_column(Json)
    effects: Mapped[dict[str, Any]] = mapped_column(Json)
    from_date: Mapped[date]


class EditionOrder(Signed, Base):
    """The order that an edition of the law be in force in the district from a day on."""

    __tablename__ = "edition_order"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    edition: Mapped[str] = mapped_column(String(30))
    from_date: Mapped[date]
    source: Mapped[str]
    effects: Mapped[dict[str, Any]] = mapped_column(Json)


class Migration(Signed, Base):
    """The running cases of a definition brought from one edition to another, by a plan.

    `undoes_id` names the migration that this one takes back, whole or one batch of it.
    """

    __tablename__ = "migration"
    __table_args__ = (CheckConstraint("state in ('draft','signed','running','done')", name="state"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    definition: Mapped[str] = mapped_column(String(40))
    source_edition: Mapped[str] = mapped_column(String(30))
    target_edition: Mapped[str] = mapped_column(String(30))
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    effects: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("migration.id"))
    undoes_batch: Mapped[int | None]
    finished_at: Mapped[datetime | None]


class MigrationCase(Base):
    """What has become of one case of a migration; `seq` is the entry in its journal."""

    __tablename__ = "migration_case"
    __table_args__ = (
        Index("ix_migration_case_state", "migration_id", "state", "case_id"),
        CheckConstraint("state in ('waiting','done','skipped','failed')", name="state"),
    )

    migration_id: Mapped[int] = mapped_column(ForeignKey("migration.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    batch: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[int | None]
