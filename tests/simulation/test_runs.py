"""A run is the live system on another clock: same acts, same sweeps, lawful, repeatable, and its figures are counted."""

from datetime import date

import pytest
from sqlalchemy import func, select

from workflow.errors import Refused
from workflow.journal import verify
from workflow.models import (
    Case,
    Deadline,
    Draw,
    Household,
    InboxMessage,
    JournalEntry,
    PaymentLine,
    Tick,
    User,
)
from workflow.periods import local_date
from workflow.simulation.desk import Unrehearsed


def test_the_same_seed_gives_the_same_journal(play, played):
    twin = play(households=14, seed=5)
    assert twin.figures == played.figures
    assert len(played.figures["digest"]) == 64


def test_another_seed_gives_another_journal(play, played):
    assert play(households=14, seed=6).figures["digest"] != played.figures["digest"]


def test_nothing_is_broken_afterwards(played):
    assert played.figures["broken"] == []
    assert set(played.figures["invariants"].values()) == {0}
    with played.database.reading() as session:
        verdict = verify(session.connection())
    assert verdict.ok
    assert verdict.entries == played.figures["acts"] > 300


@pytest.mark.parametrize("first", [date(2021, 5, 1), date(2024, 12, 2)])
def test_other_editions_and_the_change_between_them_are_rehearsed_too(play, first):
    found = play(households=8, seed=2, first=first, last=first.replace(year=first.year + 1, month=3, day=1))
    assert found.figures["broken"] == []
    assert found.figures["cases"]["by_result"]["approved"] > 0


def test_each_family_is_registered_and_applies_at_least_once(played):
    with played.database.reading() as session:
        families = session.scalar(select(func.count()).select_from(Household))
        applied = session.scalar(
            select(func.count(Case.subject_id.distinct()))
            .join(JournalEntry, JournalEntry.case_id == Case.id)
            .where(Case.definition == "dibao", JournalEntry.action == "submit")
        )
    assert families == applied == 14


def test_people_act_in_office_hours_on_working_days_and_nobody_on_leave(played):
    with played.database.reading() as session:
        rows = session.execute(
            select(JournalEntry.at, JournalEntry.actor_id).where(JournalEntry.actor_id.is_not(None))
        ).all()
    for at, _actor in rows:
        assert played.office.calendar.is_working(local_date(at))
        assert 1 <= at.hour < 9  # 09:00 to 17:00 in China
    assert len({actor for _, actor in rows}) > 10


def test_reminders_escalations_and_payments_are_what_the_database_holds(played):
    figures = played.figures
    with played.database.reading() as session:
        overdue = session.scalar(
            select(func.count()).select_from(Deadline).where(Deadline.overdue, Deadline.ladder == "ordinary")
        )
        paid = session.execute(
            select(func.count(), func.sum(PaymentLine.amount)).where(PaymentLine.state == "paid")
        ).one()
        messages = session.scalar(select(func.count()).select_from(InboxMessage))
        ticks = set(session.scalars(select(Tick.name)))
    assert figures["escalations"] == overdue > 0
    assert figures["reminders"] > 0
    assert (figures["payments"]["count"], figures["payments"]["total"]) == (paid[0], f"{paid[1]:.2f}")
    assert messages > 0
    assert {"carry_out", "deadlines", "dispatch_outbox", "payment_lists", "sampling", "checkpoint"} <= ticks


def test_results_count_each_application_once(played):
    results = dict(played.figures["cases"]["by_result"])
    stopped = results.pop("stopped", 0)
    with played.database.reading() as session:
        applications = session.scalar(
            select(func.count()).select_from(Case).where(Case.definition == "dibao")
        )
        still_open = session.scalar(
            select(func.count())
            .select_from(Case)
            .where(
                Case.definition == "dibao",
                Case.closed_at.is_(None),
                Case.stage.not_in(("on_benefit", "suspended", "gradual_exit", "approved")),
            )
        )
    assert sum(results.values()) + still_open == applications
    assert stopped <= results["approved"]


def test_draws_come_from_the_seed_too(play, played):
    seeds = []
    for run in (played, play(households=14, seed=5)):
        with run.database.reading() as session:
            seeds.append(
                session.execute(select(Draw.case_id, Draw.seed, Draw.picked).order_by(Draw.case_id)).all()
            )
    assert seeds[0] == seeds[1] != []


def test_a_database_with_cases_is_refused(played):
    with pytest.raises(Refused, match="已经有案件"):
        played.again()


def test_an_unknown_role_is_refused_by_name(play):
    with pytest.raises(Refused, match="mayor"):
        play(mayor=1)


def test_no_more_is_promised_than_a_plan_can_hold(play):
    for faulty in ({"households": 0}, {"last": date(2016, 9, 4)}):
        with pytest.raises(Refused):
            play(**faulty)


def test_with_too_few_people_work_waits_and_escalates_and_stays_lawful(play):
    found = play(households=5, seed=4, last=date(2016, 11, 30), investigator=1, town_reviewer=1)
    assert found.figures["broken"] == []
    assert found.figures["cases"]["by_result"]["approved"] < 2, "only where a supervisor appoints somebody"
    assert found.figures["escalations"] > 0


def test_staff_who_are_there_already_do_the_work(play, played):
    with played.database.reading() as session:
        logins = list(session.scalars(select(User.login)))
        hashes = set(session.scalars(select(User.password_hash)))
    assert len(set(logins)) == len(logins)
    assert hashes == {""}


def test_a_step_that_is_refused_ends_the_run_and_says_where(play, monkeypatch):
    from definitions.rehearsal import habits, intake
    from workflow.simulation.scene import Step

    wrong = habits.Habit(lambda scene: Step("refuse_intake", {"reason": "不"}))
    monkeypatch.setitem(habits.HABITS, "dibao.submitted", wrong)
    assert intake.submitted is not wrong.does
    with pytest.raises(Unrehearsed, match=r"DB-2016-000001 dibao\.submitted\.refuse_intake"):
        play(households=2)


@pytest.mark.soak
def test_two_years_of_three_hundred_families_go_every_way(play):
    found = play(households=300, seed=7, last=date(2018, 9, 5)).figures
    assert found["broken"] == []
    results = found["cases"]["by_result"]
    ended = sum(results.values())
    assert 0.5 <= results["approved"] / ended <= 0.8
    assert 0.1 <= results["refused"] / ended <= 0.3
    assert {"not_accepted", "withdrawn", "discarded", "terminated", "stopped"} <= set(results)
    assert {"kept", "increased", "decreased", "stopped"} <= set(found["reviews"])
    for stage, kept in found["on_time"].items():
        if kept["n"] >= 12:
            assert 0.8 <= kept["on_time"] / kept["n"] <= 0.98, stage
    gone = found["paths"]
    assert {
        "notify_missing", "complete", "lapse", "declare", "recuse", "no_contact", "ask_neighbours", "report_check_failed",
        "contest", "refuse_uncontested", "warn", "terminate", "dispute", "repost", "repost_second", "object_", "object_second",
        "objection_rejected", "objection_upheld", "second_rejected", "second_upheld", "note_late_objection", "county_return_to_opinion",
        "mark_doubt", "send_visitors", "county_match", "county_mismatch", "draw_afterwards", "disagree", "refuse", "suspend",
        "resume", "stop_suspended", "report_change", "report_death", "assign", "claim", "urge",
    } <= set(gone["dibao"])  # fmt: skip
    assert {"urge", "reassign", "close"} <= set(gone["escalation"])
    assert {"some_failed", "failed_again", "reissue"} <= set(gone["payment"])
