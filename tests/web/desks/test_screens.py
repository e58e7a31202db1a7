"""Every page of the desks and the public side in a real browser: nothing for axe to find, no sideways scrolling on a phone."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from werkzeug.serving import make_server

from tests.parts.browser import AXE
from tests.web.conftest import PASSWORD
from tests.web.desks.story import LAST_DAY
from tests.web.desks.test_incidents import planted

RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
PAGES = {
    "supervisor1": ("/board", "/incidents/", "/incidents/1", "/bulk/find?programme=dibao", "/away", "/bulk/leaver?who=late", "/board/standing", "/board/forecast", "/board/forecast?days=5&person=%2B:investigator:&to=330212101000", "/mining?from=2010-01-01", "/mining/cases?from=2010-01-01", "/bulletin?month={month}", "/cases/{late}/clocks", "/inbox", "/reviews?month=2017-09"),
    "town_reviewer2": ("/", "/cases/{late}", "/cases/{late}/copy", "/cases/{late}/question", "/cases/{late}/keep-out", "/talk", "/away"),
    "window_clerk1": ("/people", "/people/check", "/people/1", "/people/1/facts/disability", "/people/1/kin/new", "/people/1/merge/2", "/me/relatives", "/households", "/households/1", "/households/new", "/households/1/events", "/households/1/events/new/marriage", "/households/1/file?against=2016-09-10", "/clues", "/clues/report", "/households/1/clues/new", "/notices",
                      "/cases/{benefit}/letters/approval", "/cases/{to_post}/poster"),
    "verification_officer1": ("/cases/{check}/verification", "/households/1/authorisations"),
    "auditor1": ("/audit/?seed=8317&number=8", "/cases/{late}/as-at"),
    "village_agent1": ("/agent/", "/agent/visits", "/agent/packages/"),
    "finance_officer1": ("/payments", "/payments/{list}"),
    "centre_staff1": ("/departments/", "/departments/coordination", "/departments/roster"),
    "administrator1": ("/admin/departments", "/admin/departments/330212D08000", "/admin/", "/admin/stand-ins", "/admin/people/1", "/admin/roles", "/admin/areas", "/admin/areas/330212101000", "/admin/holidays?year=2027", "/admin/ladders",
                       "/admin/standards", "/admin/editions", "/admin/sessions", "/admin/health", "/admin/mail"),
    "department_head1": ("/releases/", "/releases/1", "/releases/orders", "/releases/diff?before=dibao:NB2016&after=dibao:NAT2021",
                         "/releases/migrations"),
    "": ("/public/", "/public/progress", "/public/progress?number={late}&code={code}", "/public/standards", "/public/calculator",
         "/public/notices", "/public/notices?village=330212101200", "/public/complaints"),
}  # fmt: skip


@pytest.fixture
def address(desks) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desks.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("login", PAGES)
def test_pages_are_accessible_and_fit(desks, address, browser: Chromium, login):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    planted(desks)
    if login:
        page.goto(f"{address}/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("main button.primary")
        page.wait_for_url(f"{address}/")
    page.add_init_script(path=AXE)
    known = desks.numbers | {"month": f"{LAST_DAY:%Y-%m}", "code": desks.case(desks.id("late")).progress_code}
    for path in PAGES[login]:
        page.goto(address + path.format(**known))
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(
                "for (const one of document.querySelectorAll('main details:not(.menu)')) one.open = true"
            )
            faults = [
                (fault["id"], node["html"][:200])
                for fault in page.evaluate(RULES)["violations"]
                for node in fault["nodes"]
            ]
            assert faults == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    context.close()
    assert wrong == []


def test_larger_type_fits_the_phone_too(desks, address, browser: Chromium):
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.add_init_script(path=AXE)
    page.goto(f"{address}/public/")
    page.click(".elder-switch button")
    for path in PAGES[""]:
        page.goto(address + path.format(**desks.numbers, code=desks.case(desks.id("late")).progress_code))
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
        assert [fault["id"] for fault in page.evaluate(RULES)["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    context.close()
