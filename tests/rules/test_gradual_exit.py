"""渐退: who may leave benefit by degrees, for how long, and why not."""

from __future__ import annotations

from datetime import date

import pytest

from definitions.rules.gradual_exit import gradual_exit
from definitions.rules.household_document import read_household
from tests.rules.households import annual, household, member


def family(
    wage: str = "26400", pension: str = "0", *, code: str = "NAT2021", on: str = "2022-11-07", **more: object
):
    """Two people under a standard of 1100: one earns, the other has a pension, yuan a year."""
    people = [
        member(1, annual(wage, category="wage")),
        member(2, {"category": "transfer", "annual": pension}),
    ]
    return read_household(household(2, members=people, standard="1100", edition=code, as_of=on, **more))


@pytest.mark.parametrize(
    "wage, pension, why",
    [
        ("26399.99", "0", "没有超过标准"),
        ("26400", "0", ""),
        ("0", "26400", "没有劳动收入"),
        ("1", "26399", ""),
        ("1", "26399.99", ""),
        ("1", "26400", "仍有 1100.00 元"),
    ],
)
def test_it_is_for_families_whom_work_has_lifted_above_the_standard(wage, pension, why):
    found = gradual_exit(family(wage, pension))
    assert found.allowed is (not why)
    assert why in found.why


@pytest.mark.parametrize("kind", ["wage", "business"])
def test_work_is_a_wage_or_a_business(kind):
    people = [member(1, {"category": kind, "annual": "30000"})]
    made = household(1, members=people, standard="1100", edition="NAT2021", as_of="2022-11-07")
    assert gradual_exit(read_household(made)).allowed


@pytest.mark.parametrize(
    "months, last", [(1, date(2022, 12, 31)), (6, date(2023, 5, 31)), (None, date(2023, 5, 31)), (7, None)]
)
def test_it_begins_next_month_and_lasts_six_months_at_most(months, last):
    found = gradual_exit(family(), months)
    assert (found.allowed, found.most, found.last) == (last is not None, 6, last)
    assert found.first == (last and date(2022, 12, 1))
    assert last or "1 到 6 个月" in found.why


@pytest.mark.parametrize("on, most", [("2022-10-19", None), ("2022-10-20", 6)])
def test_the_months_are_those_of_the_opinions_of_2022(on, most):
    assert gradual_exit(family(on=on)).most == most


def test_the_law_of_2016_leaves_new_earnings_out_of_account_instead():
    found = gradual_exit(family(code="NB2016", on="2016-10-01"))
    assert (found.allowed, found.most) == (False, None)
    assert "NB2016 没有渐退期的规定" in found.why


def test_a_family_in_a_gradual_exit_gets_no_second_one():
    found = gradual_exit(family(), running=True)
    assert (found.allowed, found.most) == (False, 6)
    assert "已在渐退期内" in found.why


def test_its_derivation_shows_what_the_family_would_have_without_that_work():
    steps = {step.what: step.value for step in gradual_exit(family("26400", "12000"), 3).derivation.steps}
    assert steps == {
        "低保标准": "1100.00", "人均月收入": "1600.00", "收入达到低保标准": "是", "m1 劳动收入": "2200.00",
        "家庭劳动月收入": "2200.00", "家庭计入月收入": "3200.00", "没有劳动收入时的月收入": "1000.00", "家庭人数": "2",
        "没有劳动收入时的人均月收入": "500.00", "没有劳动收入时低于低保标准": "是", "渐退月数": "是", "渐退期最多月数": "6",
        "渐退期开始": "2022-12-01", "渐退期结束": "2023-02-28",
    }  # fmt: skip
