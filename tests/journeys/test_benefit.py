"""On benefit: first month and pay day, what comes back from the bank, suspension, and how a benefit ends."""

from datetime import date
from decimal import Decimal

import pytest

from definitions.payment_lists import pay_by
from tests.district import BOTH, District
from workflow.errors import FormRefused, NotPermitted
from workflow.models import Case, PaymentLine
from workflow.periods import at_local
from workflow.roles import COUNTY_APPROVER, FINANCE


@pytest.mark.parametrize(
    "day, hour, first_month",
    [
        ("2016-09-21", 10, "2016-10"), ("2016-09-30", 23, "2016-10"), ("2016-10-01", 0, "2016-11"),
        ("2016-12-31", 23, "2017-01"), ("2017-01-01", 0, "2017-02"),
    ],
)  # fmt: skip
def test_the_benefit_begins_in_the_month_after_the_decision(
    quick: District, day: str, hour: int, first_month: str
) -> None:
    case = quick.bring(quick.application(), "decision")
    quick.day(day, hour)
    quick.do(case, "approve")
    assert quick.grants(case)[0].from_month == first_month
    quick.do(case, "certify")
    quick.live_until(date.fromisoformat(f"{first_month}-03"), step=5)
    (payment,) = quick.rows(Case, definition="payment")
    assert (payment.facts["month"], payment.facts["pay_by"]) == (first_month, f"{first_month}-10")
    assert {line.month for line in quick.lines(case)} == {first_month}
    assert quick.broken() == {}


@pytest.mark.parametrize(
    "code, day, due", [("NB2016", date(2016, 10, 1), date(2016, 10, 10)), ("NAT2021", date(2021, 10, 1), date(2021, 10, 31)),
                       ("NAT2021-DELEGATED", date(2024, 2, 1), date(2024, 2, 29))],
)  # fmt: skip
def test_pay_day_is_the_tenth_or_where_law_leaves_it_open_the_end_of_the_month(
    code: str, day: date, due: date
) -> None:
    assert pay_by(code, day) == due


@BOTH
def test_the_list_of_a_month_is_made_once_and_checked_and_paid_by_two_people(district: District) -> None:
    case = district.on_benefit(members=2)
    district.live_until("2016-10-01", step=5)
    for _ in range(3):
        district.sweep()
    (payment,) = district.rows(Case, definition="payment")
    one = district.staff(FINANCE)
    district.do(payment.id, "check", one)
    district.refused(NotPermitted, payment.id, "all_paid", one)
    district.do(payment.id, "all_paid", district.staff(FINANCE, 2))
    assert [(line.state, line.amount) for line in district.lines(case)] == [("paid", Decimal("744.00"))] * 2
    assert district.case(payment.id).result == "settled"
    assert district.broken() == {}


@BOTH
def test_a_line_that_comes_back_from_the_bank_is_issued_again(district: District) -> None:
    case = district.on_benefit(members=2)
    district.live_until("2016-10-01", step=5)
    (payment,) = district.rows(Case, definition="payment")
    district.do(payment.id, "check")
    bad = district.lines(case)[0].id
    stranger = [{"line": bad + 1000, "why": "账户已销户"}]
    district.refused(FormRefused, payment.id, "some_failed", failed=stranger)
    district.do(payment.id, "some_failed", failed=[{"line": bad, "why": "账户已销户"}])
    assert [line.state for line in district.lines(case)] == ["failed", "paid"]
    assert district.deadline(payment.id, "stage:reissuing").due_on == date(2016, 10, 11)
    district.do(payment.id, "failed_again", failed=[{"line": bad, "why": "户名不符"}])
    district.day("2016-10-09")
    district.do(payment.id, "reissue")
    line = district.lines(case)[0]
    assert (line.state, line.tries, line.paid_on, line.failure) == ("paid", 3, date(2016, 10, 9), "")
    assert district.case(payment.id).facts["paid"] == "1488.00"
    assert district.broken() == {}


def test_suspended_months_are_paid_when_the_benefit_is_resumed(district: District) -> None:
    case = district.on_benefit(members=1)
    district.live_until("2016-10-02", step=5)
    district.refused(FormRefused, case, "suspend", reason="")
    district.do(case, "suspend", cause="unreachable", reason="多次联系不上，暂停发放待核实")
    district.live_until("2016-12-02", step=5)
    assert [line.month for line in district.lines(case)] == ["2016-10"]
    district.do(case, "resume", reason="已联系上，情况属实")
    district.live_until("2017-01-01", step=5)
    assert [line.month for line in district.lines(case)] == ["2016-10", "2016-11", "2016-12", "2017-01"]
    lists = [district.case(line.list_id).facts["month"] for line in district.lines(case)]
    assert lists == ["2016-10", "2016-12", "2016-12", "2017-01"]
    assert district.broken() == {}


def test_a_suspended_benefit_is_stopped_from_the_first_of_the_next_month_by_decision_only(
    district: District,
) -> None:
    case = district.on_benefit(members=1)
    district.live_until("2016-10-02", step=5)
    district.do(case, "suspend")
    assert district.deadline(case, "stage:suspended").due_on == date(2017, 1, 3)
    district.live_until("2017-01-09", step=10)
    assert district.stage(case) == "suspended"
    assert district.deadline(case, "stage:suspended").overdue is True
    district.do(case, "stop_suspended", reason="查实已迁出本区，停发")
    assert district.planned(case)["stop"] == date(2017, 2, 1)
    district.day("2017-01-31", 23)
    district.sweep()
    assert district.stage(case) == "suspended"
    district.clock.move(at_local(date(2017, 2, 1)))
    district.sweep()
    assert (district.stage(case), district.grants(case)[0].to_month) == ("stopped", "2017-01")
    assert district.broken() == {}


def test_a_planned_stop_is_taken_back_when_a_person_resumes_the_benefit(district: District) -> None:
    case = district.on_benefit(members=1)
    district.day("2016-10-08")
    district.do(case, "suspend")
    district.do(case, "stop_suspended", reason="查实已迁出本区，停发")
    district.do(case, "resume", reason="原结论有误，户籍仍在本区")
    assert "stop" not in district.planned(case)
    district.live_until("2016-11-02", step=5)
    assert district.stage(case) == "on_benefit"


@pytest.mark.parametrize("word", ["suspend", "resume", "stop_suspended"])
def test_suspending_resuming_and_stopping_are_decisions_of_the_approver(quick: District, word: str) -> None:
    case = quick.on_benefit()
    if word != "suspend":
        quick.do(case, "suspend")
    quick.refused(NotPermitted, case, word, quick.staff(FINANCE), reason="理由写在这里")
    quick.do(case, word, quick.staff(COUNTY_APPROVER), reason="理由写在这里")


@BOTH
def test_one_of_two_dies_and_the_benefit_is_reckoned_for_the_other(district: District) -> None:
    case = district.on_benefit(members=2)
    head, spouse = district.people(case)
    district.day("2016-10-01")
    district.sweep()
    district.day("2016-10-12")
    district.do(case, "report_death", person=[spouse], died_on="2016-10-10")
    review = district.child(case, "dynamic_review")
    assert district.case(review).facts["trigger"] == "death"
    assert district.deadline(review, "span:review").due_on == date(2017, 1, 10)
    district.refused(
        FormRefused,
        district.child(case, "dynamic_review"),
        "report",
        incomes=[{"person": spouse, "category": "wage", "annual": "1.00"}],
    )
    district.review(case, "decrease", reason="家庭成员减少一人")
    district.live_until("2016-11-02", step=5)
    first, second = district.grants(case)
    assert (first.to_month, second.from_month, second.amount) == ("2016-10", "2016-11", Decimal("744.00"))
    assert list(second.shares) == [str(head)]
    assert [(line.month, line.person_id) for line in district.lines(case)] == [
        ("2016-10", head), ("2016-10", spouse), ("2016-11", head),
    ]  # fmt: skip
    assert district.broken() == {}


def test_when_the_only_member_dies_the_benefit_can_only_stop(district: District) -> None:
    case = district.on_benefit(members=1)
    (head,) = district.people(case)
    district.live_until("2016-10-12", step=5)
    district.do(case, "report_death", person=[head], died_on="2016-10-11")
    review = district.child(case, "dynamic_review")
    district.do(review, "report")
    district.check(review)
    district.do(review, "conclude")
    assert "result" in district.refused(FormRefused, review, "propose", result="keep").errors  # type: ignore[attr-defined]
    district.do(review, "propose", result="stop", reason="家庭已无成员")
    for word in ("pass_on", "decide", "notify"):
        district.do(review, word)
    district.live_until("2016-11-02", step=5)
    assert (district.stage(case), district.grants(case)[-1].to_month) == ("stopped", "2016-10")
    assert {line.month for line in district.rows(PaymentLine)} == {"2016-10"}
    assert district.broken() == {}


def test_the_last_decision_counts_when_two_fall_into_one_month(district: District) -> None:
    """A stop is signed, then new facts come to light and it is kept: the earlier plan must not be carried out."""
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2016-10-08", step=5)
    district.do(case, "report_change", kind="job")
    district.review(case, "stop", incomes=[(head, "60000")], reason="就业后收入高于标准")
    district.do(case, "report_change", kind="job")
    district.review(case, "keep", incomes=[(head, "0.00")], reason="并未实际就业，原结论有误")
    assert "stop" not in district.planned(case)
    district.live_until("2016-11-02", step=5)
    assert district.stage(case) == "on_benefit"
    assert {line.month for line in district.lines(case)} == {"2016-10", "2016-11"}
    assert district.broken() == {}


def test_a_decision_taken_twice_for_the_same_day_is_carried_out_as_decided_last(district: District) -> None:
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2016-10-08", step=5)
    amounts = []
    for income in ("6000.00", "3600.00"):
        district.do(case, "report_change", kind="income")
        district.review(case, "decrease", incomes=[(head, income)], reason="收入有变化，按新收入计算")
        amounts.append(district.planned(case)["adjust"])
    assert amounts == [date(2016, 11, 1)] * 2
    district.live_until("2016-11-02", step=5)
    assert [grant.amount for grant in district.grants(case)] == [Decimal("1488.00"), Decimal("1188.00")]
    assert district.broken() == {}


def test_gradual_exit_pays_on_for_the_months_decided_and_then_ends(district: District) -> None:
    district.day("2022-11-07")
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2022-12-05", step=5)
    district.do(case, "report_change", kind="job")
    review = district.child(case, "dynamic_review")
    district.do(review, "report", incomes=[{"person": head, "category": "wage", "annual": "60000"}])
    district.check(review)
    district.do(review, "visit")
    district.do(review, "conclude")
    for months in (None, 7):
        assert (
            "months" in district.refused(FormRefused, review, "propose", result="grace", months=months).errors
        )  # type: ignore[attr-defined]
    district.do(review, "propose", result="grace", months=3, reason="就业后收入超过标准，渐退")
    for word in ("pass_on", "decide", "notify"):
        district.do(review, word)
    district.live_until("2023-01-02", step=5)
    assert district.stage(case) == "gradual_exit"
    assert district.planned(case)["end_grace"] == date(2023, 4, 1)
    district.live_until("2023-03-31", step=5)
    assert district.stage(case) == "gradual_exit"
    district.live_until("2023-04-02")
    assert district.stage(case) == "stopped"
    assert sorted({line.month for line in district.lines(case)}) == [
        "2022-12",
        "2023-01",
        "2023-02",
        "2023-03",
    ]
    assert district.broken() == {}


def test_when_income_falls_back_during_gradual_exit_the_benefit_goes_on(district: District) -> None:
    district.day("2022-11-07")
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2022-12-05", step=5)
    district.do(case, "report_change", kind="job")
    district.review(case, "grace", incomes=[(head, "60000")], months=3, reason="就业后收入超过标准，渐退")
    district.live_until("2023-01-09", step=5)
    district.do(case, "report_change", kind="income")
    district.review(case, "keep", incomes=[(head, "0.00")], reason="已失业，收入回落")
    assert "end_grace" not in district.planned(case)
    district.live_until("2023-05-02", step=10)
    assert district.stage(case) == "on_benefit"
    assert max(line.month for line in district.lines(case)) == "2023-05"
    assert district.broken() == {}


def test_the_law_of_2016_knows_no_gradual_exit(district: District) -> None:
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.do(case, "report_change", kind="job")
    review = district.child(case, "dynamic_review")
    district.do(review, "report", incomes=[{"person": head, "category": "wage", "annual": "60000"}])
    district.check(review)
    district.do(review, "visit")
    district.do(review, "conclude")
    refusal = district.refused(FormRefused, review, "propose", result="grace", months=3)
    assert "ZJ-50" in str(refusal)


@BOTH
def test_one_decision_that_cannot_be_carried_out_does_not_keep_the_others_from_being_paid(
    district: District,
) -> None:
    good, bad = district.application(members=1), district.application(members=1)
    district.bring_all([good, bad], "on_benefit")
    with district.database.acting() as conn:
        from workflow.models import ScheduledAct

        conn.execute(
            ScheduledAct.__table__.insert().values(
                case_id=bad,
                action="adjust",
                on_date=date(2016, 9, 25),
                form={"month": "2016-10"},
                decided_by="x",
                state="planned",
            )
        )
    district.day("2016-10-01")
    district.sweep(may_fail=True)
    district.day("2016-10-08")
    district.sweep(may_fail=True)
    assert [line.month for line in district.lines(good)] == ["2016-10"]
    assert district.lines(bad) == []
