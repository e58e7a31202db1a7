"""The case and everything that belongs to one: tasks, parts, deadlines, scheduled acts, drafts, documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.models.base import Base, Json, Key, written_out


class Case(Base):
    """One running instance of a definition. Only an act changes it.

    `version` counts what acts compare, `seq` the journal entries; a reminder raises `seq` alone, so that it never
    makes a clerk's form stale. `hands` tells who had which hand in the case (four eyes), `barred` who must keep out, `clocks` when each running
    span of the definition is due. `release_id` and `software` pin what it was opened or bound with.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_definition_stage_area", "definition", "stage", "area_code"),
        Index("ix_case_area", "area_code", "id"),
        Index("ix_case_opened", "definition", "opened_at"),
        Index("ix_case_stage", "stage", "id"),
        Index("ix_case_subject", "subject_kind", "subject_id", "definition"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    definition: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(30))
    stage: Mapped[str] = mapped_column(String(40))
    visit: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    hands: Mapped[dict[str, list[int]]] = mapped_column(Json, default=dict)
    barred: Mapped[list[int]] = mapped_column(Json, default=list)
    clocks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    progress_code: Mapped[str] = mapped_column(String(20), default="")
    opened_at: Mapped[datetime]
    accepted_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(30), default="")
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    software: Mapped[str] = mapped_column(String(20), default="")
    halt_id: Mapped[int | None]


class CaseCounter(Base):
    """The last number given a prefix and a year."""

    __tablename__ = "case_counter"

    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Task(Base):
    """A piece of work a role in an area must do. `scope` is the area at which the role works for this case.

    A delegated task lies with `assignee_id` and returns to `owner_id`. `stranded` says that nobody is left who may do
    it; None: not looked at since it was opened, or since something changed.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case", "case_id", "state"),
        Index("ix_task_worklist", "role", "scope", "assignee_id", "due_on", "id", "opens_on", "state",
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("ix_task_area", "area_code", "role", "assignee_id", "due_on", "id", "opens_on",
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("ix_task_waiting", "role", "scope", "opens_on", "id",
              sqlite_where=text("state = 'open' AND opens_on IS NOT NULL"),
              postgresql_where=text("state = 'open' AND opens_on IS NOT NULL")),
        Index("ix_task_assignee", "assignee_id",
              sqlite_where=text("state = 'open' AND assignee_id IS NOT NULL"),
              postgresql_where=text("state = 'open' AND assignee_id IS NOT NULL")),
        Index("ix_task_unlooked", "id",
              sqlite_where=text("state = 'open' AND stranded IS NULL"),
              postgresql_where=text("state = 'open' AND stranded IS NULL")),
        Index("ix_task_stranded", "due_on",
              sqlite_where=text("state = 'open' AND stranded"), postgresql_where=text("state = 'open' AND stranded")),
        Index("uq_task_open", "case_id", "part", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        CheckConstraint("state in ('open','done','cancelled')", name="state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    visit: Mapped[int]
    stage: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(40), default="")
    definition: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(30))
    scope: Mapped[str] = mapped_column(String(12))
    area_code: Mapped[str] = mapped_column(String(12))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stranded: Mapped[bool | None]
    state: Mapped[str] = mapped_column(written_out(10), default="open")
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]


class CasePart(Base):
    """A piece of parallel work inside one visit of a stage."""

    __tablename__ = "case_part"
    __table_args__ = (CheckConstraint("state in ('open','done','cancelled')", name="state"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    visit: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    required: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Deadline(Base):
    """A moment by which something must have happened, derived from a journal fact and a rule.

    `next_at` is when the next rung of its ladder is due; the sweep looks at nothing else. A limit of hours has its
    moments (`started_at`, `due_at`) beside their days.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "visit"),
        Index("ix_deadline_next", "next_at", "id",
              sqlite_where=text("next_at IS NOT NULL"), postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_deadline_open_due", "due_on", "id",
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        CheckConstraint("state in ('open','met','late','cancelled')", name="state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    visit: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    label: Mapped[str]
    stage: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(30))
    scope: Mapped[str] = mapped_column(String(12))
    started_on: Mapped[date]
    started_at: Mapped[datetime | None]
    rule: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    source: Mapped[str]
    minimum: Mapped[bool] = mapped_column(default=False)
    provisional: Mapped[bool] = mapped_column(default=False)
    ladder: Mapped[str] = mapped_column(String(20), default="ordinary")
    state: Mapped[str] = mapped_column(written_out(10), default="open")
    rung: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    overdue: Mapped[bool] = mapped_column(default=False)
    extended_from: Mapped[date | None]
    met_on: Mapped[date | None]


class Extension(Base):
    """A request to extend a limit once, before it ends, confirmed or declined by a second person."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    due_on: Mapped[date]


class ScheduledAct(Base):
    """An act that a signed decision has fixed for a day; the sweep carries it out, never early.

    One whose day comes while the case is paused is deferred and carried out when the pause is over.
    """

    __tablename__ = "scheduled_act"
    __table_args__ = (
        UniqueConstraint("case_id", "action", "on_date"),
        Index("ix_scheduled_act_due", "state", "on_date", "id"),
        CheckConstraint("state in ('planned','deferred','done','cancelled')", name="state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    action: Mapped[str] = mapped_column(String(40))
    on_date: Mapped[date]
    form: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    decided_by: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default="planned")
    done_seq: Mapped[int | None]


class FormDraft(Base):
    """What somebody has typed into a form and not yet handed in.

    `typed_by` and `typed_at` name the colleague it was taken over from, where a task changed hands.
    """

    __tablename__ = "form_draft"

    user_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    typed_at: Mapped[datetime | None]


class Document(Base):
    """A paper or photograph of a case. The bytes stand once, under their hash."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("document_content.sha256"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    uploaded_at: Mapped[datetime]


class DocumentContent(Base):
    """The bytes of documents, in the database so that every machine has them and one backup holds all."""

    __tablename__ = "document_content"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
