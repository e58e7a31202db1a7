"""A family certified after the month's list was made is paid for that month too: on a supplementary list, once."""

from datetime import date

import pytest

from definitions.payment_lists import pay_by
from tests.district import BOTH, District
from workflow.models import Case
from workflow.periods import at_local


def lists(district: District, month: str) -> list[Case]:
    return [row for row in district.rows(Case, definition="payment") if row.facts["month"] == month]


@pytest.mark.parametrize(
    "approved, certified, months, made_on",
    [
        ("2016-09-30", "2016-09-30", ["2016-10", "2016-11"], ["2016-10-01", "2016-11-01"]),
        ("2016-09-30", "2016-10-01", ["2016-10", "2016-11"], ["2016-10-02", "2016-11-01"]),
        ("2016-09-30", "2016-10-02", ["2016-10", "2016-11"], ["2016-10-02", "2016-11-01"]),
        ("2016-09-30", "2016-10-31", ["2016-10", "2016-11"], ["2016-10-31", "2016-11-01"]),
        ("2016-09-30", "2016-11-03", ["2016-10", "2016-11"], ["2016-11-03", "2016-11-03"]),
        ("2016-10-01", "2016-10-01", ["2016-11"], ["2016-11-01"]),
        ("2016-10-02", "2016-10-05", ["2016-11"], ["2016-11-01"]),
    ],
)
def test_no_month_is_missed_and_none_is_paid_twice(
    quick: District, approved: str, certified: str, months: list[str], made_on: list[str]
) -> None:
    """Another family is on benefit, so that the list of October is made on the first at ten."""
    known, late = quick.application(members=1), quick.application(members=1)
    quick.bring_all([known, late], "decision")
    quick.bring(known, "on_benefit")
    while quick.today < date(2016, 11, 4):
        quick.day(date.fromordinal(quick.today.toordinal() + 1))
        quick.sweep()
        if quick.today.isoformat() == approved:
            quick.do(late, "approve")
        if quick.today.isoformat() == certified:
            quick.do(late, "certify")
            quick.day(quick.today, 16)
            quick.sweep()
    found = quick.lines(late)
    assert [line.month for line in found] == months
    assert [quick.case(line.list_id).opened_at.date().isoformat() for line in found] == made_on
    assert [line.month for line in quick.lines(known)] == ["2016-10", "2016-11"]
    assert quick.broken() == {}


@BOTH
def test_families_certified_on_one_day_come_on_one_supplementary_list_a_day(district: District) -> None:
    cases = [district.application(members=1) for _ in range(4)]
    district.bring_all(cases, "approved")
    district.do(cases[0], "certify")
    district.live_until("2016-10-01", step=5)
    for day, case in (("2016-10-05", cases[1]), ("2016-10-05", cases[2]), ("2016-10-06", cases[3])):
        district.day(day)
        district.do(case, "certify")
    district.day("2016-10-06", 11)
    for _ in range(2):
        district.sweep()
    ordinary, supplement = lists(district, "2016-10")
    assert ("supplement" in ordinary.facts, supplement.facts["supplement"]) == (False, 1)
    assert (supplement.title.endswith("2016-10 补发1"), supplement.facts["lines"]) == (True, 3)
    assert supplement.facts["pay_by"] == "2016-10-10"
    district.do(supplement.id, "check")
    district.do(supplement.id, "all_paid")
    assert {line.state for case in cases[1:] for line in district.lines(case)} == {"paid"}
    assert district.broken() == {}


@pytest.mark.parametrize(
    "day, due",
    [
        (date(2016, 10, 1), date(2016, 10, 10)), (date(2016, 10, 10), date(2016, 10, 10)),
        (date(2016, 10, 11), date(2016, 10, 21)), (date(2016, 10, 31), date(2016, 11, 10)),
    ],
)  # fmt: skip
def test_money_that_falls_due_after_the_pay_day_is_paid_within_ten_days(day: date, due: date) -> None:
    assert pay_by("NB2016", day) == due


def test_months_held_back_are_paid_when_payment_is_resumed_not_with_the_next_ordinary_list(
    district: District,
) -> None:
    case, other = district.application(members=1), district.application(members=1)
    district.bring_all([case, other], "on_benefit")
    district.live_until("2016-10-02", step=5)
    district.do(case, "suspend")
    district.live_until("2016-12-06", step=5)
    district.do(case, "resume", reason="已联系上，情况属实")
    district.clock.move(at_local(date(2016, 12, 6), 12))
    district.sweep()
    held = [line for line in district.lines(case) if line.month != "2016-10"]
    assert [line.month for line in held] == ["2016-11", "2016-12"]
    assert {district.case(line.list_id).facts["supplement"] for line in held} == {1}
    assert district.broken() == {}
