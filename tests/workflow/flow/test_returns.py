"""退回 and 直送回: only to stages passed, with what must be mended, straight back where nothing lawful is left out."""

from tests.workflow.flow.conftest import Stories
from workflow.errors import FormRefused, NotPermitted, Unmet
from workflow.flow.returns import what_to_mend
from workflow.models import Case, CasePart
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER, WINDOW

POINTS = [{"what": "请补充收入证明"}, {"what": "走访表缺签字"}]


def test_it_goes_back_with_every_point_and_straight_back_when_they_are_mended(stories: Stories) -> None:
    case = stories.begin("reviewing")
    town = stories.case(case).clocks
    stories.refused(FormRefused, case, "town_return_to_filed", points=[])
    stories.do(case, "town_return_to_filed", code="papers", points=POINTS)
    assert stories.journal(case)[-1].reason == "材料不齐或不符：1. 请补充收入证明；2. 走访表缺签字"
    with stories.database.reading() as session:
        mend = what_to_mend(session, stories.office, session.get_one(Case, case))
    assert mend
    assert (mend["from"], mend["points"]) == ("reviewing", ["请补充收入证明", "走访表缺签字"])
    stories.do(case, "straight_to_reviewing", WINDOW)
    after = stories.case(case)
    assert (after.stage, after.clocks) == ("reviewing", town)
    with stories.database.reading() as session:
        assert what_to_mend(session, stories.office, session.get_one(Case, case)) is None
    stories.sound()


def test_only_what_was_sent_back_goes_straight_back_and_only_by_who_holds_it(quick_stories: Stories) -> None:
    case = quick_stories.begin("forwarding")
    assert "不是由" in str(quick_stories.refused(Unmet, case, "straight_to_county"))
    quick_stories.do(case, "forward")
    quick_stories.refused(
        NotPermitted, case, "county_return_to_forwarding", quick_stories.staff(TOWN_REVIEWER)
    )
    quick_stories.do(case, "county_return_to_forwarding")
    quick_stories.refused(NotPermitted, case, "straight_to_county", quick_stories.staff(COUNTY_REVIEWER))
    quick_stories.do(case, "straight_to_county")
    assert quick_stories.stage(case) == "county"


def test_the_ordinary_way_answers_a_return_as_well(quick_stories: Stories) -> None:
    case = quick_stories.begin("county")
    quick_stories.do(case, "county_return_to_forwarding")
    quick_stories.do(case, "forward")
    quick_stories.do(case, "county_return_to_reviewing")
    quick_stories.do(case, "propose")
    quick_stories.do(case, "take_down")
    quick_stories.refused(Unmet, case, "straight_to_county")


def test_a_return_inside_a_return_leaves_the_outer_one_to_be_answered(quick_stories: Stories) -> None:
    case = quick_stories.begin("deciding")
    quick_stories.do(case, "approver_return_to_county")
    quick_stories.do(case, "county_return_to_forwarding")
    quick_stories.do(case, "straight_to_county")
    quick_stories.do(case, "straight_to_deciding")
    assert quick_stories.stage(case) == "deciding"
    quick_stories.sound()


def test_who_goes_straight_back_has_had_the_hand(quick_stories: Stories) -> None:
    case = quick_stories.begin("deciding")
    quick_stories.do(case, "approver_return_to_county")
    me = quick_stories.everything
    quick_stories.do(case, "straight_to_deciding", me)
    assert me.id in quick_stories.case(case).hands["county_review"]
    quick_stories.do(case, "joint_ask")
    assert "分离原则" in str(quick_stories.refused(NotPermitted, case, "decide", me))


def test_a_stage_not_passed_is_no_target(quick_stories: Stories) -> None:
    case = quick_stories.begin("looking")
    quick_stories.do(quick_stories.child(case, "inquiry"), "answer")
    quick_stories.do(case, "visit")
    quick_stories.do(case, "conclude")
    me = next(a for a in quick_stories._staff if a.id == quick_stories.journal(case)[-1].actor_id)
    quick_stories.verb(case, "take_back", me, reason="发现有误，撤回")
    quick_stories.do(case, "town_return_to_filed")
    quick_stories.refused(Unmet, case, "straight_to_reviewing")
    quick_stories.do(case, "straight_to_looking")


def test_finished_parts_stand_but_for_those_to_be_done_anew(stories: Stories) -> None:
    case = stories.begin("reviewing")
    stories.do(case, "town_return_to_looking", redo=["visit"])
    visit = stories.case(case).visit
    states = {p.code: p.state for p in stories.rows(CasePart, case) if p.visit == visit}
    assert states == {"inquiry": "done", "visit": "open"}
    assert len(stories.rows(Case, definition="inquiry", parent_id=case)) == 1
    assert {t.part for t in stories.tasks(case)} == {"", "visit"}
    stories.do(case, "visit")
    stories.do(case, "conclude")
    stories.do(case, "town_return_to_looking", redo=["inquiry"])
    assert len(stories.rows(Case, definition="inquiry", parent_id=case)) == 2
    stories.sound()


def test_what_goes_on_beside_is_kept_until_the_case_comes_back(quick_stories: Stories) -> None:
    case = quick_stories.begin("looking")
    quick_stories.do(case, "town_return_to_filed")
    inquiry = quick_stories.child(case, "inquiry")
    assert quick_stories.stage(inquiry) == "asked"
    quick_stories.do(case, "straight_to_looking")
    assert quick_stories.child(case, "inquiry") == inquiry
    quick_stories.do(inquiry, "answer")
    assert [p.state for p in quick_stories.rows(CasePart, case, code="inquiry")][-1] == "done"
    quick_stories.sound()


def test_no_straight_back_while_what_was_to_be_done_anew_is_open(quick_stories: Stories) -> None:
    case = quick_stories.begin("deciding")
    quick_stories.do(case, "approver_return_to_county")
    quick_stories.do(case, "everybody_ask")
    assert "会签" in str(quick_stories.refused(Unmet, case, "straight_to_deciding"))
