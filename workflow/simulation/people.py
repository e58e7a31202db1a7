"""Made-up families that apply for assistance: who they are, what they earn and own.

Everything is drawn from an injected Entropy, so a seed gives the same families. Names and numbers are put together by
chance; a likeness to a living person is chance too. Telephone numbers (100...) and bank accounts (0000...) are of
kinds that do not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from workflow.areas import is_community
from workflow.entropy import Entropy
from workflow.identity import Sex, make_id_number
from workflow.periods import add_months
from workflow.simulation.family import Family, Outcome, PersonFact
from workflow.simulation.means import ELDERLY, annual_income, owned, shared_out, uncounted
from workflow.simulation.names import OLDER, SURNAMES, YOUNGER

T = TypeVar("T")
SAMPLE_STANDARD = Decimal("744.00")
"""Yuan a person and month; the scale of incomes where the caller names no standard."""


@dataclass(frozen=True)
class _Seat:
    """A place in a family: relation, age (of the head outright, of others as distance from the head's)."""

    relation: str
    ages: tuple[int, int]
    frail: int  # per cent disabled or seriously ill


_SHAPES: tuple[tuple[int, tuple[_Seat, ...]], ...] = (
    (20, (_Seat("head", (61, 88), 25),)),
    (14, (_Seat("head", (30, 59), 85),)),
    (14, (_Seat("head", (62, 80), 30), _Seat("spouse", (-4, 4), 30))),
    (14, (_Seat("head", (30, 48), 30), _Seat("child", (-30, -23), 8))),
    (18, (_Seat("head", (32, 52), 45), _Seat("spouse", (-4, 4), 35), _Seat("child", (-30, -23), 10))),
    (8, (_Seat("head", (34, 46), 40), _Seat("spouse", (-4, 4), 25), _Seat("child", (-30, -25), 8),
         _Seat("child", (-33, -28), 8))),
    (7, (_Seat("head", (36, 52), 45), _Seat("child", (-31, -24), 8), _Seat("parent", (23, 32), 45))),
    (5, (_Seat("head", (62, 76), 35), _Seat("grandchild", (-62, -52), 10))),
)  # fmt: skip
"""Kinds of family with their shares in a hundred."""

_OUTCOMES: tuple[tuple[int, Outcome], ...] = (
    (75, "qualifies"), (9, "low_edge"), (8, "income"), (8, "property"),
)  # fmt: skip
_KINDS = ("physical", "physical", "intellectual", "psychiatric", "visual", "hearing", "speech", "multiple")
_OCCUPATIONS = {
    "urban": ("企业职工", "企业职工", "零工", "个体经营", "个体经营", "无业"),
    "rural": ("务农", "务农", "务农", "零工", "企业职工", "无业"),
}
_SCHOOL, _WORKING_AGE, _ADULT, _GRADUATE, _OLD = 7, 16, 18, 22, 70
_OLD_NAMES = 1970
_UNSTEADY = ("零工", "无业")


def make_family(
    entropy: Entropy,
    village_code: str,
    today: date,
    taken: set[str],
    *,
    standard: Decimal = SAMPLE_STANDARD,
) -> Family:
    """A family of this village as it stands today.

    `taken` holds the identity numbers given so far; the new ones are added. Measured by `standard` (yuan a person
    and month) about three of four families are below it and own little; the others have more income or property.
    """
    setting = "urban" if is_community(village_code) else "rural"
    seats = _weighted(entropy, _SHAPES)
    outcome = _weighted(entropy, _OUTCOMES)
    people = _people(entropy, seats, village_code, setting, today, taken)
    annual = annual_income(entropy, outcome, standard, len(people))
    earned = shared_out(people, annual, setting, today)
    members = tuple(
        replace(person, incomes=(*incomes, *uncounted(entropy, person)))
        for person, incomes in zip(people, earned, strict=True)
    )
    return Family(
        area_code=village_code,
        setting=setting,
        address=f"{entropy.between(1, 40)} 组 {entropy.between(1, 180)} 号",
        members=members,
        owns=owned(entropy, outcome, standard, len(members)),
        near_relative=entropy.chance(8),
        review_class=_review_class(members),
        outcome=outcome,
    )


def _weighted(entropy: Entropy, table: Sequence[tuple[int, T]]) -> T:
    """One of the table's things, as likely as its weight."""
    point = entropy.below(sum(weight for weight, _ in table))
    for weight, thing in table:
        if point < weight:
            return thing
        point -= weight
    raise AssertionError("weights do not add up")


def _people(
    entropy: Entropy, seats: tuple[_Seat, ...], area: str, setting: str, today: date, taken: set[str]
) -> list[PersonFact]:
    """The members without incomes, the head first."""
    head_age = entropy.between(*seats[0].ages)
    head_sex: Sex = entropy.choice(("M", "F"))
    family_name = entropy.choice(SURNAMES)
    people: list[PersonFact] = []
    for seat in seats:
        age, sex, surname = head_age, head_sex, family_name
        if seat.relation != "head":
            age = max(0, head_age + entropy.between(*seat.ages))
            sex = entropy.choice(("M", "F"))
        if seat.relation == "child":
            age = min(age, _GRADUATE)
        if seat.relation == "spouse":
            sex = "F" if head_sex == "M" else "M"
        if seat.relation == "spouse" or (seat.relation == "parent" and sex == "F"):
            surname = entropy.choice(SURNAMES)
        if seat.relation == "spouse" and sex == "M":
            family_name = surname  # the children's
        people.append(_person(entropy, seat, surname, age, sex, area, setting, today, taken))
    return people


def _person(
    entropy: Entropy,
    seat: _Seat,
    surname: str,
    age: int,
    sex: Sex,
    area: str,
    setting: str,
    today: date,
    taken: set[str],
) -> PersonFact:
    birth, number = _birth_and_number(entropy, age, sex, area[:6], today, taken)
    kind, grade, ill = "", 0, False
    if entropy.chance(seat.frail):
        ill = entropy.chance(50)
        if not ill:
            kind, grade = entropy.choice(_KINDS), entropy.between(1, 4)
    student = _SCHOOL <= age < _ADULT or (_ADULT <= age <= _GRADUATE and entropy.chance(60))
    labour = _labour(age, student, grade, ill)
    head = seat.relation == "head"
    return PersonFact(
        name=surname + entropy.choice((OLDER if birth.year < _OLD_NAMES else YOUNGER)[sex]),
        id_number=number,
        birth=birth,
        sex=sex,
        relation=seat.relation,
        hukou_area=area,
        labour=labour,
        occupation=_occupation(entropy, age, student, labour, setting),
        student=student,
        disability_kind=kind,
        disability_grade=grade,
        serious_illness=ill,
        phone="100" + entropy.code(8, "0123456789") if head else "",
        bank_account="0000" + entropy.code(15, "0123456789") if head else "",
    )


def _birth_and_number(
    entropy: Entropy, age: int, sex: Sex, county: str, today: date, taken: set[str]
) -> tuple[date, str]:
    """A birth that gives this age today, and a number nobody has yet."""
    while True:
        birth = add_months(today, -12 * age) - timedelta(days=entropy.below(365))
        order = 2 * entropy.below(500) + (sex == "M")
        number = make_id_number(county, birth, order)
        if number not in taken:
            taken.add(number)
            return birth, number


def _labour(age: int, student: bool, grade: int, ill: bool) -> str:
    if age < _WORKING_AGE or age >= _OLD or student or grade in (1, 2):
        return "none"
    return "partial" if age >= ELDERLY or grade or ill else "able"


def _occupation(entropy: Entropy, age: int, student: bool, labour: str, setting: str) -> str:
    if age < _SCHOOL:
        return "学龄前"
    if student:
        return "学生"
    if age >= ELDERLY:
        return "退休" if setting == "urban" else "务农" if labour == "partial" else "无业"
    return "无业" if labour == "none" else entropy.choice(_OCCUPATIONS[setting])


def _review_class(members: Sequence[PersonFact]) -> str:
    """A: nobody can work; C: somebody can and has no steady work; B: the others."""
    workers = [m for m in members if m.labour != "none"]
    if not workers:
        return "A"
    return "C" if any(m.occupation in _UNSTEADY for m in workers) else "B"
