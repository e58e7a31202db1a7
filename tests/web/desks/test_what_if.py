"""What if, on a case: another fact, day or edition beside today's, and nothing stored."""

import re

from sqlalchemy import func, select

from workflow.models import Base


def stored(desks) -> dict[str, object]:
    """How many rows each table holds, and what is in the case's own."""
    with desks.database.reading() as session:
        tables = Base.metadata.tables
        counts = {name: session.scalar(select(func.count()).select_from(tables[name])) for name in tables}
        case = tables["case"]
        return counts | {"digest": str(session.execute(select(case).order_by(case.c.id)).all())}


def filled(page: str) -> dict[str, str | list[str]]:
    """What the form would send as it is shown."""
    sent: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        if name[1] == "members":
            sent.setdefault("members", []).append(value[1] if value else "")
        else:
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent


def test_more_income_lowers_the_amount_line_by_line_and_nothing_is_stored(desks):
    number = desks.numbers["benefit"]
    browser = desks.browser("county_reviewer1")
    assert f"/cases/{number}/what-if" in browser.get(f"/cases/{number}").text
    page = browser.get(f"/cases/{number}/what-if").text
    assert "1032.00" in page.replace(",", "")
    form = filled(page)
    income = next(key for key in form if key.endswith("-annual") and form[key] == "14400.00")
    before = stored(desks)
    answer = browser.post(f"/cases/{number}/what-if", form | {income: "18000"})
    text = answer.text.replace(",", "")
    assert answer.status_code == 200, text
    assert "1032.00" in text
    assert "732.00" in text
    assert "1500.00" in text
    assert stored(desks) == before


def test_another_day_and_another_edition(desks):
    number = desks.numbers["benefit"]
    browser = desks.browser("county_reviewer1")
    form = filled(browser.get(f"/cases/{number}/what-if").text)
    later = browser.post(f"/cases/{number}/what-if", form | {"as_of": "2018-02-01"}).text.replace(",", "")
    assert "810.00" in later
    assert "1230.00" in later
    other = browser.post(f"/cases/{number}/what-if", form | {"edition": "NAT2021"}).text
    assert "不在规则版本 NAT2021 的施行期内" in other


def test_what_cannot_be_computed_is_said(desks):
    number = desks.numbers["benefit"]
    browser = desks.browser("county_reviewer1")
    form = filled(browser.get(f"/cases/{number}/what-if").text)
    answer = browser.post(f"/cases/{number}/what-if", form | {"members": [], "more": "0"})
    assert answer.status_code == 422
    assert "成员" in answer.text
    missing = browser.post(f"/cases/{number}/what-if", form | {"as_of": "2013-01-01"})
    assert missing.status_code == 422
    assert "低保标准" in missing.text


def test_only_whoever_reads_the_case_and_only_cases_of_a_family(desks):
    number = desks.numbers["benefit"]
    assert desks.browser("administrator1").get(f"/cases/{number}/what-if").status_code == 404
    assert desks.browser("auditor1").get(f"/cases/{desks.numbers['list']}/what-if").status_code == 404
