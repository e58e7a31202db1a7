"""Small things on forms and pages that people stumbled over."""

import re

from tests.web.desks.story import LAST_DAY


def test_the_day_of_posting_is_today_until_somebody_says_otherwise(desks):
    browser = desks.browser("village_agent1")
    place = f"/cases/{desks.numbers['to_post']}/actions/post"
    desks.attach(_id(desks, "to_post"), "posting_photo", by=desks.staff("village_agent"))
    assert f'name="posted_on" value="{LAST_DAY.isoformat()}"' in browser.get(place).text
    typed = {"seen": "1", "posted_on": "2016-10-01", "place": ""}
    assert 'name="posted_on" value="2016-10-01"' in browser.post(place, typed).text


def test_what_is_to_be_chosen_is_asked_for_as_a_choice(desks):
    browser = desks.browser("investigator1")
    number = desks.numbers["late"]
    desks.attach(_id(desks, "late"), "visit_form", by=desks.staff("investigator"))
    page = browser.post(f"/cases/{number}/actions/visit", {"seen": _version(desks, "late")})
    assert page.status_code == 422
    said = set(re.findall(r'id="f-\w+-msg">([^<]+)', page.text))
    assert {
        "请填写走访日期",
        "请填写走访情况",
        "请选择调查人",
        "请选择在场签字的家庭成员",
        "请选择申报情况与所见一致",
    } <= said
    assert ">成员</th>" in page.text
    assert "成员编号" not in page.text


def test_a_letter_of_a_case_marks_no_entry_of_the_menu_and_a_poster_marks_publicity(desks):
    browser = desks.browser("window_clerk1")
    letter = browser.get(f"/cases/{desks.numbers['benefit']}/letters/approval").text
    assert 'aria-current="page"' not in letter
    assert re.search(r'href="/notices" aria-current="page"', browser.get("/notices/1/poster").text)


def test_the_poster_names_ways_to_object_that_exist(desks):
    text = desks.browser("village_agent1").get(f"/cases/{desks.numbers['to_post']}/poster").text
    assert "扫码查看公示网页；反映请打电话或到窗口" in text
    assert "在线反映" not in text


def _id(desks, name):
    from workflow.models import Case

    return desks.rows(Case, number=desks.numbers[name])[0].id


def _version(desks, name):
    return str(desks.case(_id(desks, name)).version)
