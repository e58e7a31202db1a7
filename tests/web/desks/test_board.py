"""The supervisor's board, the reviews calendar, notices, payment lists, the inbox."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.district import TOWN, VILLAGE
from tests.web.desks.story import LAST_DAY
from workflow.board import Narrowed, heat, limits_between, loads, unclaimed
from workflow.models import Case, Deadline, Extension, InboxMessage, Notice, Task
from workflow.periods import at_local


def figure(page: str, label: str) -> int:
    """The number of the board that stands with this label."""
    return int(re.search(rf"<dt>{label}</dt><dd class=\"num\"><a[^>]*>(\d+)", page)[1])


def test_the_counts_are_counts_of_rows(desks):
    page = desks.browser("supervisor1").get("/board").text
    with desks.database.reading() as session:
        running = session.execute(
            select(Deadline.due_on).join(Case, Case.id == Deadline.case_id)
            .where(Deadline.state == "open", Deadline.minimum.is_(False), Deadline.ladder != "silent", Case.definition != "escalation")
        ).scalars().all()  # fmt: skip
        escalated = session.scalars(
            select(Case).where(Case.definition == "escalation", Case.closed_at.is_(None))
        ).all()
        free = session.scalars(select(Task.id).where(Task.state == "open", Task.assignee_id.is_(None))).all()
    late = [due for due in running if due < LAST_DAY]
    assert figure(page, "已逾期的时限") == len(late) > 0
    assert figure(page, "7 天内到期") == len(
        [due for due in running if LAST_DAY <= due <= LAST_DAY + timedelta(days=7)]
    )
    assert figure(page, "督办中") == len(escalated) > 0
    assert figure(page, "没有人签收") == len(free)
    assert f"/cases/{desks.numbers['late']}" in page


@pytest.mark.parametrize("by, place", [("village", VILLAGE), ("town", TOWN)])
def test_the_heat_table_adds_up_to_the_open_tasks(desks, by, place):
    with desks.database.reading() as session:
        cells = heat(session, Narrowed([TOWN]), LAST_DAY, by=by)
        wanted = select(Task).where(
            Task.state == "open", Task.definition != "escalation", Task.area_code.like(f"{TOWN[:9]}%")
        )
        tasks = session.scalars(wanted).all()
    assert sum(cell.open for cell in cells) == len(tasks)
    assert sum(cell.late for cell in cells) == len(
        [task for task in tasks if task.due_on and task.due_on < LAST_DAY]
    )
    assert {cell.place for cell in cells} <= {place, TOWN}


def test_nothing_of_another_area_is_counted(desks):
    with desks.database.reading() as session:
        what = Narrowed(["330212102000"])
        assert heat(session, what, LAST_DAY, by="village") == []
        assert limits_between(session, what, None, LAST_DAY, None).count == 0
        assert loads(session, what, LAST_DAY) == []
        assert unclaimed(session, Narrowed([]), LAST_DAY) == []


def test_filters_narrow_the_board_and_strange_ones_are_refused(desks):
    browser = desks.browser("supervisor1")
    assert figure(browser.get("/board?stage=investigating").text, "已逾期的时限") == 1
    for query in ("stage=nowhere", "area=330212102000000", "colour=red"):
        assert browser.get(f"/board?{query}").status_code == 400


def in_2021(desks) -> int:
    """A case under the edition whose overall limit may be extended."""
    desks.day("2021-09-06")
    return desks.bring(desks.application(), "investigating")


def test_one_asks_to_extend_and_another_confirms(desks):
    case = in_2021(desks)
    number, place = desks.case(case).number, f"/cases/{desks.case(case).number}/extension/overall"
    asker, second = desks.browser("supervisor1"), desks.browser("supervisor2")
    assert place in asker.get(f"/cases/{number}").text
    refused = asker.post(place, {"code": "", "reason": "异地"}, on=place)
    assert refused.status_code == 422
    reasons = desks.office.catalogue.of(desks.case(case)).spans["overall"].extension.reasons
    assert (
        asker.post(place, {"code": next(iter(reasons)), "reason": "异地核对还没有回函"}, on=place).status_code
        == 303
    )
    with desks.database.reading() as session:
        asked = session.scalars(select(Extension)).one()
    mine = asker.get("/board").text
    assert "待另一人确认" in mine
    assert asker.post(f"/extensions/{asked.id}/confirm").status_code == 403
    assert second.post(f"/extensions/{asked.id}/confirm").status_code == 303
    limit = desks.deadline(case, "span:overall")
    assert limit.due_on == asked.due_on
    assert "已延期一次" in second.get(f"/cases/{number}").text


def test_a_limit_the_law_does_not_let_be_extended_cannot_be_asked_for(desks):
    browser = desks.browser("supervisor1")
    assert browser.get(f"/cases/{desks.numbers['late']}/extension/town").status_code == 409
    assert browser.post("/extensions/1/confirm").status_code == 404


def test_the_month_shows_what_is_due_planned_under_way_and_late(desks):
    browser = desks.browser("town_reviewer1")
    with desks.database.reading() as session:
        review = session.scalars(select(Case).where(Case.definition == "dynamic_review")).one()
    due = desks.deadline(review.id, "span:review").due_on
    page = browser.get(f"/reviews?month={due:%Y-%m}").text
    assert f"/cases/{review.number}" in page
    assert f"/cases/{desks.numbers['benefit']}" not in page.split("本月到期")[1], (
        "the re-check under way stands for the planned one"
    )
    assert "正在复核 1" in page
    desks.clock.move(at_local(due + timedelta(days=1), 10))
    assert "已逾期 1" in desks.browser("town_reviewer1").get(f"/reviews?month={due:%Y-%m}&state=late").text


def test_a_planned_review_stands_in_its_month_by_class(desks):
    case = desks.on_benefit(members=1)
    due = date.fromisoformat(desks.case(case).facts["review_due"])
    browser = desks.browser("town_reviewer1")
    assert desks.case(case).number in browser.get(f"/reviews?month={due:%Y-%m}&class=A&state=planned").text
    assert desks.case(case).number not in browser.get(f"/reviews?month={due:%Y-%m}&class=C").text
    assert browser.get("/reviews?month=2016-13").status_code == 400
    assert browser.get("/reviews?class=Z").status_code == 400


def test_notices_stand_under_what_is_to_be_done_with_them(desks):
    page = desks.browser("village_agent1").get("/notices").text
    for heading, name in (("待张贴", "to_post"), ("待揭下", "posted"), ("张贴中", "hanging")):
        part = page.split(f">{heading} <span")[1].split("</section>")[0]
        assert desks.numbers[name] in part, heading
    assert desks.numbers["benefit"] in desks.browser("village_agent1").get("/notices?state=down").text


def test_a_list_of_payments_adds_up_and_masks_accounts(desks):
    page = desks.browser("finance_officer1").get(f"/payments/{desks.numbers['list']}").text
    assert page.count("344.00") == 3
    assert re.search(r"差额（须为 0\.00）</dt><dd class=\"num\">0\.00", page)
    assert "6222020000000000000" not in page
    assert "****0000" in page


def test_ticked_lines_are_carried_into_the_form_of_the_action(desks):
    number, list_id = desks.numbers["list"], desks.id("list")
    desks.do(list_id, "check", desks.staff("finance_officer", 2))
    browser = desks.browser("finance_officer1")
    with desks.database.reading() as session:
        from workflow.models import PaymentLine

        line = session.scalars(select(PaymentLine.id).where(PaymentLine.list_id == list_id)).first()
    place = f"/payments/{number}"
    assert browser.post(f"{place}/failed", on=place).status_code == 422
    answer = browser.post(f"{place}/failed", {"line": str(line), "why": "账户已销户"}, on=place)
    assert answer.location.endswith(f"/cases/{number}/actions/some_failed")
    form = browser.get(answer.location).text
    assert re.search(rf'name="failed-0-line"[^>]*value="{line}"', form)
    assert re.search(r'name="failed-0-why"[^>]*value="账户已销户"', form)


def test_messages_are_grouped_by_case_counted_and_marked_as_done(desks):
    browser = desks.browser("supervisor1")
    mine = desks.staff("supervisor").id
    with desks.database.reading() as session:
        ids = session.scalars(select(InboxMessage.id).where(InboxMessage.user_id == mine)).all()
        others = session.scalars(select(InboxMessage.id).where(InboxMessage.user_id != mine)).first()
    assert f'class="badge">{len(ids)}<' in browser.get("/inbox").text
    assert (
        browser.post("/inbox/done", {"id": [str(ids[0]), str(others), "x"]}, on="/inbox").status_code == 303
    )
    assert f'class="badge">{len(ids) - 1}<' in browser.get("/inbox?show=unread").text
    with desks.database.reading() as session:
        assert session.get_one(InboxMessage, others).read_at is None
    browser.post("/inbox/done", {"all": "yes"}, on="/inbox")
    assert 'class="badge"' not in browser.get("/inbox").text
    assert browser.get("/inbox?show=mine").status_code == 400


def test_a_notice_of_another_town_is_not_known_here(desks):
    with desks.database.reading() as session:
        notice = session.scalars(select(Notice.id).limit(1)).one()
    assert desks.browser("village_agent1").get(f"/notices/{notice}/poster").status_code == 200
    assert desks.browser("administrator1").get(f"/notices/{notice}/poster").status_code == 404
