"""The ways off the straight one on the pages: what is offered, to whom, with which words; and how it looks."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.parts.browser import AXE
from tests.web.conftest import PASSWORD
from tests.web.desks.test_screens import RULES
from workflow.models import Halt
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER

WHY = "发现材料有误，需要核实"


def act(desks, login: str, number: str, deed: str, **form: str):
    """A deed of the engine through its page."""
    browser, case = desks.browser(login), desks.case(desks.id_of(number))
    return browser.post(
        f"/cases/{number}/verbs/{deed}", {"seen": str(case.version)} | form, on=f"/cases/{number}"
    )


@pytest.fixture
def office(desks):
    """The desks, with the row of a case by its number."""

    def id_of(number: str) -> int:
        from workflow.models import Case

        with desks.database.reading() as session:
            return session.scalars(select(Case.id).where(Case.number == number)).one()

    desks.id_of = id_of
    return desks


def concluded(desks) -> tuple[int, str]:
    """A case the second town reviewer has just sent on."""
    case = desks.bring(desks.application(), "investigating")
    desks.check(case)
    desks.do(case, "visit")
    desks.do(case, "conclude", desks.staff(TOWN_REVIEWER, 2))
    return case, desks.case(case).number


def test_the_button_is_there_until_somebody_else_has_opened_the_case(office):
    case, number = concluded(office)
    page = office.browser("town_reviewer2").get(f"/cases/{number}").text
    assert f"/cases/{number}/verbs/take_back" in page
    assert office.browser("town_reviewer2").get(f"/cases/{number}/verbs/take_back").status_code == 200
    assert "verbs/take_back" not in office.browser("auditor1").get(f"/cases/{number}").text
    office.browser("town_reviewer3").get(f"/cases/{number}")
    page = office.browser("town_reviewer2").get(f"/cases/{number}").text
    assert f"/cases/{number}/verbs/take_back" not in page
    assert "乡镇审核人3已经打开这件办件" in page
    assert act(office, "town_reviewer2", number, "take_back", reason=WHY).status_code == 409
    assert office.stage(case) == "appraising"


def test_taken_back_it_is_in_ones_own_hands_again(office):
    case, number = concluded(office)
    assert act(office, "town_reviewer2", number, "take_back", reason="短").status_code == 422
    assert act(office, "town_reviewer2", number, "take_back", reason=WHY).status_code == 303
    assert office.stage(case) == "investigating"
    assert "撤回了“调查完成，转民主评议”" in office.browser("auditor1").get(f"/cases/{number}").text


def test_what_must_be_mended_stands_on_the_case_it_came_back_to(office):
    case = office.bring(office.application(), "opinion")
    office.do(
        case, "town_return_to_accepted", points=[{"what": "补交女儿的在读证明"}, {"what": "走访表补签字"}]
    )
    page = office.browser("window_clerk1").get(f"/cases/{office.case(case).number}").text
    assert "由“初审”退回，要补正的事项" in page
    assert "补交女儿的在读证明" in page
    assert "straight_to_opinion" in page
    office.do(case, "straight_to_opinion")
    assert (
        "要补正的事项" not in office.browser("town_reviewer1").get(f"/cases/{office.case(case).number}").text
    )


def test_two_suspend_and_the_page_says_so(office):
    number = office.numbers["late"]
    assert act(office, "supervisor1", number, "ask_suspend", reason=WHY).status_code == 303
    assert "待另一人确认" in office.browser("supervisor1").get(f"/cases/{number}").text
    assert act(office, "supervisor1", number, "confirm_suspend").status_code == 409
    assert act(office, "department_head1", number, "confirm_suspend").status_code == 303
    page = office.browser("town_reviewer1").get(f"/cases/{number}").text
    assert "已挂起" in page
    assert "actions/conclude" not in page
    assert office.browser("town_reviewer1").get(f"/cases/{number}/actions/warn").status_code == 409


def test_a_definition_is_suspended_by_two_administrators(office):
    one, two = office.browser("administrator1"), office.browser("administrator2")
    assert one.post("/admin/halts", {"definition": "nothing", "reason": WHY}).status_code == 422
    assert one.post("/admin/halts", {"definition": "dibao", "reason": WHY, "acts": "no"}).status_code == 303
    (order,) = office.rows(Halt)
    assert "确认挂起" not in one.get("/admin/halts").text
    assert one.post(f"/admin/halts/{order.id}/confirm").status_code == 403
    assert two.post(f"/admin/halts/{order.id}/confirm").status_code == 303
    assert WHY in two.get("/admin/halts").text
    assert two.post(f"/admin/halts/{order.id}/end", {"reason": "已恢复正常"}).status_code == 303
    assert [row.state for row in office.rows(Halt)] == ["ended"]


@pytest.fixture
def address(office) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_pages_are_accessible_and_fit(office, address, browser: Chromium, tmp_path: Path):
    case = office.bring(office.application(members=3), "county_review")
    office.do(
        case, "county_return_to_forwarding", points=[{"what": "补交女儿的在读证明"}, {"what": "走访表补签字"}]
    )
    office.do(case, "straight_to_county_review")
    signers = [office.staff(COUNTY_REVIEWER, n).id for n in (2, 3)]
    office.do(case, "joint_ask", signers=signers)
    office.do(case, "joint_sign", office.staff(COUNTY_REVIEWER, 2))
    back = office.bring(office.application(), "opinion")
    office.do(
        back, "town_return_to_accepted", points=[{"what": "补交女儿的在读证明"}, {"what": "走访表补签字"}]
    )
    number, returned, late = office.case(case).number, office.case(back).number, office.numbers["late"]
    act(office, "supervisor1", late, "ask_suspend", reason=WHY)
    act(office, "department_head1", late, "confirm_suspend")
    office.browser("administrator1").post(
        "/admin/halts", {"definition": "dibao", "reason": WHY, "acts": "no"}
    )
    pages = {
        "supervisor1": (
            f"/cases/{number}",
            f"/cases/{returned}",
            f"/cases/{late}",
            f"/cases/{returned}/verbs/ask_suspend",
        ),
        "town_reviewer1": (f"/cases/{late}",),
        "administrator2": ("/admin/halts",),
    }
    for login, paths in pages.items():
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_url(f"{address}/")
        page.add_init_script(path=AXE)
        for place, path in enumerate(paths):
            page.goto(address + path)
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                faults = [
                    (fault["id"], node["html"][:200])
                    for fault in page.evaluate(RULES)["violations"]
                    for node in fault["nodes"]
                ]
                page.screenshot(path=tmp_path / f"{login}-{place}-{width}.png", full_page=True)
                assert faults == [], (path, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        context.close()
