"""Who has a form of the case open is seen by those who may read the case, for some minutes, and stops nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.web.together.conftest import path, seen_on
from workflow.models import FormPresence

AT_IT = "陆敏 正在填写“登记近亲属关系”"


def test_colleagues_see_on_the_case_page_who_has_a_form_open(case, browser_at):
    browser_at("window").get(path(case))
    assert AT_IT in browser_at("review").get(f"/cases/{case.number}").text
    assert "正在填写“" not in browser_at("window").get(f"/cases/{case.number}").text


def test_every_form_of_the_case_says_so_and_the_same_form_more_plainly(case, browser_at):
    browser_at("window").get(path(case))
    assert AT_IT in browser_at("window2").get(path(case, "refuse_intake")).text
    assert "陆敏 也正在填写这张表" in browser_at("window2").get(path(case)).text


def test_it_lapses_after_the_minutes_that_are_set(district, case, browser_at):
    browser_at("window").get(path(case))
    minutes = district.edge.config.presence_minutes
    district.clock.move(timedelta(minutes=minutes, seconds=-1))
    assert AT_IT in browser_at("review").get(f"/cases/{case.number}/presence").text
    district.clock.move(timedelta(seconds=1))
    assert AT_IT not in browser_at("review").get(f"/cases/{case.number}/presence").text


def test_an_open_form_keeps_saying_so(district, case, browser_at):
    browser = browser_at("window")
    browser.get(path(case))
    for _minute in range(8):
        district.clock.move(timedelta(minutes=1))
        browser.post(f"/cases/{case.number}/presence", {"filling": "declare"})
    assert AT_IT in browser_at("review").get(f"/cases/{case.number}").text


def test_it_ends_when_the_form_is_handed_in(case, browser_at):
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case)))
    assert (
        browser.post(path(case), {"seen": seen, "staff_name": "无此人", "relation": "sibling"}).status_code
        == 303
    )
    assert AT_IT not in browser_at("review").get(f"/cases/{case.number}").text


def test_it_ends_when_the_form_is_left_empty_and_stays_while_a_draft_is_there(case, browser_at):
    browser = browser_at("window")
    browser.get(path(case))
    browser.post("/drafts", {"place": path(case), "staff_name": "无此人"})
    browser.post(f"/cases/{case.number}/presence", {"filling": "declare", "gone": "1"})
    assert AT_IT in browser_at("review").get(f"/cases/{case.number}").text
    browser.post("/drafts/discard", {"place": path(case)})
    browser.post(f"/cases/{case.number}/presence", {"filling": "declare", "gone": "1"})
    assert AT_IT not in browser_at("review").get(f"/cases/{case.number}").text


def test_it_is_no_lock(district, case, browser_at):
    browser_at("window").get(path(case))
    form = {"seen": case.version, "staff_name": "无此人", "relation": "sibling"}
    assert browser_at("window2").post(path(case), form).status_code == 303


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_read_the_case_learns_nothing(case, browser_at, method):
    browser_at("window").get(path(case))
    answer = getattr(browser_at("elsewhere"), method)(f"/cases/{case.number}/presence")
    assert answer.status_code == 404
    assert "陆敏" not in answer.text


@pytest.mark.parametrize("login, action", [("audit", "declare"), ("window", "no_such_action")])
def test_only_who_could_do_it_counts_as_filling_it_in(district, case, browser_at, login, action):
    browser_at(login).post(f"/cases/{case.number}/presence", {"filling": action})
    with district.edge.database.reading() as session:
        assert session.scalars(select(FormPresence)).all() == []


def test_a_page_that_asks_by_itself_does_not_keep_its_reader_signed_in(district, case, browser_at):
    browser = browser_at("window")
    browser.get(path(case))
    for _third in range(3):
        district.clock.move(timedelta(minutes=9))
        assert browser.client.get(f"/cases/{case.number}/presence").status_code == 200
    district.clock.move(timedelta(minutes=4))
    assert browser.client.get(f"/cases/{case.number}/presence").status_code == 302
