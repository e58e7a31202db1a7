"""Two rows that are one person become one, on evidence, and are parted again where that was an error.

The row that goes leads on to the one that stays (`Person.merged_into`). Memberships, incomes, facts and kinship move;
what law or an account fixes (payment lines, papers, decisions) keeps the number it was written under and is read
through `rows_of`. `PersonMerge.moved` says of every moved row what it was, so that undoing puts it back.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.documents import check_file, keep_content
from workflow.errors import FormRefused, NotFound, NotNow
from workflow.models import Person, PersonMerge
from workflow.people.moving import LABELS, TABLES, Change, plain, plan
from workflow.periods import local_date

SHORTEST_EVIDENCE = 4
_DATES = ("from_date", "to_date", "died_on")


def merge(
    session: Session,
    kept: Person,
    gone: Person,
    *,
    evidence: str,
    actor: Actor,
    now: datetime,
    document: tuple[str, bytes] | None = None,
) -> PersonMerge:
    """Make one person of two rows. Raises FormRefused without evidence, Refused where it cannot be (see `plan`)."""
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        raise FormRefused({"evidence": f"请写明凭什么认定是同一人，至少 {SHORTEST_EVIDENCE} 个字"})
    made = plan(session, kept, gone, local_date(now))
    row = PersonMerge(
        kept_id=kept.id, gone_id=gone.id, evidence=evidence.strip(), decided_by=actor.id, at=now,
        moved={"changes": [list(astuple(change)) for change in made.changes], "left": made.left},
    )  # fmt: skip
    if document is not None:
        row.document_name, row.document_type, row.document_sha256 = _keep(session, *document)
    gone.merged_into = kept.id
    for change in sorted(made.changes, key=lambda c: c.after is not None):
        row_changed = session.get_one(TABLES[change.table], change.row)
        setattr(row_changed, change.column, _typed(change.column, change.after))
        session.flush()
    session.add(row)
    session.flush()
    session.expire_all()
    return row


def undo_merge(
    session: Session, merged: PersonMerge, *, because: str, actor: Actor, now: datetime
) -> list[str]:
    """Part the two again. Every row still as the merge left it goes back; the others are answered in words.

    Raises FormRefused without a reason, NotNow for a merge undone already or with a later one built on it.
    """
    if len(because.strip()) < SHORTEST_EVIDENCE:
        raise FormRefused({"because": f"请写明为什么撤销合并，至少 {SHORTEST_EVIDENCE} 个字"})
    if merged.undone_at is not None:
        raise NotNow("这次合并已经撤销。")
    later = session.scalar(
        select(PersonMerge.id).where(
            PersonMerge.id > merged.id,
            PersonMerge.undone_at.is_(None),
            or_(*(column.in_((merged.kept_id, merged.gone_id)) for column in (PersonMerge.kept_id, PersonMerge.gone_id))),
        ).limit(1)
    )  # fmt: skip
    if later is not None:
        raise NotNow(f"这次合并以后又有合并（第 {later} 号）用到其中一人，请先撤销后面那一次。")
    gone = session.get_one(Person, merged.gone_id)
    gone.merged_into = None
    changes = [Change(*noted) for noted in merged.moved["changes"]]
    moved_on = {_place(c) for c in changes if not _as_left(session, c)}
    if ("person", merged.kept_id, "id_number") in moved_on:
        moved_on.add(("person", merged.gone_id, "id_number"))
    for change in sorted(changes, key=lambda c: c.before is not None):
        if _place(change) not in moved_on:
            row = session.get_one(TABLES[change.table], change.row)
            setattr(row, change.column, _typed(change.column, change.before))
            session.flush()
    merged.undone_by, merged.undone_at, merged.undone_because = actor.id, now, because.strip()
    session.flush()
    session.expire_all()
    return [
        f"{LABELS[table]}（第 {row} 条）合并后又有变动，没有退回，请人工核对"
        for table, row, _ in sorted(moved_on)
    ]


def stands_for(session: Session, person: Person) -> Person:
    """The row in which a person stands today: the end of his merges."""
    while person.merged_into is not None:
        person = session.get_one(Person, person.merged_into)
    return person


def rows_of(session: Session, person_id: int) -> set[int]:
    """The row and all merged into it: under these numbers his payments, papers and decisions were written."""
    found, fresh = {person_id}, {person_id}
    while fresh:
        fresh = set(session.scalars(select(Person.id).where(Person.merged_into.in_(fresh)))) - found
        found |= fresh
    return found


def roots(session: Session) -> dict[int, int]:
    """Of every merged row the row that stands for it; others are not in it."""
    into = {
        person: other
        for person, other in session.execute(
            select(Person.id, Person.merged_into).where(Person.merged_into.is_not(None))
        )
        if other is not None
    }
    found = dict(into)
    while any(other in into for other in found.values()):
        found = {person: into.get(other, other) for person, other in found.items()}
    return found


def _typed(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column in _DATES and value is not None else value


def _place(change: Change) -> tuple[str, int, str]:
    """What goes back together: a column of a person, a whole row of everything else."""
    return change.table, change.row, change.column if change.table == "person" else ""


def _as_left(session: Session, change: Change) -> bool:
    """Whether the row still stands as the merge left it."""
    row = session.get(TABLES[change.table], change.row)
    return row is not None and plain(getattr(row, change.column)) == change.after


def _keep(session: Session, name: str, body: bytes) -> tuple[str, str, str]:
    """Store the evidence's file under its hash. Raises FormRefused."""
    media_type = check_file(name, body)
    return name[-120:], media_type, keep_content(session, body)


def find_merge(session: Session, number: int) -> PersonMerge:
    """A merge by its number. Raises NotFound."""
    found = session.get(PersonMerge, number)
    if found is None:
        raise NotFound
    return found
