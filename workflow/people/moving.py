"""What merging two rows moves, and what it leaves: foreseen on the page before, noted with the merge after.

Memberships, incomes, facts, kinship and events move; the number and what the row that stays leaves open is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.errors import NotNow, Refused
from workflow.models import (
    Absence,
    Area,
    Case,
    CountedApart,
    Income,
    Kinship,
    KinTie,
    LifeEvent,
    Membership,
    Person,
    PersonFact,
    User,
)

_DAY = timedelta(days=1)
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

Row = Membership | Income | PersonFact | Kinship | KinTie | Absence | CountedApart | LifeEvent | User | Person
TABLES: dict[str, type[Row]] = {
    "membership": Membership,
    "income": Income,
    "person_fact": PersonFact,
    "kinship": Kinship,
    "kin_tie": KinTie,
    "absence": Absence,
    "counted_apart": CountedApart,
    "life_event": LifeEvent,
    "staff": User,
    "person": Person,
}
LABELS: dict[str, str] = {
    "membership": "户内身份",
    "income": "收入",
    "person_fact": "个人情况",
    "kinship": "与工作人员的亲属关系",
    "kin_tie": "亲属关系",
    "absence": "在外情况",
    "counted_apart": "计入与否的认定",
    "life_event": "家庭变化",
    "staff": "工作人员本人",
    "person": "登记内容",
}


_ONCE: dict[str, type[Absence | CountedApart]] = {"absence": Absence, "counted_apart": CountedApart}


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
    for table, kind in (("person_fact", PersonFact), ("kinship", Kinship), ("life_event", LifeEvent)):
        for number in session.scalars(select(kind.id).where(kind.person_id == gone.id).order_by(kind.id)):
            made.changes.append(Change(table, number, "person_id", gone.id, kept.id))
    _ties(session, kept, gone, made)
    _kept_once(session, kept, gone, made)
    for number in session.scalars(select(User.id).where(User.person_id == gone.id)):
        made.changes.append(Change("staff", number, "person_id", gone.id, kept.id))
    made.changes += _filled(kept, gone)
    return made


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


def _kept_once(session: Session, kept: Person, gone: Person, made: Plan) -> None:
    """Of one person there is one absence at a time, and one finding a family on whether he counts."""
    for table, kind in _ONCE.items():
        mine, theirs = (_rows(session, kind, person) for person in (kept, gone))
        for row in theirs:
            rivals = [one for one in mine if kind is Absence or one.household_id == row.household_id]
            if row.to_date is None and any(one.to_date is None for one in rivals):
                made.left.append(f"家庭 {row.household_id} 的{LABELS[table]}两人都有登记，只算保留的一条")
            else:
                made.changes.append(Change(table, row.id, "person_id", gone.id, kept.id))


def _rows(session: Session, kind: Any, person: Person) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.person_id == person.id).order_by(kind.id)))


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
            yield Change("person", kept.id, name, plain(mine), plain(theirs))


def plain(value: Any) -> Any:
    """The value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
