"""The conditions of the items that one member of a household meets or not, by name: pure predicates."""

from __future__ import annotations

from collections.abc import Callable

from definitions.matcher.needs import SCHOOLS, WORK, Member
from definitions.matcher.situation import Finding, Situation, failed, met, unknown

MemberTest = Callable[[Situation, Member], Finding]
WORKING_FROM, MINOR_UNTIL, OLD_FROM = 16, 16, 60
"""Ages of working life and of having no working ability (R649-14; TK21-5; labour law, article 15)."""
ADULT_FROM = 18
"""CC-17."""
THIRD = 3
SEVERE_THREE = ("intellectual", "psychiatric")
"""Kinds of disability whose third grade counts as the severe ones do (M57-8)."""
LABOUR_LOST = {"intellectual": 3, "psychiatric": 3, "physical": 2, "visual": 1}
"""Kind of disability -> the lightest grade that leaves no working ability (TK21-5)."""


def without_labour(at: Situation, member: Member) -> Finding:
    """Sixty or older, under sixteen, or so disabled that he cannot work (TK21-5)."""
    if member.age is not None and (member.age >= OLD_FROM or member.age < MINOR_UNTIL):
        return met("no_labour_age", f"{member.id} {member.age} 岁。")
    lost = _labour_lost(member)
    if lost:
        return met("no_labour_disability", f"{member.id} 的残疾等级属于无劳动能力。")
    if lost is None or member.age is None:
        return unknown("birth" if member.age is None else "disability", member)
    return failed(
        "has_labour",
        f"{member.id} 不属于无劳动能力的情形。",
        change="年满 60 周岁、未满 16 周岁或重度残疾的可以申请。",
    )


def _labour_lost(member: Member) -> bool | None:
    """Whether the certificate reaches the grade of its kind; None where it is not known."""
    if member.grade is None:
        return None
    if member.grade == 0:
        return False
    if member.disability in (None, "multiple"):
        return None
    return member.grade <= LABOUR_LOST.get(member.disability, 0)


def severe_or_ill(at: Situation, member: Member) -> Finding:
    """Severely disabled, grade three of mind or psyche, or seriously ill: may apply alone (M57-8)."""
    third = member.grade == THIRD
    if member.severe or (third and member.disability in SEVERE_THREE):
        return met("severe", f"{member.id} 是重度残疾人或三级智力、精神残疾人。")
    if member.illness:
        return met("ill", f"{member.id} 是重病患者。")
    if member.severe is None or (third and member.disability is None):
        return unknown("disability", member)
    if member.illness is None:
        return unknown("illness", member)
    return _not_such(member, "有重度残疾或重病的成员可以申请。")


def severe_adult(at: Situation, member: Member) -> Finding:
    """A severely disabled adult, who may apply alone under the edition of 2016 (M220-10)."""
    if member.age is None:
        return unknown("birth", member)
    if member.age < ADULT_FROM:
        return _not_such(member, "成年的重度残疾人可以申请。")
    return severe(at, member)


def severe(at: Situation, member: Member) -> Finding:
    """Disability of the first or second grade."""
    if member.severe is None:
        return unknown("disability", member)
    return (
        met("severe", f"{member.id} 是重度残疾人。")
        if member.severe
        else _not_such(member, "重度残疾人可以申请。")
    )


def disabled(at: Situation, member: Member) -> Finding:
    """Holds a certificate of disability of any grade."""
    if member.severe or member.grade:
        return met("disabled", f"{member.id} 是持证残疾人。")
    return (
        unknown("disability", member) if member.grade is None else _not_such(member, "持证残疾人可以申请。")
    )


def in_school(stage: str) -> MemberTest:
    """A condition: at this stage of school."""

    def test(at: Situation, member: Member) -> Finding:
        if member.school is None:
            return unknown("school", member)
        if member.school == stage:
            return met("in_school", f"{member.id} 在读{SCHOOLS[stage]}。")
        return _not_such(member, f"{SCHOOLS[stage]}在读的学生可以申请。")

    return test


def able_unemployed(at: Situation, member: Member) -> Finding:
    """Of working age, able to work, without work (R649-42; ZJ-33)."""
    if member.age is None:
        return unknown("birth", member)
    if (
        not WORKING_FROM <= member.age < OLD_FROM
        or member.labour == "none"
        or member.work not in (None, "unemployed")
    ):
        return _not_such(member, "劳动年龄内有劳动能力、失业的成员可以申请。")
    for fact in ("labour", "work"):
        if getattr(member, fact) is None:
            return unknown(fact, member)
    return met("unemployed", f"{member.id} 有劳动能力，{WORK['unemployed']}。")


def _not_such(member: Member, change: str) -> Finding:
    return failed("not_such", f"{member.id} 没有这种情况。", change=change)


MEMBER_TESTS: dict[str, MemberTest] = {
    test.__name__: test
    for test in (without_labour, severe_or_ill, severe_adult, severe, disabled, able_unemployed)
} | {f"in_{stage}": in_school(stage) for stage in SCHOOLS if stage != "none"}
"""Name of a condition of one member -> its test."""
