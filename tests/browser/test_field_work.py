"""Home visits without a network, in a real browser: nothing lost, nothing twice, nothing readable left behind."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone import Phone, phone
from tests.browser.street import Street, picture
from workflow.models import CasePart, Document, FieldPackage, PhoneBox
from workflow.people_queries import household_members

WORDS = "平房三间，老人卧床，与申报的一致。"
INVESTIGATORS = ("入户调查员1", "入户调查员2")


@pytest.fixture
def street(sqlite_url: str, browser: Browser):
    made = Street(sqlite_url, browser)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return picture(tmp_path / "照片.png")


def families(street: Street, number: int) -> dict[int, str]:
    """Cases of families whose homes are to be visited, and the names of their heads."""
    cases = [street.bring(street.application(members=2), "investigating") for _ in range(number)]
    return {case: head(street, case) for case in cases}


def head(street: Street, case: int) -> str:
    with street.database.reading() as session:
        return household_members(session, street.case(case).subject_id, street.today)[0].name


def fill(visitor: Phone, street: Street, name: str, photo: Path, words: str = WORDS) -> None:
    """Everything that is asked on the spot, two photographs and three signatures."""
    visitor.open_visit(name)
    visitor.desk.fill(走访日期=street.today.isoformat(), 走访情况=words)
    visitor.desk.tick("调查人", *INVESTIGATORS)
    visitor.desk.tick("在场签字的家庭成员", name)
    visitor.desk.tick("申报情况与所见一致", "是")
    visitor.photograph(photo)
    visitor.photograph(photo)
    for signer in (*INVESTIGATORS, name):
        visitor.sign(signer)
    visitor.saved()


def test_three_visits_without_a_network_each_arrive_once_and_leave_nothing(street, photo, tmp_path):
    cases = families(street, 3)
    first, second, third = cases.values()
    with phone(street, tmp_path / "phone") as visitor:
        visitor.sign_in("investigator1")
        visitor.visits()
        visitor.desk.look("带上走访")
        visitor.pack()
        expect(visitor.page.locator("[data-visits] a")).to_have_count(3)
        visitor.desk.look("今天的走访")
        visitor.cut()
        fill(visitor, street, first, photo)
        visitor.desk.look("走访表")
        visitor.ready()
        expect(visitor.page.locator("[data-sync]")).to_contain_text("1 份待送")
        fill(visitor, street, second, photo)

        visitor.kill_tab()
        visitor.visits()
        expect(visitor.page.get_by_label("手机密码", exact=True)).to_be_visible()
        visitor.desk.look("锁着")
        visitor.unlock("000000")
        expect(visitor.page.get_by_text("手机密码不对")).to_be_visible()
        visitor.unlock()
        expect(visitor.page.locator("[data-sync]")).to_contain_text("1 份待送")
        visitor.open_visit(second)
        expect(visitor.page.get_by_label("走访情况")).to_have_value(WORDS)
        expect(visitor.page.locator("[data-shots] li")).to_have_count(2)
        expect(visitor.page.get_by_role("img", name=f"{second}的签名")).to_be_visible()
        visitor.ready()

        visitor.switch_off()
        visitor.switch_on()
        visitor.context.set_offline(True)
        visitor.visits()
        visitor.unlock()
        expect(visitor.page.locator("[data-sync]")).to_contain_text("2 份待送")
        fill(visitor, street, third, photo)
        visitor.ready()
        expect(visitor.page.locator("[data-sync]")).to_contain_text("3 份待送")
        visitor.desk.look("三份待送")
        stored = visitor.dump()
        assert [text for text in (first, second, third, WORDS, "入户调查员1") if text in stored] == []
        assert "a key" not in stored
        assert street.rows(FieldPackage) == []

        visitor.connect()
        visitor.desk.follow("去登录")
        visitor.enter("investigator1")
        expect(visitor.page.get_by_role("heading", name="已送达")).to_be_visible()
        expect(visitor.page.locator("[data-receipts] li")).to_have_count(3)
        expect(visitor.page.locator("[data-receipts]")).to_contain_text("收件号 WY-2016")
        expect(visitor.page.get_by_text("手机上没有留下资料")).to_be_visible()
        visitor.desk.look("已送达")
        assert visitor.databases() == []
        assert all(path.startswith(("/agent/visits", "/static/")) for path in visitor.cached())
        visitor.switch_off()
        assert visitor.on_disk(first, second, third, WORDS) == []
        visitor.switch_on()
    packages = street.rows(FieldPackage)
    assert sorted(package.case_id for package in packages) == sorted(cases)
    assert {package.state for package in packages} == {"done"}
    for case in cases:
        papers = street.rows(Document, case, kind="visit_form")
        assert sorted(paper.name for paper in papers) == sorted(f"{name}的签名.png" for name in (*INVESTIGATORS, cases[case]))
        assert len(street.rows(Document, case, kind="other")) == 2
        assert [part.state for part in street.rows(CasePart, case, code="visit")] == ["done"]
        assert street.actions_done(case).count("visit") == 1
    assert all(box.ended_at and not box.secret for box in street.rows(PhoneBox))
