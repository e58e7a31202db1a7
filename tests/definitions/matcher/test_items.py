"""Each item at just below, exactly and just above its limits; what is not known; what stands beside what."""

from datetime import date
from decimal import Decimal

import pytest

from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.sources import known
from definitions.editions.standards import TableStandards
from definitions.matcher import FACTS, ITEMS, PAPERS, PROGRAMMES, match
from definitions.matcher.amounts import AMOUNTS, LEVELS
from definitions.matcher.conditions import HOUSEHOLD_TESTS, TIERS
from definitions.matcher.persons import MEMBER_TESTS
from definitions.rules.benefit import benefit
from definitions.rules.errors import RuleRefused
from definitions.rules.household_document import read_household
from definitions.shared.materials import MATERIALS
from tests.definitions.matcher.families import (
    AUTUMN_2016,
    CITY,
    NATION,
    SPRING_2025,
    adult,
    codes,
    family,
    judged,
    verdict,
    without,
)
from workflow.errors import Refused


def test_the_table_names_only_what_there_is():
    for item in ITEMS:
        assert set(item.tests) <= set(HOUSEHOLD_TESTS)
        assert set(item.person) <= set(MEMBER_TESTS)
        assert set(item.tiers) <= set(TIERS)
        assert set(item.materials) <= {*MATERIALS, *PAPERS}
        assert item.amount in ("", *AMOUNTS)
        assert item.programme != "education" or item.item in LEVELS
        assert {item.programme, *item.excluded_by} <= set(PROGRAMMES)
        assert bool(item.person) == bool(item.nobody)
        assert all(known(source) for source in item.legal_basis.values())


@pytest.mark.parametrize("income, expected", [("743.99", "can"), ("744.00", "cannot"), ("744.01", "cannot")])
def test_dibao_is_for_incomes_strictly_below_the_standard(income, expected):
    assert (
        verdict(family(adult("m1", income)), "dibao.household", edition=CITY, as_of=AUTUMN_2016) == expected
    )


@pytest.mark.parametrize(
    "edition, as_of, income, expected",
    [
        (CITY, AUTUMN_2016, "743.99", "cannot"),
        (CITY, AUTUMN_2016, "744.00", "can"),
        (CITY, AUTUMN_2016, "1116.00", "can"),
        (CITY, AUTUMN_2016, "1116.01", "cannot"),
        (NATION, SPRING_2025, "1874.99", "can"),
        (NATION, SPRING_2025, "1875.00", "cannot"),
    ],
)
def test_low_edge_begins_where_dibao_ends(edition, as_of, income, expected):
    assert (
        verdict(family(adult("m1", income)), "low_edge.household", edition=edition, as_of=as_of) == expected
    )


def test_the_amount_is_the_rules_own():
    document = family(adult("m1", "1000"), adult("m2"))
    found = judged(document)["dibao.household"]
    core = {"edition": NATION, "as_of": "2025-03-01", "setting": "urban", "property": {"monetary": "0"}}
    rule = benefit(
        read_household(
            core | {"members": [{"id": m["id"], "incomes": m["incomes"]} for m in document["members"]]}
        )
    )
    assert found.amount_from == found.amount_to == rule.total == Decimal("1500.00")
    assert found.steps == rule.steps


@pytest.mark.parametrize("money, expected", [("44999.99", "can"), ("45000.00", "cannot")])
def test_property_at_its_limit_and_what_would_change_it(money, expected):
    one = judged(family(adult(), property={"monetary": money}))["dibao.household"]
    assert one.verdict == expected
    if expected == "cannot":
        (reason,) = one.because
        assert (reason.limit, reason.value) == ("45000.00", money)
        assert reason.change == "家庭货币财产须少于 45000.00 元，现有 45000.00 元。"


@pytest.mark.parametrize(
    "member, missing",
    [
        (without(adult("m1"), "incomes"), "m1.incomes"),
        (without(adult("m1"), "birth"), "m1.birth"),
    ],
)
def test_what_is_not_known_of_a_member_is_never_guessed(member, missing):
    found = judged(family(member, supporters="none"))
    item = "dibao.household" if missing.endswith("incomes") else "tekun.person"
    assert (found[item].verdict, found[item].missing) == ("unknown", (missing,))


@pytest.mark.parametrize(
    "fact, item",
    [
        ("hukou_here", "dibao.household"),
        ("property", "dibao.household"),
        ("bill", "medical.dibao"),
        ("housing", "housing.rental"),
        ("emergency", "temporary.emergency"),
        ("disaster", "disaster.relief"),
    ],
)
def test_what_is_not_known_of_the_household_is_named(fact, item):
    one = judged(without(family(adult()), fact))[item]
    assert (one.verdict, one.missing) == ("unknown", (fact,))
    assert FACTS[fact] in one.because[0].text


def test_an_income_already_too_high_needs_no_further_income():
    one = judged(family(adult("m1", "9000"), without(adult("m2"), "incomes")))["dibao.household"]
    assert one.verdict == "cannot"


def test_one_condition_that_fails_decides_whatever_else_is_unknown():
    document = without(family(adult("m1", "9000")), "property", "hukou_here")
    assert verdict(document, "dibao.household") == "cannot"


@pytest.mark.parametrize("members", [[], [adult("m1", alive=False)]])
def test_of_a_household_without_living_members_nothing_is_claimed(members):
    assert {one.verdict for one in judged(family(*members)).values()} == {"unknown"}


def test_a_household_of_minors_is_judged_like_any_other():
    child = adult("c1", birth="2015-06-01", school="compulsory", work="none", labour="none")
    found = judged(family(child, supporters="none"))
    assert (found["dibao.household"].verdict, found["dibao.household"].amount_to) == (
        "can",
        Decimal("1250.00"),
    )
    assert found["tekun.person"].people == ("c1",)
    assert found["education.compulsory"].people == ("c1",)


def test_one_odd_member_does_not_hide_the_others():
    document = family(adult("m1"), adult("m2", school="university"), without(adult("m3"), "school"))
    one = judged(document)["education.university"]
    assert (one.verdict, one.people) == ("can", ("m2",))


@pytest.mark.parametrize(
    "kind, grade, expected",
    [
        ("intellectual", 3, "can"), ("intellectual", 4, "cannot"), ("physical", 2, "can"), ("physical", 3, "cannot"),
        ("visual", 1, "can"), ("visual", 2, "cannot"), ("hearing", 1, "cannot"), ("multiple", 1, "unknown"),
    ],
)  # fmt: skip
def test_without_working_ability_by_kind_and_grade(kind, grade, expected):
    person = adult("m1", disability={"kind": kind, "grade": grade})
    assert verdict(family(person, supporters="none"), "tekun.person") == expected


@pytest.mark.parametrize(
    "born, expected",
    [("1965-03-01", "can"), ("1965-03-02", "cannot"), ("2009-03-01", "cannot"), ("2009-03-02", "can")],
)
def test_without_working_ability_by_age(born, expected):
    assert verdict(family(adult("m1", birth=born), supporters="none"), "tekun.person") == expected


@pytest.mark.parametrize("supporters, expected", [("none", "can"), ("unable", "can"), ("able", "cannot")])
def test_extreme_hardship_needs_nobody_who_could_support(supporters, expected):
    old = adult("m1", birth="1950-01-01", work="retired", labour="none")
    assert verdict(family(old, supporters=supporters), "tekun.person") == expected


def test_one_person_dibao_in_a_low_edge_family():
    document = family(adult("m1", "3000"), adult("m2", disability={"kind": "psychiatric", "grade": 3}))
    found = judged(document)
    assert found["low_edge.household"].verdict == "can"
    alone = found["dibao.one_person"]
    assert (alone.verdict, alone.people, alone.amount_to) == ("can", ("m2",), Decimal("1250.00"))
    assert verdict(document, "dibao.one_person", edition=CITY, as_of=date(2020, 3, 1)) == "cannot"


def test_rigid_expenditure_begins_with_its_law():
    document = family(
        adult("m1", "5000"),
        adult("m2"),
        spending=[{"kind": "medical", "annual": "36000"}],
        average_income="70000",
    )
    assert verdict(document, "rigid.household", as_of=date(2025, 1, 1)) == "can"
    assert "rigid.household" not in judged(document, as_of=date(2024, 12, 31))
    assert "rigid.household" not in judged(document, edition=CITY, as_of=AUTUMN_2016)
    spent = document | {"spending": [{"kind": "medical", "annual": "30000"}]}
    assert codes(judged(spent, as_of=date(2025, 1, 1))["rigid.household"]) == {"ratio_not_above"}


@pytest.mark.parametrize("fact", ["spending", "average_income", "rigid_threshold"])
def test_rigid_expenditure_says_what_it_misses(fact):
    one = judged(without(family(adult("m1", "5000"), adult("m2")), fact))["rigid.household"]
    assert (one.verdict, one.missing) == ("unknown", (fact,))


def test_medical_aid_goes_at_most_to_what_is_left_of_the_bill():
    one = judged(family(adult(), bill={"total": "30000", "insurance": "18000.50", "charity": "1000"}))[
        "medical.dibao"
    ]
    assert (one.verdict, one.amount_from, one.amount_to, one.per) == (
        "can",
        None,
        Decimal("7699.65"),
        "once",
    )
    assert "local_terms_missing" not in codes(one)


def test_medical_aid_of_a_low_edge_family_begins_above_its_deductible():
    document = family(adult("m1", "1500"), bill={"total": "13000.01", "insurance": "10000"})
    assert judged(document)["medical.low_edge"].amount_to == Decimal("0.01")


def test_where_the_district_has_set_nothing_the_amount_says_so():
    document = family(
        adult(), setting="urban", bill={"total": "30000", "insurance": "18000"}, standard="1250"
    )
    document["property"]["monetary_years"] = "3"
    found = match(document, edition=NATION, as_of=SPRING_2025, standards=TableStandards([]))
    one = next(m for m in found if (m.programme, m.item) == ("medical", "dibao"))
    assert (one.verdict, one.amount_to, "local_terms_missing" in codes(one)) == (
        "can",
        Decimal("12000.00"),
        True,
    )


@pytest.mark.parametrize("students, amount", [(1, "1250"), (2, "2500")])
def test_education_aid_is_the_districts_amount_for_each_student(students, amount):
    pupils = [adult(f"c{n}", birth="2015-06-01", school="compulsory") for n in range(students)]
    one = judged(family(adult(), *pupils))["education.compulsory"]
    assert (len(one.people), one.amount_from, one.amount_to, one.per) == (
        students,
        Decimal(amount),
        Decimal(amount),
        "year",
    )


@pytest.mark.parametrize("paid, expected", [("30000", "cannot"), ("29999.99", "can")])
def test_a_bill_that_is_paid_needs_no_aid(paid, expected):
    assert verdict(family(adult(), bill={"total": "30000", "insurance": paid}), "medical.dibao") == expected


def test_a_tier_held_opens_its_aid_whatever_the_income_now_is():
    student = adult("m2", school="university")
    document = family(adult("m1", "9000"), student)
    assert verdict(document, "education.university") == "cannot"
    assert verdict(document, "education.university", have=("low_edge",)) == "can"


def test_temporary_aid_is_capped_where_the_law_caps_it():
    document = family(adult(), emergency={"kind": "fire", "amount": "99999"})
    found = judged(document, edition=CITY, as_of=AUTUMN_2016)["temporary.emergency"]
    assert (found.verdict, found.amount_to) == ("can", Decimal("4464.00"))
    assert judged(document)["temporary.emergency"].amount_to == Decimal("99999.00")
    assert judged(family(adult(), emergency={"kind": "fire"}))["temporary.emergency"].amount_to is None


@pytest.mark.parametrize(
    "have, item",
    [("dibao", "dibao.household"), ("tekun", "dibao.household"), ("dibao", "low_edge.household")],
)
def test_what_a_family_has_already_is_not_offered_again(have, item):
    one = judged(family(adult()), have=(have,))[item]
    assert (one.verdict, "held" in codes(one)) == ("cannot", True)


@pytest.mark.parametrize(
    "birth, labour, work, expected",
    [
        ("1965-03-02", "able", "unemployed", "can"), ("1965-03-01", "able", "unemployed", "cannot"),
        ("2009-03-01", "able", "unemployed", "can"), ("2009-03-02", "able", "unemployed", "cannot"),
        ("1980-01-01", "none", "unemployed", "cannot"), ("1980-01-01", "partial", "unemployed", "can"),
        ("1980-01-01", "able", "retired", "cannot"),
    ],
)  # fmt: skip
def test_help_to_work_is_for_the_able_unemployed_of_working_age(birth, labour, work, expected):
    assert (
        verdict(family(adult("m1", birth=birth, labour=labour, work=work)), "employment.service") == expected
    )


def test_a_missing_standard_makes_unknown_and_names_the_day():
    one = judged(family(adult()), as_of=date(2027, 7, 1))["dibao.household"]
    assert (one.verdict, one.missing) == ("unknown", ("standard",))
    assert "2027-07-01" in one.because[0].text


@pytest.mark.parametrize(
    "spoil, named",
    [
        (lambda d: d | {"hukuo_here": True}, "hukuo_here"),
        (lambda d: d | {"members": [d["members"][0] | {"shcool": "none"}]}, "members[0].shcool"),
        (lambda d: d | {"bill": {"total": "1", "insurance": "0", "chartiy": "1"}}, "bill.chartiy"),
        (lambda d: d | {"housing": "castle"}, "castle"),
        (lambda d: d | {"bill": {"total": "-1", "insurance": "0"}}, "bill.total"),
        (lambda d: d | {"disaster": "yes"}, "disaster"),
        (
            lambda d: d | {"members": [d["members"][0] | {"disability": {"kind": "physical", "grade": 5}}]},
            "grade",
        ),
        (lambda d: without(d, "members"), "members"),
    ],
)
def test_an_unknown_key_or_word_is_refused_by_name(spoil, named):
    with pytest.raises(RuleRefused) as caught:
        judged(spoil(family(adult())))
    assert named in caught.value.message


def test_an_unknown_programme_or_edition_is_refused_by_name():
    with pytest.raises(RuleRefused) as caught:
        judged(family(adult()), have=("dibao", "hukou"))
    assert "hukou" in caught.value.message
    with pytest.raises(Refused):
        match(family(adult()), edition="NAT1999", as_of=SPRING_2025, standards=SAMPLE_STANDARDS)


def test_each_item_cites_its_law_and_says_what_to_bring():
    for one in judged(family(adult())).values():
        assert known(one.source)
        assert one.bring
        assert one.because


def test_the_document_of_the_rules_themselves_is_read_as_it_is():
    document = {"setting": "rural", "standard": "800", "members": [{"id": "m1", "incomes": []}]}
    one = judged(document)["dibao.household"]
    assert (one.verdict, set(one.missing)) == ("unknown", {"hukou_here", "property"})


def test_a_match_is_json_with_money_as_text():
    one = judged(family(adult()))["dibao.household"].as_json()
    assert (one["verdict"], one["amount_to"], one["per"]) == ("can", "1250.00", "month")
    assert one["because"][0]["code"] == "hukou_here"


def test_it_is_pure():
    document = family(adult("m1", "100"))
    before = repr(document)
    assert judged(document) == judged(document)
    assert repr(document) == before
