"""One window by hand in a real browser: a family comes once, the window sees everything that follows, and calls back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.street import Desk, Street, picture
from tests.hardship import HARDSHIP, hardship
from workflow.models import Case, HandOut

FATHER, MOTHER, STUDENT, GRANDMOTHER = (member["name"] for member in HARDSHIP["members"])
PAPERS = ("申请书", "身份证和户口簿", "家庭收入和财产声明", "核对授权书", "诚信承诺书", "在校（就学）证明")
NOT_WANTED = ("特困人员供养", "就业救助", "慈善帮扶")


@pytest.fixture
def street(sqlite_url: str, browser: Browser):
    """The town's office open to browsers, the family in hardship in its register."""
    made = Street(sqlite_url, browser)
    hardship(made)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return picture(tmp_path / "照片.png")


def receive(desk: Desk, photo: Path) -> str:
    """The family is found, received and asked what brings it; the number of its intake."""
    desk.menu("家庭")
    desk.follow(FATHER)
    desk.page.get_by_role("button", name="综合受理").click()
    desk.expect_heading("登记")
    desk.look("综合受理，登记")
    desk.tick("遇到的困难", "基本生活", "看病", "上学", "住房")
    desk.fill(来意="男的失业了，奶奶住院花了很多钱，孩子上大学，房子漏雨。")
    desk.tick("已签核对授权书的成年成员", FATHER, MOTHER, STUDENT, GRANDMOTHER)
    desk.hand_in("登记")
    desk.upload(photo, *PAPERS)
    return re.search(r"ZH-2016-\d+", desk.page.url)[0]


def assess(desk: Desk) -> None:
    """Only what is not known is asked."""
    desk.begin("需求评估")
    expect(desk.page.get_by_text("户籍在本区")).to_have_count(0)
    desk.fill(**{"最近 12 个月的医疗总费用（元）": "86000", "其中医保和保险已报销（元）": "41000"})
    desk.tick("住房", "住房危险")
    desk.tick("突发事件", "没有")
    desk.tick("近期遭受自然灾害", "否")
    desk.tick("赡养、抚养、扶养义务人", "有，但没有能力")
    desk.tick("没有任何收入的成员", FATHER, STUDENT, GRANDMOTHER)
    desk.tick("没有存款、车辆、经营实体和另外的住房", "是")
    desk.tick("上面没有登记残疾的成员都没有残疾", "是")
    desk.row(3, 在读="大专、本科")
    desk.row(1, 就业="失业、没有工作")
    desk.row(2, 就业="有工作")
    desk.row(3, 就业="不在劳动年龄或不能劳动")
    desk.hand_in("需求评估")
    expect(desk.page.get_by_role("region", name="可以得到的救助")).to_contain_text("可以申请")


def split(desk: Desk) -> None:
    """The proposals stand there already; the clerk changes what the family does not want."""
    desk.begin("分办")
    lines = desk.page.locator("table.rows tbody tr, table.rows tr").filter(has=desk.page.locator("select"))
    for number in range(1, lines.count() + 1):
        item = desk.page.get_by_label(f"第 {number} 行 事项", exact=True)
        if item.evaluate("element => element.selectedOptions[0].textContent") in NOT_WANTED:
            desk.row(number, 怎样办="不需要")
    desk.hand_in("分办")
    things = desk.page.get_by_role("region", name="开办和转办")
    for words in ("最低生活保障", "医疗救助", "教育救助", "转办单", "待部门签收"):
        expect(things).to_contain_text(words)


def hand_out(street: Street, number: str, photo: Path) -> None:
    """A quilt: asked for at the window, approved by the town, signed for."""
    with street.desk("window_clerk1") as desk:
        desk.find(number)
        desk.follow("申请发放")
        desk.look("申请发放")
        desk.page.get_by_label("发给谁").select_option(label=GRANDMOTHER)
        desk.tick("物品还是现金", "物品")
        desk.fill(物品名称或者现金用途="棉被", 数量="2", 单位="床", 发放理由="房屋漏雨受潮，急需御寒")
        desk.hand_in("待批准")
    with street.desk("town_reviewer1") as desk:
        desk.find(number)
        desk.follow("批准发放", exact=False)
        desk.tick("同意发放", "是")
        desk.hand_in("待发放")
    with street.desk("window_clerk1") as desk:
        desk.find(number)
        desk.follow("领取凭证", exact=False)
        desk.look("领取凭证")
        desk.follow("返回办件", exact=False)
        desk.page.locator("#handouts").get_by_role("link", name="发放", exact=False).first.click()
        desk.look("发放并登记签收")
        desk.page.get_by_label("领取人签名").fill(STUDENT)
        desk.page.get_by_label("领取人与受助人关系").fill("孙子")
        desk.page.locator("#f-file").set_input_files(photo)
        desk.hand_in("已发放")
    assert [one.state for one in street.rows(HandOut)] == ["handed_out"]


def test_a_family_comes_once_and_is_called_back(street, photo):
    with street.desk("window_clerk1") as desk:
        number = receive(desk, photo)
        desk.follow("综合受理收件凭证", exact=False)
        desk.look("综合受理收件凭证")
        code = re.search(r"查询码\D*?([2-9A-Z]{8})", desk.page.inner_text("article"))[1]
        desk.follow("返回办件", exact=False)
        assess(desk)
        split(desk)
        desk.menu("综合受理")
        expect(desk.page.get_by_role("heading", level=1)).to_contain_text("综合受理")
        desk.look("窗口台面")
    hand_out(street, number, photo)
    with street.desk(phone=True) as home:
        home.go(f"/public/progress?number={number}&code={code}")
        for words in (
            "各项办到哪一步",
            "最低生活保障",
            "窗口正在查验您的材料",
            "已转给有关部门",
            "住房和城乡建设局",
        ):
            expect(home.page.locator("main")).to_contain_text(words)
        expect(home.page.locator("main")).not_to_contain_text(FATHER)
        home.look("综合受理的进度")
    for child in street.rows(Case, parent_id=street.rows(Case, definition="intake")[0].id):
        street.do(child.id, "withdraw" if child.definition in ("dibao", "referral") else "discard")
    street.sweep()
    with street.desk("window_clerk1", phone=True) as desk:
        desk.go("/window")
        desk.look("窗口台面，手机")
        desk.follow(number)
        desk.look("待回访，手机")
        desk.begin("登记回访")
        desk.tick("方式", "电话")
        desk.tick("与谁通话或者见面", FATHER)
        desk.tick("申请人的意见", "满意")
        desk.hand_in("登记回访")
        expect(desk.page.locator("h1 .stage")).to_have_text("已办结")
