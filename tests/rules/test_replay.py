"""A stored derivation, replayed by another interpreter that shares no code with the first, gives the same numbers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given

from definitions.rules.calc import calculate
from tests.rules.households import household, monthly
from tests.rules.test_properties import families
from tests.rules.test_worked_examples import MEDICAL, NAT, NB, RIGID, TEMPORARY


def month_later(day, months):
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    last = date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def half_up(number, units):
    return Fraction((number * units * 2 + 1) // 2, units)


OPERATIONS = {
    "given": lambda x: x,
    "sum": lambda *xs: sum(xs, Fraction(0)),
    "minus": lambda x, *xs: max(Fraction(0), x - sum(xs)),
    "times": lambda *xs: prod(xs),
    "over": lambda x, y: x / y,
    "least": lambda *xs: min(xs),
    "greatest": lambda *xs: max(xs),
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "round": lambda x, how: {
        "fen": half_up(x, 100),
        "yuan_half_up": half_up(x, 1),
        "yuan_ceil": Fraction(-(-x // 1)),
    }[how],
    "after_months": lambda day, n: month_later(day, int(n)),
    "day_before_months": lambda day, n: month_later(day, int(n)) - timedelta(days=1),
    "next_month": lambda day: month_later(day.replace(day=1), 1),
    "month_day": lambda day, n: day.replace(day=int(n)),
    "quarter_day": lambda day, n: next(
        m.replace(day=int(n)) for m in (month_later(day, i) for i in range(3)) if m.month in (1, 4, 7, 10)
    ),
}


def replay(steps):
    """Every step computed again from the stored text alone; those that are no arithmetic are left out."""
    known = {}
    for step in steps:
        if step["op"] == "note":
            continue
        inputs = [known[i] if i in known else literal(i) for i in step["inputs"]]
        known[step["id"]] = OPERATIONS[step["op"]](*inputs)
        assert spelled(known[step["id"]]) == step["exact"], step
    return known


def literal(text):
    if text in ("fen", "yuan_half_up", "yuan_ceil"):
        return text
    return date.fromisoformat(text) if text.count("-") == 2 else Fraction(text)


def spelled(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(families())
def test_allowances_replay(family):
    answer = json.loads(json.dumps(calculate("benefit", family)))

    last = replay(answer["steps"])[answer["steps"][-1]["id"]]

    assert last == Fraction(answer["total"])


@pytest.mark.parametrize(
    "rule, document",
    [
        (
            "means",
            household(2, monthly("500"), property={"monetary": "90000", "dwellings": 2, "vehicles": 1}),
        ),
        ("temporary", TEMPORARY),
        ("medical", MEDICAL | {"deductible": "100", "ratio": "0.333"}),
        ("selfcare", NAT | {"failed": ["eat"]}),
        ("rigid", RIGID),
        ("recovery", NB | {"months": 3, "amount": "588.88", "fraud": True}),
        ("review", NB | {"class": "B", "last": "2016-08-31"}),
        ("payment", NB | {"approved": "2016-10-20", "setting": "rural", "quarterly": True}),
        ("payment", NB | {"approved": "2016-10-20"}),
    ],
)
def test_every_rule_replays(rule, document):
    answer = calculate(rule, document)

    assert replay(answer["steps"])
    assert (answer["rule"], answer["edition"]) == (rule, document["edition"])
    assert all(s["what"] and s["formula"] and s["value"] and s["source"] for s in answer["steps"])


def test_a_forged_step_is_found():
    steps = calculate("benefit", household(3, monthly("1200")))["steps"]
    steps[-2]["exact"] = "1033"

    with pytest.raises(AssertionError):
        replay(steps)
