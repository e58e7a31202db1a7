"""Two people at one case, each in a real browser: they see each other, and the slower one loses nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.web.test_browser import PHONE, WIDE, address, faults, sign_in  # noqa: F401 - `address` is a fixture
from tests.web.together.conftest import path


@pytest.fixture(params=[WIDE, PHONE])
def two(request, browser: Chromium) -> Iterator[tuple[Page, Page]]:
    """Two browsers with cookies of their own; a script error fails the test."""
    contexts = [browser.new_context(viewport={"width": request.param, "height": 800}) for _ in range(2)]
    pages, wrong = [context.new_page() for context in contexts], []
    for page in pages:
        page.on("pageerror", lambda error: wrong.append(str(error)))
    yield pages[0], pages[1]
    for context in contexts:
        context.close()
    assert wrong == []


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_two_clerks_at_one_form(district, case, address, two):  # noqa: F811 - the fixture
    first, second = two
    sign_in(first, address, "window")
    sign_in(second, address, "window2")
    second.goto(f"{address}/cases/{case.number}")
    first.goto(address + path(case))
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    second.get_by_text("陆敏 正在填写“登记近亲属关系”").wait_for()
    assert faults(second) == []
    assert fits(second)

    first.fill("#f-staff_name", "李干部")
    with first.expect_response("**/drafts"):
        first.locator("#f-relation").focus()
    second.goto(address + path(case))
    second.get_by_text("陆敏 也正在填写这张表").wait_for()
    second.fill("#f-staff_name", "王干部")
    second.check("#f-relation")
    second.click("main form.form button.primary")
    second.wait_for_url(f"{address}/cases/{case.number}")

    first.check("#f-relation")
    first.click("main form.form button.primary")
    first.get_by_text("两边填得不一样").wait_for()
    assert first.input_value("#f-staff_name") == "李干部"
    assert fits(first)
    first.goto(address + path(case))
    assert faults(first) == []
    assert first.input_value("#f-staff_name") == "李干部"
    first.get_by_text("用已经提交的：").check()
    with first.expect_response("**/drafts"):
        first.locator("#f-staff_name").focus()
        first.locator("#f-relation").focus()
    first.reload()
    assert first.locator("input[value=theirs]").is_checked()
    first.click("main form.form button.primary")
    first.wait_for_url(f"{address}/cases/{case.number}")
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert district.case(case.number).version == case.version + 2


def test_a_form_that_has_closed_gives_its_text_back(district, case, address, two):  # noqa: F811 - the fixture
    first, _second = two
    sign_in(first, address, "window")
    first.goto(address + path(case, "refuse_intake"))
    first.fill("#f-reason", "材料不在本镇受理范围")
    district.act(case, "accept", "window2", hukou_ok=True)
    first.click("main form.form button.primary")
    first.get_by_role("link", name="返回办件").wait_for()
    assert first.get_by_text("材料不在本镇受理范围").first.is_visible()
    first.goto(address + path(case, "refuse_intake"))
    first.locator("details").first.evaluate("element => element.open = true")
    assert faults(first) == []
    assert fits(first)
