"""Recording what happens in a family: asked, shown, confirmed, undone; who counts; any day of the past; clues."""

from io import BytesIO

from sqlalchemy import select

from tests.district import PAPER
from workflow.models import AccessLog, Case, CountedApart, Household, LifeEvent, Person

HOME = "/households/1"
BY = {"source": "certificate", "evidence": "证明 2016-001"}


def kinds(desks) -> list[tuple[str, bool]]:
    return [(row.kind, row.undone_at is not None) for row in desks.rows(LifeEvent)]


def test_a_death_is_shown_with_what_it_brings_before_it_is_recorded(desks):
    browser, person = desks.browser("window_clerk1"), desks.people(desks.id("benefit"))[-1]
    place = f"{HOME}/events/new/death"
    assert "死亡后三个月内办结复核" in browser.get(place).text
    form = BY | {"person": person, "on": "2016-10-20"}
    shown = browser.post(place, form | {"do": "preview"}, on=place)
    assert shown.status_code == 200
    assert "2016-10-20 死亡" in shown.text
    assert "N22 一(三)" in shown.text
    assert kinds(desks) == []
    done = browser.post(
        place,
        form | {"do": "confirm", "paper": (BytesIO(PAPER), "死亡证明.pdf")},
        on=place,
        content_type="multipart/form-data",
    )
    assert done.status_code == 303, done.text
    page = browser.get(HOME).text
    assert "2016-10-20 死亡" in page
    assert "复核" in page
    (event,) = desks.rows(LifeEvent)
    paper = browser.get(f"{HOME}/events/{event.id}/paper")
    assert (paper.data, paper.mimetype) == (PAPER, "application/pdf")
    with desks.database.reading() as session:
        assert session.get_one(Person, person).died_on is not None
        assert session.scalars(select(AccessLog).where(AccessLog.what == "event_paper")).one()


def test_an_event_is_undone_from_the_household_page(desks):
    browser, child = desks.browser("village_agent1"), desks.people(desks.id("benefit"))[-1]
    place = f"{HOME}/events/new/leave"
    done = browser.post(
        place, BY | {"person": child, "why": "study", "on": "2016-10-20", "do": "confirm"}, on=place
    )
    assert done.status_code == 303
    assert "在外就学" in browser.get(HOME).text
    (event,) = desks.rows(LifeEvent)
    undo = f"{HOME}/events/{event.id}/undo"
    assert browser.post(undo, {"reason": ""}, on=HOME).status_code == 422
    assert browser.post(undo, {"reason": "登记的人不对"}, on=HOME).status_code == 303
    assert "登记的人不对" in browser.get(HOME).text
    assert kinds(desks) == [("leave", True)]


def test_a_fault_stands_beside_its_field_and_an_unknown_kind_is_not_there(desks):
    browser, place = desks.browser("window_clerk1"), f"{HOME}/events/new/birth"
    wrong = BY | {"name": "王小宝", "sex": "M", "relation": "child", "on": "2030-01-01", "do": "preview"}
    answer = browser.post(place, wrong, on=place)
    assert answer.status_code == 422
    assert 'href="#f-on"' in answer.text
    assert 'value="王小宝"' in answer.text
    assert browser.get(f"{HOME}/events/new/wedding").status_code == 404


def test_what_somebody_else_recorded_meanwhile_is_told(desks):
    browser, place = desks.browser("window_clerk1"), f"{HOME}/events/new/leave"
    child = desks.people(desks.id("benefit"))[-1]
    form = BY | {"person": child, "why": "study", "on": "2016-10-20", "do": "confirm"}
    assert browser.post(place, form | {"stamp": "0"}, on=place).status_code == 303
    again = browser.post(place, form | {"stamp": "0"}, on=place)
    assert again.status_code == 409
    assert "登记了别的变化" in again.text


def test_who_counts_is_shown_with_its_clause_and_may_be_decided_otherwise(desks):
    browser, people = desks.browser("window_clerk1"), desks.people(desks.id("benefit"))
    page = browser.get(HOME).text
    assert "谁算家庭成员" in page
    assert "M220-5" in page
    decided = browser.post(
        f"{HOME}/counting", {"person": people[-1], "counted": "no", "reason": "实际不在一起生活"}, on=HOME
    )
    assert decided.status_code == 303
    assert "窗口另行认定" in browser.get(HOME).text
    assert (
        browser.post(
            f"{HOME}/counting", {"person": people[-1], "counted": "no", "reason": ""}, on=HOME
        ).status_code
        == 422
    )
    assert (
        browser.post(
            f"{HOME}/counting", {"person": 9999, "counted": "no", "reason": "不是本户的人"}, on=HOME
        ).status_code
        == 409
    )
    browser.post(
        f"{HOME}/counting", {"person": people[-1], "counted": "rule", "reason": "核实后按规则"}, on=HOME
    )
    assert desks.rows(CountedApart) == []


def test_a_household_before_and_after_a_divorce_side_by_side(desks):
    browser, people = desks.browser("window_clerk1"), desks.people(desks.id("benefit"))
    place = f"{HOME}/events/new/divorce"
    form = BY | {
        "person": people[1],
        "where": "new",
        "address": "和平路 88 号",
        "on": "2016-10-20",
        "do": "confirm",
    }
    assert browser.post(place, form, on=place).status_code == 303
    page = browser.get(f"{HOME}/file?on=2016-10-19&against=2016-10-20")
    assert page.status_code == 200
    before, after = page.text.split('id="d-2016-10-19"')[1].split('id="d-2016-10-20"')
    with desks.database.reading() as session:
        leaver = session.get_one(Person, people[1]).name
        other = session.scalars(select(Household.id).where(Household.address == "和平路 88 号")).one()
    assert f"<b>{leaver}</b>" in before
    assert f"<b>{leaver}</b>" not in after
    assert "离婚" in after
    there = browser.get(f"/households/{other}/file?on=2016-10-20").text
    assert f"<b>{leaver}</b>" in there
    with desks.database.reading() as session:
        looked = session.scalars(select(AccessLog.reason).where(AccessLog.what == "household_as_at")).all()
    assert "2016-10-19、2016-10-20" in looked


def test_a_clue_is_reported_from_the_familys_page_and_listed_for_the_town(desks):
    browser, place = desks.browser("village_agent1"), f"{HOME}/clues/new"
    assert browser.post(place, {"kind": "car"}, on=place).status_code == 422
    sent = browser.post(
        place,
        {
            "kind": "car",
            "channel": "public",
            "text": "上个月买了车",
            "reporter": "周先生",
            "contact": "13800000000",
        },
        on=place,
    )
    assert sent.status_code == 303, sent.text
    with desks.database.reading() as session:
        case = session.scalars(select(Case).where(Case.definition == "clue")).one()
    with desks.database.reading() as session:
        head = session.get_one(Household, 1).members(desks.today)[0].person.name
    assert place in browser.post("/clues/report", {"q": head}, on="/clues/report").text
    assert "没有找到" in browser.post("/clues/report", {"q": "查无此人"}, on="/clues/report").text
    listed = desks.browser("town_reviewer1").get("/clues").text
    assert case.number in listed
    assert "购车" in listed
    assert "周先生" not in listed
    seen = desks.browser("investigator1").get(f"/cases/{case.number}").text
    assert "上个月买了车" in seen
    assert "周先生" not in seen
    assert "没有线索" in browser.get("/clues?state=closed").text
