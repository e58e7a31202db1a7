"""The language of a page: chosen by its reader, complete in every one that is offered."""

import re
from datetime import timedelta

import pytest
from babel.messages.pofile import read_po

from tests.web.conftest import START
from web import i18n
from workflow.periods import local_date

PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
"""Where a text has a value put in, or a percent sign in one that has: `%(n)s`, `{label}`, `%%`."""


def test_pages_are_chinese_unless_somebody_chooses(district):
    page = district.client().get("/sign-in", headers={"Accept-Language": "en"})
    assert '<html lang="zh-Hans">' in page.text
    assert "用户名" in page.text


def test_a_visitor_chooses_for_his_browser_and_a_user_for_himself(district):
    browser = district.client("window")
    answer = browser.post("/language", {"language": "en", "back": "/cases"})
    assert (answer.status_code, answer.location) == (303, "/cases")
    assert '<html lang="en">' in browser.get("/cases").text
    assert "My tasks" in district.client("window").get("/").text
    assert "我的待办" in district.client("review").get("/").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_choice_never_leads_to_another_site(district, back):
    assert district.client("window").post("/language", {"language": "en", "back": back}).location == "/"


def test_labels_of_definitions_are_translated_where_they_are_shown(district):
    case = district.submitted()
    browser = district.client("window")
    browser.post("/language", {"language": "en"})
    text = browser.get(f"/cases/{case.number}").text
    assert all(word in text for word in ("Handed in", "Window clerk", "5 working days left", "Application"))


@pytest.mark.parametrize(
    "path", sorted(i18n.FOLDER.glob("*/LC_MESSAGES/messages.po")), ids=lambda path: path.parts[-3]
)
def test_every_text_is_translated_with_its_own_placeholders(path):
    with path.open("rb") as file:
        catalog = read_po(file)
    missing, wrong = [], []
    for text in dict.fromkeys(text for text, _place in i18n.messages()):
        message, chinese = catalog.get(text), text if isinstance(text, str) else text[0]
        said = [] if message is None else i18n.forms(message.string)
        if not said or not all(said):
            missing.append(text)
        elif any(sorted(PLACE.findall(chinese)) != sorted(PLACE.findall(one)) for one in said):
            wrong.append(text)
    assert (missing, wrong) == ([], []), "run `python -m web.i18n` and fill in what is empty"


@pytest.mark.parametrize(
    "days, words",
    [
        (3, "3 working days left"),
        (1, "1 working day left"),
        (-1, "1 working day overdue"),
        (-2, "2 working days overdue"),
    ],
)
def test_one_working_day_is_no_working_days(district, days, words):
    from web.show import left

    today = local_date(START)
    with district.app.test_request_context(headers={"Cookie": "lang=en"}):
        calendar = district.edge.office.calendar
        due = next(
            day
            for ahead in range(20)
            if calendar.working_days_between(
                *(
                    (today, day := today + timedelta(ahead))
                    if days > 0
                    else (day := today - timedelta(ahead), today)
                )
            )
            == abs(days)
        )
        assert left(due).text == words
