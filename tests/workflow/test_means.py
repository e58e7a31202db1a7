"""Statements of income and property by source, and which of them counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from definitions.rules.benefit import benefit
from definitions.rules.household_document import read_household
from tests.workflow.conftest import NOW
from tests.workflow.families import child, head, household
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import Refused
from workflow.households import differences, facts_document, record_asset, record_income, register

DAY = date(2016, 9, 5)


@pytest.fixture
def family(session):
    return register(session, household(head(), child()), actor=SYSTEM_ACTOR, now=NOW)


@pytest.fixture
def state(session, family):
    def state_income(annual, source="declared", category="wage", kind="", as_of=DAY):
        return record_income(
            session, household_id=family.id, person_id=family.memberships[0].person_id, category=category, kind=kind,
            annual=Decimal(annual), source=source, as_of=as_of,
        )  # fmt: skip

    return state_income


def counted(session, family, on=DAY):
    incomes = facts_document(session, family.id, on)["members"][0]["incomes"]
    return sorted((i["category"], i.get("kind", ""), i["annual"]) for i in incomes)


@pytest.mark.parametrize("sources, counts", [
    (("declared",), "declared"),
    (("declared", "surveyed"), "surveyed"),
    (("declared", "surveyed", "verified"), "verified"),
    (("verified", "surveyed", "declared"), "verified"),
])  # fmt: skip
def test_the_most_trusted_source_counts_whatever_the_order(session, family, state, sources, counts):
    amounts = {"declared": "100", "surveyed": "200", "verified": "300"}
    for source in sources:
        state(amounts[source], source)
    assert counted(session, family) == [("wage", "", f"{amounts[counts]}.00")]
    (item,) = differences(session, family.id, DAY)
    assert item.source == counts
    assert {s: getattr(item, s) for s in sources} == {s: Decimal(amounts[s]) for s in sources}
    assert item.differs is (len(sources) > 1)


@pytest.mark.parametrize("declared, verified, expected", [
    ([("salary", "100"), ("casual", "50")], [("", "400")], [("", "400.00")]),
    ([("", "150")], [("salary", "100"), ("casual", "60")], [("casual", "60.00"), ("salary", "100.00")]),
    ([("salary", "100"), ("casual", "50")], [("salary", "120")], [("casual", "50.00"), ("salary", "120.00")]),
    ([("", "150"), ("scholarship", "30")], [("", "200")], [("", "200.00"), ("scholarship", "30.00")]),
    ([("scholarship", "30")], [("scholarship", "40")], [("scholarship", "40.00")]),
])  # fmt: skip
def test_a_statement_without_a_kind_stands_for_its_category_but_not_for_kinds_apart(
    session, family, state, declared, verified, expected
):
    for source, rows in (("declared", declared), ("verified", verified)):
        for kind, annual in rows:
            state(annual, source, "wage", kind)
    assert [(kind, annual) for _, kind, annual in counted(session, family)] == expected


def test_a_new_statement_of_the_same_source_ends_the_one_before(session, family, state):
    first = state("100")
    state("200", as_of=DAY + timedelta(days=10))
    assert first.until == DAY + timedelta(days=9)
    assert counted(session, family, DAY + timedelta(days=9)) == [("wage", "", "100.00")]
    assert counted(session, family, DAY + timedelta(days=10)) == [("wage", "", "200.00")]


def test_a_statement_of_the_same_day_replaces_and_one_for_an_earlier_day_ends_before_the_later(
    session, family, state
):
    state("100")
    state("150")
    assert counted(session, family) == [("wage", "", "150.00")]
    earlier = state("90", as_of=DAY - timedelta(days=30))
    assert earlier.until == DAY - timedelta(days=1)
    assert counted(session, family) == [("wage", "", "150.00")]


def test_property_is_given_as_the_rules_take_it(session, family):
    for kind, amount, source in (
        ("monetary", "5000.50", "declared"), ("monetary", "9000", "verified"), ("vehicle", "0", "declared"),
        ("dwelling", "2", "surveyed"), ("floor_area_per_capita", "21.35", "declared"),
    ):  # fmt: skip
        record_asset(
            session, household_id=family.id, kind=kind, amount=Decimal(amount), source=source, as_of=DAY
        )
    assert facts_document(session, family.id, DAY)["property"] == {
        "monetary": "9000.00", "vehicles": 0, "dwellings": 2, "floor_area_per_capita": "21.35",
    }  # fmt: skip


def test_a_household_of_which_nothing_is_known_has_no_property_and_no_income(session, family):
    document = facts_document(session, family.id, DAY)
    assert "property" not in document
    assert [m["incomes"] for m in document["members"]] == [[], []]
    assert facts_document(session, family.id, DAY - timedelta(days=1))["members"] == []


def test_the_document_is_one_the_rules_compute_with(session, family, state):
    state("7200", category="transfer", kind="pension")
    document = facts_document(session, family.id, DAY) | {
        "edition": "NB2016", "as_of": "2016-09-05", "setting": "urban", "standard": "744",
    }  # fmt: skip
    assessment = benefit(read_household(document))
    assert assessment.base == Decimal("888.00")
    assert set(assessment.shares) == {str(m.person_id) for m in family.memberships}


@pytest.mark.parametrize("day, grade, ill, expected", [
    (date(2010, 3, 3), 0, False, []),
    (date(2010, 3, 4), 0, False, ["elderly"]),
    (date(2010, 3, 3), 2, False, ["severe_disability"]),
    (date(2010, 3, 3), 3, False, []),
    (date(2010, 3, 4), 1, True, ["elderly", "severe_disability", "serious_illness"]),
    (date(1968, 3, 3), 0, False, ["minor"]),
    (date(1968, 3, 4), 0, False, []),
])  # fmt: skip
def test_supplement_reasons_follow_age_and_health(session, family, day, grade, ill, expected):
    membership = family.memberships[0]
    membership.from_date = date(1960, 1, 1)
    membership.person.disability_grade, membership.person.serious_illness = grade, ill
    assert facts_document(session, family.id, day)["members"][0]["supplement_reasons"] == expected


@pytest.mark.parametrize("fault", [
    {"annual": Decimal("-0.01")}, {"source": "rumour"}, {"category": "luck"}, {"kind": "luck"}, {"annual": Decimal("NaN")},
])  # fmt: skip
def test_an_impossible_income_is_refused(session, family, fault):
    fact = {"category": "wage", "kind": "", "annual": Decimal(1), "source": "declared", "as_of": DAY} | fault
    with pytest.raises(Refused):
        record_income(session, household_id=family.id, person_id=family.memberships[0].person_id, **fact)
