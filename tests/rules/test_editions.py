"""Every number of the law has a name, a source and dates, and no two of one name meet on one day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain, combinations, pairwise

import pytest

from definitions.editions.catalogue import (
    EDITIONS,
    InForce,
    NoEdition,
    default_timetable,
    edition,
    edition_on,
)
from definitions.editions.ending import ending
from definitions.editions.names import NAMES
from definitions.editions.number import NumberMissing
from definitions.editions.samples import END, SAMPLE_STANDARDS, sample_rows
from definitions.editions.sources import cite, known
from definitions.editions.standards import KINDS, SETTINGS, TIER_KINDS

LAST = date(2999, 12, 31)


@pytest.mark.parametrize("law", EDITIONS.values(), ids=lambda law: law.code)
class TestEdition:
    def test_every_number_is_named_sourced_and_dated(self, law):
        for item in (*law.numbers, *law.excluded_incomes, *law.deductions):
            assert known(item.source), item
            assert item.to is None or item.from_ <= item.to, item
        assert {n.name for n in law.numbers} <= set(NAMES)
        assert known(law.source)
        assert all(known(source) for source in law.articles.values())

    def test_no_two_values_of_a_number_are_in_force_at_once(self, law):
        for one, other in combinations(law.numbers, 2):
            if one.name == other.name and one.setting == other.setting:
                assert (one.to or LAST) < other.from_ or (other.to or LAST) < one.from_

    def test_a_number_of_the_whole_edition_answers_for_any_date(self, law):
        for day in (date(1990, 1, 1), law.from_, date(2030, 1, 1)):
            assert law.decimal("fine_multiple_max", day) == 3

    def test_a_missing_number_is_named_with_its_date(self, law):
        with pytest.raises(NumberMissing, match="2012-01-01"):
            law.number("gradual_exit_months_max", date(2012, 1, 1))


def test_every_name_is_used():
    assert {n.name for law in EDITIONS.values() for n in law.numbers} == set(NAMES)


def test_a_number_with_dates_of_its_own_answers_within_them_alone():
    law = edition("NAT2021")

    assert law.find("gradual_exit_months_max", date(2022, 10, 19)) is None
    assert law.integer("gradual_exit_months_max", date(2022, 10, 20)) == 6


def test_a_number_that_differs_by_setting_asks_for_it():
    with pytest.raises(NumberMissing, match="setting"):
        edition("NB2016").number("review_months_C", date(2016, 10, 1))


def test_the_timetable_hands_over_at_midsummer_2021():
    timetable = default_timetable()

    assert edition_on(date(2021, 6, 30), timetable).code == "NB2016"
    assert edition_on(date(2021, 7, 1), timetable).code == "NAT2021"
    with pytest.raises(NoEdition):
        edition_on(date(2021, 7, 1), timetable[:1])
    with pytest.raises(NoEdition, match="NB2016"):
        edition("NB2015")


SAMPLED = set(KINDS) - set(chain(*TIER_KINDS))
"""The sample district pays the difference, not by tiers."""


def test_sample_amounts_are_marked_dated_and_without_gap_or_overlap():
    rows = list(sample_rows())

    assert all(r.sample and known(r.source) and r.to for r in rows)
    assert {r.kind for r in rows} == SAMPLED
    for kind in SAMPLED:
        for setting in SETTINGS:
            series = sorted(
                (r for r in rows if (r.kind, r.setting) == (kind, setting)), key=lambda r: r.from_
            )
            assert series[-1].to == END
            assert all(a.to + timedelta(days=1) == b.from_ for a, b in pairwise(series))


def test_no_sample_amount_outlives_its_end():
    for kind in SAMPLED:
        assert SAMPLE_STANDARDS.on(kind, "urban", END) is not None
        assert SAMPLE_STANDARDS.on(kind, "urban", END + timedelta(days=1)) is None


def test_a_source_is_cited_in_words():
    assert cite("M57-13;R649-9") == "《最低生活保障审核确认办法》第13条，《社会救助暂行办法》第9条"


@pytest.mark.parametrize(
    "today, found",
    [
        (date(2025, 10, 31), []),
        (date(2025, 11, 1), [("“中央确定的基础养老金（“十四五”期间）”的规定", date(2025, 12, 31))]),
        (date(2025, 12, 31), [("“中央确定的基础养老金（“十四五”期间）”的规定", date(2025, 12, 31))]),
        (date(2026, 1, 1), []),
        (date(2021, 6, 1), []),
    ],
)
def test_a_number_of_the_law_is_announced_sixty_days_before_it_ends(today, found):
    assert list(ending(default_timetable(), today, timedelta(days=60))) == found


def test_an_edition_that_nothing_follows_is_announced():
    alone = [InForce("NB2016", None, date(2021, 6, 30))]
    assert list(ending(alone, date(2021, 5, 1), timedelta(days=60))) == [
        ("规则版本 NB2016", date(2021, 6, 30))
    ]
    assert list(ending(alone, date(2021, 4, 30), timedelta(days=60))) == []
