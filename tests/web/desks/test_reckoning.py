"""Reckoning at the desk what a family is taken to have: by the rules, with the derivation, nothing stored."""

import pytest

from tests.web.desks.test_what_if import stored
from workflow.models import Case


@pytest.fixture
def page(desks) -> str:
    with desks.database.reading() as session:
        case = session.query(Case).filter(Case.number == desks.numbers["benefit"]).one()
    return f"/households/{case.subject_id}/reckoning"


def test_it_is_found_from_the_household_and_shows_both_forms(desks, page):
    browser = desks.browser("window_clerk1")
    assert page in browser.get(page.removesuffix("/reckoning")).text
    text = browser.get(page).text
    assert "赡养义务人一家的月收入" in text
    assert "劳动能力" in text


@pytest.mark.parametrize(
    ("kind", "answers", "monthly"),
    [
        ("support", {"family_income": "9000", "family_size": "3"}, "942.00"),
        ("support", {"family_income": "9000", "family_size": "3", "agreed": "300"}, "300.00"),
        ("support", {"family_income": "100", "family_size": "3"}, "0.00"),
        ("labour", {"labour": "able", "stated": "0"}, "1488.00"),
        ("labour", {"labour": "partial", "stated": "900"}, "900.00"),
        ("labour", {"labour": "able", "stated": "12.5", "hindered": "caring"}, "12.50"),
    ],
)
def test_the_amount_stands_with_its_derivation_and_nothing_is_stored(desks, page, kind, answers, monthly):
    browser, before = desks.browser("investigator1"), stored(desks)
    answer = browser.post(f"{page}/{kind}", answers)
    assert answer.status_code == 200
    text = answer.text.replace(",", "")
    assert f'<b class="num">{monthly}</b>' in text
    assert "样例数据" in text or "agreed" in answers or "hindered" in answers
    assert stored(desks) == before


def test_what_is_missing_is_said_and_what_was_typed_stays(desks, page):
    browser = desks.browser("window_clerk1")
    answer = browser.post(f"{page}/support", {"family_income": "9000", "family_size": "0"})
    assert answer.status_code == 422
    assert 'value="9000"' in answer.text
    assert 'href="#f-family_size"' in answer.text
    assert browser.post(f"{page}/lottery", {}).status_code == 404
