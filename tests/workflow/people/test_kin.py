"""Kinship as a graph: contradictions refused, relatives found through others and through the registers."""

from datetime import date, timedelta

import pytest

from definitions.shared.kin import NEAR_RELATIVES, supporters
from tests.workflow.people.conftest import NOW, TODAY
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import Refused
from workflow.people.kin import end_tie, kin_within, relatives, tie, ties_of


@pytest.fixture
def bind(session):
    def make(one, other, relation, **more):
        return tie(session, one, other, relation, source="declared", actor=SYSTEM_ACTOR, now=NOW, **more)

    return make


@pytest.fixture
def generations(person):
    """Great-grandmother, grandmother, mother, child."""
    return [person(f"张{n}", birth=date(1900 + 25 * i, 1, 1)) for i, n in enumerate("一二三四")]


@pytest.mark.parametrize(
    ("relation", "inverse"),
    [("parent", "child"), ("grandparent", "grandchild"), ("guardian", "ward"), ("sibling", "sibling"), ("spouse", "spouse")],
)  # fmt: skip
def test_a_tie_is_seen_from_both_sides(session, person, bind, relation, inverse):
    young, old = person(birth=date(1990, 1, 1)), person(birth=date(1950, 1, 1))
    row = bind(young, old, relation)
    seen = {(one.person, one.other, one.relation) for one in ties_of(session, [young.id, old.id], TODAY)}
    assert seen == {(young.id, old.id, relation), (old.id, young.id, inverse)}
    with pytest.raises(Refused, match="已经登记过"):
        bind(old, young, inverse)
    end_tie(session, row.id, on=TODAY - timedelta(days=1), now=NOW)
    assert ties_of(session, [young.id], TODAY) == []


def test_contradictions_are_refused(session, person, bind, generations):
    great, grand, mother, child = generations
    bind(grand, great, "parent")
    bind(mother, grand, "parent")
    wrong = [
        (mother, mother, "parent", "自己"), (great, mother, "spouse", None), (mother, grand, "child", "矛盾"),
        (child, mother, "child", "不比"), (mother, child, "parent", "不比"), (mother, grand, "spouse", "矛盾"),
    ]  # fmt: skip
    for one, other, relation, word in wrong:
        if word is not None:
            with pytest.raises(Refused, match=word):
                bind(one, other, relation)


def test_parents_form_no_circle(session, bind, generations):
    great, grand, mother, _ = generations
    bind(grand, great, "parent")
    bind(mother, grand, "parent")
    mother.birth = date(1850, 1, 1)
    with pytest.raises(Refused, match="成了一个圈"):
        bind(great, mother, "parent")


def test_two_living_spouses_are_refused_and_a_widow_marries_again(session, person, bind):
    wife, first, second = person(), person("甲", sex="M"), person("乙", sex="M")
    marriage = bind(wife, first, "spouse")
    with pytest.raises(Refused, match="已登记配偶甲"):
        bind(second, wife, "spouse")
    first.died_on = date(2015, 1, 1)
    session.flush()
    bind(second, wife, "spouse")
    assert marriage.to_date is None


def test_kin_are_reached_tie_by_tie(session, bind, generations):
    great, grand, mother, child = generations
    for young, old in zip(generations[1:], generations, strict=False):
        bind(young, old, "parent")
    assert kin_within(session, child.id, 1, TODAY) == {mother.id: ("parent",)}
    assert set(kin_within(session, child.id, 2, TODAY)) == {mother.id, grand.id}
    assert kin_within(session, child.id, 3, TODAY)[great.id] == ("parent",) * 3
    near = relatives(session, [child.id, grand.id], TODAY, NEAR_RELATIVES)
    assert near == {
        child.id: {mother.id: "parent", grand.id: "grandparent"},
        grand.id: {great.id: "parent", mother.id: "child", child.id: "grandchild"},
    }


def test_children_of_one_parent_are_siblings(session, person, bind):
    mother, one, other = person(), person("大", birth=date(1980, 1, 1)), person("小", birth=date(1985, 1, 1))
    bind(one, mother, "parent")
    bind(other, mother, "parent")
    assert relatives(session, [one.id], TODAY, NEAR_RELATIVES)[one.id] == {
        mother.id: "parent",
        other.id: "sibling",
    }


def test_a_register_says_kin_too_blood_for_good_marriage_while_it_lasts(session, person, home):
    head, wife, son = person("户主", sex="M"), person("妻"), person("子", birth=date(1980, 1, 1), sex="M")
    home(
        (head, "head"),
        (wife, "spouse", date(2010, 1, 1), date(2015, 12, 31)),
        (son, "child", date(2010, 1, 1), date(2014, 1, 1)),
    )
    assert relatives(session, [head.id], date(2013, 1, 1), NEAR_RELATIVES)[head.id] == {
        wife.id: "spouse",
        son.id: "child",
    }
    assert relatives(session, [head.id], TODAY, NEAR_RELATIVES)[head.id] == {son.id: "child"}


def test_who_owes_a_household_support(session, person, home, bind):
    old, apart = person("老人", sex="M"), person("离户的儿子", birth=date(1975, 1, 1), sex="M")
    dead = person("亡女", birth=date(1976, 1, 1), died_on=date(2010, 1, 1))
    grandson, young = person("孙", birth=date(2008, 1, 1)), person("小女儿", birth=date(2000, 1, 1))
    house = home(
        (old, "head"), (grandson, "grandchild"), (apart, "child", date(2010, 1, 1), date(2011, 1, 1))
    )
    for child in (dead, young):
        bind(old, child, "child")
    bind(grandson, apart, "parent")
    found = [(s.person.name, s.member.name, s.relation) for s in supporters(session, house.id, TODAY)]
    assert sorted(found) == sorted([("离户的儿子", "老人", "child"), ("离户的儿子", "孙", "parent")])
