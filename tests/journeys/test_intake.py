"""At the window: acceptance, the one correction notice, what lapses, what is not accepted, and which law applies."""

from datetime import date

import pytest

from tests.district import District
from workflow.errors import FormRefused, NotNow, NotPermitted, Unmet
from workflow.roles import TOWN_REVIEWER, VILLAGE_AGENT, WINDOW


def test_the_one_correction_notice_lists_every_gap(district: District) -> None:
    case = district.application(members=3, minors=1)
    head, spouse, _child = district.people(case)
    district.do(case, "submit", authorised=[head])
    district.attach(case, "application", "identity")

    refusal = district.refused(Unmet, case, "accept", papers=False)
    assert "家庭收入和财产声明" in refusal.message
    district.do(case, "notify_missing", more="补交户口簿首页")

    gaps = district.case(case).facts["gaps"]
    assert gaps[:3] == ["家庭收入和财产声明", "核对授权书", "诚信承诺书"]
    assert gaps[3].endswith("的核对授权")
    assert gaps[4:] == ["补交户口簿首页"]

    district.refused(NotNow, case, "notify_missing")
    district.refused(Unmet, case, "complete", papers=False)
    district.do(case, "complete", authorised=[head, spouse])
    assert (district.stage(case), district.case(case).facts["gaps"]) == (
        "accepted",
        gaps,
    )  # the notice can be printed again
    assert district.actions_done(case).count("notify_missing") == 1


def test_complete_papers_need_no_correction_notice(district: District) -> None:
    case = district.application()
    district.do(case, "submit")
    district.attach(case, "application", "identity", "statement", "authorisation", "undertaking")
    district.refused(Unmet, case, "notify_missing")


def test_an_adult_who_has_not_signed_is_asked_for_even_when_all_papers_are_there(district: District) -> None:
    case = district.application()
    head, _ = district.people(case)
    district.do(case, "submit", authorised=[head])
    refusal = district.refused(Unmet, case, "accept")
    assert "的核对授权" in refusal.message


@pytest.mark.parametrize(
    "day, allowed",
    [("2016-10-08", False), ("2016-10-09", True)],  # 30 days from 2016-09-05 end in the National Day week
)
def test_an_uncorrected_application_lapses_by_a_clerks_act_after_the_last_day_only(
    quick: District, day: str, allowed: bool
) -> None:
    case = quick.application()
    quick.do(case, "submit")
    quick.do(case, "notify_missing")
    assert quick.deadline(case, "stage:correcting").due_on == date(2016, 10, 8)
    quick.live_until(day)
    assert quick.stage(case) == "correcting"
    if not allowed:
        quick.refused(Unmet, case, "lapse")
        return
    quick.do(case, "lapse")
    assert (quick.stage(case), quick.case(case).result) == ("withdrawn", "withdrawn")
    again = quick.application(quick.case(case).subject_id)
    quick.do(again, "submit")


def test_an_application_for_another_town_is_refused_at_the_window_with_reason_and_the_right_place(
    district: District,
) -> None:
    case = district.application()
    district.do(case, "submit")
    district.refused(FormRefused, case, "accept", hukou_ok=False)
    assert set(district.refused(FormRefused, case, "refuse_intake", reason="", right_place="").errors) == {
        "reason",
        "right_place",
    }  # type: ignore[attr-defined]
    district.do(case, "refuse_intake", reason="户籍不在本镇，不能受理", right_place="姜山镇社会救助窗口")
    assert district.case(case).result == "not_accepted"
    assert district.journal(case)[-1].reason == "户籍不在本镇，不能受理"


def test_a_village_agent_files_on_written_entrustment_only(district: District) -> None:
    case = district.open(district.family(), by=VILLAGE_AGENT)
    agent = district.staff(VILLAGE_AGENT)
    district.refused(FormRefused, case, "submit", agent, by_agent=False)
    district.do(case, "submit", agent, by_agent=True)
    district.attach(case, "application", "identity", "statement", "authorisation", "undertaking")
    assert "委托书" in str(district.refused(Unmet, case, "accept", papers=False))
    district.do(case, "accept")


def test_a_family_applies_once_at_a_time(district: District) -> None:
    first = district.application()
    district.do(first, "submit")
    second = district.application(district.case(first).subject_id)
    assert district.case(first).number in str(district.refused(Unmet, second, "submit"))
    district.do(second, "discard")
    assert district.case(second).result == "discarded"


@pytest.mark.parametrize("stage", ["submitted", "accepted", "investigating", "appraising", "opinion"])
def test_the_applicant_may_withdraw_in_writing_until_the_opinion(quick: District, stage: str) -> None:
    case = quick.bring(quick.application(), stage)
    quick.refused(Unmet, case, "withdraw", papers=False)
    quick.do(case, "withdraw", reason="申请人书面撤回申请")
    row = quick.case(case)
    assert (row.stage, row.result, row.clocks) == ("withdrawn", "withdrawn", {})
    assert quick.tasks(case) == []
    if stage == "investigating":
        quick.do(quick.child(case, "verification"), "drop")
    assert quick.broken() == {}


def test_after_publication_there_is_no_way_to_withdraw(quick: District) -> None:
    case = quick.bring(quick.application(), "publicity")
    quick.refused(NotNow, case, "withdraw")


def test_a_declared_near_relative_is_registered_and_kept_out(district: District) -> None:
    reviewer = district.staff(TOWN_REVIEWER)
    case = district.application()
    district.do(case, "submit", near_relatives=[{"staff_name": reviewer.name, "relation": "sibling"}])
    row = district.case(case)
    assert row.facts["near_relative"] is True
    assert row.barred == [reviewer.id]
    district.bring(case, "opinion")
    assert "近亲属" in str(district.refused(NotPermitted, case, "propose_approve", reviewer))
    district.bring(case, "county_review")
    assert district.case(case).facts["sampled"] is True


def test_a_relation_that_comes_to_light_later_bars_too(district: District) -> None:
    clerk = district.staff(WINDOW)
    case = district.bring(district.application(), "accepted")
    district.do(case, "declare", district.staff(TOWN_REVIEWER), staff_name=clerk.name, relation="child")
    district.refused(NotPermitted, case, "start", clerk)
    district.do(case, "start")
    assert district.journal(case)[-1].actor_id != clerk.id


@pytest.mark.parametrize(
    "accepted, edition, after_investigation",
    [("2021-06-30", "NB2016", "appraising"), ("2021-07-01", "NAT2021", "opinion")],
)
def test_the_law_of_the_day_of_acceptance_stays_with_the_case(
    district: District, accepted: str, edition: str, after_investigation: str
) -> None:
    district.day("2021-06-30")
    case = district.application()
    district.do(case, "submit")
    assert district.case(case).edition == "NB2016"
    district.day(accepted, 16)
    district.do(case, "accept")
    assert district.case(case).edition == edition
    district.day("2021-07-02")
    district.bring(case, after_investigation)
    district.bring(case, "on_benefit")
    assert district.case(case).edition == edition
    assert len(district.notices(case)) == (2 if edition == "NB2016" else 1)
    assert district.broken() == {}


def test_the_law_binds_on_completion_of_a_corrected_application_too(district: District) -> None:
    district.day("2021-06-28")
    case = district.application()
    district.do(case, "submit")
    district.do(case, "notify_missing")
    district.day("2021-07-01", 9)
    district.do(case, "complete")
    assert district.case(case).edition == "NAT2021"
    assert district.deadline(case, "span:overall").due_on == date(2021, 8, 12)
    assert district.broken() == {}
