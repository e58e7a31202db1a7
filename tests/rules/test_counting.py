"""Who counts as a member of a household, who does not, who may apply alone: case by case, at each limit."""

from __future__ import annotations

from datetime import date

import pytest

from definitions.editions.catalogue import EDITIONS, edition
from definitions.editions.household import CIRCLES
from definitions.editions.sources import known
from definitions.rules.counting import (
    ABOVE_BACHELOR,
    APART,
    COUNTED,
    NOT_COUNTED,
    UP_TO_BACHELOR,
    Relative,
    Standing,
    who_counts,
)

TRIAL, NATIONAL, DELEGATED = "NB2016", "NAT2021", "NAT2021-DELEGATED"
DAYS = {TRIAL: date(2017, 5, 1), NATIONAL: date(2023, 5, 1), DELEGATED: date(2023, 5, 1)}


def one(code: str = NATIONAL, on: date | None = None, **facts) -> Standing:
    """The standing of one person, a working man of forty unless said otherwise."""
    relative = Relative(**{"id": "1", "name": "王", "relation": "child", "birth": date(1980, 1, 1)} | facts)
    (standing,) = who_counts([relative], edition(code), on or DAYS[code])
    return standing


@pytest.mark.parametrize("code", EDITIONS)
def test_every_edition_says_who_belongs_with_its_source(code):
    circle = CIRCLES[code]
    assert known(circle.source)
    assert all(known(kind.source) for kind in (*circle.excluded, *circle.alone))
    assert one(code, relation="head").source == circle.source


@pytest.mark.parametrize("code, source", [(TRIAL, "M220-5"), (NATIONAL, "M57-7"), (DELEGATED, "M57-7")])
@pytest.mark.parametrize(
    "facts, because, look",
    [
        ({"relation": "head"}, "户主", False),
        ({"relation": "spouse"}, "配偶", False),
        ({"relation": "spouse", "away": "work"}, "配偶", False),
        ({"relation": "child", "birth": date(2010, 1, 1), "away": "study"}, "未成年子女", False),
        ({"schooling": UP_TO_BACHELOR, "away": "study"}, "本科及以下", False),
        ({"disability_kind": "physical", "disability_grade": 2, "away": "work"}, "重度残疾", False),
        ({"disability_kind": "psychiatric", "disability_grade": 3, "away": "work"}, "重度残疾", False),
        ({"able": False, "away": "work"}, "无劳动能力", False),
        ({}, "共同居住", True),
        ({"schooling": ABOVE_BACHELOR}, "共同居住", True),
        ({"relation": "grandparent"}, "共同居住", True),
        ({"relation": "sibling"}, "共同居住", True),
    ],
)
def test_who_is_counted(code, source, facts, because, look):
    standing = one(code, **facts)
    assert (standing.verdict, standing.source, standing.counted) == (COUNTED, source, True)
    assert because in standing.because
    assert bool(standing.look_at) is look


@pytest.mark.parametrize("code", EDITIONS)
@pytest.mark.parametrize(
    "facts, because",
    [
        ({"relation": "head", "died_on": date(2016, 12, 1)}, "2016-12-01 死亡"),
        ({"relation": "spouse", "away": "prison"}, "在监狱服刑"),
        ({"relation": "spouse", "away": "detox"}, "强制隔离戒毒"),
        ({"relation": "child", "birth": date(2010, 1, 1), "away": "missing"}, "宣告失踪"),
        ({"away": "work"}, "不在一起生活"),
        ({"schooling": ABOVE_BACHELOR, "away": "study"}, "不在一起生活"),
        ({"disability_kind": "physical", "disability_grade": 3, "away": "work"}, "不在一起生活"),
        ({"disability_kind": "intellectual", "disability_grade": 4, "away": "work"}, "不在一起生活"),
        ({"relation": "grandparent", "away": "work"}, "不在一起生活"),
    ],
)
def test_who_is_not_counted(code, facts, because):
    standing = one(code, **facts)
    assert (standing.verdict, standing.counted, standing.alone) == (NOT_COUNTED, False, ())
    assert because in standing.because


def test_a_parent_away_counts_by_the_law_of_2012_alone():
    assert one(TRIAL, relation="parent", away="work").because == "父母"
    assert one(NATIONAL, relation="parent", away="work").verdict == NOT_COUNTED
    assert one(NATIONAL, relation="parent").verdict == COUNTED


def test_somebody_counts_until_the_day_he_died():
    day = date(2023, 5, 1)
    assert one(on=day, relation="spouse", died_on=date(2023, 5, 2)).verdict == COUNTED
    assert one(on=day, relation="spouse", died_on=day).verdict == NOT_COUNTED


@pytest.mark.parametrize(
    "day, verdict",
    [(date(2023, 4, 30), COUNTED), (date(2023, 5, 1), APART), (date(2023, 5, 2), APART)],
)
def test_clergy_are_left_out_after_three_years_and_may_apply_alone(day, verdict):
    since = {"relation": "spouse", "away": "clergy", "away_since": date(2020, 5, 1)}
    standing = one(on=day, **since)
    assert standing.verdict == verdict
    assert [ground.source for ground in standing.alone] == ([] if verdict == COUNTED else ["M57-8"])
    assert (
        one(TRIAL, date(2017, 5, 1), relation="spouse", away="clergy", away_since=date(2014, 5, 1)).source
        == "M220-5"
    )
    assert one(on=day, relation="spouse", away="clergy", away_since=None).verdict == COUNTED


@pytest.mark.parametrize("day, verdict", [(date(2023, 4, 30), COUNTED), (date(2023, 5, 1), NOT_COUNTED)])
def test_a_child_away_at_work_counts_until_he_is_eighteen(day, verdict):
    assert one(on=day, birth=date(2005, 5, 1), away="work").verdict == verdict


@pytest.mark.parametrize(
    "code, facts, sources",
    [
        (NATIONAL, {"disability_kind": "physical", "disability_grade": 1}, ["M57-8"]),
        (
            NATIONAL,
            {"disability_kind": "physical", "disability_grade": 2, "employed": False},
            ["M57-8", "N22"],
        ),
        (NATIONAL, {"disability_kind": "physical", "disability_grade": 3, "employed": False}, []),
        (NATIONAL, {"disability_kind": "intellectual", "disability_grade": 3}, ["M57-8"]),
        (NATIONAL, {"disability_kind": "hearing", "disability_grade": 3}, []),
        (NATIONAL, {"serious_illness": True}, ["M57-8"]),
        (NATIONAL, {"birth": date(2010, 1, 1), "disability_kind": "physical", "disability_grade": 1}, []),
        (TRIAL, {"disability_kind": "physical", "disability_grade": 1}, ["M220-10"]),
        (TRIAL, {"disability_kind": "intellectual", "disability_grade": 3}, []),
        (TRIAL, {"serious_illness": True}, []),
    ],
)
def test_who_may_apply_alone(code, facts, sources):
    standing = one(code, **facts)
    assert standing.verdict == COUNTED
    assert [ground.source for ground in standing.alone] == sources


def test_a_ground_counts_from_its_day_on():
    severe = {"disability_kind": "physical", "disability_grade": 1, "employed": False}
    assert [g.source for g in one(on=date(2022, 10, 19), **severe).alone] == ["M57-8"]
    assert [g.source for g in one(on=date(2022, 10, 20), **severe).alone] == ["M57-8", "N22"]


def test_a_prisoner_may_not_apply_alone_whatever_his_health():
    assert one(relation="spouse", away="prison", disability_kind="physical", disability_grade=1).alone == ()


def test_people_are_answered_in_the_order_they_are_given():
    people = [Relative(str(n), "王", "child", date(2015, 1, 1)) for n in (3, 1, 2)]
    assert [s.id for s in who_counts(people, edition(NATIONAL), DAYS[NATIONAL])] == ["3", "1", "2"]
