"""A form made from an older version: both answers field by field, a choice, and nothing typed is lost."""

import pytest
from sqlalchemy import select

from tests.web.together.conftest import REASON, path, seen_on
from workflow.models import CaseForm

THEIR_NAME, MY_NAME = "王干部", "李干部"


def overtaken(case, browser_at, **mine):
    """What the first clerk gets who was slower than the second."""
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case)))
    theirs = {"seen": seen, "staff_name": THEIR_NAME, "relation": "sibling"}
    assert browser_at("window2").post(path(case), theirs).status_code == 303
    form = {"staff_name": MY_NAME, "relation": "sibling"} | mine
    return browser, seen, browser.post(path(case), {"seen": seen} | form)


def last_form(district, case):
    with district.edge.database.reading() as session:
        rows = select(CaseForm).where(CaseForm.case_id == case.id).order_by(CaseForm.seq.desc())
        return session.scalars(rows).first().body


def test_each_field_that_differs_shows_both_answers_with_who_and_when(case, browser_at):
    _browser, _seen, page = overtaken(case, browser_at)
    assert page.status_code == 409
    assert 'name="pick-staff_name"' in page.text
    assert f'value="{MY_NAME}"' in page.text
    place = page.text.partition('id="p-staff_name"')[2].partition("</fieldset>")[0]
    assert all(word in place for word in (THEIR_NAME, "史君", "9 月 19 日", "09:41", "登记了近亲属关系"))


def test_a_field_that_both_answered_alike_asks_for_no_choice(case, browser_at):
    assert 'name="pick-relation"' not in overtaken(case, browser_at)[2].text


@pytest.mark.parametrize("pick, name", [("mine", MY_NAME), ("theirs", THEIR_NAME)])
def test_the_choice_is_handed_in_against_the_new_version(district, case, browser_at, pick, name):
    browser, began, page = overtaken(case, browser_at, relation="parent")
    again = {"seen": seen_on(page), "since": began, "staff_name": MY_NAME, "relation": "parent"}
    done = browser.post(path(case), again | {"pick-staff_name": pick, "pick-relation": "mine"})
    assert done.status_code == 303
    assert last_form(district, case) == {"staff_name": name, "relation": "parent"}


def test_what_one_has_left_empty_is_taken_from_the_colleague_unless_one_says_otherwise(case, browser_at):
    page = overtaken(case, browser_at, staff_name="")[2].text
    assert 'name="pick-staff_name" value="theirs" checked' in page


def test_the_same_race_once_more_is_shown_once_more(district, case, browser_at):
    browser, began, page = overtaken(case, browser_at)
    district.act(case, "declare", "review", staff_name="第三人", relation="sibling")
    again = {
        "seen": seen_on(page),
        "since": began,
        "staff_name": MY_NAME,
        "relation": "sibling",
        "pick-staff_name": "theirs",
    }
    shown = browser.post(path(case), again)
    assert shown.status_code == 409
    assert "第三人" in shown.text.partition('id="p-staff_name"')[2]
    assert f'value="{MY_NAME}"' in shown.text


def test_the_comparison_comes_back_after_the_page_was_left(case, browser_at):
    browser, _began, _page = overtaken(case, browser_at)
    again = browser.get(path(case))
    assert again.status_code == 200
    assert "已恢复您" in again.text
    assert 'name="pick-staff_name"' in again.text


def test_a_draft_from_before_shows_what_has_happened_since(district, case, browser_at):
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case)))
    browser.post("/drafts", {"place": path(case), "seen": seen, "staff_name": MY_NAME})
    district.act(case, "declare", "review", staff_name=THEIR_NAME, relation="sibling")
    page = browser.get(path(case)).text
    assert "在您填写期间" in page
    assert THEIR_NAME in page.partition('id="p-staff_name"')[2]


def test_another_act_meanwhile_shows_what_happened_and_asks_for_no_choice(district, case, browser_at):
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case, "refuse_intake")))
    district.act(case, "declare", "review", staff_name=THEIR_NAME, relation="sibling")
    page = browser.post(
        path(case, "refuse_intake"), {"seen": seen, "reason": REASON, "right_place": "横溪镇窗口"}
    )
    assert page.status_code == 409
    assert "登记了近亲属关系" in page.text
    assert "pick-" not in page.text


def closed(case, browser_at):
    """The page of a clerk whose form is not open any more."""
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case, "refuse_intake")))
    assert (
        browser_at("window2").post(path(case, "accept"), {"seen": seen, "hukou_ok": "yes"}).status_code == 303
    )
    form = {"seen": seen, "reason": REASON, "right_place": "横溪镇窗口"}
    return browser, browser.post(path(case, "refuse_intake"), form)


def test_a_form_that_is_open_no_more_says_so_and_gives_the_text_back(case, browser_at):
    _browser, page = closed(case, browser_at)
    assert page.status_code == 409
    assert "不能“" in page.text
    assert page.text.count(REASON) == 2
    assert f'href="/cases/{case.number}"' in page.text
    assert f'action="{path(case, "refuse_intake")}"' not in page.text


def test_it_still_does_so_on_coming_back_until_it_is_thrown_away(case, browser_at):
    browser, _page = closed(case, browser_at)
    assert REASON in browser.get(path(case, "refuse_intake")).text
    place = path(case, "refuse_intake")
    gone = browser.post("/drafts/discard", {"place": place, "back": f"/cases/{case.number}"})
    assert gone.location == f"/cases/{case.number}"
    assert REASON not in browser.get(place).text


def test_a_colleagues_same_answer_and_other_answer_stand_side_by_side_where_the_form_has_closed(
    case, browser_at
):
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case, "refuse_intake")))
    theirs = {"seen": seen, "reason": "户籍不在本镇", "right_place": "横溪镇窗口"}
    assert browser_at("window2").post(path(case, "refuse_intake"), theirs).status_code == 303
    page = browser.post(path(case, "refuse_intake"), theirs | {"reason": REASON})
    assert page.status_code == 409
    table = page.text.partition("<tbody>")[2] or page.text.partition("<thead>")[2]
    assert "户籍不在本镇" in table
    assert "横溪镇窗口</td>" not in table


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_throwing_away_leads_to_no_other_site(case, browser_at, back):
    gone = browser_at("window").post("/drafts/discard", {"place": path(case), "back": back})
    assert gone.location == path(case)


@pytest.mark.parametrize("since", ["-1", "x", "9" * 30, "０"])
def test_a_version_nobody_could_have_seen_does_no_harm(case, browser_at, since):
    form = {"seen": case.version, "since": since, "staff_name": MY_NAME, "relation": "sibling"}
    assert browser_at("window").post(path(case), form).status_code == 303
