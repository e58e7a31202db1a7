"""Just below, exactly at, and just above each limit."""

from __future__ import annotations

import pytest

from definitions.rules.calc import calculate
from tests.rules.households import annual, codes, household, member, monthly
from tests.rules.test_worked_examples import MEDICAL, NAT, NB, RIGID, TEMPORARY


@pytest.mark.parametrize(
    "yearly, eligible, base",
    [
        ("26783.99", True, "0.00"),
        ("26784", False, "0.00"),
        ("26784.01", False, "0.00"),
        ("26783.88", True, "0.01"),
    ],
)
def test_income_is_strictly_below_the_standard_before_rounding(yearly, eligible, base):
    answer = calculate("benefit", household(3, annual(yearly)))

    assert (answer["eligible"], answer["base"]) == (eligible, base)


@pytest.mark.parametrize(
    "edition, as_of, income, low_edge",
    [
        ("NB2016", "2016-10-01", "743.99", False),
        ("NB2016", "2016-10-01", "744", True),
        ("NB2016", "2016-10-01", "1115.99", True),
        ("NB2016", "2016-10-01", "1116", True),
        ("NB2016", "2016-10-01", "1116.01", False),
        ("NAT2021", "2022-01-01", "1115.99", True),
        ("NAT2021", "2022-01-01", "1116", False),
        ("NAT2021-DELEGATED", "2022-01-01", "1116", False),
    ],
)
def test_low_edge_limit_is_included_by_the_province_and_not_by_the_nation(edition, as_of, income, low_edge):
    document = household(1, monthly(income), edition=edition, as_of=as_of)

    assert calculate("means", document)["low_edge"] is low_edge


@pytest.mark.parametrize("income, low_edge", [("1860", True), ("1860.01", False)])
def test_a_widened_low_edge_stops_at_the_minimum_wage(income, low_edge):
    document = household(1, monthly(income), low_edge_multiple="3")

    assert calculate("means", document)["low_edge"] is low_edge
    assert calculate("means", document)["limits"]["low_edge_per_capita"] == "1860.00"


@pytest.mark.parametrize(
    "owned, ok, code",
    [
        ({"monetary": "53567.99"}, True, "property_within_limits"),
        ({"monetary": "53568"}, False, "monetary_over_limit"),
        ({"monetary": "60000", "monetary_years": "4"}, True, "property_within_limits"),
        ({"vehicles": 1}, False, "vehicles_over_limit"),
        ({"commercial_premises": 1}, False, "commercial_premises_over_limit"),
        ({"dwellings": 1}, True, "property_within_limits"),
        ({"dwellings": 2}, False, "floor_area_not_stated"),
        (
            {"dwellings": 2, "floor_area_per_capita": "39.9", "floor_area_limit": "40"},
            True,
            "property_within_limits",
        ),
        (
            {"dwellings": 2, "floor_area_per_capita": "40", "floor_area_limit": "40"},
            False,
            "floor_area_over_limit",
        ),
        (
            {"dwellings": 3, "floor_area_per_capita": "10", "floor_area_limit": "40"},
            False,
            "dwellings_over_limit",
        ),
    ],
)
def test_property(owned, ok, code):
    answer = calculate("means", household(2, property=owned))

    assert answer["property_ok"] is ok
    assert code in codes(answer)
    assert answer["eligible"] is True


def test_property_nobody_stated_is_not_judged():
    answer = calculate("means", household(2))

    assert answer["property_ok"] is None
    assert answer["limits"]["monetary_per_capita"] == "26784.00"
    assert "property_not_stated" in codes(answer)


def test_rural_dwellings_are_not_counted():
    assert calculate("means", household(2, setting="rural", property={"dwellings": 3}))["property_ok"] is True


@pytest.mark.parametrize(
    "used, earned, countable",
    [(0, "2232", "0.00"), (0, "2232.01", "0.01"), (11, "2000", "0.00"), (12, "2000", "2000.00")],
)
def test_new_earnings_are_disregarded_up_to_three_standards_while_months_remain(used, earned, countable):
    wage = {"category": "wage", "monthly": earned, "new_employment": True}
    answer = calculate("means", household(2, wage, employment_disregard={"months_used": used}))

    assert answer["countable_income"] == countable


def test_the_disregard_is_one_for_the_whole_household():
    wage = {"category": "wage", "monthly": "2000", "new_employment": True}
    members = [member(1, wage), member(2, wage)]
    answer = calculate("means", household(2, members=members, employment_disregard={"months_used": 0}))

    assert answer["countable_income"] == "1768.00"


def test_a_new_job_alone_changes_nothing():
    wage = {"category": "wage", "monthly": "600"}

    for edition in ("NB2016", "NAT2021"):
        plain = calculate("benefit", household(2, wage, edition=edition))
        new = calculate("benefit", household(2, wage | {"new_employment": True}, edition=edition))
        assert new == plain


@pytest.mark.parametrize(
    "edition, as_of, counted",
    [
        ("NB2016", "2022-01-01", "100.00"),
        ("NAT2021", "2021-06-30", "100.00"),
        ("NAT2021", "2021-07-01", "0.00"),
        ("NAT2021-DELEGATED", "2025-12-31", "0.00"),
        ("NAT2021", "2026-01-01", "100.00"),
    ],
)
def test_base_pension_is_left_out_in_the_plan_years_of_the_national_editions(edition, as_of, counted):
    document = household(1, monthly("100", kind="base_pension"), edition=edition, as_of=as_of)

    assert calculate("means", document)["countable_income"] == counted


@pytest.mark.parametrize(
    "kind", ["scholarship", "special_care_pay", "family_planning_award", "bravery_award", "government_aid"]
)
@pytest.mark.parametrize(
    "edition, as_of", [("NB2016", "2016-10-01"), ("NAT2021", "2016-10-01"), ("NB2016", "2025-01-01")]
)
def test_kinds_that_never_count(kind, edition, as_of):
    document = household(1, monthly("100", kind=kind), edition=edition, as_of=as_of)

    assert calculate("means", document)["countable_income"] == "0.00"


@pytest.mark.parametrize(
    "rounding, base", [("fen", "735.67"), ("yuan_half_up", "736.00"), ("yuan_ceil", "736.00")]
)
def test_rounding(rounding, base):
    assert calculate("benefit", household(1, annual("100"), rounding=rounding))["base"] == base


@pytest.mark.parametrize(
    "income, fen, half_up, ceil",
    [
        ("0.5", "743.50", "744.00", "744.00"),
        ("0.51", "743.49", "743.00", "744.00"),
        ("1", "743.00", "743.00", "743.00"),
    ],
)
def test_rounding_to_yuan(income, fen, half_up, ceil):
    shown = [
        calculate("benefit", household(1, monthly(income), rounding=how))["base"]
        for how in ("fen", "yuan_half_up", "yuan_ceil")
    ]

    assert shown == [fen, half_up, ceil]


def test_half_a_fen_is_rounded_up():
    assert calculate("benefit", household(1, annual("0.06")))["base"] == "744.00"


def test_a_month_stated_equals_its_year():
    by_month = calculate("benefit", household(2, {"category": "wage", "monthly": "1000"}))
    by_year = calculate("benefit", household(2, {"category": "wage", "annual": "12000"}))

    assert by_month["total"] == by_year["total"] == "488.00"


@pytest.mark.parametrize(
    "deducted, countable", [("0", "100.00"), ("600", "50.00"), ("1200", "0.00"), ("99999", "0.00")]
)
def test_deductions_never_make_an_income_negative(deducted, countable):
    document = household(1, monthly("100"), deductions=[{"kind": "illness", "annual": deducted}])

    assert calculate("benefit", document)["countable_income"] == countable


def test_the_highest_single_supplement_counts_once_for_each_member():
    members = [
        member(1, supplement_reasons=["elderly", "severe_disability"]),
        member(2, supplement_reasons=["minor"]),
        member(3),
    ]
    rates = {"elderly": "104", "severe_disability": "372"}
    answer = calculate("benefit", household(3, members=members, supplement_rates=rates))

    assert (answer["supplement"], answer["total"]) == ("476.00", "2708.00")


def test_no_supplement_without_eligibility():
    members = [member(1, monthly("744"), supplement_reasons=["elderly"])]
    answer = calculate("benefit", household(1, members=members))

    assert (answer["base"], answer["supplement"], answer["total"]) == ("0.00", "0.00", "0.00")


def test_a_forfeited_share_is_lost_and_the_person_still_counted():
    members = [member(1, monthly("300")), member(2, share_forfeited=True), member(3)]
    answer = calculate("benefit", household(3, members=members))

    assert (answer["per_capita"], answer["base"]) == ("100.00", "1288.00")
    assert "share_forfeited" in codes(answer)


def test_all_shares_forfeited_leave_nothing():
    assert calculate("benefit", household(1, members=[member(1, share_forfeited=True)]))["total"] == "0.00"


def test_the_dead_are_no_members():
    members = [member(1), member(2, monthly("5000"), alive=False, supplement_reasons=["elderly"])]
    answer = calculate("benefit", household(2, members=members))

    assert (answer["countable_income"], answer["total"]) == ("0.00", "744.00")


@pytest.mark.parametrize(
    "requested, granted", [("13391.99", "13391.99"), ("13392", "13392.00"), ("13392.01", "13392.00")]
)
def test_temporary_cap(requested, granted):
    assert calculate("temporary", TEMPORARY | {"requested": requested})["granted"] == granted


@pytest.mark.parametrize("failed, level", [(0, "able"), (1, "part"), (3, "part"), (4, "full"), (6, "full")])
@pytest.mark.parametrize("law", [NB, NAT])
def test_selfcare_levels(law, failed, level):
    activities = ["eat", "dress", "bed", "toilet", "walk", "bathe"][:failed]
    answer = calculate("selfcare", law | {"failed": activities})

    assert (answer["level"], answer["failures"]) == (level, failed)


@pytest.mark.parametrize(
    "changed, eligible",
    [
        ({"spending": [{"kind": "medical", "annual": "30000"}]}, False),
        (
            {"spending": [{"kind": "medical", "annual": "29999"}, {"kind": "education", "annual": "1.01"}]},
            True,
        ),
        ({"local_average_income": "20000"}, False),
        ({"local_average_income": "20000.01"}, True),
        ({"annual_income": "54270"}, True),
        ({"annual_income": "54269.99"}, False),
        ({"property_ok": False}, False),
        ({"annual_income": "0"}, False),
        ({"spending": []}, False),
    ],
)
def test_rigid_expenditure(changed, eligible):
    answer = calculate("rigid", RIGID | changed)

    assert answer["eligible"] is eligible
    assert (answer["valid_until"] is not None) is eligible


@pytest.mark.parametrize("ratio, aid", [("0", "0.00"), ("0.333333", "5000.00"), ("1", "15000.00")])
def test_medical_ratio(ratio, aid):
    assert calculate("medical", MEDICAL | {"ratio": ratio})["aid"] == aid


@pytest.mark.parametrize("as_of, outside", [("2021-06-30", False), ("2021-07-01", True)])
def test_a_date_outside_the_edition_is_computed_and_said(as_of, outside):
    assert ("outside_edition" in codes(calculate("benefit", household(1, as_of=as_of)))) is outside


def test_why_not_names_limit_own_value_and_what_would_help():
    answer = calculate("means", household(2, monthly("3000"), property={"monetary": "90000", "vehicles": 1}))
    failed = {r["code"]: r for r in answer["reasons"] if "change" in r}

    assert set(failed) == {
        "income_not_below_standard",
        "above_low_edge",
        "monetary_over_limit",
        "vehicles_over_limit",
    }
    income = failed["income_not_below_standard"]
    assert (income["limit"], income["value"]) == ("744.00", "1500.00")
    assert "1488.00" in income["change"]
    assert all(r["limit"] in r["text"] and r["change"] in r["text"] for r in failed.values())
