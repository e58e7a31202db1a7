"""分档: the district's tiers in place of the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.editions.catalogue import edition
from definitions.editions.number import NumberMissing
from definitions.editions.samples import sample_rows
from definitions.editions.standards import SETTINGS, StandardRow, TableStandards
from definitions.rules.benefit import benefit
from definitions.rules.errors import RuleRefused
from definitions.rules.household_document import read_household
from definitions.rules.quick import Judge
from definitions.rules.tiers import check_tiers, tiers_of
from tests.rules.households import annual, household, member
from tests.rules.test_properties import FEN

DAY = date(2022, 11, 1)
TIERS = {"tier_1_below": "300", "tier_1_amount": "900", "tier_2_below": "700", "tier_2_amount": "600",
         "tier_3_below": "1100", "tier_3_amount": "250"}  # fmt: skip


def district(**changed: str | None) -> TableStandards:
    """The sample district of 2022 (standard 1100) with three tiers."""
    rows = [
        StandardRow(kind, setting, date(2022, 1, 1), None, Decimal(amount), "甬民发〔2022〕1号")
        for kind, amount in (TIERS | changed).items()
        for setting in SETTINGS
        if amount is not None
    ]
    return TableStandards([*rows, *sample_rows()])


def family(yearly: str, code: str = "NAT2021", **more: object):
    """Two people, of whom the first has this income."""
    made = household(
        2, members=[member(1, annual(yearly)), member(2)], edition=code, as_of="2022-11-01", **more
    )
    del made["standard"], made["minimum_wage"]
    return read_household(made | {"setting": "urban"})


@pytest.mark.parametrize(
    "yearly, base",
    [
        ("0", "1800.00"), ("7199.99", "1800.00"), ("7200", "1200.00"), ("7200.01", "1200.00"),
        ("16799.99", "1200.00"), ("16800", "500.00"), ("26399.99", "500.00"), ("26400", "0.00"),
    ],
)  # fmt: skip
def test_a_family_gets_the_amount_of_its_tier(yearly, base):
    found = benefit(family(yearly), district())
    assert found.base == Decimal(base)
    assert found.eligible is (base != "0.00")


def test_the_derivation_names_the_tier_and_the_papers_it_stands_on():
    steps = benefit(family("7200"), district()).steps
    said = [(step.what, step.value) for step in steps if "档" in step.what]
    assert said == [
        ("第1档收入上限", "300.00"), ("属于第1档", "否"), ("第2档收入上限", "700.00"), ("属于第2档", "是"),
        ("第2档每人每月金额", "600.00"), ("分档救助金额", "1200.00"),
    ]  # fmt: skip
    assert {step.source for step in steps if step.what.startswith("第2档")} == {"甬民发〔2022〕1号"}


def test_a_lost_share_is_not_paid():
    facts = family("7200")
    lost = replace(facts, members=(replace(facts.members[0], share_forfeited=True), facts.members[1]))
    assert benefit(lost, district()).base == Decimal("600.00")


def test_the_law_before_2021_knows_the_difference_alone():
    assert tiers_of(edition("NB2016"), district(), "urban", DAY) == ()
    assert benefit(family("7200", "NB2016"), district()).base == Decimal("1600.00")


@pytest.mark.parametrize(
    "changed, refused",
    [
        ({"tier_2_below": "300"}, "逐档提高"),
        ({"tier_2_below": "299.99"}, "逐档提高"),
        ({"tier_2_amount": "900.01"}, "不能随收入提高"),
        ({"tier_3_below": "1099.99"}, "没有到低保标准"),
    ],
)
def test_tiers_that_no_family_could_be_judged_by_are_refused(changed, refused):
    for attempt in (lambda: benefit(family("0"), district(**changed)),
                    lambda: check_tiers(edition("NAT2021"), district(**changed), "urban", DAY)):  # fmt: skip
        with pytest.raises(RuleRefused, match=refused):
            attempt()


def test_equal_amounts_and_a_last_bound_at_the_standard_are_lawful():
    check_tiers(edition("NAT2021"), district(tier_2_amount="900", tier_3_below="1100"), "urban", DAY)


@pytest.mark.parametrize("missing", ["tier_2_below", "tier_2_amount"])
def test_half_a_tier_is_named(missing):
    with pytest.raises(NumberMissing, match=missing):
        benefit(family("0"), district(**{missing: None}))


@given(FEN, FEN)
def test_more_income_never_raises_a_base_by_tiers(less, more):
    less, more = sorted((less, more), key=Decimal)
    assert benefit(family(more), district()).base <= benefit(family(less), district()).base


@given(FEN, st.sampled_from(["urban", "rural"]))
def test_many_households_are_judged_by_the_same_tiers(yearly, setting):
    facts = replace(family(yearly), setting=setting)
    found = Judge("NAT2021", DAY, district()).judge(facts)
    assert (found.base, found.total) == (benefit(facts, district()).base, benefit(facts, district()).total)
