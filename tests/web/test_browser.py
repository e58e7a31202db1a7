"""In a real browser: nothing axe objects to, nothing the policy stops, no sideways scrolling on a phone, nothing lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.parts.browser import AXE
from tests.web.conftest import PASSWORD

WIDE, PHONE = 1280, 360


@pytest.fixture
def address(district) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, district.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[WIDE, PHONE])
def page(request, browser: Chromium) -> Iterator[Page]:
    """A page of a desk or a phone; a script error or a stop by the policy fails the test."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    opened, wrong = context.new_page(), []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield opened
    context.close()
    assert wrong == []


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"{address}/")


def faults(page: Page) -> list[tuple[str, str]]:
    page.add_init_script(path=AXE)
    page.reload()
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [(fault["id"], node["html"][:200]) for fault in found["violations"] for node in fault["nodes"]]


def test_every_page_is_accessible_and_fits(district, address, page):
    case = district.submitted()
    page.goto(f"{address}/sign-in")
    assert faults(page) == []
    sign_in(page, address, "window")
    for path in ("/", "/cases", "/me/", f"/cases/{case.number}", f"/cases/{case.number}/actions/notify_missing",
                 f"/cases/{case.number}/actions/declare", "/nowhere"):  # fmt: skip
        page.goto(address + path)
        for details in page.query_selector_all("details"):
            details.evaluate("element => element.open = true")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], path


def test_what_is_typed_survives_the_end_of_the_session(district, address, page):
    case = district.submitted()
    sign_in(page, address, "window")
    page.goto(f"{address}/cases/{case.number}/actions/refuse_intake")
    page.fill("#f-reason", "材料不在本镇受理范围")
    with page.expect_response("**/drafts"):
        page.locator("#f-right_place").focus()
    page.fill("#f-right_place", "横溪镇窗口")
    district.clock.move(timedelta(minutes=31))
    page.click("main button.primary:visible")
    page.fill("#login", "window")
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"**/cases/{case.number}/actions/refuse_intake")
    assert page.input_value("#f-reason") == "材料不在本镇受理范围"
    assert page.input_value("#f-right_place") == "横溪镇窗口"
    page.click("main form.form button.primary")
    page.wait_for_url(f"{address}/cases/{case.number}")
    assert district.case(case.number).stage == "not_accepted"


def test_a_double_click_hands_in_once(district, address, page):
    case = district.submitted()
    sign_in(page, address, "window")
    page.goto(f"{address}/cases/{case.number}/actions/accept")
    page.check("#f-hukou_ok")
    page.locator("main form.form button.primary").dblclick()
    page.wait_for_url(f"{address}/cases/{case.number}")
    assert district.case(case.number).version == case.version + 1


def test_a_whole_citizen_number_appears_in_its_place_after_a_reason(district, address, page):
    case = district.submitted()
    sign_in(page, address, "window")
    page.goto(f"{address}/cases/{case.number}")
    person = district.people()[0]
    place = page.locator(f"#id-{person}")
    place.locator("summary").click()
    place.locator("select").select_option("handling")
    with page.expect_response("**/id-number"):
        place.locator("button").click()
    page.wait_for_function(f"document.querySelector('#id-{person}').innerText.trim().length === 18")
