"""挂起 and 撤销: one asks, another confirms; legal dates run on and remind whoever suspended; revoking undoes what it must."""

from datetime import date

import pytest

from tests.workflow.flow.conftest import Stories
from workflow.acts import open_case
from workflow.errors import NotNow, NotPermitted, Unmet
from workflow.flow import halts
from workflow.models import Deadline, Halt, JournalEntry, ScheduledAct
from workflow.roles import ADMINISTRATOR, HEAD, SUPERVISOR, TOWN_REVIEWER, WINDOW

WHY = "案件涉嫌伪造材料，待公安核查"


def suspended(stories: Stories, stage: str = "reviewing") -> int:
    case = stories.begin(stage)
    stories.verb(case, "ask_suspend", stories.staff(SUPERVISOR, 2), reason=WHY)
    stories.verb(case, "confirm_suspend", stories.staff(HEAD, 2))
    return case


def test_it_takes_two_and_then_no_act_goes_through(stories: Stories) -> None:
    case = stories.begin("reviewing")
    one, two = stories.staff(SUPERVISOR, 2), stories.staff(HEAD, 2)
    with pytest.raises(NotPermitted):
        stories.verb(case, "ask_suspend", stories.staff(TOWN_REVIEWER), reason=WHY)
    stories.verb(case, "ask_suspend", one, reason=WHY)
    stories.do(case, "propose")
    with pytest.raises(NotNow, match="以外的人"):
        stories.verb(case, "confirm_suspend", one)
    stories.verb(case, "confirm_suspend", two)
    assert WHY in str(stories.refused(NotNow, case, "take_down"))
    assert stories.actions_done(case)[-3:] == ["ask_suspend", "propose", "confirm_suspend"]
    with pytest.raises(NotPermitted):
        stories.verb(case, "resume_case", stories.staff(WINDOW), reason=WHY)
    stories.verb(case, "resume_case", one, reason="公安已排除嫌疑")
    stories.do(case, "take_down")
    stories.sound()


def test_legal_dates_run_on_and_remind_whoever_suspended_it(stories: Stories) -> None:
    case = suspended(stories)
    due = stories.deadline(case, "span:town").due_on
    stories.live_until("2016-09-26")
    limit = stories.deadline(case, "span:town")
    assert (limit.due_on, limit.state, limit.overdue) == (due, "open", True)
    one = stories.staff(SUPERVISOR, 2)
    told = [
        m
        for topic in ("remind", "overdue")
        for m in stories.messages(case, topic)
        if "镇级" in m.facts["label"]
    ]
    assert [(m.topic, m.user_id) for m in told] == [("remind", one.id), ("overdue", one.id)]
    stories.sound()


def test_what_was_planned_waits_until_the_case_goes_on(quick_stories: Stories) -> None:
    case = suspended(quick_stories, "posted")
    with quick_stories.database.acting() as conn:
        session = quick_stories.office.session(conn)
        session.add(
            ScheduledAct(
                case_id=case,
                action="take_down",
                on_date=date(2016, 9, 6),
                form={},
                decided_by="x#1",
                state="planned",
            )
        )
        session.flush()
    quick_stories.live_until("2016-09-08")
    assert quick_stories.planned(case) == {"take_down": date(2016, 9, 6)}


def test_a_request_is_declined_or_taken_back_and_leaves_the_case_as_it_was(quick_stories: Stories) -> None:
    case = quick_stories.begin("reviewing")
    quick_stories.verb(case, "ask_suspend", quick_stories.staff(SUPERVISOR, 2), reason=WHY)
    with pytest.raises(NotPermitted):
        quick_stories.verb(case, "ask_revoke", quick_stories.staff(SUPERVISOR, 3), reason=WHY)
    quick_stories.verb(case, "decline_halt", quick_stories.staff(SUPERVISOR, 2), reason="已核实，不用挂起")
    quick_stories.do(case, "propose")
    assert [h.state for h in quick_stories.rows(Halt)] == ["declined"]


def test_a_closed_case_says_since_when(quick_stories: Stories) -> None:
    case = quick_stories.begin("reviewing")
    quick_stories.verb(case, "ask_revoke", quick_stories.staff(SUPERVISOR, 2), reason=WHY)
    quick_stories.verb(case, "confirm_revoke", quick_stories.staff(HEAD, 2))
    assert "已于 2016-09-05 办结" in str(quick_stories.refused(NotNow, case, "propose"))


@pytest.mark.parametrize(
    "stage, undone", [("looking", []), ("reviewing", ["proposal"]), ("forwarding", ["notice", "proposal"])]
)
def test_revoking_undoes_what_the_way_of_the_case_calls_for(
    stories: Stories, stage: str, undone: list[str]
) -> None:
    case = stories.begin(stage)
    stories.verb(case, "ask_revoke", stories.staff(SUPERVISOR, 2), reason=WHY)
    stories.verb(case, "confirm_revoke", stories.staff(HEAD, 2))
    row = stories.case(case)
    assert (row.stage, row.result, row.facts.get("undone", [])) == ("gone", "revoked", undone)
    assert not [d for d in stories.rows(Deadline, case) if d.state == "open"]
    assert not stories.tasks(case)
    last = stories.journal(case)[-1]
    assert (last.action, last.actor_name) == ("revoke", stories.staff(HEAD, 2).name)
    assert ("同时" in last.reason) is bool(undone)
    stories.sound()


def test_nobody_revokes_alone(quick_stories: Stories) -> None:
    case = quick_stories.begin("reviewing")
    quick_stories.refused(NotPermitted, case, "revoke", quick_stories.everything, reason=WHY)


@pytest.mark.parametrize("acts", [True, False])
def test_a_definition_stands_still_as_a_whole(stories: Stories, acts: bool) -> None:
    under_way, own = stories.begin("reviewing"), suspended(stories)
    one, two = stories.staff(ADMINISTRATOR, 1), stories.staff(ADMINISTRATOR, 2)
    with stories.database.acting() as conn:
        order = halts.ask_definition(
            stories.office, conn, "story", acts=acts, reason=WHY, actor=one, now=stories.now
        ).id
    stories.begin("reviewing")
    with pytest.raises(NotPermitted), stories.database.acting() as conn:
        halts.confirm_definition(stories.office, conn, order, actor=one, now=stories.now)
    with stories.database.acting() as conn:
        halts.confirm_definition(stories.office, conn, order, actor=two, now=stories.now)
    with pytest.raises(Unmet, match="暂停受理"):
        stories.open(stories.family(), "story")
    if acts:
        assert "这类办件已挂起" in str(stories.refused(NotNow, under_way, "propose"))
    else:
        stories.do(under_way, "propose")
    stories.verb(own, "resume_case", stories.staff(HEAD, 3), reason="公安已排除嫌疑")
    assert (stories.case(own).halt_id is not None) is acts
    stories.sound()
    with stories.database.acting() as conn:
        halts.end_definition(stories.office, conn, order, reason="已恢复正常", actor=two, now=stories.now)
    stories.do(own, "propose")
    stories.open(stories.family(), "story")
    stories.sound()


def test_the_system_itself_may_still_open_what_it_must(quick_stories: Stories) -> None:
    from workflow.actors import SYSTEM_ACTOR

    one, two = (quick_stories.staff(ADMINISTRATOR, n) for n in (1, 2))
    with quick_stories.database.acting() as conn:
        order = halts.ask_definition(
            quick_stories.office, conn, "story", acts=False, reason=WHY, actor=one, now=quick_stories.now
        )
        halts.confirm_definition(quick_stories.office, conn, order.id, actor=two, now=quick_stories.now)
        open_case(quick_stories.office, conn, "story", subject=("household", 1), area_code="330212101200", actor=SYSTEM_ACTOR,
                  now=quick_stories.now)  # fmt: skip
    assert quick_stories.rows(JournalEntry, action="open")
