"""Two scenarios side by side: counted by hand, and more hands or longer limits never look worse than they are."""

import pytest

from definitions.rehearsal.compare import compare
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.forecast.ahead import Band
from workflow.simulation.urns import Urns


def ended(n: int, kept: int) -> dict[str, int]:
    return {"n": n, "on_time": kept}


def test_two_scenarios_of_three_seeds_are_counted_by_hand():
    pairs = [
        ({"a.x": ended(10, 9), "a.y": ended(4, 4)}, {"a.x": ended(10, 5)}),
        ({"a.x": ended(8, 8)}, {"a.x": ended(9, 6), "b.z": ended(1, 0)}),
        ({"a.x": ended(6, 4)}, {"a.x": ended(6, 2)}),
    ]
    total, first, *others = compare(pairs)
    assert (first.limit, first.missed) == ("a.x", (Band(1.0, 0, 2), Band(4.0, 3, 5)))
    assert first.change == Band(3.0, 2, 4)
    assert first.ended == (Band(8.0, 6, 10), Band(25 / 3, 6, 10))
    assert {one.limit for one in others} == {"a.y", "b.z"}
    assert (total.limit, total.missed[0].expected, total.missed[1].expected) == ("", 1.0, 13 / 3)
    assert first.as_dict()["a"] == {
        "ended": {"expected": 8.0, "low": 6, "high": 10},
        "missed": {"expected": 1.0, "low": 0, "high": 2},
    }


def test_the_same_scenario_twice_changes_nothing():
    side = {"a.x": ended(10, 9)}
    assert all(one.change == Band(0.0, 0, 0) for one in compare([(side, side)] * 4))


def test_a_pack_holds_the_shares_of_the_scenario():
    usual = {"go": 36, "return": 2, "doubt": 2}
    urns = Urns(SeededEntropy(1), {"county": {"go": 1, "return": 1}})
    assert sorted(urns.draw("county", usual) for _ in range(4)) == ["go", "go", "return", "return"]
    assert Urns(SeededEntropy(1), {"tries": {"2": 1}}).draw("tries", {1: 3, 2: 2}) == 2
    for shares in ({"elsewhere": 1}, {"go": 0}, {"go": 2, "return": -1}):
        with pytest.raises(Refused):
            Urns(SeededEntropy(1), {"county": shares}).draw("county", usual)
