"""From the application to the end of the benefit, once in every edition."""

from datetime import date
from decimal import Decimal

import pytest

from tests.district import BOTH, District
from workflow.models import Case

pytestmark = BOTH

EDITIONS = {"NB2016": "2016-09-05", "NAT2021": "2021-09-06", "NAT2021-DELEGATED": "2021-09-06"}
"""A Monday on which each edition is in force."""


def in_edition(district: District, edition: str) -> None:
    if edition == "NAT2021-DELEGATED":
        district.delegate()
    district.day(EDITIONS[edition])


def test_nb2016_from_application_over_two_publicities_to_the_stop(district: District) -> None:
    case = district.application(members=3, incomes=("14400",))
    district.bring(case, "on_benefit")

    row = district.case(case)
    assert (row.edition, row.accepted_on) == ("NB2016", date(2016, 9, 5))
    assert [(n.kind, n.posted_on, n.until) for n in district.notices(case)] == [
        ("first", date(2016, 9, 5), date(2016, 9, 12)), ("second", date(2016, 9, 13), date(2016, 9, 20)),
    ]  # fmt: skip
    (grant,) = district.grants(case)
    assert (grant.from_month, grant.to_month, grant.amount) == ("2016-10", None, Decimal("1032.00"))

    district.live_until("2016-10-08")
    payment = district.pay("2016-10")
    assert district.case(payment).facts | {} == {
        "month": "2016-10", "pay_by": "2016-10-10", "lines": 3, "total": "1032.00", "paid": "1032.00", "failed": 0,
    }  # fmt: skip
    assert {line.state for line in district.lines(case)} == {"paid"}
    _found_better_off(district, case)
    assert district.case(case).closed_at is not None
    assert {line.month for line in district.lines(case)} == {"2016-10", "2016-11", "2016-12"}
    assert district.broken() == {}


@pytest.mark.parametrize("edition", ["NAT2021", "NAT2021-DELEGATED"])
def test_national_editions_from_application_over_one_publicity_to_the_stop(
    district: District, edition: str
) -> None:
    in_edition(district, edition)
    case = district.bring(district.application(members=3, incomes=("14400",)), "on_benefit")

    assert district.case(case).edition == edition
    assert [n.kind for n in district.notices(case)] == ["first"]
    assert ("county_review" in district.actions_done(case)) is False
    assert ("forward" in district.actions_done(case)) is (edition == "NAT2021")
    approver = next(entry for entry in district.journal(case) if entry.action == "approve").actor_name
    assert approver.startswith("县级审批人" if edition == "NAT2021" else "乡镇确认人")
    (grant,) = district.grants(case)
    assert (grant.from_month, grant.amount) == ("2021-10", Decimal("1815.00"))

    district.live_until("2021-10-08")
    assert district.case(district.pay("2021-10")).facts["paid"] == "1815.00"
    _found_better_off(district, case)
    assert district.broken() == {}


def _found_better_off(district: District, case: int) -> None:
    """A reported job is looked into, the benefit stopped from the first of the month after the decision."""
    head = district.people(case)[0]
    district.live_until(district.today.replace(month=12, day=5), step=3)
    district.do(case, "report_change", kind="job")
    review = district.review(case, "stop", incomes=[(head, "60000")], reason="就业后家庭人均收入高于标准")
    assert district.case(review).result == "stopped"
    assert district.stage(case) == "on_benefit"
    next_year = date(district.today.year + 1, 1, 1)
    assert district.planned(case)["stop"] == next_year
    district.live_until(next_year)
    assert (district.stage(case), district.case(case).result) == ("stopped", "stopped")
    assert district.grants(case)[-1].to_month == f"{next_year.year - 1}-12"
    district.live_until(next_year.replace(month=2, day=3))
    assert not [
        row
        for row in district.rows(Case, definition="payment")
        if row.facts["month"] >= f"{next_year.year}-01"
    ]
