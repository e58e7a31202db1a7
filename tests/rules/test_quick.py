"""Many households judged without derivations: every verdict is that of the rule with its derivation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.editions.number import NumberMissing
from definitions.editions.standards import StandardRow, TableStandards
from definitions.rules import quick
from definitions.rules.benefit import benefit
from definitions.rules.errors import RuleRefused
from definitions.rules.facts import Deduction, HouseholdFacts
from definitions.rules.household_document import read_household
from definitions.rules.quick import Judge, Verdict
from tests.rules.households import Document, annual, household, monthly
from tests.rules.test_properties import FEN, families

AREA = st.one_of(st.none(), st.sampled_from(["29.99", "30", "30.01"]))


@st.composite
def district_families(draw):
    """As a district keeps them: no numbers of their own."""
    family = draw(families())
    for stated in ("standard", "minimum_wage", "rounding"):
        del family[stated]
    day = {"NB2016": ("2016-10-01", "2021-06-30")}.get(family["edition"], ("2021-07-01", "2026-03-01"))
    family["as_of"] = draw(st.sampled_from(day))
    family["setting"] = draw(st.sampled_from(["urban", "rural"]))
    for member in family["members"]:
        member["incomes"] += draw(
            st.lists(st.sampled_from([monthly("333.33"), annual("744.01")]), max_size=1)
        )
        for income in member["incomes"]:
            if kind := draw(st.sampled_from(["", "scholarship", "base_pension", "rent"])):
                income["kind"] = kind
    if draw(st.booleans()):
        family["property"] = {
            "monetary": draw(FEN),
            "vehicles": draw(st.integers(0, 1)),
            "commercial_premises": draw(st.integers(0, 1)),
            "dwellings": draw(st.integers(0, 3)),
        } | {
            name: area
            for name in ("floor_area_per_capita", "floor_area_limit")
            if (area := draw(AREA)) is not None
        }
    if draw(st.booleans()):
        family["deductions"] = [{"kind": "illness", "annual": draw(FEN)}]
    return read_household(family)


def bare(document: Document) -> HouseholdFacts:
    """The household without the numbers it states."""
    return read_household(
        {k: v for k, v in document.items() if k not in {"standard", "minimum_wage"} and v is not None}
    )


def whole(facts: HouseholdFacts) -> Verdict:
    found = benefit(facts)
    return Verdict(*(getattr(found, name) for name in Verdict._fields))


@given(district_families())
def test_the_verdict_is_that_of_the_derivation(facts):
    assert Judge(facts.edition, facts.as_of).judge(facts) == whole(facts)


@pytest.mark.parametrize("rounding", ["fen", "yuan_half_up", "yuan_ceil"])
@given(facts=district_families())
def test_an_amount_is_rounded_once_in_every_way_a_district_may_round(rounding, facts):
    judge = Judge(facts.edition, facts.as_of)
    judge._rounding = rounding

    assert judge.judge(facts) == whole(replace(facts, rounding=rounding))


@pytest.mark.parametrize(("cents", "low_edge"), [(-1, True), (0, True), (1, False)])
def test_the_low_edge_limit_of_2016_belongs_to_it(cents, low_edge):
    yearly = Decimal("744") * Decimal("1.5") * 12 + Decimal(cents) / 100
    facts = bare(household(1, annual(f"{yearly:.2f}")))

    assert Judge("NB2016", facts.as_of).judge(facts).low_edge is low_edge


@pytest.mark.parametrize(
    "own",
    [
        {"standard": "800"},
        {"minimum_wage": "1000"},
        {"low_edge_multiple": "1.2"},
        {"rounding": "yuan_ceil"},
        {"supplement_rates": {"elderly": "1"}},
        {"employment_disregard": {"months_used": 0}},
        {"property": {"monetary": "89279", "monetary_years": "4"}},
    ],
)
def test_a_household_with_numbers_of_its_own_is_judged_by_them(own):
    stated = household(2, monthly("700.01"), monthly("100", new_employment=True), **own)
    stated = {
        key: value for key, value in stated.items() if key not in {"standard", "minimum_wage"} - set(own)
    }
    stated["members"][0]["supplement_reasons"] = ["elderly"]
    facts = read_household(stated)

    assert Judge("NB2016", facts.as_of).judge(facts) == whole(facts)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"members": []}, RuleRefused),
        ({"as_of": "1990-01-01"}, NumberMissing),
        ({"property": {"dwellings": 2}, "setting": None}, RuleRefused),
    ],
)
def test_what_the_rule_refuses_is_refused(wrong, refused):
    stated = household(1) | wrong
    facts = bare(stated)
    with pytest.raises(refused):
        benefit(facts)
    with pytest.raises(refused):
        Judge(facts.edition, facts.as_of).judge(facts)


def test_a_deduction_the_edition_does_not_know_is_refused():
    facts = replace(bare(household(1)), deductions=(Deduction("tuition", Decimal(1)),))
    for way in (benefit, Judge(facts.edition, facts.as_of).judge):
        with pytest.raises(RuleRefused, match="tuition"):
            way(facts)


def test_a_district_that_has_not_set_the_years_is_told_so_by_name():
    day = date(2016, 10, 1)
    rows = [StandardRow("standard", s, day, None, Decimal(744), "sample") for s in ("urban", "rural")]
    facts = bare(household(1, property={"monetary": "1"}))
    with pytest.raises(NumberMissing, match="货币财产限额年数"):
        Judge("NB2016", day, TableStandards(rows)).judge(facts)


def test_the_quick_way_is_the_one_that_is_taken(monkeypatch):
    monkeypatch.setattr(quick, "benefit", None)
    facts = bare(household(3, monthly("10")))

    assert Judge("NB2016", facts.as_of).judge(facts).total == Decimal("2222.00")
