import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from notifications import dispatch as room
from notifications.dispatch import dispatch, requeue
from tests.notifications.conftest import FACTS, NOW, TOWN
from workflow.models import Case, RoleAssignment, Task, User
from workflow.roles import HEAD, SUPERVISOR


def _who(district):
    names = {user_id: name for name, user_id in district.users.items()}
    return [names[m.user_id] for m in district.messages()]


def test_all_holders_of_the_role_are_told_once_however_often_it_runs(district):
    row = district.outbox("a")
    assert dispatch(district.database, district.office, NOW) == (1, 0)
    assert dispatch(district.database, district.office, NOW) == (0, 0)
    assert _who(district) == ["window1", "window2"]
    assert [m.mail_state for m in district.messages()] == ["queued", "none"]
    assert district.outbox_row(row).state == "sent"


@pytest.mark.parametrize(
    "topic, told", [("remind", ["window2"]), ("overdue", ["window2"]), ("assigned", ["window1", "window2"])]
)
def test_whoever_took_the_task_is_told_alone_where_it_is_his(district, topic, told):
    district.change(lambda s: s.execute(update(Task).values(assignee_id=district.users["window2"])))
    district.outbox("a", topic)
    dispatch(district.database, district.office, NOW)
    assert _who(district) == told


def test_a_person_named_is_told(district):
    district.outbox("a", "escalated", user_id=district.users["boss"])
    dispatch(district.database, district.office, NOW)
    assert _who(district) == ["boss"]


def test_recipients_are_those_at_the_time_of_sending(district):
    district.outbox("a")
    district.change(lambda s: s.execute(update(User).where(User.login == "window1").values(disabled_at=NOW)))
    dispatch(district.database, district.office, NOW)
    assert _who(district) == ["window2"]


def test_somebody_who_must_keep_out_of_the_case_is_not_told(district):
    district.change(lambda s: s.execute(update(Case).values(barred=[district.users["window1"]])))
    district.outbox("a")
    dispatch(district.database, district.office, NOW)
    assert _who(district) == ["window2"]


def test_a_role_that_ended_yesterday_is_not_told(district):
    yesterday = datetime(2016, 9, 11, tzinfo=UTC).date()
    district.change(
        lambda s: s.execute(
            update(RoleAssignment)
            .where(RoleAssignment.user_id == district.users["window1"])
            .values(to_date=yesterday)
        )
    )
    district.outbox("a")
    dispatch(district.database, district.office, NOW)
    assert _who(district) == ["window2"]


@pytest.mark.parametrize(
    "topic, facts, to, reason",
    [
        ("gossip", FACTS, {}, "gossip"),
        ("overdue", {"number": "x"}, {}, "label"),
        ("head", FACTS, {"role": HEAD.code, "scope": "330212000000"}, "部门负责人"),
    ],
)
def test_one_bad_message_is_marked_and_the_others_go_on(district, topic, facts, to, reason):
    bad = district.outbox("bad", topic, facts=facts, **to)
    good = district.outbox("good")
    assert dispatch(district.database, district.office, NOW) == (1, 1)
    assert (district.outbox_row(bad).state, district.outbox_row(good).state) == ("failed", "sent")
    assert reason in district.outbox_row(bad).error
    assert {m.outbox_id for m in district.messages()} == {good}


def test_a_failed_message_goes_out_after_somebody_got_the_role(district):
    row = district.outbox("a", "head", role=HEAD.code, scope="330212000000")
    dispatch(district.database, district.office, NOW)
    district.change(
        lambda s: s.add(
            RoleAssignment(
                user_id=district.users["boss"], role=HEAD.code, area_code="330212000000", from_date=NOW.date()
            )
        )
    )
    with district.database.acting() as conn:
        assert requeue(conn) == 1
    assert dispatch(district.database, district.office, NOW) == (1, 0)
    assert _who(district) == ["boss"]
    assert district.outbox_row(row).error == ""


class Killed(BaseException):
    pass


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_dispatcher_killed_in_the_middle_leaves_nothing_half_done(district, monkeypatch, step):
    for key in "abc":
        district.outbox(key, "escalated", role=SUPERVISOR.code, scope=TOWN)
    deliver, calls = room._deliver, []

    def dying(*args):
        done = deliver(*args)
        calls.append(done)
        if len(calls) == step:
            raise Killed
        return done

    with monkeypatch.context() as patched:
        patched.setattr(room, "_deliver", dying)
        with pytest.raises(Killed):
            dispatch(district.database, district.office, NOW)
    assert len(district.messages()) == step - 1
    assert dispatch(district.database, district.office, NOW) == (4 - step, 0)
    assert [(m.outbox_id, m.user_id) for m in district.messages()] == [
        (i, district.users["boss"]) for i in (1, 2, 3)
    ]


@pytest.mark.parametrize("which", ["district", "served_district"])
def test_two_dispatchers_side_by_side_tell_everybody_once(request, which):
    district = request.getfixturevalue(which)
    rows = [district.outbox(f"k{i}") for i in range(40)]
    results, start = [], threading.Barrier(3)

    def run():
        start.wait()
        results.append(dispatch(district.database, district.office, NOW))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while left := dispatch(district.database, district.office, NOW)[0]:
        results.append((left, 0))
    assert sum(done for done, _ in results) == 40
    assert [(m.outbox_id, m.user_id) for m in district.messages()] == [
        (row, district.users[name]) for row in rows for name in ("window1", "window2")
    ]
