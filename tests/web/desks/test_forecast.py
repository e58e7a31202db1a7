"""The forecast on the board: the same rows as the worklists, narrowed like them, with what one person more would change."""

import re

import pytest
from sqlalchemy import func, select

from tests.district import TOWN
from tests.web.desks.story import LAST_DAY
from workflow.forecast.ahead import HORIZONS, forecast
from workflow.forecast.reading import read_world
from workflow.models import Task

PLACE = "/board/forecast"


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the table with this heading, without marks."""
    section = next(part for part in page.split("<section") if f'id="h-{title}"' in part)
    body = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", section, re.DOTALL)
    return [
        [
            re.sub(r"<svg.*?</svg>|<[^>]+>", "", cell, flags=re.DOTALL).strip()
            for cell in re.split(r"</t[hd]>", row)
        ]
        for row in body
    ]


def test_open_and_late_are_counts_of_the_open_tasks(desks):
    page = desks.browser("supervisor1").get(PLACE).text
    wanted = select(func.count(Task.id)).where(Task.state == "open", Task.definition != "escalation")
    with desks.database.reading() as session:
        open_, late = session.scalar(wanted), session.scalar(wanted.where(Task.due_on < LAST_DAY))
    for title in ("stage", "area"):
        found = rows(page, title)
        assert sum(int(row[1]) for row in found) == open_ > 0
        assert sum(int(row[2]) for row in found) == late > 0


def test_the_page_shows_the_forecast_of_the_day(desks):
    with desks.database.reading() as session:
        world = read_world(session, desks.office.catalogue, desks.office.calendar, LAST_DAY)
    told = forecast(world, LAST_DAY.isoformat())
    page = desks.browser("supervisor1").get(PLACE).text
    for days in HORIZONS:
        assert re.search(rf"今后 {days} 个工作日新增</dt>.*?>{told.total(days).expected:.1f}<", page)
    likely = {piece.key for piece, _share in told.likely(max(HORIZONS))}
    with desks.database.reading() as session:
        numbers = {
            desks.case(task.case_id).number
            for task in session.scalars(select(Task).where(Task.id.in_(likely)))
        }
    assert numbers
    assert all(f"/cases/{number}" in page for number in numbers)


def test_it_is_narrowed_by_stage_and_nothing_of_another_town_is_shown(desks):
    browser = desks.browser("supervisor1")
    found = rows(browser.get(f"{PLACE}?programme=dibao&stage=investigating&days=5").text, "stage")
    assert len(found) == 1
    assert "个条件下没有待办" in browser.get(f"{PLACE}?programme=payment&stage=investigating").text
    for query in (
        "stage=nowhere",
        "area=330212102000000",
        "days=7",
        "person=+:mayor:&to=" + TOWN,
        "colour=red",
    ):
        assert browser.get(f"{PLACE}?{query}").status_code == 400, query


def test_one_person_more_is_tried_without_changing_anything(desks):
    browser = desks.browser("supervisor1")
    with desks.database.reading() as session:
        before = session.scalar(select(func.count(Task.id)))
    page = browser.get(f"{PLACE}?person=%2B:investigator:&to={TOWN}&days=20").text
    was, is_ = map(float, re.search(r"预计由 ([\d.]+) 件变为 ([\d.]+) 件", page).groups())
    assert is_ <= was
    assert browser.get(f"{PLACE}?person=%2B:investigator:&to=330212000000").status_code == 400
    with desks.database.reading() as session:
        assert session.scalar(select(func.count(Task.id))) == before


@pytest.mark.parametrize("login", ["window_clerk1", "investigator1", "administrator1"])
def test_it_is_for_those_who_answer_for_others(desks, login):
    assert desks.browser(login).get(PLACE).status_code == 403
