"""Home visits without a network, in a real browser: nothing lost, nothing twice, nothing readable left behind."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.flaky import flaky
from tests.browser.phone import Phone, phone
from tests.browser.street import Street, picture
from workflow.models import CasePart, Document, FieldPackage, PhoneBox
from workflow.people_queries import household_members

WORDS = "平房三间，老人卧床，与申报的一致。"
INVESTIGATORS = ("入户调查员1", "入户调查员2")
DRAFT_ALL = """async ({ url, words }) => {
  const [vault, outbox] = await Promise.all(["vault", "outbox"].map((name) => import(`${url}/agent/${name}.js`)));
  for (const visit of await vault.all("visits")) {
    const values = (name) => [...visit.work.form.matchAll(new RegExp(`name="${name}" value="([^"]+)"`, "g"))].map((hit) => hit[1]);
    const photo = crypto.randomUUID();
    const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 300 });
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    await vault.change({ store: "photos", id: photo, bytes: new Uint8Array(await blob.arrayBuffer()) });
    const [one, two] = values("investigators");
    const typed = [["visited_on", "2016-09-05"], ["investigators", one], ["investigators", two], ["signed_by", values("signed_by")[0]], ["truthful", "yes"], ["findings", words]];
    await outbox.finish(visit, typed, [{ photo, kind: "visit_form", name: "签名.jpg" }]);
  }
}"""
"""Fill in every visit on the phone by the page's own modules: quicker than by hand, stored the same."""


@pytest.fixture
def street(sqlite_url: str, browser: Browser):
    made = Street(sqlite_url, browser)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return picture(tmp_path / "照片.png")


@pytest.fixture
def visitor(street, tmp_path):
    """An investigator's phone, signed in."""
    with phone(street, tmp_path / "phone") as made:
        made.sign_in("investigator1")
        yield made


def families(street: Street, number: int) -> dict[int, str]:
    """Cases of families whose homes are to be visited, and the names of their heads."""
    cases = [street.bring(street.application(members=2), "investigating") for _ in range(number)]
    with street.database.reading() as session:
        return {
            case: household_members(session, street.case(case).subject_id, street.today)[0].name
            for case in cases
        }


def fill(visitor: Phone, name: str, photo: Path) -> None:
    """Everything that is asked on the spot, two photographs and three signatures."""
    visitor.open_visit(name)
    visitor.desk.fill(走访日期=visitor.street.today.isoformat(), 走访情况=WORDS)
    visitor.desk.tick("调查人", *INVESTIGATORS)
    visitor.desk.tick("在场签字的家庭成员", name)
    visitor.desk.tick("申报情况与所见一致", "是")
    visitor.photograph(photo)
    visitor.photograph(photo)
    for signer in (*INVESTIGATORS, name):
        visitor.sign(signer)
    visitor.saved()


def lose_the_tab(visitor: Phone, name: str) -> None:
    """In the middle of a visit; the wrong PIN opens nothing, the right one everything."""
    visitor.kill_tab()
    visitor.visits()
    expect(visitor.page.get_by_label("手机密码", exact=True)).to_be_visible()
    visitor.desk.look("锁着")
    visitor.unlock("000000")
    expect(visitor.page.get_by_text("手机密码不对")).to_be_visible()
    visitor.unlock()
    visitor.open_visit(name)
    expect(visitor.page.get_by_label("走访情况")).to_have_value(WORDS)
    expect(visitor.page.locator("[data-shots] li")).to_have_count(2)
    expect(visitor.page.get_by_role("img", name=f"{name}的签名")).to_be_visible()


def restart(visitor: Phone) -> None:
    """Off and on again, still without a network."""
    visitor.switch_off()
    visitor.switch_on()
    visitor.context.set_offline(True)
    visitor.visits()
    visitor.unlock()


def arrived(street: Street, cases: dict[int, str]) -> None:
    """Each visit is on the server once, with its papers."""
    packages = street.rows(FieldPackage)
    assert sorted(package.case_id for package in packages) == sorted(cases)
    assert {package.state for package in packages} == {"done"}
    for case, name in cases.items():
        signed = sorted(paper.name for paper in street.rows(Document, case, kind="visit_form"))
        assert signed == sorted(f"{signer}的签名.png" for signer in (*INVESTIGATORS, name))
        assert len(street.rows(Document, case, kind="other")) == 2
        assert [part.state for part in street.rows(CasePart, case, code="visit")] == ["done"]
        assert street.actions_done(case).count("visit") == 1


def waits(visitor: Phone, number: int) -> None:
    expect(visitor.page.locator("[data-sync]")).to_contain_text(f"{number} 份待送")


def test_three_visits_without_a_network_each_arrive_once_and_leave_nothing(street, photo, visitor):
    cases = families(street, 3)
    first, second, third = cases.values()
    visitor.visits()
    visitor.desk.look("带上走访")
    visitor.pack()
    expect(visitor.page.locator("[data-visits] a")).to_have_count(3)
    visitor.desk.look("今天的走访")
    visitor.cut()
    fill(visitor, first, photo)
    visitor.desk.look("走访表")
    visitor.ready()
    waits(visitor, 1)
    fill(visitor, second, photo)
    lose_the_tab(visitor, second)
    visitor.ready()
    restart(visitor)
    waits(visitor, 2)
    fill(visitor, third, photo)
    visitor.ready()
    waits(visitor, 3)
    visitor.desk.look("三份待送")
    stored = visitor.dump()
    assert [text for text in (first, second, third, WORDS, *INVESTIGATORS, "a key") if text in stored] == []
    assert street.rows(FieldPackage) == []

    visitor.connect()
    visitor.desk.follow("去登录")
    visitor.enter("investigator1")
    expect(visitor.page.locator("[data-receipts] li")).to_have_count(3)
    expect(visitor.page.locator("[data-receipts]")).to_contain_text("收件号 WY-2016")
    expect(visitor.page.get_by_text("手机上没有留下资料")).to_be_visible()
    visitor.desk.look("已送达")
    assert visitor.databases() == []
    assert all(path.startswith(("/agent/visits", "/static/")) for path in visitor.cached())
    visitor.switch_off()
    assert visitor.on_disk(first, second, third, WORDS) == []
    visitor.switch_on()
    arrived(street, cases)
    assert all(box.ended_at and not box.secret for box in street.rows(PhoneBox))


def send_all(street: Street, visitor: Phone, number: int) -> None:
    """Draft a bag of visits without a network, then press until all of them are gone."""
    visitor.pack()
    expect(visitor.page.locator("[data-visits] a")).to_have_count(number)
    visitor.cut()
    scripts = visitor.page.locator("script[type=module]").get_attribute("src")
    visitor.page.evaluate(DRAFT_ALL, {"url": scripts.partition("/agent/")[0], "words": WORDS})
    visitor.connect()
    done = visitor.page.get_by_text("手机上没有留下资料")
    for _ in range(number * 3):
        if done.is_visible():
            return
        visitor.page.locator("[data-send]").dispatch_event("click")
        visitor.page.wait_for_timeout(1_000)
    raise AssertionError(visitor.page.inner_text("main"))


@pytest.mark.parametrize(
    "bags, each", [(1, 20), pytest.param(5, 40, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_over_a_line_that_drops_replies_each_draft_is_stored_once(street, tmp_path, bags, each):
    with flaky(street.address) as line, phone(street, tmp_path / "phone", line.address) as visitor:
        visitor.sign_in("investigator1")
        visited = []
        for _ in range(bags):
            visited += families(street, each)
            line.percent = 30
            send_all(street, visitor, each)
        assert line.dropped > bags * each * 0.15
    packages = street.rows(FieldPackage)
    assert sorted(package.case_id for package in packages) == sorted(visited)
    assert {package.state for package in packages} == {"done"}
    assert all(street.actions_done(case).count("visit") == 1 for case in visited)
    assert all(len(street.rows(Document, case, kind="visit_form")) == 1 for case in visited)


def test_what_the_office_did_meanwhile_is_shown_and_nothing_is_typed_again(street, photo, visitor):
    [(case, name)] = families(street, 1).items()
    visitor.pack()
    visitor.cut()
    fill(visitor, name, photo)
    street.do(case, "ask_neighbours")
    visitor.ready()
    waits(visitor, 1)
    visitor.connect()
    expect(visitor.page.locator("[data-receipts]")).to_contain_text("要您核对")
    visitor.desk.look("送达后要核对")
    visitor.desk.follow("去核对")
    expect(visitor.page.get_by_text("您带出去以后")).to_be_visible()
    expect(visitor.page.locator(".shots img")).to_have_count(5)
    visitor.desk.look("核对")
    visitor.page.get_by_role("button", name="核对后接着办").click()
    visitor.desk.expect_heading("提交入户调查表")
    expect(visitor.page.get_by_label("走访情况")).to_have_value(WORDS)
    visitor.desk.hand_in("提交入户调查表")
    assert street.actions_done(case).count("visit") == 1
    assert len([paper for paper in street.rows(Document, case) if paper.kind in {"visit_form", "other"}]) == 5
    visitor.page.goto(f"{visitor.address}/agent/packages/")
    visitor.desk.look("送达记录")


def test_signing_out_takes_the_key_away_and_warns_of_what_it_would_lose(street, photo, visitor):
    [(_case, name)] = families(street, 1).items()
    visitor.pack()
    visitor.cut()
    fill(visitor, name, photo)
    visitor.ready()
    visitor.page.route("**/agent/packages", lambda route: route.abort())
    visitor.connect()
    visitor.page.goto(f"{visitor.address}/me/")
    banner = visitor.page.locator("[data-waiting]")
    expect(banner).to_contain_text("有 1 份走访资料没有送达")
    visitor.desk.look("提醒")
    sign_out = visitor.page.get_by_role("button", name="退出登录")
    sign_out.click()
    expect(banner).to_contain_text("再点一次“退出登录”")
    assert visitor.databases() == ["jiuzhu-box"]
    sign_out.click()
    expect(visitor.page.get_by_label("用户名")).to_be_visible()
    assert visitor.databases() == []
    assert visitor.cached() == []
    assert all(box.ended_at and not box.secret for box in street.rows(PhoneBox))
    assert street.rows(FieldPackage) == []


def test_a_lost_phone_is_emptied_when_it_is_heard_of(street, photo, visitor):
    [(_case, name)] = families(street, 1).items()
    visitor.pack()
    fill(visitor, name, photo)
    with street.desk("investigator1") as office:
        office.go("/agent/packages/")
        office.look("带出资料的手机")
        office.page.get_by_role("button", name="手机丢了，作废").click()
        expect(office.page.get_by_text("已作废")).to_be_visible()
    visitor.kill_tab()
    visitor.visits()
    expect(visitor.page.get_by_text("手机上的资料已作废并清除")).to_be_visible()
    assert visitor.databases() == []
