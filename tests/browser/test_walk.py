"""One family from the window to its first payment, every act done by hand in a real browser, role after role."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.register import families, register, write
from tests.browser.street import Desk, Street, jiuzhu, picture
from tests.district import START
from workflow.households import INCOME_CATEGORIES
from workflow.models import PaymentLine
from workflow.simulation.family import age_on

ADULT = 18
APPLICANTS = next(
    family
    for family in families()
    if family.outcome == "qualifies"
    and len(family.members) > 2
    and any(member.incomes for member in family.members)
)
"""Three people or more who earn too little."""
EARNER = next(member for member in APPLICANTS.members if member.incomes)
EARNED = EARNER.incomes[0]
ADULTS = [member.name for member in APPLICANTS.members if age_on(member.birth, START) >= ADULT]
PAPERS = ("申请书", "身份证和户口簿", "家庭收入和财产声明", "核对授权书", "诚信承诺书")


@pytest.fixture
def street(sqlite_url: str, browser: Browser, tmp_path: Path):
    """The town's office open to browsers, the register of its families imported."""
    jiuzhu(sqlite_url, "import", "households", str(write(tmp_path / "登记表.csv", register(families()))))
    made = Street(sqlite_url, browser)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """What a telephone's camera made."""
    return picture(tmp_path / "照片.png")


def find_family(desk: Desk) -> None:
    """From the list of households to the page of the family."""
    desk.menu("家庭")
    desk.fill(查找家庭=APPLICANTS.head.name)
    desk.page.get_by_role("button", name="查找", exact=True).click()
    desk.look("查找家庭")
    desk.follow(APPLICANTS.head.name)
    desk.expect_heading(APPLICANTS.head.name)
    desk.look("家庭")


def apply(desk: Desk, photo: Path) -> str:
    """The window takes the application; the number it gets."""
    find_family(desk)
    desk.page.get_by_role("button", name="申请低保").click()
    desk.expect_heading(APPLICANTS.head.name)
    number = re.search(r"DB-2016-\d+", desk.page.url)[0]
    desk.look("草稿")
    desk.begin("提交申请")
    forget_the_applicant(desk)
    desk.tick("申请人", APPLICANTS.head.name)
    desk.tick("由他人代为申请", "否")
    desk.tick("已签核对授权书的成年成员", *ADULTS)
    desk.hand_in("提交申请")
    desk.upload(photo, *PAPERS)
    desk.look("材料齐了")
    desk.begin("受理")
    desk.tick("户籍或居住地属于本乡镇", "是")
    desk.hand_in("受理")
    return number


def forget_the_applicant(desk: Desk) -> None:
    """A form sent too early: the fault is told at its field, and what was typed stands."""
    kin = {"经办人员或村干部姓名": "方会计", "关系": "兄弟姐妹"}
    desk.row(1, **kin)
    desk.page.locator("main form.form button.primary").click()
    asked = desk.page.get_by_role("group", name="申请人")
    expect(asked.locator(".msg")).to_be_visible()
    expect(desk.page.get_by_role("alert")).to_contain_text("处要改")
    expect(desk.page.get_by_label("第 1 行 经办人员或村干部姓名")).to_have_value("方会计")
    expect(desk.page.get_by_label("第 1 行 关系")).to_have_value("sibling")
    desk.look("提交申请，漏了一项")


def receipt(desk: Desk) -> str:
    """The receipt that is printed for the applicant; the code on it."""
    desk.follow("收件凭证", exact=False)
    desk.look("收件凭证")
    return re.search(r"查询码\D*?([2-9A-Z]{8})", desk.page.inner_text("article"))[1]


def ask_the_public_page(street: Street, number: str, code: str, says: str) -> None:
    """What the family sees at home on a phone."""
    with street.desk(phone=True) as home:
        home.go("/public/progress")
        home.look("查进度")
        home.fill(受理号=number, 查询码=code)
        home.page.get_by_role("button", name="查进度").click()
        expect(home.page.get_by_role("heading", level=1)).to_contain_text(says)
        expect(home.page.locator("main")).not_to_contain_text(APPLICANTS.head.name)
        home.look(f"进度：{says}")


def check(desk: Desk) -> None:
    """The information check, from the worklist."""
    desk.look("核对员的待办")
    desk.page.get_by_role("button", name="办下一件").click()
    desk.look("核对案件")
    desk.do("发出核对")
    desk.begin("登记答复")
    desk.page.get_by_label("来源部门").select_option(label="人力社保")
    desk.fill(数据时点="2016-09-05")
    desk.row(
        1,
        成员=EARNER.name,
        类别=INCOME_CATEGORIES[EARNED.category],
        **{"年金额（元）": f"{EARNED.annual}"},
    )
    desk.hand_in("登记答复")
    desk.begin("出具核对报告")
    desk.tick("核对结论", "符合")
    desk.hand_in("出具核对报告")


def visit(street: Street, number: str, photo: Path) -> None:
    """Two investigators see the family; the other of them asks the neighbours."""
    with street.desk("investigator1") as desk:
        desk.look("调查员的待办")
        desk.follow(number)
        desk.upload(photo, "入户调查表（双方签字）")
        desk.begin("提交入户调查表")
        desk.fill(走访日期="2016-09-06", 走访情况="平房两间，收入比申报的多一点。")
        desk.tick("调查人", "入户调查员1", "入户调查员2")
        desk.tick("在场签字的家庭成员", APPLICANTS.head.name)
        desk.tick("申报情况与所见一致", "否")
        seen = {"收入类别": INCOME_CATEGORIES[EARNED.category], "年收入（元）": f"{EARNED.annual + 120}"}
        desk.row(1, 成员=EARNER.name, **seen)
        desk.hand_in("提交入户调查表")
    with street.desk("investigator2") as desk:
        desk.find(number)
        desk.begin("提交邻里访问")
        desk.fill(走访日期="2016-09-06", 了解到的情况="邻里说这家日子紧。")
        desk.hand_in("提交邻里访问")


def appraise(street: Street, number: str) -> None:
    """The town: appraisal by the village, then the opinion by another reviewer."""
    with street.desk("town_reviewer1") as desk:
        desk.follow(number)
        desk.do("调查完成，转民主评议")
        desk.begin("评议一致")
        desk.fill(评议日期="2016-09-07", 评议记录="与会人员讨论后认为情况属实。")
        kinds = ["乡镇工作人员", "村（居）委会成员", *["村（居）民代表"] * 4]
        for line, kind in enumerate(kinds, 1):
            if line > 3:
                desk.page.get_by_role("button", name="再加一行").click()
            desk.row(line, 姓名=f"参会{line}", 身份=kind, 已签字="是", 是申请人近亲属="否")
        desk.look("评议，填好了")
        desk.hand_in("评议一致")
    with street.desk("town_reviewer2") as desk:
        desk.follow(number)
        desk.look("待初审")
        desk.begin("拟同意")
        desk.tick("复核类别", "C 类：变动较大")
        desk.hand_in("拟同意")


def post(street: Street, number: str, photo: Path, action: str) -> None:
    """The village agent prints the notice, puts it up and sends a photograph from his phone."""
    with street.desk("village_agent1", phone=True) as desk:
        desk.look("代理员的待办")
        desk.menu("公示")
        desk.look("公示")
        desk.follow(f"打印公示单 {number}")
        desk.look("公示单")
        desk.follow("返回办件", exact=False)
        desk.upload(photo, "公示张贴照片")
        desk.look("传了张贴照片")
        desk.begin(action)
        desk.fill(张贴日期=street.today.isoformat(), 张贴地点="村务公开栏")
        desk.hand_in(action)


def take_down(street: Street, number: str, photo: Path, action: str) -> None:
    """When it has hung its seven days."""
    with street.desk("village_agent1", phone=True) as desk:
        desk.menu("公示")
        desk.look("公示期满")
        desk.follow(number)
        desk.upload(photo, "公示期满照片")
        desk.begin(action)
        desk.fill(揭下日期=street.today.isoformat())
        desk.tick("公示期内一直张贴完整", "是")
        desk.hand_in(action)


def look_at_the_board(street: Street) -> None:
    """Anybody may read the notice while it hangs."""
    with street.desk(phone=True) as home:
        home.go("/public/notices")
        expect(home.page.locator("main")).to_contain_text("芦浦村")
        home.look("公示栏")


def county(street: Street, number: str) -> None:
    """A near relative on record is always visited; two visit, a third gives the opinion."""
    with street.desk("county_reviewer1") as desk:
        desk.follow(number)
        desk.do("安排入户抽查")
        desk.begin("抽查相符")
        desk.fill(抽查日期=street.today.isoformat(), 抽查情况="与上报材料一致。")
        desk.tick("抽查人", "县级审核人1", "县级审核人2")
        desk.hand_in("抽查相符")
    with street.desk("county_reviewer3") as desk:
        desk.follow(number)
        desk.do("拟批准")


def decide(street: Street, number: str) -> None:
    """The approver signs, the county opens the account."""
    with street.desk("county_approver1") as desk:
        desk.look("审批人的待办")
        desk.follow(number)
        desk.look("待审批")
        desk.begin("批准")
        desk.fill(审批意见="同意")
        desk.hand_in("批准")
        desk.page.get_by_role("region", name="文书").get_by_role("link").filter(has_text="审批").click()
        expect(desk.page.get_by_role("article")).to_contain_text(f"{EARNER.name} ")
        desk.look("审批通知书")
    with street.desk("county_reviewer1") as desk:
        desk.follow(number)
        desk.begin("发证、开户")
        desk.tick("开户成员", APPLICANTS.head.name)
        desk.fill(银行账号="6222020000000000000", 证件送达日期="2016-09-30")
        desk.tick("账户核验通过", "是")
        desk.hand_in("发证、开户")


def pay(street: Street, number: str) -> None:
    """One officer checks the list, another records the payment."""
    with street.desk("finance_officer1") as desk:
        desk.menu("发放")
        desk.look("发放清册")
        desk.follow("FF-2016", exact=False)
        expect(desk.page.get_by_role("link", name=number).first).to_be_attached()
        desk.look("清册明细")
        desk.begin("核对无误")
        desk.fill(核对情况="与审批决定一致")
        desk.hand_in("核对无误")
        expect(desk.page.get_by_role("link", name="全部发放成功")).to_have_count(0)
    street.live_until("2016-10-10")
    with street.desk("finance_officer2") as desk:
        desk.menu("发放")
        desk.follow("FF-2016", exact=False)
        desk.begin("全部发放成功")
        desk.fill(发放日期="2016-10-10")
        desk.hand_in("全部发放成功")
        desk.menu("发放")
        desk.follow("FF-2016", exact=False)
        for member in APPLICANTS.members:
            line = desk.page.locator("table.ledger tbody tr").filter(
                has=desk.page.get_by_role("cell", name=member.name)
            )
            expect(line.last).to_contain_text("已发 10 月 10 日")
        desk.look("清册已发")


def test_a_family_walks_from_the_window_to_its_first_payment(street, photo):
    with street.desk("window_clerk1") as desk:
        desk.look("窗口的待办")
        number = apply(desk, photo)
        code = receipt(desk)
        desk.follow("返回办件", exact=False)
        desk.do("启动调查")
    ask_the_public_page(street, number, code, "正在核对信息、入户走访")
    street.live_until("2016-09-06")
    with street.desk("verification_officer1") as desk:
        check(desk)
    visit(street, number, photo)
    street.live_until("2016-09-07")
    appraise(street, number)
    street.live_until("2016-09-08")
    post(street, number, photo, "张贴公示")
    look_at_the_board(street)
    ask_the_public_page(street, number, code, "正在公示 7 天")
    street.live_until("2016-09-19")
    take_down(street, number, photo, "期满无异议，揭下")
    with street.desk("town_reviewer2") as desk:
        desk.follow(number)
        desk.do("报送县级")
    street.live_until("2016-09-20")
    county(street, number)
    street.live_until("2016-09-21")
    post(street, number, photo, "张贴拟批准公示")
    street.live_until("2016-09-29")
    take_down(street, number, photo, "拟批准公示期满，揭下")
    street.live_until("2016-09-30")
    decide(street, number)
    street.live_until("2016-10-08")
    pay(street, number)
    ask_the_public_page(street, number, code, "已在享受救助")
    lines = street.rows(PaymentLine)
    assert len(lines) == len(APPLICANTS.members)
    assert {(line.month, line.state, str(line.paid_on)) for line in lines} == {
        ("2016-10", "paid", "2016-10-10")
    }


def test_the_intake_works_without_scripts(street, photo):
    with street.desk("window_clerk1", scripts=False) as desk:
        number = apply(desk, photo)
        receipt(desk)
    assert street.rows(PaymentLine) == []
    with street.desk("window_clerk2") as desk:
        desk.find(number)
        expect(desk.page.locator("h1 .stage")).to_have_text("已受理")
