"""The forms of actions: nothing typed is lost, nothing is done twice, nothing is done without the form's own token."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from workflow.models import FormDraft, JournalEntry

REASON = "材料不在本镇受理范围，请到户籍地办理"


@pytest.fixture
def case(district):
    return district.submitted()


def path(case, action="refuse_intake"):
    return f"/cases/{case.number}/actions/{action}"


def entries(district, case):
    with district.edge.database.reading() as session:
        return session.scalar(
            select(func.count()).select_from(JournalEntry).where(JournalEntry.case_id == case.id)
        )


def seen_on(page):
    return re.search(r'name="seen" value="(\d+)"', page.text)[1]


def test_a_form_is_made_from_its_declaration_and_does_the_act(district, case, browser_at):
    browser = browser_at("window")
    page = browser.get(path(case))
    assert all(label in page.text for label in ("理由", "应当到哪里办理"))
    answer = browser.post(path(case), {"seen": seen_on(page), "reason": REASON, "right_place": "横溪镇窗口"})
    assert answer.status_code == 303
    assert district.case(case.number).stage == "not_accepted"


def test_faults_are_listed_with_links_and_everything_typed_stays(case, browser_at):
    browser = browser_at("window")
    answer = browser.post(path(case), {"seen": case.version, "reason": "短", "right_place": "横溪镇窗口"})
    assert answer.status_code == 422
    assert '<a href="#f-reason">' in answer.text
    assert 'id="f-reason-msg"' in answer.text
    assert "短</textarea>" in answer.text
    assert 'value="横溪镇窗口"' in answer.text


def test_a_stale_form_shows_what_changed_and_keeps_the_text(district, case, browser_at):
    browser = browser_at("window")
    seen = seen_on(browser.get(path(case)))
    district.act(case, "declare", "review", staff_name="无此人", relation="sibling")
    answer = browser.post(path(case), {"seen": seen, "reason": REASON, "right_place": "横溪镇窗口"})
    assert answer.status_code == 409
    assert "在您填写期间" in answer.text
    assert "登记了近亲属关系" in answer.text
    assert REASON in answer.text
    assert district.case(case.number).stage == "submitted"
    again = browser.post(path(case), {"seen": seen_on(answer), "reason": REASON, "right_place": "横溪镇窗口"})
    assert again.status_code == 303


def test_a_double_click_is_answered_twice_and_done_once(district, case, browser_at):
    browser = browser_at("window")
    form = {"seen": case.version, "reason": REASON, "right_place": "横溪镇窗口"}
    before = entries(district, case)
    answers = [browser.post(path(case), form) for _ in range(3)]
    assert [a.status_code for a in answers] == [303, 303, 303]
    assert entries(district, case) == before + 1


def test_the_same_act_of_somebody_else_is_no_double_click(district, case, browser_at):
    form = {"seen": case.version, "reason": REASON, "right_place": "横溪镇窗口"}
    assert browser_at("window").post(path(case), form).status_code == 303
    assert browser_at("window2").post(path(case), form).status_code == 409


def test_without_its_token_a_form_does_nothing_and_keeps_the_text(district, case, browser_at):
    browser = browser_at("window")
    answer = browser.client.post(
        path(case), data={"seen": case.version, "reason": REASON, "right_place": "横溪镇窗口"}
    )
    assert answer.status_code == 400
    assert REASON in answer.text
    assert 'name="csrf_token"' in answer.text
    assert district.case(case.number).stage == "submitted"


def test_after_the_session_has_ended_sign_in_brings_the_text_back(district, case, browser_at):
    browser = browser_at("window")
    page = browser.get(path(case))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    district.clock.move(timedelta(minutes=31))
    typed = {"csrf_token": token, "seen": seen_on(page), "reason": REASON, "right_place": "横溪镇窗口"}
    asked = browser.client.post(path(case), data=typed)
    assert asked.status_code == 401
    assert "您刚才填写的内容都在" in asked.text
    field = {
        name: re.search(rf'name="{name}" value="([^"]*)"', asked.text)[1]
        for name in ("csrf_token", "next", "kept")
    }
    from html import unescape

    done = browser.client.post(
        "/sign-in",
        data={name: unescape(value) for name, value in field.items()}
        | {"login": "window", "password": "correct horse battery staple"},
    )
    assert done.location == path(case)
    again = browser.get(path(case))
    assert REASON in again.text
    assert "已恢复您" in again.text
    assert district.case(case.number).stage == "submitted"


def test_what_is_typed_is_kept_while_typing_and_forgotten_once_handed_in(district, case, browser_at):
    browser = browser_at("window")
    saved = browser.post("/drafts", {"place": path(case), "reason": REASON, "password": "never kept"})
    assert saved.status_code == 204
    with district.edge.database.reading() as session:
        assert "never" not in session.scalars(select(FormDraft)).one().body
    assert REASON in browser.get(path(case)).text
    assert REASON not in browser_at("window2").get(path(case)).text
    browser.post(path(case), {"seen": case.version, "reason": REASON, "right_place": "横溪镇窗口"})
    with district.edge.database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []


def test_a_draft_can_be_thrown_away(case, browser_at):
    browser = browser_at("window")
    browser.post("/drafts", {"place": path(case), "reason": REASON})
    browser.post("/drafts/discard", {"place": path(case)})
    assert REASON not in browser.get(path(case)).text


def test_autosave_without_a_session_says_so_and_shows_no_page(case, district):
    answer = district.client().client.post("/drafts", data={"place": path(case)}, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.text) == (401, "")


def test_a_table_grows_without_scripts_and_its_rows_are_read(district, browser_at):
    case = district.open()
    people = district.people()
    browser = browser_at("window")
    typed = {"seen": case.version, "applicant": [people[0]], "by_agent": "no", "authorised": people[:2],
             "near_relatives-0-staff_name": "应核", "near_relatives-0-relation": "sibling"}  # fmt: skip
    grown = browser.post(path(case, "submit"), typed | {"do": "add:near_relatives"})
    assert grown.status_code == 200
    assert 'name="near_relatives-1-staff_name"' in grown.text
    assert 'value="应核"' in grown.text
    assert browser.post(path(case, "submit"), typed).status_code == 303
    assert district.case(case.number).facts["near_relative"] is True


def test_an_empty_row_is_no_row(district, browser_at):
    case = district.open()
    people = district.people()
    typed = {"seen": case.version, "applicant": [people[0]], "by_agent": "no", "authorised": people[:2],
             "near_relatives-0-staff_name": "", "near_relatives-0-relation": ""}  # fmt: skip
    assert browser_at("window").post(path(case, "submit"), typed).status_code == 303


@pytest.mark.parametrize(
    "login, action, status, words",
    [
        ("review", "refuse_intake", 403, "您没有这个岗位"),
        ("window", "agree", 409, "不能“"),
        ("window", "no_such_action", 409, "没有“no_such_action”这项操作"),
        ("elsewhere", "refuse_intake", 404, "没有找到"),
    ],
)
def test_who_may_not_or_not_now_is_told_why(case, browser_at, login, action, status, words):
    answer = browser_at(login).get(path(case, action))
    assert answer.status_code == status
    assert words in answer.text
