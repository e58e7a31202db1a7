"""The worked examples of the law: what goes in, what comes out."""

from __future__ import annotations

import pytest

from definitions.rules.calc import calculate
from tests.rules.households import annual, household, monthly

NB, NAT = {"edition": "NB2016", "as_of": "2016-10-01"}, {"edition": "NAT2021", "as_of": "2025-03-01"}


@pytest.mark.parametrize(
    "document, expected",
    [
        (household(3, monthly("1200")), {"eligible": True, "base": "1032.00", "total": "1032.00"}),
        (household(1), {"countable_income": "0.00", "total": "744.00"}),
        (
            household(2, monthly("900"), annual("1200", kind="scholarship")),
            {"countable_income": "900.00", "total": "588.00"},
        ),
        (household(2, monthly("500")), {"total": "988.00"}),
        (
            household(
                2,
                monthly("500"),
                {"category": "wage", "monthly": "2000", "new_employment": True},
                employment_disregard={"months_used": 0},
            ),
            {"countable_income": "500.00", "total": "988.00"},
        ),
    ],
)
def test_allowance(document, expected):
    answer = calculate("benefit", document)

    assert {key: answer[key] for key in expected} == expected
    assert all(step["source"] for step in answer["steps"])


TEMPORARY = NB | {"standard": "744", "persons": 3, "requested": "20000", "exceptional": False}
RIGID = NAT | {
    "standard": "1005",
    "persons": 3,
    "annual_income": "60000",
    "local_average_income": "70000",
    "threshold": "0.5",
    "property_ok": True,
    "spending": [{"kind": "medical", "annual": "36000"}],
}
MEDICAL = NB | {
    "total": "50000",
    "insurance": "30000",
    "charity": "2000",
    "other_aid": "3000",
    "requested": "20000",
    "group": "low_edge",
}


def review(group, setting, **more):
    return NB | {"class": group, "setting": setting, "last": "2016-09-19"} | more


@pytest.mark.parametrize(
    "rule, document, expected",
    [
        ("temporary", TEMPORARY, {"cap": "13392.00", "granted": "13392.00"}),
        ("temporary", TEMPORARY | {"exceptional": True}, {"cap": "26784.00", "granted": "20000.00"}),
        (
            "temporary",
            TEMPORARY | {"edition": "NAT2021", "as_of": "2022-01-01"},
            {"cap": None, "granted": "20000.00"},
        ),
        ("medical", MEDICAL, {"remaining": "15000.00", "aid": "15000.00"}),
        ("medical", MEDICAL | {"deductible": "5000", "ratio": "0.7"}, {"aid": "7000.00"}),
        ("medical", MEDICAL | {"deductible": "16000", "ratio": "0.7"}, {"aid": "0.00"}),
        ("medical", MEDICAL | {"insurance": "60000"}, {"remaining": "0.00", "aid": "0.00"}),
        ("medical", MEDICAL | {"requested": "100"}, {"aid": "100.00"}),
        ("rigid", RIGID, {"ratio": "0.6000", "eligible": True, "valid_until": "2026-02-28"}),
        (
            "recovery",
            NB | {"months": 3, "amount": "588", "fraud": False},
            {"return": "1764.00", "fine_max": "0.00"},
        ),
        (
            "recovery",
            NB | {"months": 3, "amount": "588", "fraud": True},
            {"return": "1764.00", "fine_min": "1764.00", "fine_max": "5292.00"},
        ),
        ("review", review("A", "urban"), {"due": "2017-09-19"}),
        ("review", review("B", "urban"), {"due": "2017-03-19"}),
        ("review", review("C", "urban"), {"due": "2016-10-19"}),
        ("review", review("C", "rural"), {"due": "2016-12-19"}),
        ("review", review("C", "urban", last="2017-01-31"), {"due": "2017-02-28"}),
        ("review", review("B", "urban", edition="NAT2021", as_of="2022-01-01"), {"due": "2017-09-19"}),
        ("review", review("C", "rural", edition="NAT2021", as_of="2022-01-01"), {"due": "2017-03-19"}),
        ("payment", NB | {"approved": "2016-09-20"}, {"first_month": "2016-10", "pay_by": "2016-10-10"}),
        ("payment", NB | {"approved": "2016-12-31"}, {"first_month": "2017-01", "pay_by": "2017-01-10"}),
        ("payment", NAT | {"approved": "2025-03-01"}, {"first_month": "2025-04", "pay_by": None}),
        ("selfcare", NAT | {"failed": ["dress", "bathe"]}, {"level": "part", "failures": 2}),
    ],
)
def test_other_rules(rule, document, expected):
    answer = calculate(rule, document)

    assert {key: answer[key] for key in expected} == expected
    assert answer["reasons"]
    assert answer["steps"]
    assert all(step["source"] for step in answer["steps"])


@pytest.mark.parametrize("month, paid", [("08", "2016-10-10"), ("09", "2016-10-10"), ("10", "2017-01-10")])
def test_a_quarter_is_paid_in_its_first_month_and_a_later_start_with_the_next_quarter(month, paid):
    document = NB | {"approved": f"2016-{month}-20", "setting": "rural", "quarterly": True}

    assert calculate("payment", document)["pay_by"] == paid
