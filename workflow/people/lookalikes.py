"""查重: people on file who may be the one asked about, each with why. Nothing is merged by itself.

A method that cannot be applied answers "not checked"; only where all were applied and found nothing are there no
duplicates. What somebody found to be two people stays so until one of the facts it rested on changes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import FormRefused
from workflow.households.words import RELATIONS
from workflow.inserting import add_once
from workflow.models import Area, Household, Membership, NotSame, Person, canonical
from workflow.people.folding import fold_name, is_citizen_number, is_sound, near_numbers
from workflow.spelling import pinyin_of

METHODS: dict[str, str] = {
    "number": "证件号码相同",
    "near": "号码相差一位、相邻两位颠倒或校验位不符",
    "name": "同名、同生日",
    "sound": "姓名同音、同生日、同乡镇",
    "maiden": "娘家户里的登记",
}
"""How people are compared; 繁体, spaces and dots in a name never count."""
SURE, STRONG, POSSIBLE = "sure", "strong", "possible"
STRENGTHS: dict[str, str] = {SURE: "确定", STRONG: "很像", POSSIBLE: "可能"}
SHORTEST_REASON = 4
_BORN_INTO = ("child", "grandchild", "sibling")
_TOWN = 9
_CHUNK = 50


@dataclass(frozen=True)
class Asked:
    """The facts about one person that are compared; what is not known is left empty."""

    name: str = ""
    birth: date | None = None
    sex: str = ""
    number: str = ""
    area: str = ""
    id: int | None = None
    relation: str = ""


@dataclass(frozen=True)
class Likeness:
    """Somebody on file who may be the same: how surely, and why in words."""

    person: Person
    strength: str
    why: tuple[str, ...]
    home: Membership | None = None

    @property
    def place(self) -> str:
        """The village where he belongs now, else where he is registered: its code."""
        return self.home.household.area_code if self.home else self.person.hukou_area


@dataclass
class Found:
    """What comparing one person has found, the surest first; `unchecked` says of each method left out why."""

    hits: list[Likeness] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)

    @property
    def pressing(self) -> list[Likeness]:
        """Those the clerk has to decide about before anybody is entered."""
        return [hit for hit in self.hits if hit.strength != POSSIBLE]


def asked_of(person: Person, home: Membership | None = None) -> Asked:
    """A person on file as the one asked about."""
    return Asked(
        person.name, person.birth, person.sex, person.id_number or "",
        home.household.area_code if home else person.hukou_area, person.id, home.relation if home else "",
    )  # fmt: skip


def lookalikes(session: Session, asked: Sequence[Asked]) -> list[Found]:
    """For each person asked about, who on file may be the same; three reads for fifty people, whatever the file holds.

    Rows already merged are left out, and those found to be other people.
    """
    found: list[Found] = []
    for start in range(0, len(asked), _CHUNK):
        found += _compare(session, asked[start : start + _CHUNK])
    return found


def _compare(session: Session, asked: Sequence[Asked]) -> list[Found]:
    near = [near_numbers(one.number) if is_citizen_number(one.number) else {} for one in asked]
    numbers = {number for slips in near for number in slips} | {one.number for one in asked if one.number}
    births = {one.birth for one in asked if one.birth and one.name}
    people = {p.id: p for p in _people(session, Person.id_number.in_(numbers))}
    on_day: dict[date, list[Person]] = defaultdict(list)
    for person in _people(session, Person.birth.in_(births)):
        on_day[person.birth].append(people.setdefault(person.id, person))
    by_number = {p.id_number: p for p in people.values()}
    drafts = []
    for one, slips in zip(asked, near, strict=True):
        close = [by_number[n] for n in ({one.number} | slips.keys()) & by_number.keys()]
        same_day = on_day.get(one.birth, []) if one.birth and one.name else []
        other = {p.id: p for p in (*close, *same_day) if p.id != one.id}
        drafts.append([(p, slips) for p in other.values() if _worth_a_look(one, p, slips)])
    homes = _homes(session, {p.id for draft in drafts for p, _ in draft})
    parted = _parted(session, asked, drafts)
    answers = []
    for one, draft in zip(asked, drafts, strict=True):
        hits = [
            likeness
            for person, slips in draft
            if (likeness := _likeness(one, person, slips, homes.get(person.id))) is not None
            and (one.id is None or (_pair(one.id, person.id), digest(one, asked_of(person))) not in parted)
        ]
        order = list(STRENGTHS)
        hits.sort(key=lambda hit: (order.index(hit.strength), hit.person.id))
        answers.append(Found(hits, _unchecked(one)))
    return answers


def _people(session: Session, condition: ColumnElement[bool]) -> Iterator[Person]:
    yield from session.scalars(select(Person).where(condition, Person.merged_into.is_(None)))


def _worth_a_look(one: Asked, person: Person, slips: dict[str, str]) -> bool:
    number = person.id_number or ""
    return bool(number and (number == one.number or number in slips)) or _same_sound(one, person)


def _same_sound(one: Asked, person: Person) -> bool:
    return _same_name(one, person) or pinyin_of(fold_name(one.name)) == fold_name(person.pinyin)


def _same_name(one: Asked, person: Person) -> bool:
    return one.name == person.name or fold_name(one.name) == fold_name(person.name)


def _likeness(one: Asked, person: Person, slips: dict[str, str], home: Membership | None) -> Likeness | None:
    """Whether and how surely this is the same person; two sound numbers speak against it."""
    number = person.id_number or ""
    if number and number == one.number:
        return Likeness(person, SURE, ("证件号码相同",), home)
    same, sound = _same_name(one, person), _same_sound(one, person)
    found: list[tuple[str, str]] = []
    if number in slips and (same or sound or not is_sound(one.number)):
        alike = "姓名相同" if same else "姓名同音" if sound else "姓名不同"
        found.append((STRONG if sound else POSSIBLE, f"号码{slips[number]}，{alike}"))
    two_numbers = is_sound(one.number) and is_sound(number)
    if sound and one.birth == person.birth and (not one.sex or one.sex == person.sex):
        places = {person.hukou_area, home.household.area_code if home else ""} - {""}
        near = bool(one.area) and any(place[:_TOWN] == one.area[:_TOWN] for place in places)
        if same and not two_numbers and _maiden(one, person, home):
            found.append((STRONG, "姓名、生日相同，可能是娘家户里的登记"))
        elif same and near:
            found.append((POSSIBLE if two_numbers else STRONG, "姓名、生日、乡镇相同"))
        elif same and not two_numbers:
            found.append((POSSIBLE, "姓名、生日相同，不在同一乡镇"))
        elif near and not two_numbers:
            found.append((POSSIBLE, "姓名同音，生日、乡镇相同"))
    if not found:
        return None
    strength = min((strength for strength, _ in found), key=list(STRENGTHS).index)
    return Likeness(person, strength, tuple(why for _, why in found), home)


def _maiden(one: Asked, person: Person, home: Membership | None) -> bool:
    """Whether one of the two stands in the family she was born into and the other elsewhere."""
    there = home.relation if home else ""
    apart = home is not None and bool(one.area) and home.household.area_code != one.area
    return person.sex == "F" and apart and ((one.relation in _BORN_INTO) != (there in _BORN_INTO))


def _unchecked(one: Asked) -> dict[str, str]:
    """The methods that could not be applied, and why."""
    left: dict[str, str] = {}
    if not one.number:
        left |= dict.fromkeys(("number", "near"), "没有号码")
    elif not is_citizen_number(one.number):
        left["near"] = "不是 18 位的公民身份号码"
    if not (one.name and one.birth):
        left |= dict.fromkeys(("name", "sound", "maiden"), "没有姓名或出生日期")
    elif not one.area:
        left |= dict.fromkeys(("sound", "maiden"), "没有所在的村（社区）")
    return left


def _homes(session: Session, people: set[int]) -> dict[int, Membership]:
    wanted = select(Membership).where(Membership.person_id.in_(people), Membership.to_date.is_(None))
    return {home.person_id: home for home in session.scalars(wanted)} if people else {}


def _parted(
    session: Session, asked: Sequence[Asked], drafts: Iterable[Sequence[tuple[Person, dict[str, str]]]]
) -> set[tuple[tuple[int, int], str]]:
    """The pairs found to be two people, with the digest of what that rested on."""
    pairs = {
        _pair(one.id, p.id) for one, draft in zip(asked, drafts, strict=True) if one.id for p, _ in draft
    }
    if not pairs:
        return set()
    rows = session.scalars(select(NotSame).where(NotSame.person_id.in_({first for first, _ in pairs})))
    return {((row.person_id, row.other_id), row.digest) for row in rows}


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def digest(one: Asked, other: Asked) -> str:
    """What the finding that these are two people rests on: their names, births, sexes and numbers."""
    facts = sorted(
        [fold_name(each.name), each.birth.isoformat() if each.birth else "", each.sex, each.number]
        for each in (one, other)
    )
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def not_the_same(
    session: Session, one: Person, other: Person, *, because: str, actor: Actor, now: datetime
) -> None:
    """They were looked at and are two people, because. Holds until a fact it rested on changes. Raises FormRefused."""
    if len(because.strip()) < SHORTEST_REASON:
        raise FormRefused({"because": f"请写明为什么不是同一人，至少 {SHORTEST_REASON} 个字"})
    if one.id == other.id:
        raise FormRefused({"because": "这是同一条登记，不用判断"})
    first, second = sorted((one, other), key=lambda person: person.id)
    add_once(session, NotSame, person_id=first.id, other_id=second.id, because=because.strip(), decided_by=actor.id,
             at=now, digest=digest(asked_of(first), asked_of(second)))  # fmt: skip


def of_household(session: Session, household: Household, on: date) -> list[tuple[Membership, Found]]:
    """The members of a household on a day, each with whom he looks like; recomputed at every look."""
    members = household.members(on)
    return list(zip(members, lookalikes(session, [asked_of(m.person, m) for m in members]), strict=True))


def described(session: Session, hit: Likeness) -> str:
    """Somebody on file in one line, without his number: name, birth, village, relation."""
    area = session.get(Area, hit.place)
    there = area.name if area else "区划外"
    relation = f"，{RELATIONS.get(hit.home.relation, '')}" if hit.home else ""
    return f"{hit.person.name}（编号 {hit.person.id}，{hit.person.birth} 生，{there}{relation}；{'；'.join(hit.why)}）"
