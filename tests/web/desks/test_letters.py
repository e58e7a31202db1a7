"""The letters of a case on screen and paper."""

import re

import pytest


def letters(browser, number: str) -> list[str]:
    return re.findall(r'href="(/cases/[^"]*/letters/[^"]*)"', browser.get(f"/cases/{number}").text)


KINDS = {
    "benefit": ["receipt", "acceptance", "approval", "certificate"],
    "refused": ["receipt", "acceptance", "refusal"],
    "correcting": ["correction"],
    "draft": [],
}


@pytest.mark.parametrize("name, kinds", KINDS.items())
def test_a_case_has_the_letters_its_acts_call_for(desks, name, kinds):
    browser = desks.browser("window_clerk1")
    places = letters(browser, desks.numbers[name])
    assert [place.rsplit("/", 1)[1] for place in places] == kinds
    for place in places:
        page, pdf = browser.get(place), browser.get(place + ".pdf")
        assert page.status_code == 200, page.text
        assert pdf.status_code == 200
        assert pdf.data.startswith(b"%PDF")


def test_the_refusal_says_why_and_what_can_be_done(desks):
    page = desks.browser("window_clerk1").get(f"/cases/{desks.numbers['refused']}/letters/refusal").text
    assert "家庭人均月收入高于当地最低生活保障标准" in page
    assert "60日" in page
    assert "6个月" in page


def test_the_approval_carries_its_computation(desks):
    page = desks.browser("window_clerk1").get(f"/cases/{desks.numbers['benefit']}/letters/approval").text
    assert "1,032.00元" in page
    assert "自2016年10月起" in page
    assert "人均月收入" in page


def test_a_review_that_stops_gives_its_own_letter(desks):
    case = desks.id("benefit")
    review = desks.review(
        case, "stop", incomes=[(desks.people(case)[0], "60000")], reason="就业后家庭人均收入高于标准"
    )
    browser = desks.browser("window_clerk1")
    (place,) = letters(browser, desks.case(review).number)
    assert place.endswith("/stop")
    page = browser.get(place).text
    assert "就业后家庭人均收入高于标准" in page
    assert "自2016年11月起停发" in page


def test_a_poster_can_be_printed_before_it_is_put_up_and_after(desks):
    browser = desks.browser("village_agent1")
    for place in (f"/cases/{desks.numbers['to_post']}/poster", "/notices/1/poster"):
        page = browser.get(place)
        assert page.status_code == 200, page.text
        assert "公示期限" in page.text
        assert browser.get(place + ".pdf").data.startswith(b"%PDF")
    assert browser.get(f"/cases/{desks.numbers['draft']}/poster").status_code == 404


def test_a_letter_the_case_does_not_have_is_not_found(desks):
    browser = desks.browser("window_clerk1")
    number = desks.numbers["draft"]
    assert browser.get(f"/cases/{number}/letters/approval").status_code == 404
    assert browser.get(f"/cases/{number}/letters/nonsense").status_code == 404
