"""Paths, times, loops and returns as counted from what cases did."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.workflow.test_pictures import Toy
from workflow.catalogue import Blueprint
from workflow.mining import Passed, mine
from workflow.mining.paths import percentile

START = datetime(2016, 9, 5, 1, tzinfo=UTC)
TOY = Blueprint(Toy)


def went(number, *steps, closed=True):
    """A case by (stage, days after its start); its actions go by the name of the stage they lead to."""
    told = tuple((stage, f"to_{stage}", START + timedelta(days=days)) for stage, days in steps)
    return Passed(number, f"WJ-{number}", "张*", closed, (), told)


CASES = [
    went(1, ("draft", 0), ("review", 1), ("posting", 3), ("decision", 10), ("approved", 12)),
    went(2, ("draft", 0), ("review", 2), ("posting", 6), ("decision", 13), ("approved", 14)),
    went(3, ("draft", 0), ("review", 1), ("posting", 2), ("review", 5), ("posting", 9), closed=False),
    went(4, ("draft", 0), ("withdrawn", 4)),
]
NOW = START + timedelta(days=20)
MINED = mine(TOY, CASES, NOW)


def test_variants_are_sorted_by_how_many_went_them_and_add_up():
    assert [len(one.cases) for one in MINED.variants] == [2, 1, 1]
    assert MINED.variants[0].path == ("draft", "review", "posting", "decision", "approved")
    assert sum(len(one.cases) for one in MINED.variants) == len(CASES)
    assert len({one.key for one in MINED.variants}) == 3


def test_the_age_of_a_case_ends_with_it_or_now():
    medians = {len(one.path): one.median for one in MINED.variants if len(one.cases) == 1}
    assert medians == {2: timedelta(days=4), 5: timedelta(days=20)}
    assert (MINED.closed, MINED.median, MINED.p90) == (3, timedelta(days=12), timedelta(days=14))


def test_times_are_those_of_ended_visits():
    review = MINED.stages["review"]
    assert (review.visits, review.cases, review.again, review.here) == (4, 3, 1, 0)
    assert (review.median, review.p90) == (timedelta(days=2), timedelta(days=4))
    posting = MINED.stages["posting"]
    assert (posting.visits, posting.here, posting.again) == (4, 1, 1)
    assert MINED.stages["approved"].median is None


def test_the_stage_where_cases_stand_longest_is_the_hottest():
    levels = {code: one.level for code, one in MINED.stages.items()}
    assert max(levels.values()) == levels["posting"] == 4
    assert levels["approved"] == 0
    assert all(levels[code] >= 1 for code in ("draft", "review", "decision"))


def test_ways_back_name_where_from_by_what_and_where_to():
    assert [(one.source, one.action, one.target, one.count) for one in MINED.returns] == [
        ("posting", "to_review", "review", 1), ("review", "to_posting", "posting", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("share, wanted", [(50, 5), (90, 9), (100, 10), (1, 1)])
def test_a_percentile_is_a_value_that_occurred(share, wanted):
    values = [timedelta(days=day) for day in range(10, 0, -1)]
    assert percentile(values, share) == timedelta(days=wanted)


def test_nothing_has_no_percentile_and_no_variant():
    assert percentile([], 50) is None
    empty = mine(TOY, [], NOW)
    assert (empty.variants, empty.returns, empty.closed, empty.median) == ([], [], 0, None)
