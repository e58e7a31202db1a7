"""The forecast: counted by hand where chance has no part, never worse with one person more, and the same for a seed."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.errors import Refused
from workflow.forecast.ahead import HORIZONS, Arrival, Open, World, forecast
from workflow.forecast.pace import USUAL_PACE, Past, Table, learn
from workflow.forecast.queue import Holder, Piece, Staffing, work_off

TOWN, OTHER = "330212110000", "330212101000"
POST, ELSEWHERE = ("town_reviewer", TOWN), ("town_reviewer", OTHER)
DAYS = [date(2026, 7, 20) + timedelta(days=n + 2 * (n // 5)) for n in range(max(HORIZONS))]
PLACE = "dibao:opinion"


def piece(key: int, last: int | None, post=POST, only=None, out=()) -> Piece:
    return Piece(key, PLACE, post[1], post, last, only, frozenset(out))


def at_once(past=(), there=None, days=0):
    """The pace of an office in which nothing lies but for want of hands."""
    pace = learn(past, there or {}, days)
    pace.whole.risk[0], pace.whole.done[0] = 100, 100
    return pace


def world(work, holders, past=(), pace=None) -> World:
    return World(
        DAYS, [Open(one, 0) for one in work], {one.id: one for one in holders}, pace or at_once(), past
    )


def clerk(number: int, pace: int, *posts, away=()) -> Holder:
    return Holder(number, pace, tuple((post, 0, 99) for post in posts or (POST,)), frozenset(away))


def test_one_clerk_at_three_a_day_misses_what_can_be_counted_by_hand():
    """Twelve files, three a day, done on days 0 to 3. Their last days: four each on day 0, 1 and 2.

    Day 0 does three of the four due on day 0; day 1 the fourth (late) and two due on day 1; the other two due on day 1
    and one due on day 2 are done on day 2; the last three on day 3. Missed: 1 due on day 0, 2 on day 1, 3 on day 2.
    """
    found = forecast(world([piece(n, n // 4) for n in range(12)], [clerk(1, 3)]), "any", runs=5)
    assert [Counter(p.last for p in run) for run in found.missed] == [{0: 1, 1: 2, 2: 3}] * 5
    assert [(found.total(h).expected, found.total(h).low, found.total(h).high) for h in HORIZONS] == [
        (6.0, 6, 6)
    ] * 3
    assert [share for _piece, share in found.likely(5)] == [1.0] * 6


def test_work_that_comes_every_day_is_counted_by_hand_too():
    """Two come a day, each to be done on the day it comes; one is done a day. The late one stays first in the line, so on
    the first day one of two is missed, and from then on both.
    """
    came = [[Arrival(PLACE, TOWN, POST, 0, 0)] * 2] * 3
    found = forecast(world([], [clerk(1, 1)], came), "any", runs=3)
    assert [found.total(h).expected for h in HORIZONS] == [9.0, 19.0, 39.0]


def test_leave_is_a_day_on_which_nothing_is_done():
    due_today = [piece(n, 1) for n in range(4)]
    assert forecast(world(due_today, [clerk(1, 2)]), "x", 1).total(5).expected == 0
    assert forecast(world(due_today, [clerk(1, 2, away={1})]), "x", 1).total(5).expected == 2


def test_what_somebody_has_taken_waits_for_him_or_his_stand_in():
    taken = [piece(1, 0, only=1)]
    away = clerk(1, 3, away={0, 1})
    assert forecast(world(taken, [away, clerk(2, 3)]), "x", 1).total(5).expected == 1
    stand_in = Holder(2, 3, ((POST, 0, 99),), frozenset(), ((1, 0, 5),))
    assert forecast(world(taken, [away, stand_in]), "x", 1).total(5).expected == 0


def test_nobody_does_what_he_must_keep_out_of_and_the_other_makes_room_for_it():
    """The one who may do everything first gets the open file; he gives it up when a file comes that only he may do."""
    both = [piece(1, 0), piece(2, 0, out={1})]
    assert forecast(world(both, [clerk(1, 1), clerk(2, 1)]), "x", 1).total(5).expected == 0
    assert forecast(world([piece(1, 0, out={1})], [clerk(1, 9)]), "x", 1).total(5).expected == 1


def test_moving_one_person_is_the_difference_of_the_two_queues():
    here, there = [piece(n, 0) for n in range(2)], [piece(9 + n, 0, post=ELSEWHERE) for n in range(3)]
    before = world([*here, *there], [clerk(1, 1), clerk(2, 1), clerk(3, 1, ELSEWHERE)])
    after = before.moved(2, POST, OTHER)
    was, now = forecast(before, "x", 4), forecast(after, "x", 4)
    assert now.against(was, lambda p: p.area, 5) == {TOWN: 1.0, OTHER: -1.0}
    assert now.total(5) == was.total(5)
    with pytest.raises(Refused):
        before.moved(3, POST, OTHER)


def test_the_same_seed_gives_the_same_forecast_and_another_another():
    table = Table(Counter({0: 100, 1: 60}), Counter({0: 40, 1: 10}))
    pace = learn([], {}, 0)
    pace.whole.risk, pace.whole.done = table.risk, table.done
    start = world(
        [piece(n, n % 6) for n in range(40)], [clerk(1, 9)], [[Arrival(PLACE, TOWN, POST, 0, 2)]] * 2, pace
    )
    keys = [[[p.key for p in run] for run in forecast(start, seed, 8).missed] for seed in ("a", "a", "b")]
    assert keys[0] == keys[1] != keys[2]


POSTS = st.sampled_from([POST, ELSEWHERE, ("investigator", TOWN)])


@settings(max_examples=150, deadline=None)
@given(
    work=st.lists(
        st.tuples(st.integers(0, 9), st.none() | st.integers(-1, 9), POSTS, st.none() | st.integers(1, 4), st.sets(st.integers(1, 4), max_size=3)),
        max_size=40,
    ),
    staff=st.lists(st.tuples(st.integers(0, 3), st.sets(POSTS, min_size=1), st.sets(st.integers(0, 9), max_size=4)), max_size=4),
    more=st.tuples(st.integers(1, 3), st.sets(POSTS, min_size=1)),
)  # fmt: skip
def test_one_person_more_never_makes_anything_be_done_later(work, staff, more):
    pieces = [(ripe, piece(n, last, post, only, out)) for n, (ripe, last, post, only, out) in enumerate(work)]
    people = [clerk(n, pace, *posts, away=away) for n, (pace, posts, away) in enumerate(staff, 1)]
    fewer = {p.key: day for day, p in work_off(pieces, Staffing.of(people, 10), 10)}
    joined = [*people, clerk(9, more[0], *more[1])]
    greater = {p.key: day for day, p in work_off(pieces, Staffing.of(joined, 10), 10)}
    assert fewer.keys() == greater.keys() == set(range(len(work)))
    never = 99
    assert all(
        (never if greater[k] is None else greater[k]) <= (never if day is None else day)
        for k, day in fewer.items()
    )


@given(chances=st.lists(st.integers(0, 100), min_size=3, max_size=3), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_one_person_more_never_raises_what_is_expected_to_be_late(chances, seed):
    pace = learn([], {}, 0)
    pace.whole.risk, pace.whole.done = (
        Counter(dict.fromkeys(range(3), 100)),
        Counter(dict(enumerate(chances))),
    )
    start = world(
        [piece(n, n % 7) for n in range(25)],
        [clerk(1, 2)],
        [[Arrival(PLACE, TOWN, POST, 0, 3)] * 3, []],
        pace,
    )
    more = start.joined(POST)
    for days in HORIZONS:
        assert (
            forecast(more, str(seed), 4).total(days).expected
            <= forecast(start, str(seed), 4).total(days).expected
        )


def full_desk(days: int, a_day: int) -> list[Past]:
    """A clerk with more than he can do: `a_day` done every day, each after lying longer than the last; the rest open."""
    done = [Past(PLACE, POST, 0, day, True, 1) for day in range(days) for _ in range(a_day)]
    return [*done, *(Past(PLACE, POST, 0, days, False) for _ in range(7))]


def test_want_of_hands_is_told_from_lying():
    """A desk at its limit every day teaches its pace, and that nothing lies but for want of hands."""
    learnt = learn(full_desk(30, 3), {POST: [1] * 30}, 30)
    assert learnt.of(POST) == 3
    assert learnt.table(PLACE, POST).ahead(0, 2) == [1.0, 1.0]
    assert learnt.own_days(POST, 0, 30) == 0


def test_with_hands_enough_the_time_work_lies_is_its_own():
    """Each file lies two days though its clerk does nothing else: that is no queue."""
    past = [Past(PLACE, POST, day, day + 2, True, 1) for day in range(0, 90, 3)]
    learnt = learn([*past, *(Past("x:y", POST, 95, 95, True, 1) for _ in range(60))], {POST: [2] * 100}, 100)
    assert learnt.table(PLACE, POST).ahead(0, 4) == [0.0, 0.0, 1.0, 1.0]
    assert learnt.table(PLACE, POST).ripe(2, 5, 0.5) == 0


def test_open_work_counts_as_long_as_it_has_lain():
    """Of forty files half were done at once; the other half lies to this day: it is no more likely done tomorrow."""
    past = [Past(PLACE, POST, 0, 0, True, n) for n in range(20)] + [
        Past(PLACE, POST, 0, 10, False) for _ in range(20)
    ]
    table = learn(past, {POST: [40] * 10}, 10).table(PLACE, POST)
    assert table.rates() == [0.5, *[0.0] * 10]
    assert table.ripe(5, 20, 0.99) == 20


def test_where_nothing_is_known_the_usual_pace_holds_and_work_is_done_when_its_turn_comes():
    learnt = learn([], {}, 0)
    assert learnt.of(POST) == USUAL_PACE
    assert learnt.table(PLACE, POST).ahead(0, 1) == [1.0]
