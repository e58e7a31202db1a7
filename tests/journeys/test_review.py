"""The re-check: when it is due, what happens when it is missed, what it may decide."""

from datetime import date

import pytest

from tests.district import District
from workflow.errors import FormRefused, Unmet
from workflow.models import Case
from workflow.roles import WINDOW

DUE = [
    ("2016-09-05", "A", "urban", date(2017, 9, 21)), ("2016-09-05", "B", "urban", date(2017, 3, 21)),
    ("2016-09-05", "C", "urban", date(2016, 10, 21)), ("2016-09-05", "C", "rural", date(2016, 12, 21)),
    ("2021-09-06", "A", "rural", date(2022, 9, 14)), ("2021-09-06", "B", "rural", date(2022, 9, 14)),
    ("2021-09-06", "C", "urban", date(2022, 3, 14)),
]  # fmt: skip


@pytest.mark.parametrize("begun, review_class, setting, due", DUE)
def test_the_next_recheck_follows_class_and_setting_and_opens_thirty_days_ahead(
    quick: District, begun: str, review_class: str, setting: str, due: date
) -> None:
    quick.day(begun)
    case = quick.bring(quick.application(setting=setting), "opinion")
    quick.do(case, "propose_approve", review_class=review_class)
    quick.bring(case, "on_benefit")
    assert quick.case(case).facts["review_due"] == due.isoformat()
    opens = quick.planned(case)["open_review"]
    earliest = max(date.fromordinal(due.toordinal() - 30), date.fromordinal(quick.today.toordinal() + 1))
    assert opens == quick.office.calendar.next_working(earliest) <= due
    quick.day(opens)
    quick.sweep()
    review = quick.child(case, "dynamic_review")
    assert quick.deadline(review, "span:review").due_on == due
    assert quick.stage(case) == "on_benefit"


def test_a_missed_recheck_is_reminded_and_escalated_while_payment_goes_on(district: District) -> None:
    case = district.on_benefit(members=1)
    district.live_until("2017-09-26", step=6)
    review = district.child(case, "dynamic_review")
    assert district.deadline(review, "span:review").overdue is True
    entries = district.actions_done(review)
    assert (entries.count("remind"), entries.count("overdue"), entries.count("head")) == (1, 1, 1)
    escalation = district.child(review, "escalation")
    assert district.case(escalation).facts["label"] == "复核到期"
    assert district.stage(review) == "collecting"

    district.live_until("2017-12-02", step=6)
    assert district.stage(case) == "on_benefit"
    assert sorted(line.month for line in district.lines(case)) == [
        *(f"2016-{m:02d}" for m in (10, 11, 12)), *(f"2017-{m:02d}" for m in range(1, 13)),
    ]  # fmt: skip
    district.review(case, "keep", reason="家庭情况无明显变化")
    assert district.case(case).facts["review_due"] == "2018-12-02"
    assert district.broken() == {}


@pytest.mark.parametrize(
    "result, income, lawful",
    [
        ("keep", "0.00", True), ("increase", "0.00", False), ("decrease", "0.00", False), ("increase", "12000.00", False),
        ("decrease", "12000.00", True), ("decrease", "60000.00", False), ("stop", "60000.00", True),
    ],
)  # fmt: skip
def test_the_result_fits_the_computation(quick: District, result: str, income: str, lawful: bool) -> None:
    case = quick.on_benefit(members=2)
    head, _ = quick.people(case)
    quick.do(case, "report_change", kind="income")
    review = quick.child(case, "dynamic_review")
    quick.do(review, "report", incomes=[{"person": head, "category": "wage", "annual": income}])
    quick.check(review)
    quick.do(review, "visit")
    quick.do(review, "conclude")
    if lawful:
        quick.do(review, "propose", result=result, reason="按复核情况提出")
    else:
        quick.refused(FormRefused, review, "propose", result=result, reason="按复核情况提出")


def test_a_higher_amount_begins_in_the_month_after_the_decision(district: District) -> None:
    case = district.on_benefit(members=2, incomes=("6000",))
    head, _ = district.people(case)
    district.live_until("2016-10-08", step=5)
    district.do(case, "report_change", kind="income")
    district.review(case, "increase", incomes=[(head, "0.00")], reason="失业，收入减少")
    district.live_until("2016-11-02", step=5)
    assert [(str(g.amount), g.from_month, g.to_month) for g in district.grants(case)] == [
        ("988.00", "2016-10", "2016-10"), ("1488.00", "2016-11", None),
    ]  # fmt: skip
    assert district.broken() == {}


def test_class_c_and_doubtful_households_are_visited(quick: District) -> None:
    case = quick.bring(quick.application(), "opinion")
    quick.do(case, "propose_approve", review_class="C")
    quick.bring(case, "on_benefit")
    quick.do(case, "report_change", kind="members")
    review = quick.child(case, "dynamic_review")
    quick.do(review, "report")
    quick.check(review)
    assert "应当入户" in str(quick.refused(Unmet, review, "conclude"))
    quick.do(review, "visit")
    quick.do(review, "conclude")


def test_a_change_reported_during_a_recheck_is_noted_on_it_not_looked_into_twice(district: District) -> None:
    case = district.on_benefit()
    district.do(case, "report_change", kind="income")
    district.do(case, "report_change", kind="complaint")
    assert len(district.rows(Case, definition="dynamic_review")) == 1
    assert district.case(case).facts["noted"] == ["complaint"]
    district.refused(Unmet, district.child(case, "dynamic_review"), "drop")


def test_a_change_after_the_decision_is_looked_into_anew_while_the_letter_is_on_its_way(
    quick: District,
) -> None:
    case = quick.on_benefit()
    quick.do(case, "report_change", kind="income")
    first = quick.child(case, "dynamic_review")
    quick.do(first, "report")
    quick.check(first)
    quick.do(first, "visit")
    quick.do(first, "conclude")
    quick.do(first, "propose", result="keep", reason="没有明显变化")
    quick.do(first, "pass_on")
    quick.do(first, "decide")
    assert quick.stage(first) == "notifying"
    quick.do(case, "report_change", kind="complaint")
    assert len(quick.rows(Case, definition="dynamic_review")) == 2
    assert "noted" not in quick.case(case).facts
    quick.do(first, "notify")
    assert quick.broken() == {}


def test_a_result_sent_back_is_determined_anew(district: District) -> None:
    case = district.on_benefit()
    district.do(case, "report_change", kind="income")
    review = district.child(case, "dynamic_review")
    district.do(review, "report")
    district.check(review)
    district.do(review, "visit")
    district.do(review, "conclude")
    district.do(review, "propose", result="keep", reason="没有明显变化")
    district.refused(FormRefused, review, "return_to_determining", points=[])
    district.do(review, "return_to_determining", points=[{"what": "请补充收入情况"}])
    assert district.stage(review) == "determining"
    district.do(review, "propose", result="keep", reason="补充后仍无变化")
    for word in ("pass_on", "decide", "notify"):
        district.do(review, word)
    assert district.case(review).result == "kept"
    assert district.broken() == {}


def test_where_the_town_decides_the_town_signs_the_recheck(district: District) -> None:
    district.delegate()
    district.day("2021-09-06")
    case = district.on_benefit()
    district.do(case, "report_change", WINDOW, kind="income")
    review = district.review(case, "keep", reason="没有明显变化")
    signed = next(e for e in district.journal(review) if e.action == "decide")
    assert signed.actor_name.startswith("乡镇确认人")
    assert district.broken() == {}


def test_a_death_during_a_recheck_brings_its_end_forward_to_three_months(district: District) -> None:
    case = district.on_benefit(members=2)
    district.live_until("2017-08-23", step=30)
    review = district.child(case, "dynamic_review")
    _, spouse = district.people(case)
    assert district.deadline(review, "span:review").due_on == date(2017, 9, 21)
    district.do(case, "report_death", person=[spouse], died_on="2017-06-10")
    assert district.deadline(review, "span:review").due_on == date(2017, 9, 11)
    assert district.case(review).clocks["review"] == district.case(review).facts["review_due"] == "2017-09-11"
    assert district.broken() == {}
