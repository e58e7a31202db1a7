"""The clocks of a case on a page, and the monthly bulletin as page, PDF and CSV."""

import csv
import io
import re
from datetime import date

from sqlalchemy import select

from tests.web.desks.story import LAST_DAY
from workflow.models import Case, Deadline, Task
from workflow.timing.bulletin import bulletin
from workflow.timing.explained import reckon


def text_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_every_limit_of_a_case_is_counted_out_to_its_date(desks):
    page = desks.browser("supervisor1").get(f"/cases/{desks.numbers['late']}/clocks").text
    with desks.database.reading() as session:
        rows = session.scalars(select(Deadline).where(Deadline.case_id == desks.id("late"))).all()
    assert rows
    for row in rows:
        assert f'id="limit-{row.id}"' in page
        how = reckon(row, desks.office.calendar)
        assert how.steps[-1].day == row.due_on or how.fixed
        assert row.source in page


def test_every_date_of_the_worklist_and_board_leads_to_its_counting(desks):
    browser = desks.browser("supervisor1")
    for path in ("/board", "/"):
        page = browser.get(path).text
        for number in re.findall(r'class="how" href="/cases/([^/"]+)/clocks', page):
            assert browser.get(f"/cases/{number}/clocks").status_code == 200
    assert 'class="how"' in browser.get("/board").text
    with desks.database.reading() as session:
        task = session.scalars(
            select(Task).where(Task.role == "town_reviewer", Task.state == "open", Task.due_on.is_not(None))
        ).first()
        number = session.get_one(Case, task.case_id).number
    assert f'href="/cases/{number}/clocks"' in desks.browser("town_reviewer1").get("/").text


def test_own_and_waiting_time_add_up_to_the_days_since_the_case_was_opened(desks):
    page = desks.browser("supervisor1").get(f"/cases/{desks.numbers['late']}/clocks").text
    own, waiting, total = map(
        int, re.search(r"经办 (\d+) ＋ 等待 (\d+).*?<b>(\d+)</b>", page, re.DOTALL).groups()
    )
    case = desks.case(desks.id("late"))
    from workflow.periods import local_date

    since = local_date(case.opened_at)
    assert own + waiting == total == desks.office.calendar.working_days_between(since, LAST_DAY)


def month(desks, first: date):
    with desks.database.reading() as session:
        return bulletin(session, ["330212000000"], first, LAST_DAY, desks.office.calendar)


def test_the_bulletin_counts_the_limits_that_ended_in_its_month(desks):
    first = LAST_DAY.replace(day=1)
    found = month(desks, first)
    with desks.database.reading() as session:
        ended = session.execute(
            select(Deadline.state).join(Case, Case.id == Deadline.case_id).where(
                Deadline.met_on.between(first, LAST_DAY), Deadline.state.in_(("met", "late")), Deadline.minimum.is_(False),
                Deadline.ladder != "silent", Case.definition != "escalation",
            )
        ).scalars().all()  # fmt: skip
    assert found.total.ended == len(ended)
    assert found.total.on_time == ended.count("met")
    assert sum(rate.ended for rate in found.stages) == found.total.ended
    assert desks.numbers["late"] in {one.number for one in found.overdue}


def test_page_pdf_and_csv_show_the_same_month(desks):
    browser, asked = desks.browser("supervisor1"), f"{LAST_DAY:%Y-%m}"
    page = browser.get(f"/bulletin?month={asked}")
    assert page.status_code == 200
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"/bulletin.csv?month={asked}").text.lstrip("\ufeff")))
    )
    late = [row for row in rows if row["类别"] == "逾期"]
    assert late
    assert all(row["对象"] in page.text for row in late)
    pdf = browser.get(f"/bulletin.pdf?month={asked}")
    assert pdf.data.startswith(b"%PDF")
    assert browser.get("/bulletin?month=2999-01").status_code == 400
    assert browser.get("/bulletin?month=x").status_code == 400


def test_the_bulletin_is_for_those_who_answer_for_others(desks):
    assert desks.browser("window_clerk1").get("/bulletin").status_code == 403


def test_the_bulletin_names_no_family(desks):
    page = text_of(desks.browser("supervisor1").get(f"/bulletin?month={LAST_DAY:%Y-%m}").text)
    with desks.database.reading() as session:
        titles = [t for t in session.scalars(select(Case.title)) if t]
    assert not [title for title in titles if title in page]


LADDER = {
    "limit": "dibao/stage:submitted", "edition": "", "source": "鄞民〔2016〕9号", "remind_when": "50%", "remind_hour": "9",
    "lead_when": "80%", "lead_hour": "14", "lead_tells": "town_reviewer", "head_when": "+1wd", "head_hour": "9",
    "head_tells": "department_head", "bulletin_when": "+5wd", "bulletin_hour": "9",
}  # fmt: skip


def test_an_administrator_sets_a_ladder_from_today_on(desks):
    browser = desks.browser("administrator1")
    sent = LADDER | {"from_date": LAST_DAY.isoformat()}
    assert browser.post("/admin/ladders", sent, on="/admin/ladders").status_code == 303
    page = text_of(browser.get("/admin/ladders").text)
    assert "报负责人：时限已过 80%" in page
    assert "鄞民〔2016〕9号" in page
    case = desks.application()
    desks.do(case, "submit")
    assert desks.deadline(case, "stage:submitted").ladder.startswith("row:")


def test_a_ladder_set_back_or_without_its_file_is_refused(desks):
    browser = desks.browser("administrator1")
    for wrong in (
        {"from_date": "2016-01-01"}, {"from_date": "x"}, {"source": ""}, {"limit": "dibao/stage:nowhere"}, {"remind_when": "soon"},
        {"remind_when": "+1wd"}, {"lead_tells": "mayor"}, {"lead_hour": "25"},
    ):  # fmt: skip
        sent = LADDER | {"from_date": LAST_DAY.isoformat()} | wrong
        assert browser.post("/admin/ladders", sent, on="/admin/ladders").status_code == 422, wrong


def test_quiet_hours_are_set_and_checked(desks):
    browser = desks.browser("administrator1")
    assert browser.post("/admin/ladders/quiet", {"quiet": "21-7"}, on="/admin/ladders").status_code == 303
    assert 'value="21-7"' in browser.get("/admin/ladders").text
    assert browser.post("/admin/ladders/quiet", {"quiet": "25-7"}, on="/admin/ladders").status_code == 422


def test_the_figures_of_the_progress_page_are_the_open_tasks(desks):
    browser = desks.browser("supervisor1")
    with desks.database.reading() as session:
        tasks = session.scalars(
            select(Task).where(Task.state == "open", Task.definition != "escalation")
        ).all()
    late = [task for task in tasks if task.due_on and task.due_on < LAST_DAY]
    page = browser.get("/board/standing?standing=breached").text
    count = int(re.search(r'id="h-tasks">待办 <span class="num">(\d+)', page)[1])
    assert count == len(late) > 0
    for by in ("stage", "place", "person"):
        table = re.search(rf'id="h-{by}".*?</table>', page, re.DOTALL)[0]
        figures = [int(n) for n in re.findall(r'<td class="num">(?:<a[^>]*>)?(\d+)', table)]
        assert sum(figures) == len(tasks), by
    person = next(str(task.assignee_id) for task in tasks if task.assignee_id)
    assert browser.get(f"/board/standing?person={person}").status_code == 200
    assert browser.get("/board/standing?person=x").status_code == 400
