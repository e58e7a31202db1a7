"""Income a family is taken to have: support by those who live apart, wages of those who could work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.editions.number import NumberMissing
from definitions.rules.errors import RuleRefused
from definitions.rules.imputed import HINDRANCES, imputed_wage
from definitions.rules.support import support_payment
from tests.rules.test_replay import replay

DAY = date(2024, 3, 1)
"""Standard 1,180, minimum wage 2,490."""


def support(income, size=3, **more):
    return support_payment(
        "NAT2021", DAY, family_income=Decimal(income), family_size=size, setting="urban", **more
    )


def wage(stated, labour="able", **more):
    return imputed_wage("NAT2021", DAY, labour=labour, stated=Decimal(stated), setting="urban", **more)


@pytest.mark.parametrize(
    ("income", "monthly", "code"),
    [
        ("5309.99", "0.00", "support_unable"),
        ("5310", "0.00", "support_unable"),
        ("5310.06", "0.01", "support_counted"),
        ("9000", "615.00", "support_counted"),
        ("0", "0.00", "support_unable"),
    ],
)
def test_half_of_what_a_supporters_family_has_above_one_and_a_half_times_the_standard(income, monthly, code):
    found = support(income)

    assert (f"{found.monthly:.2f}", found.derivation.reasons[-1].code) == (monthly, code)


def test_what_was_agreed_goes_before_the_formula():
    found = support("999999", agreed=Decimal("300"))

    assert found.monthly == Decimal("300.00")
    assert [reason.code for reason in found.derivation.reasons] == ["support_agreed"]


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1, 9))
def test_a_richer_supporter_never_gives_less_and_never_more_than_he_has(fen, more, size):
    first, second = (support(Decimal(f) / 100, size).monthly for f in (fen, fen + more))

    assert first <= second <= Decimal(fen + more) / 100


@pytest.mark.parametrize(
    ("stated", "labour", "monthly", "imputed"),
    [
        ("0", "able", "1992.00", True),
        ("1991.99", "able", "1992.00", True),
        ("1992", "able", "1992.00", False),
        ("1992.01", "able", "1992.01", False),
        ("0", "partial", "996.00", True),
        ("996", "partial", "996.00", False),
    ],
)
def test_who_can_work_is_taken_to_earn_a_share_of_the_minimum_wage(stated, labour, monthly, imputed):
    found = wage(stated, labour)

    assert (f"{found.monthly:.2f}", found.imputed) == (monthly, imputed)
    assert found.derivation.reasons[-1].code == ("imputed" if imputed else "as_stated")


@pytest.mark.parametrize("hindered", HINDRANCES)
def test_what_hinders_somebody_is_respected(hindered):
    found = wage("12.50", hindered=hindered)

    assert (found.monthly, found.imputed) == (Decimal("12.50"), False)
    assert HINDRANCES[hindered] in found.derivation.reasons[-1].text


@pytest.mark.parametrize("wrong", [{"labour": "none"}, {"hindered": "lazy"}])
def test_an_unknown_word_is_refused_by_name(wrong):
    with pytest.raises(RuleRefused, match=next(iter(wrong.values()))):
        wage("0", **wrong)


def test_without_the_districts_number_nothing_is_taken_instead():
    with pytest.raises(NumberMissing, match="1990-01-01"):
        support_payment("NB2016", date(1990, 1, 1), family_income=Decimal(1), family_size=1)
    with pytest.raises(NumberMissing, match="最低工资"):
        imputed_wage("NB2016", date(2014, 3, 1), labour="able", stated=Decimal(0))


def test_the_derivation_says_where_every_number_is_from_and_can_be_replayed():
    for found in (support("9000"), support("1"), wage("0"), wage("3000", "partial")):
        assert all(step.source for step in found.derivation.steps)
        replay([step.as_json() for step in found.derivation.steps])


@pytest.mark.parametrize("day", [date(2016, 10, 1), date(2021, 6, 30)])
def test_a_day_outside_the_edition_is_said(day):
    for found in (
        support_payment("NAT2021", day, family_income=Decimal(1), family_size=1),
        imputed_wage("NAT2021", day, labour="able", stated=Decimal(1)),
    ):
        assert found.derivation.reasons[0].code == "outside_edition"
