"""补办手续: an urgent act goes ahead; until its papers are in, its operator takes no next step and nobody ends the case."""

from tests.workflow.flow.conftest import Stories
from workflow.errors import Unmet
from workflow.models import Deadline, OwedPapers
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER


def urgent(stories: Stories) -> int:
    case = stories.begin("looking")
    stories.do(case, "urgent", stories.staff(TOWN_REVIEWER, 2))
    return case


def test_the_same_operator_waits_another_does_not(stories: Stories) -> None:
    case = urgent(stories)
    me, other = stories.staff(TOWN_REVIEWER, 2), stories.staff(TOWN_REVIEWER, 3)
    limit = stories.rows(OwedPapers, case)[0]
    refused = stories.refused(Unmet, case, "propose", me)
    assert "走访表、证明" in str(refused)
    assert limit.due_on.isoformat() in str(refused)
    stories.do(case, "propose", other)
    assert "补齐以后" in str(stories.refused(Unmet, case, "take_down", me))
    stories.attach(case, "visit_form")
    stories.refused(Unmet, case, "take_down", me)
    stories.attach(case, "proof")
    stories.do(case, "take_down", me)
    assert [d.state for d in stories.rows(Deadline, case, label="补办手续")] == ["met"]
    stories.sound()


def test_nobody_ends_a_case_that_owes_papers(quick_stories: Stories) -> None:
    case = urgent(quick_stories)
    other = quick_stories.staff(TOWN_REVIEWER, 3)
    for word in ("propose", "take_down", "forward"):
        quick_stories.do(case, word, other)
    quick_stories.do(case, "agree")
    signers = [quick_stories.staff(COUNTY_REVIEWER, n) for n in (2, 3)]
    quick_stories.do(case, "joint_ask", signers=[one.id for one in signers])
    for one in signers:
        quick_stories.do(case, "joint_sign", one)
    assert "补齐以后才能办结" in str(quick_stories.refused(Unmet, case, "decide"))
    quick_stories.attach(case, "visit_form", "proof")
    quick_stories.do(case, "decide")
    quick_stories.sound()


def test_its_limit_reminds_the_one_who_went_ahead_and_outlasts_the_stage(quick_stories: Stories) -> None:
    case = urgent(quick_stories)
    quick_stories.do(case, "propose", quick_stories.staff(TOWN_REVIEWER, 3))
    quick_stories.live_until("2016-09-24")
    told = [m for m in quick_stories.messages(case, "overdue") if m.facts["label"] == "补办手续"]
    assert [m.user_id for m in told] == [quick_stories.staff(TOWN_REVIEWER, 2).id]
    quick_stories.attach(case, "visit_form", "proof")
    assert all(row.settled_at for row in quick_stories.rows(OwedPapers, case))
    assert quick_stories.rows(Deadline, case, label="补办手续")[0].state == "late"


def test_what_is_there_already_is_not_owed(quick_stories: Stories) -> None:
    case = quick_stories.begin("looking")
    quick_stories.attach(case, "visit_form", "proof")
    quick_stories.do(case, "urgent", quick_stories.staff(TOWN_REVIEWER, 2))
    assert quick_stories.rows(OwedPapers, case) == []
    quick_stories.do(case, "propose", quick_stories.staff(TOWN_REVIEWER, 2))
