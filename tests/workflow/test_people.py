from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from workflow.areas import read_area_rows
from workflow.entropy import SeededEntropy
from workflow.identity import birth_of, check_id_number, sex_of
from workflow.simulation.family import age_on
from workflow.simulation.people import make_family

TODAY = date(2016, 9, 5)
STANDARD = Decimal(744)
UNCOUNTED = {"scholarship", "government_aid"}
VILLAGES = [row.code for row in read_area_rows() if row.level == "village"]


def made(seed, count, today=TODAY):
    entropy, taken = SeededEntropy(seed), set()
    return [make_family(entropy, entropy.choice(VILLAGES), today, taken) for _ in range(count)]


@pytest.fixture(scope="module")
def families():
    return made(122, 2000)


def per_capita(family):
    annual = sum(i.annual for m in family.members for i in m.incomes if i.kind not in UNCOUNTED)
    return annual / 12 / len(family.members)


def owns_little(family):
    owned = family.owns
    a_head = owned.monetary / len(family.members)
    return a_head < 36 * STANDARD and not owned.vehicles and not owned.commercial_premises


def test_the_same_seed_gives_the_same_families():
    assert made(1, 50) == made(1, 50)
    assert made(1, 50) != made(2, 50)


def test_about_three_of_four_families_qualify(families):
    passing = sum(per_capita(f) < STANDARD and owns_little(f) for f in families)
    assert 0.70 <= passing / len(families) <= 0.80


def test_each_family_is_what_its_draw_aimed_at(families):
    for family in families:
        income = per_capita(family)
        if family.outcome in ("qualifies", "property"):
            assert income < STANDARD
        elif family.outcome == "low_edge":
            assert STANDARD <= income <= STANDARD * Decimal("1.5")
        else:
            assert income > STANDARD * Decimal("1.5")
        assert owns_little(family) is (family.outcome != "property")
    assert set(Counter(f.outcome for f in families)) == {"qualifies", "low_edge", "income", "property"}


def test_numbers_are_valid_belong_to_their_person_and_are_never_given_twice():
    numbers = [m for family in made(5, 10_000) for m in family.members]
    assert len({m.id_number for m in numbers}) == len(numbers) > 15_000
    for m in numbers:
        assert check_id_number(m.id_number, today=TODAY) == m.id_number
        assert (birth_of(m.id_number), sex_of(m.id_number)) == (m.birth, m.sex)
        assert m.id_number.startswith("330212")


def test_numbers_already_given_are_not_drawn_again():
    taken = set()
    first = make_family(SeededEntropy(9), VILLAGES[0], TODAY, taken)
    second = make_family(SeededEntropy(9), VILLAGES[0], TODAY, taken)
    assert not {m.id_number for m in first.members} & {m.id_number for m in second.members}
    assert taken == {m.id_number for m in first.members + second.members}


def test_families_make_sense(families):
    for family in families:
        head, *others = family.members
        assert head.relation == "head"
        assert head.phone
        assert head.bank_account
        assert "head" not in {m.relation for m in others}
        for m in family.members:
            age = age_on(m.birth, TODAY)
            assert 0 <= age <= 90
            assert m.labour == "none" or age >= 16
            assert not m.student or 7 <= age <= 22
            assert bool(m.disability_kind) == (1 <= m.disability_grade <= 4)
            if m.relation == "spouse":
                assert m.sex != head.sex
            if m.relation in ("child", "grandchild"):
                assert (m.birth - head.birth).days > 18 * 365
            if m.relation == "parent":
                assert (head.birth - m.birth).days > 18 * 365


def test_the_district_is_mixed(families):
    share = Counter()
    for family in families:
        share[family.setting] += 1
        share[family.review_class] += 1
        share["near"] += family.near_relative
        share["disabled"] += any(m.disability_grade for m in family.members)
        share["ill"] += any(m.serious_illness for m in family.members)
        share["student"] += any(m.student for m in family.members)
    assert all(share[key] > 300 for key in ("urban", "rural", "A", "B", "C", "disabled", "ill", "student"))
    assert 80 < share["near"] < 260


def test_money_is_exact_with_two_places(families):
    amounts = [i.annual for f in families for m in f.members for i in m.incomes] + [
        f.owns.monetary for f in families
    ]
    assert {type(a) for a in amounts} == {Decimal}
    assert {a.as_tuple().exponent for a in amounts} == {-2}
    assert min(amounts) >= 0


def test_incomes_follow_the_standard_they_are_measured_by():
    entropy, taken = SeededEntropy(3), set()
    standard = Decimal("1250.00")
    drawn = [
        make_family(entropy, VILLAGES[0], date(2025, 3, 1), taken, standard=standard) for _ in range(500)
    ]
    below = sum(per_capita(f) < standard for f in drawn)
    assert below / 500 > 0.7
    assert max(per_capita(f) for f in drawn if f.outcome == "qualifies") > 744


def test_a_family_can_be_made_on_a_leap_day():
    for family in made(4, 300, date(2024, 2, 29)):
        assert all(m.birth <= date(2024, 2, 29) for m in family.members)
