"""A change of standards: one draws it up, the list is made, another releases it, and on its day the list comes true."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from definitions.standard_change.checking import faults
from tests.district import BOTH, COUNTY, District
from workflow.acts import open_case
from workflow.errors import FormRefused, NotPermitted, Unmet
from workflow.households import record_income
from workflow.models import Case, CaseForm, Entitlement, PaymentLine, Standard, StandardEffect
from workflow.roles import COUNTY_APPROVER, COUNTY_REVIEWER

DECEMBER = "2016-12-01"


def opened(district: District) -> int:
    with district.database.acting() as conn:
        return open_case(
            district.office, conn, "standard_change", subject=("standards", int(COUNTY[:6])), area_code=COUNTY,
            actor=district.staff(COUNTY_REVIEWER), now=district.now,
        ).id  # fmt: skip


def draft(amount: str = "810.00", first: str = DECEMBER, **more: object) -> dict[str, object]:
    rows = [{"kind": "standard", "setting": setting, "amount": amount} for setting in ("urban", "rural")]
    return {"source": "样例文件 7 号", "from_date": first, "to_date": "2017-11-30", "amounts": rows} | more


def listed(district: District, **form: object) -> int:
    case = opened(district)
    district.do(case, "draw_up", **draft(**form))
    district.sweep()
    return case


def effects(district: District, change: int) -> dict[int, StandardEffect]:
    return {row.case_id: row for row in district.rows(StandardEffect, change_id=change)}


def agree(district: District, change: int) -> bool:
    with district.database.reading() as session:
        return faults(session, change) == []


@BOTH
def test_the_list_beforehand_is_what_is_paid_afterwards(district: District) -> None:
    poor, earning = district.on_benefit(members=3), district.on_benefit(members=2, incomes=("6000",))
    change = listed(district)
    assert district.case(change).facts["list"] == {"benefits": 2, "adjust": 2, "review": 0, "more": "330.00"}
    before = effects(district, change)
    assert (before[poor].old, before[poor].new) == (Decimal("2232.00"), Decimal("2430.00"))
    assert (before[earning].old, before[earning].new) == (Decimal("988.00"), Decimal("1120.00"))

    district.do(change, "release")
    assert district.planned(poor)["standard_changed"] == date(2016, 12, 1)
    district.live_until("2016-11-30", step=10)
    assert [g.amount for g in district.grants(poor)] == [Decimal("2232.00")]
    district.live_until("2016-12-02")

    assert district.stage(change) == "settled"
    assert [(g.from_month, g.to_month, g.amount) for g in district.grants(earning)][-1] == (
        "2016-12", None, Decimal("1120.00"),
    )  # fmt: skip
    assert {row.state for row in effects(district, change).values()} == {"adjusted"}
    assert agree(district, change)
    december = district.rows(PaymentLine, month="2016-12")
    assert sum(line.amount for line in december) == Decimal("3550.00")
    entry = next(e for e in district.journal(poor) if e.action == "standard_changed")
    assert entry.origin == district.case(change).facts["decided_by"]
    form = next(f for f in district.rows(CaseForm, case_id=poor) if f.seq == entry.seq)
    assert "样例文件 7 号" in form.body["reason"]
    assert district.broken() == {}


def test_nobody_releases_what_he_drew_up(quick: District) -> None:
    both = quick.everything
    with quick.database.acting() as conn:
        change = open_case(
            quick.office, conn, "standard_change", subject=("standards", 330212), area_code=COUNTY, actor=both, now=quick.now
        ).id  # fmt: skip
    quick.do(change, "draw_up", both, **draft())
    quick.sweep()
    quick.refused(NotPermitted, change, "release", both)
    quick.do(change, "release", COUNTY_APPROVER)
    assert quick.stage(change) == "released"


@pytest.mark.parametrize(
    "form, field, says",
    [
        ({"first": "2016-12-02"}, "from_date", "某月 1 日"),
        ({"first": "2016-09-01"}, "from_date", "不早于 2016-10-01"),
        ({"to_date": "2016-11-30"}, "to_date", "以后"),
        ({"amount": "0"}, "amounts", "不能是 0"),
        ({"amount": "743.99"}, "amounts", "744.00 至 930.00"),
        ({"amount": "930.01"}, "amounts", "744.00 至 930.00"),
    ],
)
def test_what_the_table_or_the_law_would_not_take_is_refused(
    quick: District, form: dict[str, str], field: str, says: str
) -> None:
    change = opened(quick)
    refused = quick.refused(FormRefused, change, "draw_up", **draft(**form))
    assert isinstance(refused, FormRefused)
    assert says in refused.errors[field]


def test_overlapping_dates_are_refused_by_name(quick: District) -> None:
    first = listed(quick)
    quick.do(first, "release")
    refused = quick.refused(FormRefused, opened(quick), "draw_up", **draft("850.00", "2016-11-01"))
    assert isinstance(refused, FormRefused)
    assert "与已公布的 2016-12-01 至 2017-11-30（810.00 元）重叠" in refused.errors["amounts"]


def test_a_list_that_is_out_of_date_is_not_signed(quick: District) -> None:
    quick.on_benefit(members=1)
    change = listed(quick)
    quick.on_benefit(members=1)
    assert "1 户" in quick.refused(Unmet, change, "release").message
    quick.do(change, "relist")
    quick.sweep()
    quick.do(change, "release")
    assert len(effects(quick, change)) == 2


def test_sent_back_or_given_up_leaves_no_list_and_no_standard(quick: District) -> None:
    quick.on_benefit(members=1)
    change = listed(quick)
    quick.do(change, "send_back")
    assert (quick.stage(change), effects(quick, change)) == ("drafting", {})
    quick.do(change, "withdraw")
    assert quick.stage(change) == "withdrawn"
    assert {row.sample for row in quick.rows(Standard)} == {True}


def test_a_family_whose_facts_have_been_corrected_since_is_left_to_a_person(quick: District) -> None:
    case = quick.on_benefit(members=1)
    decided = date.fromisoformat(quick.case(case).facts["assessment"]["as_of"])
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        record_income(session, household_id=quick.case(case).subject_id, person_id=quick.people(case)[0], category="wage",
                      annual=Decimal("1200"), source="verified", as_of=decided)  # fmt: skip
    change = listed(quick)
    row = effects(quick, change)[case]
    assert row.outcome == "review"
    assert "不能只换标准" in row.why
    quick.do(change, "release")
    quick.live_until("2016-12-02", step=7)
    review = quick.case(quick.child(case, "dynamic_review"))
    assert "standard" in (review.facts["trigger"], *quick.case(case).facts.get("noted", ()))
    assert [g.amount for g in quick.grants(case)] == [Decimal("744.00")]
    assert quick.stage(change) == "settled"


def test_a_benefit_decided_by_the_old_standard_after_the_list_follows(quick: District) -> None:
    known, late = quick.on_benefit(members=1), quick.application(members=1)
    quick.bring(late, "decision")
    change = listed(quick)
    quick.do(change, "release")
    quick.do(late, "approve")
    quick.live_until("2016-12-01", step=7)
    quick.do(late, "certify")
    quick.live_until("2016-12-03")
    rows = effects(quick, change)
    assert (rows[known].state, rows[known].later) == ("adjusted", False)
    assert (rows[late].state, rows[late].later, rows[late].applied) == ("redecided", True, Decimal("810.00"))
    assert {(line.month, line.amount) for line in quick.lines(late) if line.month >= "2016-12"} == {
        ("2016-12", Decimal("810.00"))
    }
    assert quick.stage(change) == "settled"
    assert agree(quick, change)


def test_a_benefit_that_ends_before_the_day_is_not_adjusted(quick: District) -> None:
    case = quick.on_benefit(members=1)
    change = listed(quick)
    quick.do(change, "release")
    quick.do(case, "suspend")
    quick.do(case, "stop_suspended")
    quick.live_until("2016-12-02", step=7)
    assert quick.case(case).closed_at is not None
    assert "standard_changed" not in quick.actions_done(case)
    assert quick.stage(change) == "settled"


def test_the_job_twice_and_again_changes_nothing(quick: District) -> None:
    case = quick.on_benefit(members=1)
    change = listed(quick)
    quick.do(change, "release")
    quick.live_until("2016-12-01", step=7)
    before = [(g.id, g.amount) for g in quick.grants(case)], len(quick.journal(case))
    for _ in range(3):
        quick.sweep()
    assert ([(g.id, g.amount) for g in quick.grants(case)], len(quick.journal(case))) == before
    assert isinstance(quick.case(change), Case)


@pytest.mark.parametrize("delegated", [False, True])
def test_the_same_under_national_law(quick: District, delegated: bool) -> None:
    quick.day("2021-09-06")
    if delegated:
        quick.delegate()
    case = quick.on_benefit(members=2)
    rows = [{"kind": "standard", "setting": setting, "amount": "1060.00"} for setting in ("urban", "rural")]
    change = opened(quick)
    quick.do(
        change, "draw_up", source="样例文件 9 号", from_date="2022-01-01", to_date="2022-12-31", amounts=rows
    )
    quick.sweep()
    quick.do(change, "release")
    quick.live_until("2022-01-02", step=9)
    assert quick.grants(case)[-1].amount == Decimal("2120.00")
    assert quick.stage(change) == "settled"
    assert agree(quick, change)


def test_the_check_sees_a_fen(quick: District) -> None:
    case = quick.on_benefit(members=1)
    change = listed(quick)
    quick.do(change, "release")
    quick.live_until("2016-12-01", step=7)
    assert agree(quick, change)
    with quick.database.acting() as conn:
        conn.execute(
            update(Entitlement)
            .where(Entitlement.case_id == case, Entitlement.to_month.is_(None))
            .values(amount=Decimal("810.01"))
        )
    with quick.database.reading() as session:
        assert faults(session, change) == [f"{quick.case(case).number}：名单为 810.00 元，实际为 810.01 元"]


def test_a_change_that_does_not_agree_stays_open_and_is_shown(quick: District) -> None:
    case = quick.on_benefit(members=1)
    change = listed(quick)
    quick.do(change, "release")
    with quick.database.acting() as conn:
        conn.execute(
            update(StandardEffect).where(StandardEffect.case_id == case).values(new=Decimal("810.01"))
        )
    while quick.today < date(2016, 12, 1):
        quick.day(min(date.fromordinal(quick.today.toordinal() + 7), date(2016, 12, 1)))
        swept = quick.sweep(may_fail=True)["standards"]
    assert swept.failed == 1
    assert "与名单不同" in swept.error
    assert quick.stage(change) == "released"
    assert [g.amount for g in quick.grants(case)] == [Decimal("744.00")]
