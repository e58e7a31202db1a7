"""The page of what failed: seen by who may settle it, settled by a button and a reason."""

from datetime import timedelta

from sqlalchemy import update

from tests.web.desks.story import Desks
from workflow.models import Deadline, Incident, Setting, Tick
from workflow.running.incidents import record


def planted(desks: Desks) -> tuple[int, int]:
    """An incident about the late case, and the deadline it is about."""
    late = desks.id("late")
    limit = next(row for row in desks.rows(Deadline, late) if row.state == "open" and not row.minimum)
    with desks.database.acting() as conn:
        record(
            conn,
            "deadlines",
            limit.id,
            case_id=late,
            cause="KeyError: 'ladder'",
            payload="x",
            now=desks.now,
            at_once=True,
        )
    (row,) = desks.rows(Incident)
    return row.id, limit.id


def test_an_incident_is_found_in_the_list_with_its_case_and_cause(desks):
    incident, _ = planted(desks)
    for login in ("supervisor1", "administrator1"):
        page = desks.browser(login).get("/incidents/").text
        assert desks.numbers["late"] in page
        assert "KeyError" in page
        assert "待处理" in page
        assert f"/incidents/{incident}" in page


def test_a_retry_that_settles_says_so_and_one_that_does_not_shows_why(desks):
    incident, limit = planted(desks)
    browser = desks.browser("supervisor1")
    with desks.database.acting() as conn:
        conn.execute(
            update(Deadline).where(Deadline.id == limit).values(next_at=desks.now, ladder="gone", rung=0)
        )
    answer = browser.post(f"/incidents/{incident}", {"do": "retry"})
    assert answer.status_code == 409
    assert "还是没有办成" in answer.text
    with desks.database.acting() as conn:
        conn.execute(update(Deadline).where(Deadline.id == limit).values(next_at=None, ladder="ordinary"))
    answer = browser.post(f"/incidents/{incident}", {"do": "retry"})
    assert answer.status_code == 303
    assert "已办成" in browser.get("/incidents/?settled=1").text


def test_leaving_out_and_giving_away_want_a_reason(desks):
    incident, limit = planted(desks)
    with desks.database.acting() as conn:
        conn.execute(
            update(Deadline).where(Deadline.id == limit).values(next_at=desks.now, ladder="ordinary", rung=0)
        )
    browser = desks.browser("supervisor1")
    for button in ("skip", "reassign"):
        answer = browser.post(
            f"/incidents/{incident}", {"do": button, "to": str(desks.staff("administrator").id)}
        )
        assert answer.status_code == 422
        assert "理由" in answer.text
    to = str(desks.staff("administrator").id)
    assert (
        browser.post(f"/incidents/{incident}", {"do": "reassign", "to": to, "reason": "请查配置"}).status_code
        == 303
    )
    assert desks.staff("administrator").name in browser.get("/incidents/").text
    assert browser.post(f"/incidents/{incident}", {"do": "skip", "reason": "已当面提醒"}).status_code == 303
    assert "已当面提醒" in browser.get("/incidents/?settled=1").text


def test_staff_read_that_something_due_is_not_delivered_or_that_nobody_looks(desks):
    with desks.database.acting() as conn:
        conn.execute(update(Deadline).values(next_at=None))
        conn.execute(update(Tick).values(at=desks.now - timedelta(minutes=2)))
    browser = desks.browser("window_clerk1")
    assert "banner" not in browser.get("/me/").text
    assert "提醒 2 分钟前执行过，未送达" in desks.browser("administrator1").get("/admin/health").text
    limit = next(row for row in desks.rows(Deadline) if row.state == "open")
    with desks.database.acting() as conn:
        conn.execute(
            update(Deadline).where(Deadline.id == limit.id).values(next_at=desks.now - timedelta(minutes=6))
        )
    desks.app.extensions.pop("standing")
    assert "已等了 6 分钟还没有送达" in browser.get("/me/").text
    with desks.database.acting() as conn:
        record(
            conn,
            "deadlines",
            limit.id,
            case_id=limit.case_id,
            cause="坏了",
            payload="",
            now=desks.now,
            at_once=True,
        )
    desks.app.extensions.pop("standing")
    assert "还没有送达" not in browser.get("/me/").text
    with desks.database.acting() as conn:
        conn.execute(update(Tick).values(at=desks.now - timedelta(minutes=6)))
    desks.app.extensions.pop("standing")
    assert "提醒任务已停了 6 分钟" in browser.get("/me/").text


def test_after_a_restore_the_page_says_so_and_letters_go_only_when_let_go(desks):
    browser = desks.browser("administrator1")
    with desks.database.acting() as conn:
        conn.execute(Setting.__table__.insert().values(name="restored_at", value="2016-11-30T00:00:00Z"))
    page = browser.get("/admin/mail").text
    assert "从备份恢复" in page
    assert "2016" in page
    assert browser.post("/admin/mail/let-go", {"do": "none"}).status_code == 303
    assert "从备份恢复，邮件等待核对" not in browser.get("/admin/mail").text
    assert browser.post("/admin/mail/let-go", {"do": "all"}).status_code == 409
