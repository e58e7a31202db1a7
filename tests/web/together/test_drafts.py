"""What is typed stands on the server: through sign-out, a crash and the end of the session, on every form of the desks."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import web
from tests.web.conftest import District
from tests.web.together.conftest import REASON, path
from web import create_app, kept
from web.edge import Edge
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import FormDraft
from workflow.office import Office

FORM = "refuse_intake"


@pytest.fixture
def typed(case, browser_at):
    browser = browser_at("window")
    assert browser.post("/drafts", {"place": path(case, FORM), "reason": REASON}).status_code == 204
    return browser


def test_it_is_there_after_signing_out_and_in(typed, district, case):
    typed.post("/sign-out")
    again = district.client()
    assert again.sign_in("window").status_code == 303
    assert f"{REASON}</textarea>" in again.get(path(case, FORM)).text


def test_it_is_there_after_the_session_has_ended(typed, district, case):
    district.clock.move(timedelta(hours=13))
    assert typed.client.get(path(case, FORM)).status_code == 302
    assert f"{REASON}</textarea>" in district.client("window").get(path(case, FORM)).text


def test_it_is_there_after_the_process_has_died(typed, district, case):
    edge = Edge(district.edge.config, Database(district.edge.config.database_url),
                Office(district.edge.office.catalogue, SeededEntropy(8)), district.clock)  # fmt: skip
    edge.refresh()
    after = District(create_app(edge.config, edge), edge, district.clock, district.household)
    assert f"{REASON}</textarea>" in after.client("window").get(path(case, FORM)).text
    edge.database.close()


def test_a_text_too_long_to_keep_is_not_called_saved(district, case, browser_at):
    answer = browser_at("window").post("/drafts", {"place": path(case, FORM), "reason": "长" * kept.MOST})
    assert answer.status_code == 413
    with district.edge.database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []


def test_the_longest_answers_of_a_form_fit(case, browser_at):
    texts = {f"field{number}": "长" * 4000 for number in range(8)}
    assert browser_at("window").post("/drafts", {"place": path(case, FORM)} | texts).status_code == 204


def test_a_change_of_the_household_is_kept_while_typing_and_forgotten_once_handed_in(district, browser_at):
    browser = browser_at("window")
    place = f"/households/{district.household}/property"
    browser.post("/drafts", {"place": place, "amount": "1234.56"})
    page = browser.get(place).text
    assert 'value="1234.56"' in page
    assert "已恢复您" in page
    done = browser.post(place, {"kind": "monetary", "amount": "1234.56", "as_of": "2016-09-19"})
    assert done.status_code == 303
    assert "1234.56" not in browser.get(place).text


def test_a_change_of_a_household_that_changed_meanwhile_is_shown_beside_what_stands_now(district, browser_at):
    browser, place = browser_at("window"), f"/households/{district.household}/property"
    stamp = re.search(r'name="stamp" value="([^"]+)"', browser.get(place).text)[1]
    form = {"stamp": stamp, "kind": "monetary", "as_of": "2016-09-19"}
    assert browser_at("window2").post(place, form | {"amount": "500"}).status_code == 303
    page = browser.post(place, form | {"amount": "1234.56"})
    assert page.status_code == 409
    assert 'value="1234.56"' in page.text
    assert "500.00" in page.text.partition("现在登记的")[2]
    again = re.search(r'name="stamp" value="([^"]+)"', page.text)[1]
    assert browser.post(place, form | {"stamp": again, "amount": "1234.56"}).status_code == 303


COMPUTED = {"what_if.html", "reckoning.html"}
"""Forms that are for trying and keep nothing, typed or computed."""


@pytest.mark.parametrize("room", ["cases", "households", "board"])
def test_every_form_of_the_desks_saves_itself(room):
    forms = [
        (file.name, form)
        for file in (Path(web.__file__).parent / room / "templates").rglob("*.html")
        if file.name not in COMPUTED
        for form in re.findall(r'<form class="sheet form"[^\n]*', file.read_text("utf-8"))
    ]
    assert forms
    assert [name for name, form in forms if "ui.keeps()" not in form] == []
