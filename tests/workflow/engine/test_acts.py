"""One act: whole or not at all, once, by the right person, on the case as it was seen."""

import threading

import pytest
from sqlalchemy.exc import DBAPIError

from definitions import CATALOGUE
from tests.district import TOWN, VILLAGE, District
from workflow import acts
from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.acts import act, open_case
from workflow.catalogue import Blueprint
from workflow.errors import Busy, ChangedMeanwhile, FormRefused, NotFound, NotNow, NotPermitted, Refused
from workflow.models import Case, CaseForm, Deadline, JournalEntry, OutboxMessage, Task
from workflow.roles import LINKED, SYSTEM, TOWN_REVIEWER, WINDOW


def do(
    district: District, case: int, action: str, *, actor: Actor | None = None, seen: int | None = -1, **form
):
    """The act as an edge calls it, nothing filled in; `seen` is the present version unless given."""
    version = district.case(case).version if seen == -1 else seen
    with district.database.acting() as conn:
        return act(
            district.office,
            conn,
            case,
            action,
            actor=actor or district.staff(WINDOW),
            form=form,
            seen=version,
            now=district.now,
        )


def test_an_act_on_an_older_version_says_who_did_what_meanwhile(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    seen = district.case(case).version
    other = district.staff(WINDOW, 2)
    do(district, case, "declare", actor=other, staff_name="某人", relation="child")
    before = district.case(case)
    with pytest.raises(ChangedMeanwhile) as caught:
        do(district, case, "start", seen=seen)
    assert other.name in str(caught.value)
    assert "登记了近亲属关系" in str(caught.value)
    assert caught.value.facts == {"version": before.version}
    assert district.case(case).seq == before.seq


def test_a_person_must_say_which_version_he_saw(district: District) -> None:
    case = district.application()
    with pytest.raises(ChangedMeanwhile):
        do(district, case, "discard", seen=None)


def test_a_reminder_in_between_does_not_make_a_form_stale(district: District) -> None:
    case = district.application()
    district.do(case, "submit")
    seen = district.case(case).version
    district.day("2016-09-08")
    district.sweep()
    assert district.actions_done(case)[-1] == "remind"
    do(district, case, "notify_missing", seen=seen)


def test_a_double_click_does_it_once(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    seen = district.case(case).version
    results: list[object] = []
    barrier = threading.Barrier(2)

    def click() -> None:
        barrier.wait()
        try:
            results.append(
                do(district, case, "declare", seen=seen, staff_name="某人", relation="child").version
            )
        except Refused as refused:
            results.append(type(refused))

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == sorted(map(str, [seen + 1, ChangedMeanwhile]))
    assert district.actions_done(case).count("declare") == 1
    assert district.broken() == {}


def test_what_the_stage_does_not_know_is_refused_by_its_chinese_name(district: District) -> None:
    case = district.application()
    with pytest.raises(NotNow, match=r"草稿.*受理"):
        do(district, case, "accept", hukou_ok=True)
    with pytest.raises(NotNow, match="no_such_thing"):
        do(district, case, "no_such_thing")


def test_unknown_keys_and_every_fault_of_a_form_are_named_at_once(district: District) -> None:
    case = district.application()
    district.do(case, "submit")
    with pytest.raises(FormRefused) as caught:
        do(district, case, "refuse_intake", reason="不", surprise="x")
    assert set(caught.value.errors) == {"surprise", "reason", "right_place"}
    assert district.stage(case) == "submitted"


def test_a_case_that_is_not_there_is_not_found(district: District) -> None:
    with district.database.acting() as conn, pytest.raises(NotFound):
        act(district.office, conn, 4711, "submit", actor=district.staff(WINDOW), seen=1, now=district.now)


@pytest.mark.parametrize("blueprint", list(CATALOGUE), ids=lambda b: f"{b.code}-{b.editions[0]}")
def test_what_only_the_system_or_a_linked_case_does_no_person_can_do(
    quick: District, blueprint: Blueprint
) -> None:
    """Checked on the role alone, before any form: a case put straight into the stage."""
    dates = dict.fromkeys(("answer_by", "review_due", "pay_by"), "2016-12-01")
    with quick.database.acting() as conn:
        case = open_case(
            quick.office, conn, blueprint.code, subject=("household", 1), area_code=VILLAGE, actor=SYSTEM_ACTOR,
            now=quick.now, edition=blueprint.editions[0], facts=dates,
        )  # fmt: skip
    for word in blueprint.actions.values():
        if set(word.by) <= {LINKED, SYSTEM}:
            with quick.database.acting() as conn:
                conn.execute(
                    Case.__table__.update().where(Case.id == case.id).values(stage=next(iter(word.moves)))
                )
            with pytest.raises(NotPermitted):
                do(quick, case.id, word.code, actor=quick.everything)


def test_only_the_definitions_openers_open_a_case_and_only_in_their_area(district: District) -> None:
    household = district.family()
    stranger = Actor(1, "外镇窗口", frozenset({("window_clerk", "330212102000")}))
    for actor in (stranger, district.staff(TOWN_REVIEWER)):
        with district.database.acting() as conn, pytest.raises(NotPermitted):
            open_case(
                district.office,
                conn,
                "dibao",
                subject=("household", household),
                area_code=VILLAGE,
                actor=actor,
                now=district.now,
            )
    assert district.rows(Case) == []


def test_the_opener_holds_the_first_task_and_numbers_run_without_gaps(district: District) -> None:
    first, second = district.application(), district.application()
    assert [district.case(case).number for case in (first, second)] == ["DB-2016-000001", "DB-2016-000002"]
    (task,) = district.tasks(first)
    assert (task.role, task.scope, task.assignee_id) == ("window_clerk", TOWN, district.staff(WINDOW).id)
    with district.database.acting() as conn, pytest.raises(NotFound):
        open_case(
            district.office,
            conn,
            "nothing",
            subject=("household", 1),
            area_code=VILLAGE,
            actor=district.staff(WINDOW),
            now=district.now,
        )
    district.day("2017-01-03")
    assert district.case(district.application()).number == "DB-2017-000001"


def test_a_failure_in_the_middle_leaves_nothing_behind(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever step of an act fails, no row of it is there."""
    case = district.bring(district.application(), "accepted")
    tables = (Case, Task, Deadline, JournalEntry, CaseForm, OutboxMessage)
    count = lambda: {table.__tablename__: len(district.rows(table)) for table in tables}  # noqa: E731
    before, row = count(), district.case(case)
    whole = acts.send

    for fails_at in (1, 2):  # the case itself, and the check opened with it
        calls = iter(range(1, 100))

        def failing(conn, writes, fails_at=fails_at, calls=calls) -> None:
            if next(calls) == fails_at:
                whole(conn, writes[: len(writes) // 2])
                raise RuntimeError("pulled out")
            whole(conn, writes)

        monkeypatch.setattr(acts, "send", failing)
        with pytest.raises(RuntimeError, match="pulled out"):
            do(district, case, "start")
        monkeypatch.setattr(acts, "send", whole)
        assert count() == before
        assert district.case(case).head_hash == row.head_hash
    do(district, case, "start")
    assert district.broken() == {}


def test_an_act_of_one_case_inside_another_is_whole_with_it(district: District) -> None:
    """The report of the check moves its own case and the one that asked, or neither."""
    case = district.bring(district.application(), "investigating")
    check = district.child(case, "verification")
    district.do(check, "ask")
    district.do(check, "take_answer")
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values(stage="opinion"))
    with pytest.raises(NotNow):
        district.do(check, "report")
    assert (district.stage(check), district.actions_done(check)[-1]) == ("asking", "take_answer")


def test_an_edge_that_cannot_get_the_lock_is_told_to_try_again(quick: District) -> None:
    case = quick.application()
    from workflow.db import Database

    other = Database(quick.url.replace("sqlite:///", "sqlite:///"))
    from sqlalchemy import event

    event.listen(other.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    with quick.database.acting() as conn:
        conn.execute(Case.__table__.select().where(Case.id == case))
        with pytest.raises(Busy), other.acting():
            pass
    other.close()


def test_the_database_itself_refuses_a_second_open_task_of_a_part(district: District) -> None:
    case = district.application()
    (task,) = district.tasks(case)
    row = {c.name: getattr(task, c.name) for c in Task.__table__.columns if c.name != "id"}
    with pytest.raises(DBAPIError), district.database.acting() as conn:
        conn.execute(Task.__table__.insert().values(**row))


def test_closing_a_case_closes_everything_it_had_open(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    district.do(case, "withdraw")
    assert district.tasks(case) == []
    assert not district.rows(Deadline, case, state="open")
    assert {row.state for row in district.rows(Deadline, case)} <= {"met", "cancelled"}
    with pytest.raises(NotNow):
        do(district, case, "declare", staff_name="某人", relation="child")
