"""A task that changes hands takes the last holder's draft along: who typed it, when, and to go on with."""

import pytest
from sqlalchemy import select

from tests.web.together.conftest import REASON, path
from workflow import tasks
from workflow.models import AccessLog, FormDraft, Task

FORM = "refuse_intake"
LEFT = "陆敏 在"


@pytest.fixture
def task(district, case):
    with district.edge.database.reading() as session:
        return session.scalars(select(Task.id).where(Task.case_id == case.id, Task.state == "open")).one()


def give(district, task, login, by="super"):
    with district.edge.database.acting() as conn:
        tasks.assign(district.edge.office, conn, task, to=district.actor(login).id, reason="休假交接",
                     actor=district.actor(by), now=district.clock.now())  # fmt: skip


@pytest.fixture
def handed_over(district, case, task, browser_at):
    """The first clerk held it and typed; then it went to the second."""
    give(district, task, "window")
    browser_at("window").post("/drafts", {"place": path(case, FORM), "reason": REASON})
    give(district, task, "window2")


def test_the_receiver_sees_who_typed_what_and_when(handed_over, case, browser_at):
    page = browser_at("window2").get(path(case, FORM)).text
    assert all(words in page for words in (LEFT, "9 月 19 日", REASON, "接着填"))
    assert f"{REASON}</textarea>" not in page


def test_the_receiver_goes_on_with_it_and_hands_it_in(district, handed_over, case, browser_at):
    browser, giver = browser_at("window2"), district.actor("window").id
    taken = browser.post(path(case, FORM) + "/take-over", {"user": giver})
    assert (taken.status_code, taken.location) == (303, path(case, FORM))
    page = browser.get(path(case, FORM)).text
    assert f"{REASON}</textarea>" in page
    assert "这是 陆敏" in page
    with district.edge.database.reading() as session:
        assert session.scalars(select(AccessLog).where(AccessLog.what == "draft")).one().case_id == case.id
        assert session.get(FormDraft, (giver, path(case, FORM))) is not None
    version = district.case(case.number).version
    done = browser.post(path(case, FORM), {"seen": version, "reason": REASON, "right_place": "横溪镇窗口"})
    assert done.status_code == 303


def test_who_typed_it_first_is_still_named_after_the_receiver_typed_on(
    district, handed_over, case, browser_at
):
    browser = browser_at("window2")
    browser.post(path(case, FORM) + "/take-over", {"user": district.actor("window").id})
    browser.post("/drafts", {"place": path(case, FORM), "reason": REASON + "。"})
    assert "这是 陆敏" in browser.get(path(case, FORM)).text


def test_the_giver_finds_his_text_but_cannot_hand_it_in(handed_over, case, browser_at):
    page = browser_at("window").get(path(case, FORM))
    assert page.status_code == 403
    assert REASON in page.text


@pytest.mark.parametrize("holder", [None, "window"])
def test_nobody_else_sees_a_draft_while_the_task_is_not_his(district, case, task, browser_at, holder):
    browser_at("window").post("/drafts", {"place": path(case, FORM), "reason": REASON})
    if holder:
        give(district, task, holder)
    page = browser_at("window2").get(path(case, FORM))
    assert REASON not in page.text
    taken = browser_at("window2").post(path(case, FORM) + "/take-over", {"user": district.actor("window").id})
    assert taken.status_code == 404


def test_ones_own_text_is_not_written_over(district, handed_over, case, browser_at):
    browser = browser_at("window2")
    browser.post("/drafts", {"place": path(case, FORM), "reason": "我自己写的理由"})
    page = browser.get(path(case, FORM)).text
    assert REASON in page
    assert "接着填" not in page
    taken = browser.post(path(case, FORM) + "/take-over", {"user": district.actor("window").id})
    assert taken.status_code == 403
    assert "我自己写的理由</textarea>" in browser.get(path(case, FORM)).text


@pytest.mark.parametrize("user", ["", "x", "999999", "-1"])
def test_a_draft_nobody_left_is_not_found(handed_over, case, browser_at, user):
    assert browser_at("window2").post(path(case, FORM) + "/take-over", {"user": user}).status_code == 404


def test_what_somebody_barred_from_the_case_typed_is_not_passed_on(district, handed_over, case, browser_at):
    district.act(case, "declare", "review", staff_name="陆敏", relation="sibling")
    assert REASON not in browser_at("window2").get(path(case, FORM)).text
