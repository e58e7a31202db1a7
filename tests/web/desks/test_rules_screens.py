"""The pages that explain the rules, filled in, in a real browser: nothing for axe to find, no sideways scrolling on a phone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.parts.browser import AXE
from tests.web.conftest import PASSWORD
from tests.web.desks.test_screens import RULES, address
from tests.web.desks.test_standards_pages import change_of

__all__ = ["address"]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def page(browser: Chromium) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    made = context.new_page()
    made.add_init_script(path=AXE)
    yield made
    context.close()


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"{address}/")


def fine(page: Page, name: str) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(
            "for (const one of document.querySelectorAll('main details:not(.menu)')) one.open = true"
        )
        faults = [(f["id"], n["html"][:200]) for f in page.evaluate(RULES)["violations"] for n in f["nodes"]]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert faults == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_the_calculator_with_its_answer(desks, address, page):
    page.goto(f"{address}/public/calculator")
    fine(page, "calculator")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.check("input[name=setting][value=rural]")
    page.fill("[name=members-0-age]", "52")
    page.fill("[name=members-0-wage]", "1200")
    page.select_option("[name=members-0-work]", "unemployed")
    page.fill("[name=members-1-age]", "13")
    page.select_option("[name=members-1-school]", "compulsory")
    page.fill("[name=bill]", "30000")
    page.fill("[name=insured]", "18000")
    page.click("main button.primary.wide")
    page.wait_for_selector("#answer")
    assert "义务教育阶段资助" in page.content()
    fine(page, "calculator-answer")


def test_what_if_with_its_answer(desks, address, page):
    sign_in(page, address, "county_reviewer1")
    page.goto(f"{address}/cases/{desks.numbers['benefit']}/what-if")
    fine(page, "what-if")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.fill("[name=incomes-0-annual]", "18000")
    page.click("main form.sheet button.primary")
    page.wait_for_selector("#answer")
    assert "732.00" in page.content()
    fine(page, "what-if-answer")


def test_a_change_of_standards_from_the_list_of_changes_to_the_list_of_families(desks, address, page):
    sign_in(page, address, "county_reviewer1")
    page.goto(f"{address}/standards")
    page.click("main button.primary")
    page.wait_for_selector("[name=source]")
    page.fill("[name=source]", "样例文件 8 号")
    page.fill("[name=from_date]", "2016-12-01")
    page.fill("[name=to_date]", "2017-11-30")
    page.select_option("[name=amounts-0-kind]", "standard")
    page.select_option("[name=amounts-0-setting]", "rural")
    page.fill("[name=amounts-0-amount]", "810")
    fine(page, "standards-draft")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.click("main form.sheet button.primary")
    page.wait_for_url(f"{address}/cases/*")
    desks.sweep()
    for path, name in (
        (f"/cases/{change_of(desks)}", "standards-case"),
        (f"/standards/changes/{change_of(desks)}", "standards-list"),
        ("/standards", "standards"),
    ):
        page.goto(address + path)
        fine(page, name)


def test_families_that_might_be_missed(desks, address, page):
    from workflow.models import Household

    poor = desks.family(members=1, incomes=("1200",), monetary="100")
    with desks.database.acting() as conn:
        session = desks.office.session(conn)
        for member in session.get_one(Household, poor).members(desks.today):
            member.person.hukou_area = "330212101200"
        session.flush()
    sign_in(page, address, "window_clerk1")
    page.goto(f"{address}/missed-aid")
    assert f"/households/{poor}" in page.content()
    fine(page, "missed")
