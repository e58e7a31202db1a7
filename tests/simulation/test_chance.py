"""Packs of cards hold their shares; people are chosen by who is there and least busy."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from workflow.actors import Actor
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.models import RoleAssignment, User
from workflow.roles import INVESTIGATOR
from workflow.simulation.roster import ACTS_A_DAY, HEADCOUNT, Colleague, Roster, headcount
from workflow.simulation.urns import Urns

TOWN, DAY = "330212110000", date(2016, 9, 5)


def test_every_card_comes_once_before_any_comes_twice():
    urns = Urns(SeededEntropy(3))
    for _ in range(5):
        assert Counter(urns.draw("pack", {"a": 7, "b": 2, "c": 1}) for _ in range(10)) == {
            "a": 7,
            "b": 2,
            "c": 1,
        }


def test_packs_are_apart_and_the_seed_gives_their_order():
    def drawn(seed: int) -> list[str]:
        urns = Urns(SeededEntropy(seed))
        return [urns.draw(name, {"x": 5, "y": 5}) for name in ("one", "two") for _ in range(10)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert Counter(drawn(1)[:10]) == Counter(drawn(1)[10:])


def test_one_in_a_pack():
    urns = Urns(SeededEntropy(1))
    assert sum(urns.one_in("late", 20) for _ in range(60)) == 3


def roster(*people: Colleague) -> Roster:
    found = Roster()
    for person in people:
        found.by_id[person.user.id] = person
        found.posts.setdefault((INVESTIGATOR.code, TOWN), []).append(person)
    return found


def colleague(number: int, *leave: tuple[date, date]) -> Colleague:
    user = User(
        id=number, login=f"i{number}", name=f"甲{number}", created_at=datetime(2016, 1, 1, tzinfo=UTC)
    )
    user.assignments = [RoleAssignment(role=INVESTIGATOR.code, area_code=TOWN, from_date=date(2016, 1, 1))]
    return Colleague(user, list(leave))


def ids(actors: list[Actor]) -> list[int | None]:
    return [actor.id for actor in actors]


def test_the_least_busy_comes_first_and_who_is_on_leave_not_at_all():
    people = roster(colleague(1), colleague(2), colleague(3, (DAY, DAY)))
    post = [(INVESTIGATOR.code, TOWN)]
    first = next(people.free(post, DAY))
    people.count(first)
    assert first.id == 1
    assert ids(list(people.free(post, DAY))) == [2, 1]
    assert not people.is_free(3, DAY)


def test_nobody_does_more_than_a_day_holds_and_the_next_day_is_new():
    people = roster(colleague(1))
    post = [(INVESTIGATOR.code, TOWN)]
    for _ in range(ACTS_A_DAY):
        people.count(next(people.free(post, DAY)))
    assert list(people.free(post, DAY)) == []
    assert ids(list(people.free(post, date(2016, 9, 6)))) == [1]


def test_numbers_of_staff_are_changed_role_by_role():
    assert headcount({"investigator": 9}) == {**HEADCOUNT, "investigator": 9}
    with pytest.raises(Refused, match="mayor"):
        headcount({"mayor": 1})
