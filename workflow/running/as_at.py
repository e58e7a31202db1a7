"""A case as it stood at the end of a day: read from its journal, its forms, and rows that carry their own dates.

Nothing is computed by today's rules: stage, edition and visit come from the last entry of the day, limits with the dates they
had then (a moved or removed limit is kept by a trigger), people and means from their dated rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.catalogue import Blueprint, Catalogue
from workflow.households import Difference, differences
from workflow.models import (
    Case,
    CaseForm,
    Deadline,
    DeadlinePast,
    Document,
    Entitlement,
    JournalEntry,
    Membership,
    Task,
)
from workflow.periods import at_local


@dataclass(frozen=True)
class PastLimit:
    """A limit as it was: `state` is open, met, late or cancelled; `late` says that it was missed on that day already."""

    kind: str
    label: str
    started_on: date
    rule: str
    due_on: date
    due_at: datetime | None
    source: str
    minimum: bool
    provisional: bool
    state: str
    met_on: date | None
    late: bool


@dataclass(frozen=True)
class PastCase:
    """The case at the end of `day`; `last` is the journal entry that made it what it was."""

    day: date
    last: JournalEntry
    blueprint: Blueprint
    limits: tuple[PastLimit, ...]
    tasks: tuple[Task, ...]
    forms: tuple[tuple[JournalEntry, CaseForm], ...]
    documents: tuple[Document, ...]
    members: tuple[Membership, ...]
    means: tuple[Difference, ...]
    entitlement: Entitlement | None

    @property
    def stage(self) -> str:
        """The code of the stage it was in."""
        return self.last.to_stage

    @property
    def closed(self) -> bool:
        """Whether it had ended."""
        return bool(self.blueprint.stages[self.stage].final)


def as_at(session: Session, catalogue: Catalogue, case: Case, day: date) -> PastCase | None:
    """The case at the end of a day of China; None where it was not opened yet."""
    end = at_local(day + timedelta(days=1))
    last = session.scalar(
        select(JournalEntry)
        .where(JournalEntry.case_id == case.id, JournalEntry.at < end)
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    )
    if last is None:
        return None
    household = case.subject_id if case.subject_kind == "household" else case.facts.get("household_id")
    return PastCase(
        day, last, catalogue.get(case.definition, last.edition), _limits(session, case.id, last.seq, day),
        _tasks(session, case.id, end), _forms(session, case.id, last.seq),
        tuple(session.scalars(select(Document).where(Document.case_id == case.id, Document.uploaded_at < end).order_by(Document.id))),
        _members(session, int(household), day) if household else (),
        tuple(differences(session, int(household), day)) if household else (),
        _entitled(session, case, last.seq, day),
    )  # fmt: skip


def _limits(session: Session, case_id: int, seq: int, day: date) -> tuple[PastLimit, ...]:
    past: dict[int, DeadlinePast] = {}
    for kept in session.scalars(
        select(DeadlinePast)
        .where(DeadlinePast.case_id == case_id, DeadlinePast.until_seq >= seq)
        .order_by(DeadlinePast.id)
    ):
        past.setdefault(kept.deadline_id, kept)
    now = {row.id: row for row in session.scalars(select(Deadline).where(Deadline.case_id == case_id))}
    later = _begun_later(session, case_id, seq)
    found: list[tuple[int, PastLimit]] = []
    for row_id in sorted(past.keys() | now.keys()):
        row = past.get(row_id) or now[row_id]
        if row.started_on <= day and (row.kind, row.due_on.isoformat()) not in later:
            found.append((row_id, _as_it_was(row, day)))
    return tuple(
        limit for _, limit in sorted(found, key=lambda one: (one[1].state != "open", one[1].due_on, one[0]))
    )


def _as_it_was(row: Deadline | DeadlinePast, day: date) -> PastLimit:
    ended = row.state != "open" and (row.met_on is None or row.met_on <= day)
    state = row.state if ended else "open"
    missed = state == "late" or (state == "open" and not row.minimum and row.due_on < day)
    return PastLimit(row.kind, row.label, row.started_on, row.rule, row.due_on, row.due_at, row.source, row.minimum, row.provisional,
                     state, row.met_on if ended else None, missed)  # fmt: skip


def _begun_later(session: Session, case_id: int, seq: int) -> set[tuple[str, str]]:
    """Limits that a later migration has started as of an earlier day: on that day nobody knew of them."""
    bodies = session.scalars(
        select(CaseForm.body).where(
            CaseForm.case_id == case_id, CaseForm.seq > seq, CaseForm.action == "migrate"
        )
    )
    begun = (line for body in bodies for line in body.get("sheet", {}).get("begun", ()) if "due" in line)
    return {(line["kind"], line["due"]) for line in begun}


def _tasks(session: Session, case_id: int, end: datetime) -> tuple[Task, ...]:
    return tuple(
        session.scalars(
            select(Task)
            .where(
                Task.case_id == case_id,
                Task.opened_at < end,
                or_(Task.closed_at.is_(None), Task.closed_at >= end),
            )
            .order_by(Task.part, Task.id)
        )
    )


def _forms(session: Session, case_id: int, seq: int) -> tuple[tuple[JournalEntry, CaseForm], ...]:
    """What had been handed in, the latest first."""
    rows = session.execute(
        select(JournalEntry, CaseForm)
        .join(CaseForm, (CaseForm.case_id == JournalEntry.case_id) & (CaseForm.seq == JournalEntry.seq))
        .where(JournalEntry.case_id == case_id, JournalEntry.seq <= seq)
        .order_by(JournalEntry.seq.desc())
    )
    return tuple((entry, form) for entry, form in rows)


def _members(session: Session, household_id: int, day: date) -> tuple[Membership, ...]:
    rows: Sequence[Membership] = session.scalars(
        select(Membership).where(
            Membership.household_id == household_id, Membership.from_date <= day,
            or_(Membership.to_date.is_(None), Membership.to_date >= day),
        )
    ).all()  # fmt: skip
    return tuple(sorted(rows, key=lambda m: (m.relation != "head", m.id)))


def _entitled(session: Session, case: Case, seq: int, day: date) -> Entitlement | None:
    """The grant in force in that month, by a decision made until then."""
    month = f"{day:%Y-%m}"
    rows = session.scalars(
        select(Entitlement)
        .where(Entitlement.case_id == case.id, Entitlement.from_month <= month,
               or_(Entitlement.to_month.is_(None), Entitlement.to_month >= month))
        .order_by(Entitlement.from_month.desc())
    )  # fmt: skip
    for row in rows:
        number, _, decided = row.decided_by.partition("#")
        if number != case.number or int(decided or 0) <= seq:
            return row
    return None
