"""On the village board: seven whole days, never shortened; objections in time and too late."""

from datetime import date, timedelta

import pytest

from tests.district import District
from workflow.errors import FormRefused, NotNow, NotPermitted, Unmet
from workflow.models import Deadline
from workflow.periods import at_local
from workflow.roles import COUNTY_REVIEWER, TOWN_REVIEWER

LAST_DAYS = [
    ("2016-09-05", date(2016, 9, 12)),  # Monday to Monday
    ("2016-09-08", date(2016, 9, 18)),  # 09-15 to 17 is Mid-Autumn, Sunday the 18th a working day
    ("2016-09-10", date(2016, 9, 18)),  # posted on a Saturday
    ("2016-09-13", date(2016, 9, 20)),
    ("2016-09-26", date(2016, 10, 8)),  # over National Day; Saturday the 8th is worked
    ("2016-09-30", date(2016, 10, 8)),
    ("2021-09-24", date(2021, 10, 8)),  # NAT2021, ends on 10-01
]


@pytest.mark.parametrize("posted, last", LAST_DAYS)
def test_a_notice_hangs_through_its_last_day(quick: District, posted: str, last: date) -> None:
    quick.day(max(date(2016, 9, 5), date.fromisoformat(posted) - timedelta(days=1)))
    case = quick.bring(quick.application(), "posting")
    quick.day(posted)
    quick.do(case, "post")
    assert quick.notices(case)[0].until == last
    assert quick.deadline(case, "minimum:publicity").due_on == last

    for day in (quick.today + timedelta(days=1), last):
        quick.clock.move(at_local(day, 23))
        assert "不能提前结束" in str(quick.refused(Unmet, case, "take_down"))
    quick.clock.move(at_local(last + timedelta(days=1)))
    quick.do(case, "take_down")
    assert quick.notices(case)[0].taken_down_on == last + timedelta(days=1)
    assert quick.deadline(case, "minimum:publicity").state == "met"


def test_the_days_that_pass_close_nothing(district: District) -> None:
    case = district.bring(district.application(), "publicity")
    district.live_until("2016-10-14", step=3)
    assert district.stage(case) == "publicity"
    assert district.deadline(case, "stage:publicity").overdue is True
    district.do(case, "take_down")
    assert district.broken() == {}


def test_a_notice_is_registered_on_the_day_it_is_posted_and_with_a_photograph(district: District) -> None:
    case = district.bring(district.application(), "posting")
    district.day("2016-09-06")
    district.refused(FormRefused, case, "post", posted_on="2016-09-05")
    district.refused(Unmet, case, "post", papers=False)
    district.do(case, "post")
    district.day("2016-09-18")
    district.refused(Unmet, case, "take_down", papers=False)
    district.refused(FormRefused, case, "take_down", complete=False)


def test_a_gap_begins_the_seven_days_anew(district: District) -> None:
    case = district.bring(district.application(), "publicity")
    district.day("2016-09-09")
    district.do(case, "repost", reason="公示栏被雨淋坏，已重新张贴")
    old, new = district.notices(case)
    assert (old.taken_down_on, new.posted_on, new.until) == (
        date(2016, 9, 9),
        date(2016, 9, 9),
        date(2016, 9, 18),
    )
    district.day("2016-09-13")
    district.refused(Unmet, case, "take_down")
    district.day("2016-09-19")
    district.do(case, "take_down")
    assert [row.state for row in district.rows(Deadline, case, kind="minimum:publicity")] == [
        "cancelled",
        "met",
    ]
    assert district.broken() == {}


@pytest.mark.parametrize(
    "day, hour, in_time",
    [("2016-09-06", 9, True), ("2016-09-12", 23, True), ("2016-09-13", 0, False), ("2016-09-14", 10, False)],
)
def test_an_objection_is_in_time_until_midnight_of_the_last_day(
    quick: District, day: str, hour: int, in_time: bool
) -> None:
    case = quick.bring(quick.application(), "publicity")
    quick.day(day, hour)
    if in_time:
        quick.do(case, "object_", content="反映该户另有收入")
        assert quick.stage(case) == "objected"
        assert quick.case(quick.child(case, "objection")).facts["content"] == "反映该户另有收入"
        return
    assert "期满" in str(quick.refused(Unmet, case, "object_"))
    quick.do(case, "take_down")
    quick.do(case, "note_late_objection")
    row = quick.case(case)
    assert (row.stage, row.facts["late_objections"], row.facts["doubt"]) == ("forwarding", 1, True)
    assert quick.bring(case, "county_review")
    assert quick.case(case).facts["sampled"] is True


def test_a_late_objection_to_a_notice_still_hanging_is_recorded_too(district: District) -> None:
    """The last day is over, the notice not yet taken down: nothing said may be lost."""
    case = district.bring(district.application(), "publicity")
    district.day("2016-09-13")
    district.refused(Unmet, case, "object_")
    district.do(case, "note_late_objection")
    assert district.stage(case) == "publicity"
    assert district.case(case).facts["late_objections"] == 1
    district.do(case, "take_down")


@pytest.mark.parametrize("edition_day, term", [("2016-09-05", "20wd"), ("2021-09-06", "10wd")])
def test_an_objection_is_looked_into_before_it_is_answered(
    district: District, edition_day: str, term: str
) -> None:
    from workflow.periods import parse_rule

    district.day(edition_day)
    case = district.bring(district.application(), "publicity")
    district.do(case, "object_")
    objection = district.child(case, "objection")
    expected = parse_rule(term).due(district.today, district.office.calendar)
    assert district.deadline(objection, "stage:inquiring").due_on == expected
    assert district.notices(case)[0].taken_down_on == district.today

    district.refused(Unmet, objection, "reject")
    district.refused(NotPermitted, case, "objection_rejected", district.staff(TOWN_REVIEWER), reason="不成立")
    district.do(objection, "inquire")
    district.refused(FormRefused, objection, "reject", reason="")
    district.do(objection, "reject", reason="反映的收入已计入，异议不成立")
    assert district.stage(case) == "forwarding"
    answered = next(entry for entry in district.journal(case) if entry.action == "objection_rejected")
    assert answered.origin == f"{district.case(objection).number}#3"
    assert district.broken() == {}


def test_an_upheld_objection_is_investigated_anew_in_2016(district: District) -> None:
    case = district.bring(district.application(), "publicity")
    district.do(case, "object_")
    _uphold(district, case)
    assert district.stage(case) == "investigating"
    assert district.case(case).clocks.keys() >= {"investigation", "town"}
    district.bring(case, "publicity")
    assert len(district.notices(case)) == 2
    district.bring(case, "on_benefit")
    assert district.broken() == {}


@pytest.mark.parametrize(
    "way, stage", [("reinvestigate", "investigating"), ("appraise_instead", "appraising")]
)
@pytest.mark.parametrize("delegated", [False, True])
def test_an_upheld_objection_under_national_law_is_reinvestigated_or_appraised(
    quick: District, delegated: bool, way: str, stage: str
) -> None:
    if delegated:
        quick.delegate()
    quick.day("2021-09-06")
    case = quick.bring(quick.application(), "publicity")
    quick.do(case, "object_")
    _uphold(quick, case)
    assert quick.stage(case) == "rechecking"
    quick.do(case, way)
    assert quick.stage(case) == stage
    quick.bring(case, "on_benefit")
    assert quick.broken() == {}


def test_national_law_has_no_appraisal_without_an_objection(district: District) -> None:
    district.day("2021-09-06")
    case = district.bring(district.application(), "investigating")
    district.refused(NotNow, case, "appraise")


def test_the_second_publicity_hangs_seven_days_too_and_has_its_own_photographs(district: District) -> None:
    case = district.bring(district.application(), "forwarding")
    district.day("2016-09-14")
    district.bring(case, "second_posting")
    district.refused(Unmet, case, "post_second", papers=False)
    district.do(case, "post_second")
    assert district.notices(case)[-1].until == date(2016, 9, 21)
    district.day("2016-09-21", 23)
    district.refused(Unmet, case, "take_down_second")
    district.day("2016-09-22")
    district.refused(Unmet, case, "take_down_second", papers=False)
    district.do(case, "take_down_second")
    assert district.stage(case) == "decision"
    shown = district.notices(case)[-1].content
    assert "opinion" not in shown


def test_an_objection_to_the_second_publicity_is_answered_and_published_again(district: District) -> None:
    case = district.bring(district.application(), "second_publicity")
    district.do(case, "object_second")
    objection = district.child(case, "objection")
    district.do(objection, "inquire", district.staff(COUNTY_REVIEWER))
    district.do(objection, "reject", district.staff(COUNTY_REVIEWER))
    assert district.stage(case) == "second_posting"
    district.bring(case, "on_benefit")
    assert [n.kind for n in district.notices(case)] == ["first", "second", "second"]
    assert district.broken() == {}


def test_an_upheld_objection_to_the_second_publicity_goes_back_to_the_town(district: District) -> None:
    case = district.bring(district.application(), "second_publicity")
    district.do(case, "object_second")
    _uphold(district, case)
    assert district.stage(case) == "investigating"
    district.bring(case, "on_benefit")
    assert district.broken() == {}


def _uphold(district: District, case: int) -> None:
    objection = district.child(case, "objection")
    district.do(objection, "inquire")
    district.do(objection, "uphold", reason="反映的情况属实，需要重新核实")
