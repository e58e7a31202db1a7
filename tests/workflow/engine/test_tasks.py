"""Tasks as clerks know them: taken, given back, given on, each in the journal."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.district import District
from workflow import tasks
from workflow.errors import ChangedMeanwhile, FormRefused, NotFound, NotPermitted, Refused, Unmet
from workflow.models import Task
from workflow.roles import INVESTIGATOR, SUPERVISOR, TOWN_REVIEWER, WINDOW


def with_conn(district: District, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with district.database.acting() as conn:
        return function(district.office, conn, *args, now=district.now, **more)


def opinion(district: District) -> tuple[int, Task]:
    """A case waiting for a town reviewer, and its task."""
    case = district.bring(district.application(), "opinion")
    (task,) = district.tasks(case)
    return case, task


def test_a_task_is_taken_by_one_who_then_alone_may_do_it(district: District) -> None:
    case, task = opinion(district)
    one, two = district.staff(TOWN_REVIEWER, 2), district.staff(TOWN_REVIEWER, 3)
    with_conn(district, tasks.claim, task.id, actor=one)
    assert district.tasks(case)[0].assignee_id == one.id
    assert district.actions_done(case)[-1] == "claim"
    with pytest.raises(ChangedMeanwhile):
        with_conn(district, tasks.claim, task.id, actor=two)
    assert "已由他人签收" in str(district.refused(NotPermitted, case, "propose_approve", two))
    district.do(case, "propose_approve", one)
    closed = district.rows(Task, id=task.id)[0]
    assert (closed.state, closed.closed_by) == ("done", one.id)


def test_taking_a_task_twice_changes_nothing(district: District) -> None:
    case, task = opinion(district)
    one = district.staff(TOWN_REVIEWER, 2)
    for _ in range(2):
        with_conn(district, tasks.claim, task.id, actor=one)
    assert district.actions_done(case).count("claim") == 1


@pytest.mark.parametrize("who", ["role", "barred"])
def test_nobody_takes_what_he_may_not_do(district: District, who: str) -> None:
    case, task = opinion(district)
    actor = district.staff(WINDOW)
    if who == "barred":
        actor = district.staff(TOWN_REVIEWER, 2)
        district.do(case, "recuse", actor)
    with pytest.raises(NotPermitted):
        with_conn(district, tasks.claim, task.id, actor=actor)


def test_a_task_given_back_is_open_to_all_again(district: District) -> None:
    case, task = opinion(district)
    one, two = district.staff(TOWN_REVIEWER, 2), district.staff(TOWN_REVIEWER, 3)
    with_conn(district, tasks.claim, task.id, actor=one)
    with pytest.raises(NotPermitted):
        with_conn(district, tasks.release, task.id, actor=two)
    with_conn(district, tasks.release, task.id, actor=one)
    assert district.tasks(case)[0].assignee_id is None
    district.do(case, "propose_approve", two)


def test_a_delegated_task_returns_to_its_owner_and_goes_no_further(district: District) -> None:
    case, task = opinion(district)
    owner, helper, third = (district.staff(TOWN_REVIEWER, n) for n in (2, 3, 4))
    with_conn(district, tasks.claim, task.id, actor=owner)
    with pytest.raises(Unmet):
        with_conn(district, tasks.delegate, task.id, to=owner.id, reason="请假三天", actor=owner)
    with_conn(district, tasks.delegate, task.id, to=helper.id, reason="请假三天", actor=owner)
    assert [(t.assignee_id, t.owner_id) for t in district.tasks(case)] == [(helper.id, owner.id)]
    with pytest.raises(Unmet):
        with_conn(district, tasks.delegate, task.id, to=third.id, reason="请假三天", actor=helper)
    assert district.messages(case, "assigned")[0].user_id == helper.id
    with_conn(district, tasks.release, task.id, actor=helper)
    assert [(t.assignee_id, t.owner_id) for t in district.tasks(case)] == [(owner.id, None)]


@pytest.mark.parametrize(
    "who, may", [(SUPERVISOR, True), (TOWN_REVIEWER, True), (WINDOW, False), (INVESTIGATOR, False)]
)
def test_a_task_is_given_on_by_those_who_lead(district: District, who: Any, may: bool) -> None:
    case, task = opinion(district)
    receiver = district.staff(TOWN_REVIEWER, 4)
    if may:
        with_conn(
            district, tasks.assign, task.id, to=receiver.id, reason="调整分工", actor=district.staff(who)
        )
        assert district.tasks(case)[0].assignee_id == receiver.id
        assert district.journal(case)[-1].says == f"分派给{receiver.name}"
    else:
        with pytest.raises(NotPermitted):
            with_conn(
                district, tasks.assign, task.id, to=receiver.id, reason="调整分工", actor=district.staff(who)
            )


@pytest.mark.parametrize("receiver", ["role", "barred"])
def test_a_task_is_given_only_to_somebody_who_can_do_it(district: District, receiver: str) -> None:
    case, task = opinion(district)
    to = district.staff(WINDOW)
    if receiver == "barred":
        to = district.staff(TOWN_REVIEWER, 4)
        district.do(case, "recuse", to)
    with pytest.raises(Unmet):
        with_conn(
            district, tasks.assign, task.id, to=to.id, reason="调整分工", actor=district.staff(SUPERVISOR)
        )


def test_a_task_that_is_done_or_was_never_there_cannot_be_taken(district: District) -> None:
    case, task = opinion(district)
    district.do(case, "propose_approve")
    refusals: list[tuple[int, type[Refused]]] = [(task.id, ChangedMeanwhile), (4711, NotFound)]
    for number, refusal in refusals:
        with pytest.raises(refusal):
            with_conn(district, tasks.claim, number, actor=district.staff(TOWN_REVIEWER))


def test_a_nudge_reaches_the_holder_once_a_day_and_makes_no_form_stale(district: District) -> None:
    case, task = opinion(district)
    holder = district.staff(TOWN_REVIEWER, 2)
    with_conn(district, tasks.claim, task.id, actor=holder)
    version = district.case(case).version
    with_conn(district, tasks.urge, case, words="请今天办结", actor=district.staff(SUPERVISOR))
    (message,) = district.messages(case, "urged")
    assert (message.user_id, message.facts["words"]) == (holder.id, "请今天办结")
    assert district.case(case).version == version


def test_an_overdue_task_is_urged_or_given_on_out_of_its_escalation(district: District) -> None:
    case, task = opinion(district)
    late = district.staff(TOWN_REVIEWER, 2)
    with_conn(district, tasks.claim, task.id, actor=late)
    district.day("2016-09-30")
    district.sweep()
    escalation = district.child(case, "escalation")
    assert district.case(escalation).facts["late_user_id"] == late.id
    district.do(escalation, "urge")
    district.refused(Unmet, escalation, "urge")
    to = district.staff(TOWN_REVIEWER, 4)
    district.do(escalation, "reassign", to=[to.id], reason="原经办人请假，改派办理")
    assert district.tasks(case)[0].assignee_id == to.id
    district.do(case, "propose_approve", to)
    district.refused(FormRefused, escalation, "reassign", to=[late.id], reason="原经办人请假，改派办理")
    district.do(escalation, "close")
    assert district.case(escalation).result == "closed"
    assert district.broken() == {}


def test_nobody_closes_the_escalation_of_his_own_delay(district: District) -> None:
    case = district.bring(district.application(), "opinion")
    (task,) = district.tasks(case)
    with_conn(district, tasks.claim, task.id, actor=district.everything)
    district.day("2016-09-30")
    district.sweep()
    escalation = district.child(case, "escalation")
    assert "本人" in str(district.refused(NotPermitted, escalation, "close", district.everything))
