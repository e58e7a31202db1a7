"""Is there somebody for every action in every place? Asked of the people there are, with posts taken away one by one."""

from dataclasses import replace

import pytest

from definitions import CATALOGUE
from tests.district import VILLAGE, District, database_url, district, prepared_sqlite, quick, sqlite_url
from workflow.catalogue import Catalogue
from workflow.definition_checks.roster import FOUR_EYES, POST, RULES, Roster, check_roster, read_roster
from workflow.policy import scope_of
from workflow.roles import COUNTY_APPROVER, INVESTIGATOR, TOWN_REVIEWER, WINDOW
from workflow.vocabulary import Definition, Stage, action

ALL = frozenset({"NB2016"})
OTHER = "330212101201"
ROLES = (WINDOW, INVESTIGATOR, TOWN_REVIEWER, COUNTY_APPROVER)


class Coat(Definition):
    code, editions, title, prefix = "coat", ("NB2016",), "冬衣", "DY"
    asked = Stage("已登记", held_by=WINDOW, todo="登记", no_limit="未定", initial=True)
    seen = Stage("待审核", held_by=TOWN_REVIEWER, todo="审核", no_limit="未定")
    looked = Stage("待决定", held_by=TOWN_REVIEWER, todo="决定", no_limit="未定")
    given = Stage("已发放", final=True, result="approved")
    ask = action("登记", asked.to(seen), by=WINDOW, says="登记了", hand="intake")
    look = action(
        "审核", seen.to(looked), by=TOWN_REVIEWER, says="审核了", hand="opinion", apart_from=("intake",)
    )
    give = action(
        "发放",
        looked.to(given),
        by=TOWN_REVIEWER,
        says="发放了",
        apart_from=("intake", "opinion"),
        decides=True,
    )


def roster(places=(VILLAGE,), **posts) -> Roster:
    """People by role, for the posts over the first place."""
    held = {(role.code, scope_of(role, VILLAGE)): frozenset(posts.get(role.code, ())) for role in ROLES}
    return Roster(held, places, {scope_of(WINDOW, VILLAGE): "甲镇"})


def found(**posts) -> set[tuple[str, str]]:
    return {(one.rule, one.place) for one in check_roster(Catalogue((Coat,)), roster(**posts), ALL)}


FAULTS = [
    ({"window_clerk": {1}, "town_reviewer": {2, 3}}, set()),
    ({"town_reviewer": {2, 3}}, {(POST, "ask")}),
    ({"window_clerk": {1}}, {(POST, "look"), (POST, "give")}),
    ({"window_clerk": {1}, "town_reviewer": {1}}, {(FOUR_EYES, "look"), (FOUR_EYES, "give")}),
    ({"window_clerk": {1}, "town_reviewer": {2}}, {(FOUR_EYES, "give")}),
    ({"window_clerk": {1}, "town_reviewer": {1, 2}}, {(FOUR_EYES, "give")}),
    ({"window_clerk": {1, 2}, "town_reviewer": {1, 2}}, {(FOUR_EYES, "give")}),
    ({"window_clerk": {1, 2, 3}, "town_reviewer": {1, 2, 3}}, set()),
]


@pytest.mark.parametrize("posts, faults", FAULTS)
def test_who_is_missing_is_told_by_action(posts, faults):
    assert found(**posts) == faults


def test_every_rule_has_a_planted_fault():
    assert {rule for _, faults in FAULTS for rule, _ in faults} == set(RULES)


def test_a_finding_names_stage_role_and_area():
    [finding] = check_roster(Catalogue((Coat,)), roster(town_reviewer={2, 3}), ALL)
    assert all(word in finding.message for word in ("已登记", "窗口受理员", "甲镇", "330212101000"))


def test_a_town_is_told_of_once_for_all_its_villages():
    assert (
        len(check_roster(Catalogue((Coat,)), roster(places=(VILLAGE, OTHER), town_reviewer={2, 3}), ALL)) == 1
    )


def test_an_edition_that_is_not_in_force_is_not_asked_about():
    assert check_roster(Catalogue((Coat,)), roster(), frozenset({"NAT2021"})) == []


def test_the_people_of_the_district_are_enough_where_they_are(district: District):
    with district.database.reading() as session:
        now = read_roster(session, district.today)
    here = replace(now, places=tuple(place for place in now.places if place == VILLAGE))
    assert check_roster(CATALOGUE, here, ALL) == []
    elsewhere = check_roster(CATALOGUE, now, ALL)
    assert {one.rule for one in elsewhere} == {POST}
    assert not any("330212101000" in one.message for one in elsewhere)
    assert any("处没有窗口受理员" in one.message for one in elsewhere)


@pytest.mark.parametrize("role", [WINDOW, COUNTY_APPROVER])
def test_a_post_that_falls_vacant_is_missed(quick: District, role):
    with quick.database.reading() as session:
        now = read_roster(session, quick.today)
    without = {post: people for post, people in now.posts.items() if post[0] != role.code}
    left = check_roster(CATALOGUE, replace(now, posts=without, places=(VILLAGE,)), ALL)
    assert {one.rule for one in left} == {POST}
    assert all(role.title in one.message for one in left)


__all__ = ["database_url", "district", "prepared_sqlite", "quick", "sqlite_url"]
