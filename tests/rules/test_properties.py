"""What holds for every household."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from definitions.rules.benefit import benefit, split_equally
from definitions.rules.calc import calculate
from definitions.rules.household_document import read_household
from tests.rules.households import household, member

ROUNDINGS = ("fen", "yuan_half_up", "yuan_ceil")
FEN = st.integers(0, 500_000_00).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
INCOME = st.fixed_dictionaries(
    {"category": st.sampled_from(["wage", "business", "property", "transfer", "other"]), "annual": FEN}
)
REASONS = st.lists(st.sampled_from(["elderly", "minor", "severe_disability", "serious_illness"]), unique=True)


@st.composite
def families(draw):
    size = draw(st.integers(1, 6))
    members = [
        member(
            i,
            *draw(st.lists(INCOME, max_size=2)),
            supplement_reasons=draw(REASONS),
            share_forfeited=draw(st.booleans()),
            alive=i == 1 or draw(st.booleans()),
        )
        for i in range(1, size + 1)
    ]
    return household(
        size,
        members=members,
        rounding=draw(st.sampled_from(ROUNDINGS)),
        edition=draw(st.sampled_from(["NB2016", "NAT2021", "NAT2021-DELEGATED"])),
        standard=draw(st.sampled_from(["744", "1005", "5000.01", "1000000000"])),
    )


@given(families(), INCOME)
def test_more_income_never_raises_the_base(family, more):
    before = benefit(read_household(family))
    family["members"][0]["incomes"].append(more)
    after = benefit(read_household(family))

    assert after.base <= before.base


@given(families())
def test_shares_add_up_to_the_total_and_the_rounding_happens_once(family):
    found = benefit(read_household(family))

    assert sum(found.shares.values()) == found.total == found.base + found.supplement
    assert set(found.shares) == {m["id"] for m in family["members"] if m["alive"]}
    assert [s.op for s in found.steps].count("round") == found.eligible
    assert found.eligible or found.total == 0


def test_a_forfeited_share_goes_to_nobody_but_the_supplement_stays():
    members = [
        member(1),
        member(2, share_forfeited=True, supplement_reasons=["elderly"]),
        member(3, share_forfeited=True),
    ]
    found = benefit(read_household(household(3, members=members)))

    assert dict(found.shares) == {"m1": Decimal("744.00"), "m2": Decimal("104.00"), "m3": Decimal("0.00")}


@given(families())
def test_the_base_differs_from_the_exact_gap_by_less_than_one_unit(family):
    found = benefit(read_household(family))
    assume(found.eligible)
    living = [m for m in family["members"] if m["alive"]]
    keeping = [m for m in living if not m["share_forfeited"]]
    income = sum((Fraction(i["annual"]) / 12 for m in living for i in m["incomes"]), Fraction(0))
    exact = (Fraction(family["standard"]) - income / len(living)) * len(keeping)
    error = Fraction(found.base) - exact

    assert {
        "fen": abs(error) <= Fraction(1, 200),
        "yuan_half_up": abs(error) <= Fraction(1, 2),
        "yuan_ceil": 0 <= error < 1,
    }[family["rounding"]]


@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_no_amount(family, shuffler: random.Random):
    before = benefit(read_household(family))
    shuffler.shuffle(family["members"])
    after = benefit(read_household(family))

    assert (after.total, dict(after.shares)) == (before.total, dict(before.shares))


@given(st.integers(0, 10**12), st.integers(1, 20))
def test_an_amount_is_split_to_the_fen(fen, people):
    amount = Decimal(fen).scaleb(-2)
    shares = split_equally(amount, [f"m{i}" for i in range(people)])

    assert sum(shares.values()) == amount
    assert max(shares.values()) - min(shares.values()) <= Decimal("0.01")


def test_what_is_left_over_goes_to_the_first_ids():
    assert split_equally(Decimal("1.00"), ["c", "a", "b"]) == {
        "a": Decimal("0.34"), "b": Decimal("0.33"), "c": Decimal("0.33"),
    }  # fmt: skip
    assert split_equally(Decimal("0.00"), []) == {}


@pytest.mark.parametrize("standard", ["1000000000", "999999999.99"])
def test_great_standards_and_thirds_stay_exact(standard):
    incomes = {"category": "wage", "annual": "0.01"}
    document = household(3, incomes, standard=standard)
    exact = Fraction(standard) * 3 - Fraction(1, 1200)

    assert Fraction(calculate("benefit", document)["base"]) == round(exact * 100) / Fraction(100)
