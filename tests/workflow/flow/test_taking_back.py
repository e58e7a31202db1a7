"""撤回: one's own last act, until somebody opens what follows; every deadline goes on from its own start."""

import pytest

from tests.workflow.flow.conftest import Stories
from workflow import tasks
from workflow.errors import NotPermitted, Unmet
from workflow.models import Deadline
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER

WHY = "发现走访表有误，撤回修改"


def test_the_case_stands_where_it_was_and_the_journal_keeps_both(stories: Stories) -> None:
    case = stories.begin("looking")
    stories.do(stories.child(case, "inquiry"), "answer")
    stories.do(case, "visit")
    before = {
        d.kind: (d.started_on, d.due_on, d.state) for d in stories.rows(Deadline, case) if d.state == "open"
    }
    clocks, me = stories.case(case).clocks, stories.staff(TOWN_REVIEWER, 2)
    stories.do(case, "conclude", me)
    stories.days(2)
    stories.verb(case, "take_back", me, reason=WHY)
    after = stories.case(case)
    assert (after.stage, after.clocks, after.facts) == ("looking", clocks, {})
    assert {
        d.kind: (d.started_on, d.due_on, d.state) for d in stories.rows(Deadline, case) if d.state == "open"
    } == before
    assert [(t.part, t.assignee_id) for t in stories.tasks(case)] == [("", me.id)]
    assert stories.actions_done(case)[-2:] == ["conclude", "take_back"]
    assert stories.journal(case)[-1].reason == WHY
    stories.do(case, "conclude", me)
    assert stories.stage(case) == "reviewing"
    stories.sound()


def test_a_deadline_that_ended_with_the_act_runs_on_and_reminds_on_its_day(quick_stories: Stories) -> None:
    case = quick_stories.begin("forwarding")
    me = quick_stories.staff(TOWN_REVIEWER, 2)
    due = quick_stories.deadline(case, "stage:forwarding").due_on
    quick_stories.do(case, "forward", me)
    assert quick_stories.deadline(case, "stage:forwarding").state == "met"
    quick_stories.verb(case, "take_back", me, reason=WHY)
    limit = quick_stories.deadline(case, "stage:forwarding")
    assert (limit.state, limit.due_on, limit.overdue) == ("open", due, False)
    assert quick_stories.deadline(case, "stage:county").state == "cancelled"
    quick_stories.live_until("2016-09-20")
    assert quick_stories.deadline(case, "stage:forwarding").overdue
    assert quick_stories.actions_done(case).count("overdue") == 1
    quick_stories.sound()


def test_once_the_next_holder_has_opened_it_the_button_is_gone_and_the_reason_said(stories: Stories) -> None:
    case = stories.begin("forwarding")
    me, next_one = stories.staff(TOWN_REVIEWER, 2), stories.staff(COUNTY_REVIEWER, 3)
    stories.do(case, "forward", me)
    stories.opened(case, me)
    stories.opened(case, stories.staff(TOWN_REVIEWER, 3))
    stories.opened(case, next_one)
    with pytest.raises(Unmet, match=f"{next_one.name}已经打开"):
        stories.verb(case, "take_back", me, reason=WHY)
    assert stories.stage(case) == "county"


def test_once_it_is_taken_or_acted_on_it_is_too_late(quick_stories: Stories) -> None:
    case = quick_stories.begin("forwarding")
    me, next_one = quick_stories.staff(TOWN_REVIEWER, 2), quick_stories.staff(COUNTY_REVIEWER, 3)
    quick_stories.do(case, "forward", me)
    with quick_stories.database.acting() as conn:
        tasks.claim(
            quick_stories.office, conn, quick_stories.tasks(case)[0].id, actor=next_one, now=quick_stories.now
        )
    with pytest.raises(Unmet, match="签收了待办"):
        quick_stories.verb(case, "take_back", me, reason=WHY)


@pytest.mark.parametrize(
    "stage, what", [("looking", "accept"), ("posted", "propose"), ("county", "everybody_ask")]
)
def test_only_what_the_definition_allows_is_taken_back(quick_stories: Stories, stage: str, what: str) -> None:
    case = quick_stories.begin(stage)
    if what == "everybody_ask":
        quick_stories.do(case, what)
    actor = next(a for a in quick_stories._staff if a.id == quick_stories.journal(case)[-1].actor_id)
    with pytest.raises(NotPermitted):
        quick_stories.verb(case, "take_back", actor, reason=WHY)


def test_nobody_takes_back_what_another_did(quick_stories: Stories) -> None:
    case = quick_stories.begin("forwarding")
    quick_stories.do(case, "forward", quick_stories.staff(TOWN_REVIEWER, 2))
    with pytest.raises(NotPermitted):
        quick_stories.verb(case, "take_back", quick_stories.staff(TOWN_REVIEWER, 3), reason=WHY)
