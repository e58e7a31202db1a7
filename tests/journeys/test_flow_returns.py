"""退回 and 直送回 in 低保 and 复核: the town, the county and the approver send back, in all editions alike."""

import pytest

from tests.district import BOTH, District
from tests.journeys.test_county import start
from workflow.errors import Unmet
from workflow.models import Case, CasePart
from workflow.roles import TOWN_REVIEWER, WINDOW

EDITIONS = pytest.mark.parametrize("edition", ["NB2016", "NAT2021", "NAT2021-DELEGATED"])
POINTS = [{"what": "补交女儿的在读证明"}, {"what": "走访表补签字"}]


@BOTH
@EDITIONS
def test_the_town_has_papers_mended_at_the_window_and_goes_straight_on(
    district: District, edition: str
) -> None:
    start(district, edition)
    case = district.bring(district.application(), "opinion")
    before = district.case(case)
    district.do(case, "town_return_to_accepted", code="papers", points=POINTS)
    assert district.stage(case) == "accepted"
    assert "补交女儿的在读证明；2. 走访表补签字" in district.journal(case)[-1].reason
    (task,) = district.tasks(case)
    assert task.role == WINDOW.code
    district.days(1)
    district.do(case, "straight_to_opinion")
    after = district.case(case)
    whole = {"NB2016": "town"}.get(edition, "overall")
    assert (after.stage, after.clocks[whole], after.accepted_on) == (
        "opinion",
        before.clocks[whole],
        before.accepted_on,
    )
    assert district.rows(Case, definition="verification", parent_id=case)[1:] == []
    district.do(case, "propose_approve")


@EDITIONS
def test_a_visit_is_done_anew_while_the_information_check_stands(quick: District, edition: str) -> None:
    start(quick, edition)
    case = quick.bring(quick.application(), "opinion")
    quick.do(case, "town_return_to_investigating", code="facts", points=POINTS, redo=["visit"])
    here = [p for p in quick.rows(CasePart, case) if p.visit == quick.case(case).visit]
    assert {p.code: p.state for p in here} == {"check": "done", "visit": "open", "neighbours": "open"}
    assert len(quick.rows(Case, definition="verification", parent_id=case)) == 1
    quick.refused(Unmet, case, "conclude")
    quick.do(case, "visit")
    quick.do(case, "conclude")
    quick.bring(case, "posting")


@BOTH
@pytest.mark.parametrize("edition", ["NB2016", "NAT2021"])
def test_the_county_asks_for_papers_and_the_town_sends_them_straight_back(
    district: District, edition: str
) -> None:
    start(district, edition)
    case = district.bring(district.application(), "county_review")
    draws = len(district.actions_done(case))
    district.do(case, "county_return_to_forwarding", code="procedure", points=POINTS)
    assert "county" not in district.case(case).clocks
    district.do(case, "straight_to_county_review")
    after = district.case(case)
    assert after.stage == "county_review"
    assert "county" in after.clocks
    done = [action for action in district.actions_done(case)[draws:] if action != "assign"]
    assert done == ["county_return_to_forwarding", "straight_to_county_review"]
    assert "已退回补充过一次" in str(district.refused(Unmet, case, "county_return_to_opinion"))


def test_the_approver_sends_back_and_in_2016_a_second_publicity_is_never_passed_over(quick: District) -> None:
    case = quick.bring(quick.application(), "decision")
    quick.do(case, "approver_return_to_county_review")
    assert "straight_to_decision" not in quick.office.catalogue.of(quick.case(case)).actions
    quick.do(case, "agree")
    assert quick.stage(case) == "second_posting"
    quick.day("2021-09-06")
    case = quick.bring(quick.application(), "decision")
    reviewer = quick.case(case).hands["county_review"]
    quick.do(case, "approver_return_to_county_review")
    quick.do(case, "straight_to_decision")
    assert set(quick.case(case).hands["county_review"]) >= set(reviewer)
    quick.do(case, "approve")


@EDITIONS
def test_a_review_goes_back_to_where_it_was_weak(quick: District, edition: str) -> None:
    start(quick, edition)
    benefit = quick.on_benefit()
    quick.do(benefit, "report_change", kind="income")
    review = quick.child(benefit, "dynamic_review")
    quick.do(review, "report")
    quick.check(review)
    quick.do(review, "visit")
    quick.do(review, "conclude")
    quick.do(review, "return_to_collecting", TOWN_REVIEWER, redo=["visit"], points=POINTS)
    assert {t.part for t in quick.tasks(review)} == {"", "visit"}
    quick.do(review, "visit")
    quick.do(review, "conclude")
    quick.do(review, "propose", review_class="A")
    if edition != "NAT2021-DELEGATED":
        quick.do(review, "pass_on")
        quick.do(review, "return_to_reviewing")
        quick.do(review, "straight_to_deciding")
    quick.do(review, "decide")
