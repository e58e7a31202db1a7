"""Process mining: counts of the journal, narrowed by area, and no case for those whose post reads none."""

import re
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from workflow.mining import sample
from workflow.models import Case, JournalEntry

SVG = "{http://www.w3.org/2000/svg}"
ALL = "/mining?definition=dibao&edition=NB2016&from=2010-01-01"


def dibao(desks):
    with desks.database.reading() as session:
        return session.scalars(select(Case).where(Case.definition == "dibao", Case.edition == "NB2016")).all()


def figure(page: str, label: str) -> str:
    return re.search(rf"<dt>{label}</dt><dd class=\"num\">([^<]*)", page)[1]


def test_the_figures_are_counts_of_the_journal(desks):
    page = desks.browser("supervisor1").get(ALL).text
    cases = dibao(desks)
    with desks.database.reading() as session:
        found = sample(session, ["330212000000"], "dibao", "NB2016", *period(cases))
        entered = {}
        for one in cases:
            rows = session.execute(
                select(JournalEntry.visit, JournalEntry.to_stage)
                .where(JournalEntry.case_id == one.id)
                .order_by(JournalEntry.seq)
            )
            entered[one.id] = tuple(dict.fromkeys((row.visit, row.to_stage) for row in rows))
    assert found.count == len(cases) > 3
    assert {one.case_id: one.path for one in found.cases} == {
        case_id: tuple(stage for _visit, stage in visits) for case_id, visits in entered.items()
    }
    assert figure(page, "案件") == str(len(cases))
    assert figure(page, "已办结") == str(sum(one.closed_at is not None for one in cases))
    assert figure(page, "走过的路径") == str(len({one.path for one in found.cases}))


def period(cases):
    days = [one.opened_at.date() for one in cases]
    return min(days).replace(day=1), max(days).replace(year=max(days).year + 1, day=1)


def test_each_variant_leads_to_its_cases(desks):
    browser = desks.browser("supervisor1")
    links = re.findall(r'href="(/mining/cases\?[^"]*path=[^"]*)">(\d+)', browser.get(ALL).text)
    assert links
    listed = []
    for address, count in links:
        numbers = re.findall(r'href="/cases/([^"/]+)"', browser.get(address.replace("&amp;", "&")).text)
        assert len(numbers) == int(count)
        listed += numbers
    assert sorted(listed) == sorted(one.number for one in dibao(desks))


def test_the_administrator_sees_numbers_and_no_case(desks):
    browser = desks.browser("administrator1")
    assert figure(browser.get(ALL).text, "案件") == str(len(dibao(desks)))
    listed = browser.get(ALL.replace("/mining?", "/mining/cases?")).text
    assert not [one.number for one in dibao(desks) if one.number in listed]
    assert "您的岗位不能查看" in listed


def test_nothing_of_another_area_is_counted(desks):
    page = desks.browser("supervisor1").get(f"{ALL}&area=330212101200").text
    inside = [one for one in dibao(desks) if one.area_code == "330212101200"]
    assert ("没有开办这个流程的案件" in page) if not inside else figure(page, "案件") == str(len(inside))


def test_the_picture_has_the_counts_and_its_text_says_the_same(desks):
    browser = desks.browser("supervisor1")
    answer = browser.get(ALL.replace("/mining?", "/mining/map.svg?"))
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(answer.text)
    words = [node.text or "" for node in root.iter(f"{SVG}text")]
    flags = [word for word in words if re.match(r"\d+ 次", word)]
    assert flags
    told = root.find(f"{SVG}desc").text
    assert all(flag in told for flag in flags)
    assert all(flag in browser.get(ALL).text for flag in flags)


@pytest.mark.parametrize(
    "strange", ["definition=nothing", "edition=NB1999", "area=110101001001", "from=yesterday", "colour=red",
                "from=2020-02-01&to=2020-01-01"],
)  # fmt: skip
def test_a_filter_there_is_not_is_refused_by_name(desks, strange):
    assert desks.browser("supervisor1").get(f"/mining?{strange}").status_code == 400


def test_a_path_there_is_not_is_unknown(desks):
    assert (
        desks.browser("supervisor1").get(f"{ALL.replace('mining?', 'mining/cases?')}&path=0").status_code
        == 404
    )
