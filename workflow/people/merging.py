"""Two rows that are one person become one, on evidence, and are parted again where that was an error.

The row that goes leads on to the one that stays (`Person.merged_into`). Memberships, incomes, facts and kinship move;
what law or an account fixes (payment lines, papers, decisions) keeps the number it was written under and is read
through `rows_of`. `PersonMerge.moved` says of every moved row what it was, so that undoing puts it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.documents import check_file
from workflow.errors import FormRefused, NotFound, NotNow, Refused
from workflow.models import (
    Area,
    Case,
    DocumentContent,
    Income,
    Kinship,
    KinTie,
    Membership,
    Person,
    PersonFact,
    PersonMerge,
    User,
)
from workflow.periods import local_date

SHORTEST_EVIDENCE = 4
_DAY = timedelta(days=1)
_DATES = ("from_date", "to_date", "died_on")
_FILLED = (
    "phone",
    "hukou_area",
    "occupation",
    "bank_account",
    "disability_kind",
    "disability_grade",
    "died_on",
    "id_note",
)
"""What the row that stays takes over where it says nothing itself."""

Row = Membership | Income | PersonFact | Kinship | KinTie | User | Person
TABLES: dict[str, type[Row]] = {
    "membership": Membership,
    "income": Income,
    "person_fact": PersonFact,
    "kinship": Kinship,
    "kin_tie": KinTie,
    "staff": User,
    "person": Person,
}
LABELS: dict[str, str] = {
    "membership": "户内身份",
    "income": "收入",
    "person_fact": "个人情况",
    "kinship": "与工作人员的亲属关系",
    "kin_tie": "亲属关系",
    "staff": "工作人员本人",
    "person": "登记内容",
}


@dataclass(frozen=True)
class Change:
    """One column of one row that merging sets, and what stood there."""

    table: str
    row: int
    column: str
    before: Any
    after: Any


@dataclass
class Plan:
    """What merging would change, and what it leaves with the row that goes, with the reason."""

    changes: list[Change] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows of each kind change."""
        rows = {(change.table, change.row) for change in self.changes}
        return {
            LABELS[table]: sum(1 for other, _ in rows if other == table)
            for table in TABLES
            if any(other == table for other, _ in rows)
        }


def plan(session: Session, kept: Person, gone: Person, today: date) -> Plan:
    """What merging would do; nothing is done. Raises Refused where it cannot be, with what to do instead."""
    _check(session, kept, gone, today)
    made = Plan()
    _memberships(session, kept, gone, today, made)
    _incomes(session, kept, gone, made)
    for table, kind in (("person_fact", PersonFact), ("kinship", Kinship)):
        for number in session.scalars(select(kind.id).where(kind.person_id == gone.id).order_by(kind.id)):
            made.changes.append(Change(table, number, "person_id", gone.id, kept.id))
    _ties(session, kept, gone, made)
    for number in session.scalars(select(User.id).where(User.person_id == gone.id)):
        made.changes.append(Change("staff", number, "person_id", gone.id, kept.id))
    made.changes += _filled(kept, gone)
    return made


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


def _check(session: Session, kept: Person, gone: Person, today: date) -> None:
    if kept.id == gone.id:
        raise Refused("这是同一条登记，不用合并。")
    for person in (kept, gone):
        if person.merged_into is not None:
            raise NotNow(f"{person.name}（编号 {person.id}）已并入编号 {person.merged_into}，请用那一条。")
    if kept.sex != gone.sex:
        raise Refused("两人性别不同，不能合并；确是登记错的，请先更正。")
    open_kept, open_gone = (_open(session, person.id) for person in (kept, gone))
    if open_gone is None:
        return
    if open_kept is not None and open_kept.household_id != open_gone.household_id:
        places = "、".join(
            f"{session.get_one(Area, one.household.area_code).name}（家庭编号 {one.household_id}）"
            for one in (open_kept, open_gone)
        )
        raise Refused(f"两人现在分别在两户：{places}。请先在其中一户办理离户，再合并。")
    if open_kept is None:
        running = session.scalar(
            select(Case.number).where(
                Case.subject_kind == "household", Case.subject_id == open_gone.household_id, Case.closed_at.is_(None)
            ).limit(1)
        )  # fmt: skip
        if running is not None:
            raise Refused(
                f"{gone.name}（编号 {gone.id}）的家庭有正在办理的 {running}，请反过来合并：保留编号 {gone.id}。"
            )


def _memberships(session: Session, kept: Person, gone: Person, today: date, made: Plan) -> None:
    """Nobody is in two households on one day: what overlaps stays with the row that goes, or begins the day after."""
    mine = session.scalars(select(Membership).where(Membership.person_id == kept.id)).all()
    for row in session.scalars(
        select(Membership).where(Membership.person_id == gone.id).order_by(Membership.id)
    ):
        doubled = [one for one in mine if _overlap(one, row)]
        ends = [one.to_date for one in doubled if one.to_date is not None]
        if row.to_date is None and len(ends) < len(doubled):
            if row.relation == "head":
                raise Refused(f"编号 {gone.id} 是这一户的户主，请反过来合并：保留编号 {gone.id}。")
            last = max(row.from_date, today - _DAY)
            made.changes.append(Change("membership", row.id, "to_date", None, last.isoformat()))
        if doubled and (row.to_date is not None or len(ends) < len(doubled)):
            made.left.append(
                f"家庭 {row.household_id} 里同一时间的户内身份已有一条，另一条留在编号 {gone.id} 名下"
            )
            continue
        if ends:
            first = max(ends) + _DAY
            before, after = row.from_date.isoformat(), first.isoformat()
            made.changes.append(Change("membership", row.id, "from_date", before, after))
        made.changes.append(Change("membership", row.id, "person_id", gone.id, kept.id))


def _overlap(one: Membership, other: Membership) -> bool:
    last = date.max
    return one.from_date <= (other.to_date or last) and other.from_date <= (one.to_date or last)


def _open(session: Session, person_id: int) -> Membership | None:
    return session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.to_date.is_(None))
    )


def _incomes(session: Session, kept: Person, gone: Person, made: Plan) -> None:
    """An income both state for one household counts once: that of the row that stays."""
    mine = {_item(row) for row in session.scalars(select(Income).where(Income.person_id == kept.id))}
    for row in session.scalars(select(Income).where(Income.person_id == gone.id).order_by(Income.id)):
        if _item(row) in mine:
            made.left.append(f"家庭 {row.household_id} 的同一项收入两人都有登记，只算保留的一条")
        else:
            made.changes.append(Change("income", row.id, "person_id", gone.id, kept.id))


def _item(row: Income) -> tuple[int, str, str, str]:
    return row.household_id, row.category, row.kind, row.source


def _ties(session: Session, kept: Person, gone: Person, made: Plan) -> None:
    """Kinship moves but where it would tie the person to himself, or stands there already."""
    for row in session.scalars(
        select(KinTie).where(or_(KinTie.person_id == gone.id, KinTie.other_id == gone.id)).order_by(KinTie.id)
    ):
        column = "person_id" if row.person_id == gone.id else "other_id"
        ends = {"person_id": row.person_id, "other_id": row.other_id} | {column: kept.id}
        same = select(KinTie.id).filter_by(**ends, relation=row.relation, to_date=row.to_date)
        if ends["person_id"] == ends["other_id"] or session.scalar(same.limit(1)) is not None:
            made.left.append("重复的一条亲属关系没有移动")
        else:
            made.changes.append(Change("kin_tie", row.id, column, gone.id, kept.id))


def _filled(kept: Person, gone: Person) -> Iterator[Change]:
    """What the row that stays takes over: the number where it has none, and what it leaves open."""
    if gone.id_number and not kept.id_number:
        yield Change("person", gone.id, "id_number", gone.id_number, None)
        yield Change("person", gone.id, "id_kind", gone.id_kind, "none")
        yield Change("person", kept.id, "id_number", None, gone.id_number)
        yield Change("person", kept.id, "id_kind", kept.id_kind, gone.id_kind)
    for name in _FILLED:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if theirs and not mine:
            yield Change("person", kept.id, name, _plain(mine), _plain(theirs))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column in _DATES and value is not None else value


def _place(change: Change) -> tuple[str, int, str]:
    """What goes back together: a column of a person, a whole row of everything else."""
    return change.table, change.row, change.column if change.table == "person" else ""


def _as_left(session: Session, change: Change) -> bool:
    """Whether the row still stands as the merge left it."""
    row = session.get(TABLES[change.table], change.row)
    return row is not None and _plain(getattr(row, change.column)) == change.after


def _keep(session: Session, name: str, body: bytes) -> tuple[str, str, str]:
    """Store the evidence's file under its hash. Raises FormRefused."""
    media_type, sha256 = check_file(name, body), hashlib.sha256(body).hexdigest()
    build = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(build(DocumentContent).values(sha256=sha256, body=body).on_conflict_do_nothing())
    return name[-120:], media_type, sha256


def find_merge(session: Session, number: int) -> PersonMerge:
    """A merge by its number. Raises NotFound."""
    found = session.get(PersonMerge, number)
    if found is None:
        raise NotFound
    return found
