"""What turns a case from its straight way: orders that halt it, signatures of several people, papers owed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key


class Halt(Base):
    """An order that suspends (挂起) or revokes (撤销) a case, or suspends a definition: one asks, a second confirms.

    Without `case_id` it is about every case of `definition`; `acts` says that those under way stand still as well,
    else only new ones are refused.
    """

    __tablename__ = "halt"
    __table_args__ = (
        Index("ix_halt_case", "case_id", "state"),
        Index("uq_halt_pending", "case_id", unique=True,
              sqlite_where=text("state in ('asked', 'on')"), postgresql_where=text("state in ('asked', 'on')")),
        Index("uq_halt_definition", "definition", unique=True,
              sqlite_where=text("state in ('asked', 'on') AND case_id IS NULL"),
              postgresql_where=text("state in ('asked', 'on') AND case_id IS NULL")),
        CheckConstraint("kind in ('suspend','revoke')", name="kind"),
        CheckConstraint("state in ('asked','declined','on','ended','done')", name="state"),
        CheckConstraint("confirmed_by is null or confirmed_by <> asked_by", name="two_people"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    definition: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    acts: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(Text, default="")


class Signature(Base):
    """One signer of a part that several people sign: whose turn, what he said, when, and who asked him.

    Those of the lowest `turn` still waiting have a task. A row is never removed: one taken off the round is `dropped`.
    """

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("case_id", "visit", "part", "user_id"),
        CheckConstraint("state in ('waiting','agreed','disagreed','dropped')", name="state"),
        CheckConstraint("weight > 0", name="weight"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    visit: Mapped[int]
    part: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(30))
    turn: Mapped[int] = mapped_column(default=1)
    weight: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    opinion: Mapped[str] = mapped_column(Text, default="")
    added: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]


class OwedPapers(Base):
    """Papers an act went ahead without (先行办理，补办手续): until they are in, its operator takes no next step here."""

    __tablename__ = "owed_papers"
    __table_args__ = (
        Index("ix_owed_papers_case", "case_id",
              sqlite_where=text("settled_at IS NULL"), postgresql_where=text("settled_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    due_on: Mapped[date]
    settled_at: Mapped[datetime | None]
