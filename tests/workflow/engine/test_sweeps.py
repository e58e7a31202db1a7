"""Sweeps: each rung at its moment and once, whoever sweeps and however often; and none decides anything."""

import os
import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from tests.district import District
from workflow.actors import SYSTEM_ACTOR
from workflow.db import Database
from workflow.models import Case, Deadline, JournalEntry, OutboxMessage, ScheduledAct
from workflow.periods import CHINA, at_local
from workflow.roles import HEAD, WINDOW
from workflow.sweeps import carry_out, sweep_deadlines

SECOND = timedelta(seconds=1)


def sweep(district: District, at: datetime) -> int:
    swept = sweep_deadlines(district.office, district.database, at)
    assert not swept.failed, swept.error
    return swept.done


def submitted(district: District) -> int:
    """Submitted on Monday, 2016-09-05: five working days, halved after three, end on Monday the 12th."""
    case = district.application()
    district.do(case, "submit")
    return case


RUNGS = [
    ("remind", datetime(2016, 9, 8, 9, tzinfo=CHINA)),
    ("overdue", datetime(2016, 9, 13, 0, tzinfo=CHINA)),
    ("head", datetime(2016, 9, 14, 9, tzinfo=CHINA)),
]


@pytest.mark.parametrize("code, moment", RUNGS)
def test_a_rung_takes_effect_at_its_moment_not_a_second_sooner_and_once(
    district: District, code: str, moment: datetime
) -> None:
    case = submitted(district)
    sweep(district, moment - SECOND)
    assert code not in district.actions_done(case)
    assert sweep(district, moment) >= 1
    assert district.actions_done(case).count(code) == 1
    before = len(district.rows(JournalEntry))
    for later in (moment, moment + SECOND, moment + timedelta(hours=12)):
        assert sweep(district, later) == 0
    assert len(district.rows(JournalEntry)) == before
    assert district.deadline(case, "stage:submitted").overdue is (code != "remind")
    assert district.stage(case) == "submitted"
    assert district.broken() == {}


def test_each_rung_tells_who_should_know(district: District) -> None:
    case = submitted(district)
    holder = district.staff(WINDOW)
    for _, moment in RUNGS:
        sweep(district, moment)
    (task,) = district.tasks(case)
    assert [m.topic for m in district.rows(OutboxMessage, case)] == ["remind", "overdue", "head"]
    first, _, last = district.rows(OutboxMessage, case)
    assert (first.user_id, first.role or task.role) == (task.assignee_id, task.role)
    assert (last.role, last.scope) == (HEAD.code, "330212000000")
    escalation = district.child(case, "escalation")
    assert district.case(escalation).area_code == task.scope
    assert holder.id


def test_a_limit_met_in_time_is_never_heard_of(district: District) -> None:
    case = submitted(district)
    district.day("2016-09-07")
    district.do(case, "accept")
    deadline = district.deadline(case, "stage:submitted")
    assert (deadline.state, deadline.met_on, deadline.next_at) == ("met", date(2016, 9, 7), None)
    sweep(district, at_local(date(2016, 9, 20)))
    assert not [e for e in district.journal(case) if e.says.endswith("已提交")]


def test_a_limit_met_late_is_late_and_stays_flagged(district: District) -> None:
    case = submitted(district)
    district.day("2016-09-13")
    district.sweep()
    district.do(case, "accept")
    deadline = district.deadline(case, "stage:submitted")
    assert (deadline.state, deadline.overdue, deadline.next_at) == ("late", True, None)
    assert district.broken() == {}


@pytest.mark.parametrize("days, reminded", [("posting", False), ("submitted", True)])
def test_limits_of_one_or_two_days_have_no_reminder(quick: District, days: str, reminded: bool) -> None:
    case = quick.bring(quick.application(), days)
    assert (quick.deadline(case, f"stage:{days}").rung == 0) is reminded


def test_days_without_a_scheduler_are_caught_up_in_legal_order_in_one_sweep(district: District) -> None:
    first = submitted(district)
    district.day("2016-09-06")
    second = submitted(district)
    done = sweep(district, datetime(2016, 9, 20, 10, tzinfo=CHINA))
    assert done >= 6
    for case in (first, second):
        assert district.actions_done(case)[-3:] == ["remind", "overdue", "head"]
    order = [(e.case_id, e.action) for e in _in_order(district) if e.action in ("remind", "overdue", "head")]
    assert order == [(c, a) for a in ("remind", "overdue", "head") for c in (first, second)]
    assert sweep(district, datetime(2016, 9, 20, 10, tzinfo=CHINA)) == 0
    assert district.broken() == {}


def _in_order(district: District) -> list[JournalEntry]:
    """The entries of sweeps in the order their messages were written."""
    keys = {(m.case_id, m.topic): m.id for m in district.rows(OutboxMessage)}
    entries = [e for e in district.rows(JournalEntry) if (e.case_id, e.action) in keys]
    return sorted(entries, key=lambda e: keys[e.case_id, e.action])


def test_a_broken_case_stops_no_other_and_is_tried_again(district: District) -> None:
    cases = [submitted(district) for _ in range(4)]
    good = district.case(cases[1]).edition
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == cases[1]).values(edition="NO-SUCH-LAW"))
        conn.execute(
            Deadline.__table__.update().where(Deadline.case_id == cases[1]).values(ladder="no-such-ladder")
        )
    moment = RUNGS[0][1]
    swept = sweep_deadlines(district.office, district.database, moment)
    assert (swept.done, swept.failed) == (3, 1)
    assert str(cases[1]) in swept.error
    for case in (cases[0], cases[2], cases[3]):
        assert "remind" in district.actions_done(case)
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == cases[1]).values(edition=good))
        conn.execute(
            Deadline.__table__.update().where(Deadline.case_id == cases[1]).values(ladder="ordinary")
        )
    assert sweep(district, moment) == 1
    assert "remind" in district.actions_done(cases[1])
    assert district.broken() == {}


def test_more_due_rows_than_a_batch_are_all_taken(quick: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.sweeps.BATCH", 3)
    cases = [submitted(quick) for _ in range(8)]
    assert sweep(quick, RUNGS[0][1]) == 8
    assert all(quick.actions_done(case).count("remind") == 1 for case in cases)


def test_a_scheduled_act_is_carried_out_on_its_day_never_early_and_once(district: District) -> None:
    case = district.on_benefit()
    district.do(case, "suspend")
    district.do(case, "stop_suspended", reason="查实已迁出本区，停发")
    on = district.planned(case)["stop"]
    assert on == date(2016, 10, 1)
    assert carry_out(district.office, district.database, at_local(on) - SECOND).done == 0
    assert district.stage(case) == "suspended"
    assert carry_out(district.office, district.database, at_local(on)).done == 1
    assert carry_out(district.office, district.database, at_local(on)).done == 0
    assert district.stage(case) == "stopped"
    entry = district.journal(case)[-1]
    assert (entry.action, entry.actor_id, entry.actor_name) == ("stop", None, SYSTEM_ACTOR.name)
    assert entry.origin.startswith(district.case(case).number)
    assert district.broken() == {}


def test_what_a_case_has_left_behind_is_not_carried_out_but_noted(district: District) -> None:
    case = district.bring(district.application(), "opinion")
    with district.database.acting() as conn:
        conn.execute(ScheduledAct.__table__.insert().values(
            case_id=case, action="stop", on_date=date(2016, 9, 6), form={}, decided_by="DB-1#1", state="planned"))  # fmt: skip
    district.day("2016-09-06")
    district.sweep()
    assert district.stage(case) == "opinion"
    assert district.actions_done(case)[-1] == "skip"
    assert district.rows(ScheduledAct, case)[0].state == "cancelled"
    assert district.broken() == {}


def test_two_sweeps_in_two_threads_do_each_deadline_once(district: District) -> None:
    cases = [submitted(district) for _ in range(12)]
    moment, done, barrier = RUNGS[1][1], [], threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        done.append(sweep(district, moment))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(district, moment)
    assert_each_once(district, cases)
    assert sum(done) <= 24


def test_two_sweeps_in_two_processes_do_each_deadline_once(district: District) -> None:
    cases = [submitted(district) for _ in range(12)]
    district.database.close()
    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            status = 1
            try:
                database = Database(district.url)
                status = int(bool(sweep_deadlines(district.office, database, RUNGS[1][1]).failed))
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    sweep(district, RUNGS[1][1])
    assert_each_once(district, cases)


def assert_each_once(district: District, cases: list[int]) -> None:
    for case in cases:
        done = district.actions_done(case)
        assert (done.count("remind"), done.count("overdue")) == (1, 1)
    escalations = [row.parent_id for row in district.rows(Case, definition="escalation")]
    assert sorted(escalations) == sorted(cases)
    assert len(district.rows(OutboxMessage, topic="overdue")) == len(cases)
    assert district.broken() == {}


@pytest.mark.parametrize("edition_day", ["2016-09-05", "2021-09-06"])
def test_four_hundred_days_of_sweeps_decide_nothing(quick: District, edition_day: str) -> None:
    """No limit approves, refuses, withdraws, stops or pays; only signed decisions take effect on their day."""
    quick.day(edition_day)
    stages = ["draft", "submitted", "accepted", "investigating", "appraising", "opinion", "posting"]
    cases = {s: quick.application() for s in stages if s != "appraising" or edition_day < "2021"}
    for stage, case in cases.items():
        quick.bring(case, stage)
    correcting, contesting = quick.application(), quick.bring(quick.application(), "investigating")
    quick.do(correcting, "submit")
    quick.do(correcting, "notify_missing")
    quick.check(contesting, "mismatch")
    quick.do(contesting, "visit")
    quick.do(contesting, "report_check_failed")
    later = {
        s: quick.application()
        for s in ("publicity", "forwarding", "county_review", "decision", "approved", "on_benefit")
    }
    objected = quick.bring(quick.application(), "publicity")
    quick.do(objected, "object_")
    for stage, case in later.items():
        quick.bring(case, stage)
    refusing, suspended, stopping = (quick.application() for _ in range(3))
    quick.bring(refusing, "decision")
    quick.do(refusing, "refuse")
    quick.bring(suspended, "on_benefit")
    quick.do(suspended, "suspend")
    quick.bring(stopping, "on_benefit")
    quick.do(stopping, "suspend")
    quick.do(stopping, "stop_suspended", reason="查实已迁出本区，停发")

    def standing() -> dict[int, str]:
        return {
            row.id: row.stage
            for row in quick.rows(Case)
            if row.definition in ("dibao", "objection", "verification")
        }

    before = standing()
    quick.live_until(quick.today + timedelta(days=400), step=8)
    after = standing()
    changed = {case: after[case] for case in before if after[case] != before[case]}
    assert changed == {stopping: "stopped"}
    people = {row.actor_id for row in quick.rows(JournalEntry) if row.at > quick.now - timedelta(days=399)}
    assert people == {None}
    assert quick.broken() == {}


def test_a_busy_database_is_waited_for_by_the_next_run(quick: District) -> None:
    from workflow.errors import Busy

    submitted(quick)
    other = Database(quick.url)
    event.listen(other.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    with quick.database.acting() as conn:
        conn.execute(Case.__table__.select())
        with pytest.raises(Busy):
            sweep_deadlines(quick.office, other, RUNGS[0][1])
    other.close()
    assert sweep(quick, RUNGS[0][1]) == 1
