"""查重: who on file may be the one asked about, and what was not checked."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.workflow.families import OTHER_VILLAGE, VILLAGE, number
from tests.workflow.people.conftest import NOW
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import FormRefused
from workflow.models import NotSame
from workflow.people.folding import fold_name, is_sound, near_numbers
from workflow.people.lookalikes import (
    METHODS,
    POSSIBLE,
    STRONG,
    SURE,
    Asked,
    asked_of,
    lookalikes,
    not_the_same,
    of_household,
)

BORN = date(1950, 3, 4)
NUMBER = number(BORN, 2)
FAR = "330212105200"
"""A village of another town."""


def asked(**more):
    return Asked(**({"name": "王秀英", "birth": BORN, "sex": "F", "area": VILLAGE} | more))


def found(session, one):
    (answer,) = lookalikes(session, [one])
    return [(hit.person.name, hit.strength) for hit in answer.hits]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陳國榮", "陈国荣"), ("王 秀英", "王秀英"), ("王　秀英", "王秀英"), ("买买提·艾力", "买买提•艾力"),
        ("买买提艾力", "買買提．艾力"), ("JOHN Smith", "john smith"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_together(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize("name", ["𠮷田", "张𬀩", "王秀英"])
def test_rare_characters_stay_as_they_are(name):
    assert fold_name(name) == name


def test_a_slip_of_the_pen_leads_to_sound_numbers_only():
    near = near_numbers(NUMBER)
    assert NUMBER not in near
    assert all(is_sound(one) for one in near)
    swapped = NUMBER[:8] + NUMBER[9] + NUMBER[8] + NUMBER[10:]
    assert near_numbers(swapped)[NUMBER] == "第 9、10 位颠倒"
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    assert near_numbers(wrong)[NUMBER] == "只有校验位不同"
    assert near_numbers("9" + NUMBER[1:])[NUMBER] == "第 1 位不同"


@pytest.mark.parametrize(
    ("on_file", "one", "strength"),
    [
        ({"id_number": NUMBER}, asked(name="李四", birth=None, number=NUMBER), SURE),
        ({"id_number": NUMBER}, asked(birth=None, number=NUMBER[:16] + NUMBER[17] + NUMBER[16]), STRONG),
        ({"id_number": NUMBER}, asked(name="李四", birth=None, number=NUMBER[:-1] + "7"), POSSIBLE),
        ({"id_number": number(BORN, 4)}, asked(name="李四", birth=None, number=NUMBER), None),
        ({"id_number": number(BORN, 4)}, asked(name="王秀瑛", birth=None, number=NUMBER), STRONG),
        ({}, asked(), STRONG),
        ({"id_number": NUMBER}, asked(), STRONG),
        ({"id_number": NUMBER}, asked(number=number(BORN, 886)), POSSIBLE),
        ({}, asked(name="王秀瑛"), POSSIBLE),
        ({}, asked(area=FAR), POSSIBLE),
        ({}, asked(name="王秀瑛", area=FAR), None),
        ({"id_number": NUMBER}, asked(area=FAR, number=number(BORN, 886)), None),
        ({"id_number": NUMBER}, asked(name="王秀瑛", number=number(BORN, 886)), None),
        ({"sex": "M"}, asked(), None),
        ({"birth": date(1950, 3, 5)}, asked(), None),
        ({"hukou_area": OTHER_VILLAGE}, asked(), STRONG),
    ],
)  # fmt: skip
def test_how_surely_two_are_one(session, person, on_file, one, strength):
    person(**on_file)
    assert [how for _, how in found(session, one)] == ([strength] if strength else [])


def test_traditional_characters_are_found_by_name(session, person):
    person("陳國榮", sex="M")
    assert found(session, asked(name="陈国荣", sex="M")) == [("陳國榮", STRONG)]


def test_a_married_woman_is_found_in_the_family_she_was_born_into(session, person, home):
    daughter, father = person(hukou_area=FAR), person("王大山", sex="M", birth=date(1920, 1, 1))
    home((father, "head"), (daughter, "child"), area=FAR)
    assert found(session, asked(relation="spouse")) == [("王秀英", STRONG)]
    assert found(session, asked(relation="child")) == [("王秀英", POSSIBLE)]


@pytest.mark.parametrize(
    ("one", "unchecked"),
    [
        (asked(number=NUMBER), set()),
        (asked(), {"number", "near"}),
        (asked(number="E1234567"), {"near"}),
        (asked(number=NUMBER, area=""), {"sound", "maiden"}),
        (asked(number=NUMBER, birth=None), {"name", "sound", "maiden"}),
        (Asked(), set(METHODS)),
    ],
)
def test_a_method_that_could_not_be_applied_says_so(session, one, unchecked):
    (answer,) = lookalikes(session, [one])
    assert answer.unchecked.keys() == unchecked
    assert all(answer.unchecked.values())


def test_two_people_stay_two_until_a_fact_changes(session, person, home):
    one, other = person(), person()
    house = home((one, "head"))
    assert [
        hit.person for _, answer in of_household(session, house, date(2016, 9, 5)) for hit in answer.hits
    ] == [other]
    not_the_same(session, other, one, because="两姐妹同名，出生证不同", actor=SYSTEM_ACTOR, now=NOW)
    not_the_same(session, one, other, because="两姐妹同名，出生证不同", actor=SYSTEM_ACTOR, now=NOW)
    assert len(session.scalars(select(NotSame)).all()) == 1
    assert found(session, asked_of(one)) == found(session, asked_of(other)) == []
    other.id_number = NUMBER
    session.flush()
    assert found(session, asked_of(one)) == [("王秀英", STRONG)]


def test_a_finding_without_a_reason_is_none(session, person):
    with pytest.raises(FormRefused) as refused:
        not_the_same(session, person(), person(), because=" 否 ", actor=SYSTEM_ACTOR, now=NOW)
    assert "because" in refused.value.errors


def test_rows_merged_already_are_not_found(session, person):
    kept, gone = person("陈明"), person()
    gone.merged_into = kept.id
    session.flush()
    assert found(session, asked()) == []
