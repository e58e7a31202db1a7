"""变化线索: noticed, looked into, and what is true starts what it must."""

import pytest

from definitions import clue
from tests.district import District
from tests.journey import Journey
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import FormRefused, NotFound, NotPermitted
from workflow.models import LifeEvent, Person, User
from workflow.roles import INVESTIGATOR, TOWN_REVIEWER, VILLAGE_AGENT, WINDOW


def reported(district: District, household: int, kind: str = "car", **more) -> Journey:
    """A clue of the village agent, handed in by the function the desks use."""
    with district.database.acting() as conn:
        case = clue.report(
            district.office, conn, household_id=household, kind=kind,
            **{"person_id": None, "text": "邻居说上个月买了车", "channel": "agent", "actor": district.staff(VILLAGE_AGENT),
               "now": district.now} | more,
        )  # fmt: skip
    return Journey(district, case.id)


def on_benefit(district: District, members: int = 2) -> tuple[int, int]:
    case = district.on_benefit(members=members)
    district.day("2016-10-12")
    return case, int(district.case(case).subject_id)


def test_a_true_clue_opens_the_review_of_the_benefit(quick):
    case, household = on_benefit(quick)
    found = reported(quick, household).stands("待分派", held_by="乡镇审核人", due="2016-10-14")
    found.does("交人核查").stands("核查中", held_by="入户调查员")
    found.does("登记核查情况").stands("待认定", held_by="乡镇审核人", due="2016-10-27")
    found.does("属实", follow_up="review").stands("待反馈", held_by="窗口受理员")
    review = quick.child(case, "dynamic_review")
    assert quick.case(review).facts["trigger"] == "property"
    assert quick.case(found.case).facts["led_to"] == quick.case(review).number
    found.cannot("反馈报告人，办结", because="没有留下姓名")
    found.does("无须反馈，办结").ended("confirmed")
    assert quick.messages(found.case, "clue_settled")
    assert quick.broken() == {}


def test_a_death_found_out_is_recorded_and_reviewed_within_three_months(quick):
    case, household = on_benefit(quick)
    head, spouse = quick.people(case)
    found = (
        reported(quick, household, "death", person_id=spouse, text="听说老伴去世了")
        .does("交人核查")
        .does("登记核查情况")
    )
    found.cannot("属实", dead=[], because="请选一名死亡的成员")
    found.does("属实", happened_on="2016-10-08", dead=[spouse], follow_up="review")
    assert quick.people(case) == [head]
    assert str(quick.deadline(quick.child(case, "dynamic_review"), "span:review").due_on) == "2017-01-09"
    (event,) = quick.rows(LifeEvent)
    assert (event.kind, event.person_id, event.evidence) == ("death", spouse, quick.case(found.case).number)


def test_a_family_without_benefit_is_taken_up_by_an_intake(quick):
    household = quick.family()
    found = reported(quick, household, "illness", text="得了重病").does("交人核查").does("登记核查情况")
    found.cannot("属实", follow_up="review", because="没有正在享受的救助")
    found.does("属实", follow_up="intake").linked("综合受理").stands("登记中", held_by="窗口受理员")


def test_what_is_not_so_or_known_ends_without_a_review(quick):
    case, household = on_benefit(quick)
    for verdict, result in (("不实", "unfounded"), ("已经掌握", "known")):
        found = (
            reported(quick, household)
            .does("交人核查")
            .does("登记核查情况")
            .does("补充核查")
            .does("登记核查情况")
        )
        found.does(verdict, reason="车是借来的，已核实").does("无须反馈，办结").ended(result)
    with pytest.raises(AssertionError):
        quick.child(case, "dynamic_review")


def test_a_true_clue_on_a_benefit_is_not_merely_noted(quick):
    _, household = on_benefit(quick)
    found = reported(quick, household).does("交人核查").does("登记核查情况")
    found.cannot("属实", follow_up="none", because="应当启动复核")


def test_who_gave_his_name_is_answered(quick):
    _, household = on_benefit(quick)
    found = reported(
        quick,
        household,
        channel="public",
        reporter="周先生",
        contact="13800000000",
        actor=quick.staff(WINDOW),
    )
    found.does("交人核查").does("登记核查情况").does("不实", reason="车是借来的，已核实")
    found.cannot("无须反馈，办结", because="应当先反馈结果")
    found.does("反馈报告人，办结").ended("unfounded")


def test_whoever_it_is_about_keeps_out_of_it(quick):
    _, household = on_benefit(quick)
    about = quick.staff(INVESTIGATOR)
    found = reported(quick, household, about_staff=(about.id,)).does("交人核查")
    (task,) = found.tasks()
    assert task.assignee_id not in {None, about.id}
    found.cannot("登记核查情况", by=about)
    reviewer = quick.staff(TOWN_REVIEWER)
    person = quick.people(found.case)[0]
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        session.get_one(User, reviewer.id).person_id = session.get_one(Person, person).id
        session.flush()
    other = reported(quick, household, person_id=person)
    other.cannot("交人核查", by=reviewer)
    other.does("交人核查", by=quick.staff(TOWN_REVIEWER, 2))


def test_the_reviewer_is_not_the_one_who_looked(quick):
    _, household = on_benefit(quick)
    found = reported(quick, household).does("交人核查")
    (task,) = found.tasks()
    looked = quick.person(task.assignee_id)
    found.does("登记核查情况", by=looked)
    found.cannot("不实", by=looked)


def test_it_is_late_after_fifteen_days(quick):
    _, household = on_benefit(quick)
    found = reported(quick, household).does("交人核查")
    found.waits("2016-10-28").is_late()


def test_a_comparison_of_data_reports_by_itself(quick):
    _, household = on_benefit(quick)
    found = reported(quick, household, "job", channel="data", text="社保库有新参保记录", actor=SYSTEM_ACTOR)
    found.stands("待分派", held_by="乡镇审核人").does("交人核查").does("登记核查情况").does(
        "属实", follow_up="review"
    )
    found.does("无须反馈，办结").ended("confirmed")


def test_a_clue_needs_a_family_a_text_and_a_reporter(quick):
    household = quick.family()
    for refusal, given in (
        (NotFound, {"household": 99}), (FormRefused, {"text": ""}), (FormRefused, {"kind": "wedding"}),
        (FormRefused, {"reporter": "周先生"}), (NotFound, {"area_code": "330212102200"}),
        (NotPermitted, {"actor": quick.staff("county_approver")}),
    ):  # fmt: skip
        more = dict(given)
        with pytest.raises(refusal):
            reported(quick, more.pop("household", household), **more)
