"""The worklist: grouped by the law's time, narrowed in the address, one case after another, and search."""

from datetime import date, timedelta

import pytest

from workflow.calendar import seeded_calendar
from workflow.worklist import Bounds, Filters, worklist

MONDAY, SATURDAY, NATIONAL_DAY = date(2016, 9, 19), date(2016, 9, 24), date(2016, 10, 3)


@pytest.mark.parametrize(
    "today, due, group",
    [
        (
            MONDAY,
            date(2016, 9, 14),
            "severe",
        ),  # two working days late: the 18th was worked, the 15th to 17th a feast
        (MONDAY, date(2016, 9, 15), "severe"),
        (MONDAY, date(2016, 9, 17), "severe"),
        (MONDAY, date(2016, 9, 18), "overdue"),  # one working day late
        (MONDAY, date(2016, 9, 19), "soon"),  # the whole last day is in time
        (MONDAY, date(2016, 9, 22), "soon"),  # three working days left
        (MONDAY, date(2016, 9, 23), "later"),
        (MONDAY, None, "later"),
        (SATURDAY, date(2016, 9, 23), "overdue"),
        (SATURDAY, date(2016, 9, 22), "overdue"),
        (SATURDAY, date(2016, 9, 21), "severe"),
        (SATURDAY, date(2016, 9, 28), "soon"),
        (SATURDAY, date(2016, 9, 29), "later"),
        (NATIONAL_DAY, date(2016, 9, 30), "overdue"),
        (NATIONAL_DAY, date(2016, 9, 28), "severe"),
        (NATIONAL_DAY, date(2016, 10, 10), "soon"),  # Saturday the 8th and Sunday the 9th are worked
        (NATIONAL_DAY, date(2016, 10, 11), "later"),
    ],
)
def test_which_group_a_task_belongs_to(today, due, group):
    assert Bounds.of(today, seeded_calendar()).group(due) == group


def test_a_task_not_open_yet_waits_whatever_its_date():
    bounds = Bounds.of(MONDAY, seeded_calendar())
    assert bounds.group(date(2016, 9, 1), opens=MONDAY + timedelta(days=1)) == "waiting"
    assert bounds.group(date(2016, 9, 19), opens=MONDAY) == "soon"


def mine(district, login, limit=50, cursor="", **filters):
    with district.edge.database.reading() as session:
        return worklist(
            session, district.actor(login), district.clock.now().date(), district.edge.office.calendar,
            Filters(**filters), cursor, limit,
        )  # fmt: skip


@pytest.fixture
def five(district):
    """Five applications handed in a day apart, and the day of the last."""
    from sqlalchemy.orm import Session

    from tests.web.conftest import family

    made, own = [], district.household
    for number, name in enumerate(("王志强", "陈阿毛", "徐根土", "李德胜", "周大山")):
        with district.edge.database.acting() as conn:
            district.household = family(Session(conn), (name, "何英", "徐佳"), order=number + 2).id
        made.append(district.submitted(title=name, household=district.household))
        district.clock.move(timedelta(days=1))
    district.household = own
    return made


def test_the_counts_are_those_of_the_whole_list_and_the_most_urgent_comes_first(district, five):
    district.clock.move(timedelta(days=5))
    found = mine(district, "window", limit=2)
    assert [item.number for item in found.items] == [case.number for case in five[:2]]
    assert found.counts == {"severe": 2, "overdue": 1, "soon": 2, "later": 0, "waiting": 0}


def test_paging_shows_every_task_once(district, five):
    seen, cursor = [], ""
    for _ in range(4):
        page = mine(district, "window", limit=2, cursor=cursor)
        seen += [item.number for item in page.items]
        cursor = page.next or ""
        if not cursor:
            break
    assert seen == [case.number for case in five]


def test_a_claimed_task_leaves_the_lists_of_the_others(district, five, browser_at):
    browser_at("window").post(f"/tasks/{mine(district, 'window').items[0].task_id}/claim")
    assert len(mine(district, "window").items) == 5
    assert len(mine(district, "window2").items) == 4
    browser_at("window").post(f"/tasks/{mine(district, 'window').items[0].task_id}/release")
    assert len(mine(district, "window2").items) == 5


def test_another_town_and_another_role_see_nothing_of_it(district, five):
    assert mine(district, "elsewhere").items == []
    assert mine(district, "county").items == []
    assert mine(district, "audit").total == 0


@pytest.mark.parametrize(
    "address, number",
    [("", 5), ("village=330212110260", 5), ("programme=dibao", 5), ("stage=submitted", 5), ("stage=correcting", 0),
     ("deadline=soon", 3), ("deadline=later", 2), ("village=330212110003", 0)],
)  # fmt: skip
def test_filters_stand_in_the_address(district, five, browser_at, address, number):
    page = browser_at("window").get(f"/?{address}")
    assert page.status_code == 200
    assert page.text.count("<tr data-row>") == number


@pytest.mark.parametrize(
    "address, named",
    [("colour=red", "colour"), ("deadline=tomorrow", "tomorrow"), ("village=999", "999"), ("stage=nowhere", "nowhere"),
     ("cursor=xyz", "翻页位置")],
)  # fmt: skip
def test_an_unknown_filter_is_refused_by_name(browser_at, address, named):
    answer = browser_at("window").get(f"/?{address}")
    assert answer.status_code == 400
    assert named in answer.text


def test_next_case_claims_and_opens_the_most_urgent(district, five, browser_at):
    answer = browser_at("window").post("/next")
    assert answer.location == f"/cases/{five[0].number}"
    assert mine(district, "window2").items[0].number == five[1].number


def test_next_case_with_nothing_to_do_says_so(browser_at):
    browser = browser_at("county")
    assert browser.post("/next").location == "/"
    assert "没有可以办的待办" in browser.get("/").text


def found(browser, text):
    import re

    return set(re.findall(r'href="/cases/(DB-2016-\d{6})"', browser.post("/search", {"q": text}).text))


@pytest.mark.parametrize("text", ["王志强", "王志", "wangzhiqiang", "WangZhi", "wzq"])
def test_search_finds_by_name_pinyin_initials_and_number(district, five, browser_at, text):
    assert found(browser_at("window"), text) == {five[0].number}


def test_search_by_citizen_number_or_its_last_four(district, five, browser_at):
    from sqlalchemy import select

    from workflow.models import Person

    with district.edge.database.reading() as session:
        number = session.scalar(select(Person.id_number).where(Person.name == "王志强"))
    browser = browser_at("window")
    assert found(browser, number) == {five[0].number}
    assert found(browser, number[-4:]) == {five[0].number}


def test_search_for_a_number_opens_the_case(five, browser_at):
    answer = browser_at("window").post("/search", {"q": five[2].number.lower()})
    assert (answer.status_code, answer.location) == (303, f"/cases/{five[2].number}")
    assert found(browser_at("window"), "DB-2016") == {case.number for case in five}


def test_search_stays_within_the_area_and_needs_two_characters(five, browser_at):
    assert found(browser_at("elsewhere"), "王志强") == set()
    assert browser_at("window").post("/search", {"q": "王"}).status_code == 422


def test_the_list_of_cases_is_narrowed_and_paged(district, five, browser_at):
    browser = browser_at("window")
    assert browser.get("/cases").text.count("<tr data-row>") == 5
    assert browser.get("/cases?state=closed").text.count("<tr data-row>") == 0
    assert (
        browser.get("/cases?area=330212110260&stage=submitted&programme=dibao&state=open").text.count(
            "<tr data-row>"
        )
        == 5
    )
    assert browser.get("/cases?area=330212109000").status_code == 400
    assert browser_at("audit").get("/cases").text.count("<tr data-row>") == 5
    assert browser_at("elsewhere").get("/cases").text.count("<tr data-row>") == 0
