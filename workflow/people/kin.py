"""Kinship as a graph: ties that were registered, and those that stand in the households' registers.

A tie is stored once, from the elder's side ("child", "grandchild", "ward") or between equals ("spouse", "sibling", the
lower number first); its inverse is derived. A household's register says the same of its head and those related to him:
blood ties for good, marriage as long as both are in it. Which kin are near in law, and who owes support, the
definitions say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.actors import Actor
from workflow.errors import NotFound, Refused
from workflow.models import KinTie, Membership, Person
from workflow.people.words import FACT_SOURCES, INVERSE, KIN
from workflow.periods import local_date

_STORED = ("spouse", "child", "sibling", "grandchild", "ward")
_EVEN = ("spouse", "sibling")
_IN_REGISTER = ("spouse", "child", "parent", "sibling", "grandparent", "grandchild")
"""Words of a household's register that say a tie to its head."""
_THROUGH: dict[tuple[str, ...], str] = {
    ("parent", "parent"): "grandparent",
    ("child", "child"): "grandchild",
    ("parent", "child"): "sibling",
    ("sibling", "sibling"): "sibling",
}
"""What somebody is who is reached by two ties; other ways lead to no kin of these names."""
_MANY = 400


@dataclass(frozen=True)
class Tie:
    """What `other` is to `person`; `row` is the number of the registered tie, None where a household's register says it."""

    person: int
    other: int
    relation: str
    row: int | None = None
    from_date: date | None = None
    to_date: date | None = None


def tie(
    session: Session,
    person: Person,
    other: Person,
    relation: str,
    *,
    source: str,
    actor: Actor,
    now: datetime,
    from_date: date | None = None,
) -> KinTie:
    """Register that `other` is the person's `relation`. Raises Refused where that contradicts what is known."""
    if relation not in KIN or source not in FACT_SOURCES:
        raise Refused(
            f"亲属关系只能是：{'、'.join(KIN.values())}；来源只能是：{'、'.join(FACT_SOURCES.values())}。"
        )
    today = local_date(now)
    if from_date is not None and from_date > today:
        raise Refused(f"关系的开始日期 {from_date} 不能晚于今天（{today}）。")
    _check(session, person, other, relation, today)
    first, second, stored = _as_stored(person.id, other.id, relation)
    row = KinTie(
        person_id=first, other_id=second, relation=stored, from_date=from_date, source=source, recorded_by=actor.id,
        recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def end_tie(session: Session, tie_id: int, *, on: date, now: datetime) -> KinTie:
    """A tie ends, `on` being its last day: divorce, the end of a guardianship, or entered in error. Raises Refused."""
    row = session.get(KinTie, tie_id)
    if row is None:
        raise NotFound
    if row.to_date is not None:
        raise Refused(f"这条亲属关系已于 {row.to_date} 结束。")
    if on > local_date(now) or (row.from_date is not None and on < row.from_date):
        raise Refused(f"结束日期 {on} 应在关系开始以后、今天以前，请核对。")
    row.to_date = on
    session.flush()
    return row


def ties_of(session: Session, people: Iterable[int], on: date) -> list[Tie]:
    """What others are to these people on a day, registered ties first; each pair and relation once a person."""
    wanted = sorted(set(people))
    found: dict[tuple[int, int, str], Tie] = {}
    for start in range(0, len(wanted), _MANY):
        some = wanted[start : start + _MANY]
        for one in (*_registered(session, some, on), *_from_registers(session, some, on)):
            found.setdefault((one.person, one.other, one.relation), one)
    return list(found.values())


def kin_within(session: Session, person_id: int, degrees: int, on: date) -> dict[int, tuple[str, ...]]:
    """Everybody reached by so many ties, with the shortest way there: {7: ("child", "spouse")} is a child's spouse."""
    reached: dict[int, tuple[str, ...]] = {person_id: ()}
    edge = [person_id]
    for _ in range(degrees):
        further: dict[int, tuple[str, ...]] = {}
        for one in ties_of(session, edge, on):
            if one.other not in reached:
                further.setdefault(one.other, (*reached[one.person], one.relation))
        reached |= further
        edge = list(further)
    del reached[person_id]
    return reached


def relatives(
    session: Session, people: Collection[int], on: date, wanted: Collection[str]
) -> dict[int, dict[int, str]]:
    """Of each person those who are one of these relations to him, directly or through one other: {person: {kin: what}}."""
    direct: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in ties_of(session, people, on):
        direct[one.person][one.other].add(one.relation)
    beyond: dict[int, list[Tie]] = defaultdict(list)
    for one in ties_of(session, {other for ends in direct.values() for other in ends}, on):
        beyond[one.person].append(one)
    found: dict[int, dict[int, str]] = {}
    for person in people:
        mine: dict[int, str] = {}
        for other, said in direct[person].items():
            for relation in sorted(said & set(wanted)):
                mine.setdefault(other, relation)
        for middle, said in direct[person].items():
            for further in beyond[middle]:
                for relation in sorted(said):
                    through = _THROUGH.get((relation, further.relation), "")
                    if through in wanted and further.other != person:
                        mine.setdefault(further.other, through)
        found[person] = mine
    return found


def _registered(session: Session, people: list[int], on: date) -> Iterable[Tie]:
    rows = session.scalars(
        select(KinTie)
        .where(
            or_(KinTie.person_id.in_(people), KinTie.other_id.in_(people)),
            or_(KinTie.from_date.is_(None), KinTie.from_date <= on),
            or_(KinTie.to_date.is_(None), KinTie.to_date >= on),
        )
        .order_by(KinTie.id)
    )
    for row in rows:
        if row.person_id in people:
            yield Tie(row.person_id, row.other_id, row.relation, row.id, row.from_date, row.to_date)
        if row.other_id in people:
            yield Tie(row.other_id, row.person_id, INVERSE[row.relation], row.id, row.from_date, row.to_date)


def _from_registers(session: Session, people: list[int], on: date) -> Iterable[Tie]:
    """What the register of a household says of its head and those it relates to him."""
    head, member = aliased(Membership), aliased(Membership)
    together = and_(
        member.household_id == head.household_id,
        member.person_id != head.person_id,
        or_(member.to_date.is_(None), member.to_date >= head.from_date),
        or_(head.to_date.is_(None), head.to_date >= member.from_date),
    )
    rows = session.execute(
        select(head.person_id, member.person_id, member.relation, head.to_date, member.to_date)
        .join(member, together)
        .where(
            head.relation == "head",
            member.relation.in_(_IN_REGISTER),
            head.from_date <= on,
            member.from_date <= on,
            or_(head.person_id.in_(people), member.person_id.in_(people)),
        )
        .order_by(head.id, member.id)
    )
    for first, second, relation, *ends in rows:
        if relation == "spouse" and any(end is not None and end < on for end in ends):
            continue
        if first in people:
            yield Tie(first, second, relation)
        if second in people:
            yield Tie(second, first, INVERSE[relation])


def _as_stored(person: int, other: int, relation: str) -> tuple[int, int, str]:
    if relation not in _STORED:
        return other, person, INVERSE[relation]
    if relation in _EVEN and other < person:
        return other, person, relation
    return person, other, relation


def _check(session: Session, person: Person, other: Person, relation: str, today: date) -> None:
    """Raise Refused for a tie that cannot be."""
    said = f"{other.name}是{person.name}的{KIN[relation]}"
    if person.id == other.id:
        raise Refused(f"{said}：一个人不能是自己的{KIN[relation]}，请核对。")
    for one in (person, other):
        if one.merged_into is not None:
            raise Refused(f"{one.name}（编号 {one.id}）已并入编号 {one.merged_into}，请用那一条。")
    known = ties_of(session, [person.id, other.id], today)
    between = {one.relation for one in known if (one.person, one.other) == (person.id, other.id)}
    if any(
        (one.person, one.other, one.relation) == (person.id, other.id, relation) and one.row for one in known
    ):
        raise Refused(f"{said}：已经登记过。")
    if clash := [held for held in between if not _agree(held, relation)]:
        raise Refused(f"{said}：与已登记的“{KIN[clash[0]]}”矛盾，请先结束原来的关系。")
    _check_ages(said, person, other, relation)
    if relation == "spouse":
        for one, mate in ((person, other), (other, person)):
            _check_single(session, one, mate, known)
    if relation in {"parent", "child"}:
        young, old = (person, other) if relation == "parent" else (other, person)
        _check_descent(session, said, young, old, today)


def _agree(held: str, relation: str) -> bool:
    """Whether two relations can hold between the same two people: guardianship goes with every other."""
    return held == relation or {held, relation} & {"guardian", "ward"} != set()


def _check_ages(said: str, person: Person, other: Person, relation: str) -> None:
    elder, younger = (other, person) if relation in {"parent", "grandparent"} else (person, other)
    if relation in {"parent", "child", "grandparent", "grandchild"} and elder.birth >= younger.birth:
        raise Refused(
            f"{said}：{younger.name}（{younger.birth} 生）不比{elder.name}（{elder.birth} 生）年幼，请核对。"
        )


def _check_single(session: Session, one: Person, mate: Person, known: list[Tie]) -> None:
    for tied in known:
        if tied.person == one.id and tied.relation == "spouse" and tied.other != mate.id:
            held = session.get_one(Person, tied.other)
            if held.died_on is None:
                raise Refused(
                    f"{one.name}已登记配偶{held.name}（在世），不能再登记配偶；离婚的请先结束原来的关系。"
                )


def _check_descent(session: Session, said: str, young: Person, old: Person, today: date) -> None:
    """No circle of parents."""
    edge, seen = {old.id}, {old.id}
    while edge:
        up = {one.other for one in ties_of(session, edge, today) if one.relation == "parent"}
        if young.id in up:
            raise Refused(f"{said}：{young.name}已登记为{old.name}的长辈，父母关系成了一个圈，请核对。")
        edge = up - seen
        seen |= up
