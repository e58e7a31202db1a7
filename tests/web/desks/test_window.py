"""The window's desk, the page of an intake, and what is handed out there."""

import io
import re

import pytest
from sqlalchemy import select

from tests.hardship import hardship
from tests.web.conftest import PNG
from workflow.models import Case, HandOut, JournalEntry


def begin(desks) -> str:
    """The family in hardship, registered; the number of its intake."""
    case = desks.open(hardship(desks), "intake")
    desks.do(case, "register")
    return desks.case(case).number


def row(desks, number: str) -> Case:
    with desks.database.reading() as session:
        return session.scalars(select(Case).where(Case.number == number)).one()


def split(desks) -> str:
    number = begin(desks)
    case = row(desks, number).id
    desks.do(case, "assess")
    rows = [
        {"item": "dibao", "decision": "open"},
        {"item": "housing", "decision": "refer", "why": "房屋漏雨"},
    ]
    desks.do(case, "split", decisions=rows)
    return number


def test_a_family_is_received_from_its_page_and_a_second_click_opens_no_second_intake(desks):
    household, browser = hardship(desks), desks.browser("window_clerk1")
    place = f"/households/{household}"
    first = browser.post(f"{place}/intake", on=place)
    again = browser.post(f"{place}/intake", on=place)
    assert first.status_code == 303
    assert first.location == again.location
    form = browser.get(first.location).text
    assert re.search(r'name="channel" value="window"[^>]* checked', form), (
        "what is usual stands there already"
    )


def test_the_assessment_asks_what_is_not_known_and_the_decisions_stand_there_as_proposed(desks):
    number, browser = begin(desks), desks.browser("window_clerk1")
    place = f"/cases/{number}/actions/assess"
    form = browser.get(place).text
    assert "最近 12 个月的医疗总费用" in form
    assert "户籍在本区" not in form
    seen = re.search(r'name="seen" value="(\d+)"', form)[1]
    done = browser.post(
        place, {"seen": seen, "bill_total": "86000", "bill_insurance": "41000", "disaster": "no"}, on=place
    )
    assert done.status_code == 303, done.text
    page = browser.get(f"/cases/{number}").text
    assert "可以得到的救助" in page
    assert "还不知道：" in page
    assert "周建国的收入" in page
    deciding = browser.get(f"/cases/{number}/actions/split").text
    assert re.search(r'<option value="charity" selected>', deciding)


def test_the_window_sees_where_each_thing_stands(desks):
    number = split(desks)
    browser = desks.browser("window_clerk1")
    for place in ("/window", f"/cases/{number}"):
        page = browser.get(place).text
        for word in ("最低生活保障", "已提交", "窗口受理员", "转办单", "待部门签收", "部门联络员", "住房"):
            assert word in page, (place, word)
    assert number not in browser.get("/window?stage=feedback").text


def test_the_public_progress_shows_each_thing_without_name_illness_or_amount(desks):
    number = split(desks)
    case = row(desks, number)
    page = desks.browser().get(f"/public/progress?number={number}&code={case.progress_code}").text
    with desks.database.reading() as session:
        things = session.scalars(select(Case.number).where(Case.parent_id == case.id)).all()
    assert things
    assert all(thing in page for thing in things)
    assert "窗口正在查验您的材料" in page
    for secret in ("周建国", "陈阿娣", "漏雨", "86000"):
        assert secret not in page


ASKED = {
    "kind": "goods",
    "what": "棉被",
    "quantity": "2",
    "unit": "床",
    "reason": "房屋漏雨受潮，急需御寒",
    "key": "one-and-the-same",
}


@pytest.fixture
def intake(desks) -> str:
    return split(desks)


def ask(desks, number: str, **changed: str):
    person = str(desks.people(row(desks, number).id)[0])
    place = f"/cases/{number}/handouts/new"
    return desks.browser("window_clerk1").post(place, ASKED | {"person": person} | changed, on=place)


def handed(desks) -> list[HandOut]:
    return desks.rows(HandOut)


def test_what_is_asked_for_twice_by_a_double_click_is_one_request(desks, intake):
    assert ask(desks, intake).status_code == 303
    assert ask(desks, intake).status_code == 303
    assert [(one.number, one.state) for one in handed(desks)] == [("WZ-2016-000001", "requested")]


def test_goods_have_a_number_and_money_an_amount(desks, intake):
    assert "请填数量" in ask(desks, intake, quantity="").text
    assert "请填金额" in ask(desks, intake, kind="money", quantity="").text
    assert "不填数量" in ask(desks, intake, kind="money", amount="200").text
    assert (
        ask(desks, intake, kind="money", what="路费", quantity="", unit="", amount="200").status_code == 303
    )
    assert str(handed(desks)[0].amount) == "200.00"


def test_another_person_approves_and_the_signed_receipt_is_kept(desks, intake):
    ask(desks, intake)
    asked = handed(desks)[0]
    decide, give = f"/handouts/{asked.id}/decide", f"/handouts/{asked.id}/give"
    assert desks.browser("window_clerk2").post(decide, {"agreed": "yes"}, on="/window").status_code == 403
    clerk = desks.browser("window_clerk2")
    early = clerk.post(
        give, {"received_by": "周建国", "file": (io.BytesIO(PNG), "签名.png")}, on=f"/cases/{intake}"
    )
    assert (early.status_code, "待批准" in early.text) == (409, True)
    reviewer = desks.browser("town_reviewer1")
    assert "至少 4 个字" in reviewer.post(decide, {"agreed": "no", "words": "不"}, on=decide).text
    assert reviewer.post(decide, {"agreed": "yes"}, on=decide).status_code == 303
    assert "领取人签名" in clerk.get(f"/handouts/{asked.id}/receipt").text
    without = clerk.post(give, {"received_by": "周建国"}, on=give)
    assert (without.status_code, "请先上传领取人签名" in without.text) == (409, True)
    done = clerk.post(
        give, {"received_by": "周文", "relation": "儿子", "file": (io.BytesIO(PNG), "签名.png")}, on=give
    )
    assert done.status_code == 303, done.text
    asked = handed(desks)[0]
    assert (asked.state, asked.received_by, asked.receipt_id is not None) == (
        "handed_out",
        "周文（儿子）",
        True,
    )
    again = clerk.post(
        give, {"received_by": "周文", "file": (io.BytesIO(PNG), "签名.png")}, on=f"/cases/{intake}"
    )
    assert again.status_code == 409, "it is handed out once"
    said = [
        entry.says
        for entry in desks.rows(JournalEntry, row(desks, intake).id)
        if entry.action.startswith("handout")
    ]
    assert said == ["申请发放棉被 2 床（WZ-2016-000001）", "批准发放棉被 2 床（WZ-2016-000001）",
                    "发放了棉被 2 床（WZ-2016-000001），周文（儿子）签收"]  # fmt: skip
    assert desks.broken() == {}


def test_whoever_asked_for_it_does_not_approve_it_even_with_both_posts(desks, intake):
    from workflow import handouts
    from workflow.errors import NotPermitted

    both = desks.everything
    with desks.database.acting() as conn:
        form = {
            "person": desks.people(row(desks, intake).id)[0],
            "kind": "goods",
            "what": "大米",
            "quantity": 1,
            "unit": "袋",
            "amount": None,
            "reason": "断粮",
        }
        asked = handouts.request(
            desks.office, conn, row(desks, intake).id, form, key="k", actor=both, now=desks.now
        ).id
    with desks.database.acting() as conn, pytest.raises(NotPermitted, match="应由他人批准"):
        handouts.decide(desks.office, conn, asked, {"agreed": True, "words": ""}, actor=both, now=desks.now)


def test_a_request_is_taken_back_with_its_reason(desks, intake):
    ask(desks, intake)
    place = f"/handouts/{handed(desks)[0].id}/cancel"
    assert (
        desks.browser("window_clerk1").post(place, {"reason": "申请人已从别处领到"}, on=place).status_code
        == 303
    )
    assert handed(desks)[0].state == "cancelled"
