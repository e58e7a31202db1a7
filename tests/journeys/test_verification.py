"""A check of means as a case: signed for, asked, answered, reported; or not asked again while a report holds."""

from datetime import date

from tests.district import District
from workflow.errors import Unmet
from workflow.roles import VERIFIER


def test_a_report_on_file_serves_the_next_programme_until_it_is_too_old(quick: District) -> None:
    first = quick.bring(quick.application(), "investigating")
    check = quick.check(first)
    household = quick.case(first).subject_id
    quick.do(first, "withdraw")
    quick.day("2017-03-03")
    second = quick.bring(quick.application(household), "investigating")
    taken = quick.child(second, "verification")
    quick.do(taken, "take_report")
    assert quick.case(second).facts["check"] == "match"
    assert quick.case(taken).facts["taken_from"] == quick.case(check).number
    quick.do(second, "withdraw")
    quick.day("2017-03-06")
    third = quick.bring(quick.application(household), "investigating")
    assert "有效期" in str(quick.refused(Unmet, quick.child(third, "verification"), "take_report"))
    quick.check(third)


def test_a_verifier_opens_a_check_that_no_case_asked_for(quick: District) -> None:
    household = quick.family()
    alone = quick.open(household, "verification", VERIFIER)
    assert "授权书" in str(quick.refused(Unmet, alone, "ask"))
    quick.do(alone, "sign")
    quick.do(alone, "ask")
    quick.do(alone, "take_answer", answered_on=date(2016, 9, 1).isoformat())
    quick.do(alone, "report")
    assert quick.case(alone).result == "reported"
