"""What cannot be computed is refused by name, with its article where the law forbids it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.editions.catalogue import edition
from definitions.editions.number import NumberMissing
from definitions.rules.calc import RULES, calculate
from definitions.rules.errors import RuleRefused
from definitions.rules.household_document import KEYS, MEMBER_KEYS
from definitions.rules.parameters import check_standard
from tests.rules.households import household, member, monthly
from tests.rules.test_worked_examples import MEDICAL, NAT, NB, RIGID, TEMPORARY
from workflow.errors import Refused


def without(document, key):
    return {k: v for k, v in document.items() if k != key}


@pytest.mark.parametrize(
    "document, named",
    [
        (household(1, memebrs=[]), "memebrs"),
        (household(1, members=[member(1, nmae="x")]), "members[0].nmae"),
        (household(1, monthly("1", yearly="1")), "members[0].incomes[0].yearly"),
        (household(1, property={"cars": 1}), "property.cars"),
        (household(1, supplement_rates={"student": "1"}), "supplement_rates.student"),
        (household(1, standard=744), "standard"),
        (household(1, standard=744.0), "standard"),
        (household(1, standard="-1"), "standard"),
        (household(1, standard="0"), "standard"),
        (household(1, standard="1e3"), "standard"),
        (household(1, standard="７４４"), "standard"),
        (household(1, standard="744\n"), "standard"),
        (household(1, standard="NaN"), "standard"),
        (household(1, standard="1000000000001"), "standard"),
        (household(1, standard=None), "standard"),
        (household(1, monthly("-5")), "members[0].incomes[0].monthly"),
        (household(1, {"category": "wage"}), "annual"),
        (household(1, monthly("1", annual="12")), "annual"),
        (household(1, {"category": "gift", "monthly": "1"}), "category"),
        (household(1, {"category": "transfer", "monthly": "1", "new_employment": True}), "new_employment"),
        (household(1, members=[member(1, alive="yes")]), "alive"),
        (household(1, members=[member(1, supplement_reasons=["student"])]), "supplement_reasons"),
        (household(1, members=[member(1), member(1)]), "m1"),
        (household(1, members="m1"), "members"),
        (household(1, deductions=[{"kind": "fun", "annual": "1"}]), "deductions[0].kind"),
        (household(1, property={"vehicles": -1}), "property.vehicles"),
        (household(1, property={"vehicles": True}), "property.vehicles"),
        (household(1, property={"vehicles": "0"}), "property.vehicles"),
        (household(1, employment_disregard={"months_used": -1}), "months_used"),
        (household(1, employment_disregard={}), "months_used"),
        (household(1, rounding="floor"), "rounding"),
        (household(1, setting="town"), "setting"),
        (household(1, as_of="20161001"), "as_of"),
        (household(1, as_of="2016-02-30"), "as_of"),
        (household(1, as_of="9999-12-31"), "as_of"),
        (household(1, low_edge_multiple="0.9"), "low_edge_multiple"),
        (household(1, edition="NB2017"), "NB2017"),
        (without(household(1), "edition"), "edition"),
        (without(household(1), "members"), "members"),
        (household(1, property={"dwellings": 2}) | {"setting": None}, "setting"),
        (without(household(1, property={"dwellings": 2}), "setting"), "setting"),
        ([], "资料"),
    ],
)
def test_a_household_that_cannot_be_read(document, named):
    for rule in ("benefit", "means"):
        with pytest.raises(Refused) as refusal:
            calculate(rule, document)
        assert named in refusal.value.message


@pytest.mark.parametrize(
    "rule, document, named",
    [
        ("luck", {}, "luck"),
        ("temporary", without(TEMPORARY, "persons"), "persons"),
        ("temporary", TEMPORARY | {"persons": 0}, "persons"),
        ("temporary", TEMPORARY | {"setting": "urban"}, "setting"),
        ("medical", without(MEDICAL, "group"), "group"),
        ("medical", MEDICAL | {"ratio": "1.01"}, "ratio"),
        ("selfcare", NAT, "failed"),
        ("selfcare", NAT | {"failed": ["eat", "eat"]}, "eat"),
        ("selfcare", NAT | {"failed": ["sing"]}, "sing"),
        ("rigid", without(RIGID, "spending"), "spending"),
        ("rigid", RIGID | {"spending": [{"kind": "car", "annual": "1"}]}, "car"),
        ("rigid", RIGID | {"as_of": "2024-12-31"}, "2025-01-01"),
        ("rigid", RIGID | {"edition": "NB2016"}, "NB2016"),
        ("recovery", NB | {"months": -1, "amount": "1", "fraud": False}, "months"),
        ("review", NB | {"class": "D", "last": "2016-09-19"}, "class"),
        ("review", NB | {"class": "C", "last": "2016-09-19"}, "setting"),
        ("payment", NB | {"approved": "2016-09-20", "setting": "urban", "quarterly": True}, "M220-31"),
        ("payment", NB | {"approved": "2016-09-20", "quarterly": True}, "setting"),
        ("payment", NAT | {"approved": "2025-03-01", "setting": "rural", "quarterly": True}, "M57-25"),
    ],
)
def test_another_document_that_cannot_be_used(rule, document, named):
    with pytest.raises(Refused) as refusal:
        calculate(rule, document)
    assert named in refusal.value.message


@pytest.mark.parametrize(
    "document, article",
    [
        (household(1, edition="NAT2021", employment_disregard={"months_used": 0}), "M57-33"),
        (household(1, edition="NAT2021-DELEGATED", employment_disregard={"months_used": 0}), "ZJ-50"),
        (household(1, property={"monetary_years": "2.99"}), "ZJ15"),
        (household(1, property={"monetary_years": "4.01"}), "ZJ15"),
        (household(0), "M220-5"),
        (household(0, edition="NAT2021"), "M57-7"),
        (household(1, members=[member(1, alive=False), member(2, alive=False)]), "去世"),
    ],
)
def test_what_the_law_forbids_is_refused_by_its_article(document, article):
    with pytest.raises(RuleRefused) as refusal:
        calculate("benefit", document)
    assert article in refusal.value.message
    assert refusal.value.source


@pytest.mark.parametrize("as_of", ["1990-01-01", "2013-12-31", "2027-07-01"])
def test_a_missing_standard_is_refused_by_name_and_date(as_of):
    with pytest.raises(NumberMissing) as refusal:
        calculate("benefit", without(household(1, as_of=as_of), "standard"))
    assert "低保标准" in refusal.value.message
    assert as_of in refusal.value.message


@pytest.mark.parametrize(
    "as_of, total", [("2014-01-01", "660.00"), ("2015-12-31", "660.00"), ("2027-06-30", "1250.00")]
)
def test_the_district_supplies_the_standard_of_the_day(as_of, total):
    document = household(1, as_of=as_of)
    for key in ("standard", "minimum_wage", "setting"):
        document.pop(key)

    assert calculate("benefit", document)["total"] == total


def test_a_missing_supplement_rate_is_refused():
    members = [member(1, supplement_reasons=["minor"])]

    with pytest.raises(NumberMissing, match="supplement_minor"):
        calculate("benefit", household(1, members=members, as_of="2030-01-01"))


@given(st.text(min_size=1, max_size=20))
def test_no_unknown_key_is_passed_over(key):
    if key not in KEYS:
        with pytest.raises(RuleRefused) as refusal:
            calculate("benefit", household(1) | {key: "1"})
        assert key in refusal.value.message
    if key not in MEMBER_KEYS:
        with pytest.raises(RuleRefused) as refusal:
            calculate("benefit", household(1, members=[member(1) | {key: "1"}]))
        assert f"members[0].{key}" in refusal.value.message


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(RULES)), st.sampled_from(KEYS), ODD)
def test_any_value_is_answered_or_refused(rule, key, value):
    with suppress(Refused):
        assert calculate(rule, household(1) | {key: value})["steps"]


def test_a_widened_low_edge_needs_the_minimum_wage_that_caps_it():
    document = without(household(1, as_of="2015-06-01"), "minimum_wage")

    assert calculate("means", document)["limits"]["low_edge_per_capita"] == "1116.00"
    with pytest.raises(NumberMissing, match="最低工资"):
        calculate("means", document | {"low_edge_multiple": "2"})


@pytest.mark.parametrize(
    "setting, amount, passes",
    [
        ("urban", "743.99", False),
        ("urban", "744", True),
        ("urban", "930", True),
        ("urban", "930.01", False),
        ("rural", "520.79", False),
        ("rural", "520.80", True),
        ("rural", "0", False),
    ],
)
def test_a_standard_is_released_within_its_band(setting, amount, passes):
    def release(code):
        check_standard(
            edition(code), setting, Decimal(amount), date(2016, 10, 1),
            minimum_wage=Decimal(1860), urban=Decimal(744),
        )  # fmt: skip

    if passes:
        release("NB2016")
    else:
        with pytest.raises(RuleRefused):
            release("NB2016")
    if amount != "0":
        release("NAT2021")
