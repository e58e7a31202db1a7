"""A row that fails is tried again, then stands in a list until what was to happen has happened."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.district import District
from workflow.config import Config
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.jobs import JOBS
from workflow.models import AccessLog, Case, Deadline, Incident, OutboxMessage, ScheduledAct
from workflow.periods import CHINA
from workflow.roles import ADMINISTRATOR, SUPERVISOR, WINDOW
from workflow.running import mending
from workflow.running.incidents import PAUSES, TRIES
from workflow.running.job import Job, Run, run_job
from workflow.sweeps import Swept, carry_out, sweep_deadlines

HALF = datetime(2016, 9, 8, 9, tzinfo=CHINA)
"""When the limit of a case submitted on Monday is half over."""


def submitted(district: District) -> int:
    case = district.application()
    district.do(case, "submit")
    return case


def poison(district: District, case: int, ladder: str = "no-such-ladder") -> None:
    with district.database.acting() as conn:
        conn.execute(Deadline.__table__.update().where(Deadline.case_id == case).values(ladder=ladder))


def run_at(district: District, moment: datetime) -> Run:
    return Run(district.office, district.database, Config(), moment)


def incidents(district: District) -> list[Incident]:
    with district.database.reading() as session:
        rows = list(session.scalars(select(Incident).order_by(Incident.id)))
        session.expunge_all()
        return rows


def until_open(district: District) -> datetime:
    """Sweep at the moment of each try until the row is an incident."""
    moment = HALF
    for pause in (*PAUSES, timedelta(0)):
        sweep_deadlines(district.office, district.database, moment)
        moment += pause
    return moment


def test_a_failing_row_is_tried_with_growing_pauses_and_then_is_an_incident_in_the_list(
    district: District,
) -> None:
    bad, good = submitted(district), submitted(district)
    poison(district, bad)
    moment = HALF
    for number, pause in enumerate(PAUSES, 1):
        swept = sweep_deadlines(district.office, district.database, moment)
        assert swept.failed == 1
        (row,) = incidents(district)
        assert (row.kind, row.case_id, row.tries, row.state, row.next_at) == (
            "deadlines",
            bad,
            number,
            "retrying",
            moment + pause,
        )
        if pause:
            sooner = sweep_deadlines(
                district.office, district.database, moment + pause - timedelta(seconds=1)
            )
            assert (sooner.done, sooner.failed) == (0, 0)
        moment += pause
    assert "remind" in district.actions_done(good)
    assert district.rows(OutboxMessage, topic="incident") == []
    sweep_deadlines(district.office, district.database, moment)
    (row,) = incidents(district)
    assert (row.tries, row.state, row.next_at) == (TRIES, "open", moment + timedelta(days=1))
    assert "StopIteration" in row.cause
    told = district.rows(OutboxMessage, topic="incident")
    assert sorted(m.role for m in told) == [ADMINISTRATOR.code, SUPERVISOR.code]


def test_a_row_that_has_come_right_settles_itself(district: District) -> None:
    bad = submitted(district)
    poison(district, bad)
    sweep_deadlines(district.office, district.database, HALF)
    poison(district, bad, "ordinary")
    assert sweep_deadlines(district.office, district.database, HALF).done == 1
    assert mending.tend_incidents(run_at(district, HALF), JOBS) == (1, 0)
    (row,) = incidents(district)
    assert (row.state, row.settled_by) == ("done", None)


def test_a_retry_is_done_only_when_what_was_to_happen_has_happened(district: District) -> None:
    bad, supervisor = submitted(district), district.staff(SUPERVISOR)
    poison(district, bad)
    run = run_at(district, until_open(district))
    (row,) = incidents(district)
    assert not mending.retry(run, JOBS, row.id, actor=supervisor)
    (row,) = incidents(district)
    assert (row.state, row.tries) == ("open", TRIES + 1)
    poison(district, bad, "ordinary")
    assert mending.retry(run, JOBS, row.id, actor=supervisor)
    (row,) = incidents(district)
    assert (row.state, row.settled_by) == ("done", supervisor.id)
    assert "remind" in district.actions_done(bad)
    assert district.actions_done(bad).count("incident_retry") == 2
    with pytest.raises(Unmet):
        mending.retry(run, JOBS, row.id, actor=supervisor)
    assert district.broken() == {}


def test_a_try_that_runs_through_and_changes_nothing_leaves_the_incident_open(quick: District) -> None:
    def nothing(_run: Run, _ref: int) -> None:
        """A mend that pretends."""

    with quick.database.acting() as conn:
        from workflow.running.incidents import record

        record(conn, "idle", 7, case_id=None, cause="坏了", payload="x", now=HALF, at_once=True)
    idle = Job(
        "idle", "空转", 60, lambda _run: Swept(), mending.Mend(nothing, lambda _session, _run, _ref: False)
    )
    (row,) = incidents(quick)
    assert not mending.retry(run_at(quick, HALF), [idle], row.id, actor=quick.staff(ADMINISTRATOR))
    (row,) = incidents(quick)
    assert row.state == "open"
    assert row.cause == "重试已经执行，但问题仍在：坏了"


def test_a_reminder_may_be_left_out_with_a_reason_and_the_next_rung_comes(district: District) -> None:
    bad, supervisor = submitted(district), district.staff(SUPERVISOR)
    limit = district.deadline(bad, "stage:submitted")
    with district.database.acting() as conn:
        from workflow.running.incidents import record

        record(conn, "deadlines", limit.id, case_id=bad, cause="坏了", payload="x", now=HALF, at_once=True)
    (row,) = incidents(district)
    run = run_at(district, HALF)
    with pytest.raises(FormRefused):
        mending.skip(run, JOBS, row.id, reason="", actor=supervisor)
    mending.skip(run, JOBS, row.id, reason="已当面提醒经办人", actor=supervisor)
    (row,) = incidents(district)
    assert (row.state, row.reason, row.settled_by) == ("skipped", "已当面提醒经办人", supervisor.id)
    assert "remind" not in district.actions_done(bad)
    assert district.actions_done(bad)[-1] == "incident_skip"
    district.day("2016-09-13")
    district.sweep()
    assert "overdue" in district.actions_done(bad)
    assert district.broken() == {}


def test_neither_a_missed_limit_nor_a_signed_decision_can_be_left_out(district: District) -> None:
    case, supervisor = submitted(district), district.staff(SUPERVISOR)
    district.day("2016-09-12")
    district.sweep()
    limit = district.deadline(case, "stage:submitted")
    with district.database.acting() as conn:
        conn.execute(ScheduledAct.__table__.insert().values(
            case_id=case, action="adjust", on_date=district.today, form={"month": "2016-10"}, decided_by="x", state="planned"))  # fmt: skip
        from workflow.running.incidents import record

        record(
            conn,
            "deadlines",
            limit.id,
            case_id=case,
            cause="坏了",
            payload="x",
            now=district.now,
            at_once=True,
        )
        act = conn.execute(select(ScheduledAct.id)).scalar_one()
        record(
            conn, "carry_out", act, case_id=case, cause="坏了", payload="x", now=district.now, at_once=True
        )
    run = run_at(district, district.now)
    for row in incidents(district):
        with pytest.raises(Unmet):
            mending.skip(run, JOBS, row.id, reason="不想办了，算了吧", actor=supervisor)
    assert [row.state for row in incidents(district)] == ["open", "open"]


def test_an_incident_is_given_to_a_colleague_who_may_settle_it(district: District) -> None:
    bad, supervisor = submitted(district), district.staff(SUPERVISOR)
    poison(district, bad)
    run = run_at(district, until_open(district))
    (row,) = incidents(district)
    with pytest.raises(NotPermitted):
        mending.reassign(run, row.id, to=district.staff(WINDOW).id, reason="请窗口看看", actor=supervisor)
    mending.reassign(
        run, row.id, to=district.staff(ADMINISTRATOR).id, reason="像是配置问题", actor=supervisor
    )
    (row,) = incidents(district)
    assert (row.holder_id, row.state) == (district.staff(ADMINISTRATOR).id, "open")
    assert [log.what for log in district.rows(AccessLog)][-1] == "incident_reassign"


def test_who_may_see_and_settle(district: District) -> None:
    bad = submitted(district)
    poison(district, bad)
    run = run_at(district, until_open(district))
    with district.database.acting() as conn:
        from workflow.running.incidents import record

        record(conn, "checkpoint", 0, case_id=None, cause="坏了", payload="", now=HALF, at_once=True)
    with district.database.reading() as session:
        seen = {
            role.code: [row.kind for row, _ in mending.listed(session, district.staff(role))]
            for role in (ADMINISTRATOR, SUPERVISOR, WINDOW)
        }
    assert seen["administrator"] == ["deadlines", "checkpoint"]
    assert seen["supervisor"] == ["deadlines"]
    assert seen["window_clerk"] == []
    whole = incidents(district)[1]
    with pytest.raises(NotFound):
        mending.retry(run, JOBS, whole.id, actor=district.staff(SUPERVISOR))
    with pytest.raises(NotFound):
        mending.retry(run, JOBS, incidents(district)[0].id, actor=district.staff(WINDOW))


def test_a_job_that_fails_as_a_whole_is_an_incident_and_settled_by_a_run_without_failure(
    district: District,
) -> None:
    broken = [True]

    def work(_run: Run) -> Swept:
        if broken[0]:
            raise ValueError("no paper")
        return Swept(done=1)

    job = Job("printing", "打印", 60, work)
    moment = HALF
    for pause in (*PAUSES, timedelta(0)):
        with pytest.raises(ValueError):
            run_job(job, run_at(district, moment))
        moment += pause
    (row,) = incidents(district)
    assert (row.kind, row.ref, row.state, row.cause) == ("printing", 0, "open", "ValueError: no paper")
    administrator = district.staff(ADMINISTRATOR)
    assert not mending.retry(run_at(district, moment), [job], row.id, actor=administrator)
    broken[0] = False
    assert mending.retry(run_at(district, moment), [job], row.id, actor=administrator)
    assert incidents(district)[0].state == "done"


def test_a_decision_that_cannot_be_carried_out_is_an_incident_until_it_is(district: District) -> None:
    case = district.on_benefit()
    district.do(case, "suspend")
    district.do(case, "stop_suspended", reason="查实已迁出本区，停发")
    edition = district.case(case).edition
    district.day("2016-10-01")
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values(edition="NO-SUCH-LAW"))
    assert carry_out(district.office, district.database, district.now).failed == 1
    (row,) = incidents(district)
    assert (row.kind, row.case_id) == ("carry_out", case)
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values(edition=edition))
    assert mending.retry(run_at(district, district.now), JOBS, row.id, actor=district.staff(SUPERVISOR))
    assert district.stage(case) == "stopped"
    assert incidents(district)[0].state == "done"
