"""Nobody is kept on benefit against the computation without a ground the edition knows and the facts bear out."""

import pytest

from tests.district import District
from workflow.errors import FormRefused

OVER = "24000"
"""A year's wage with which a family of two is above the standard of 2016 and of 2022."""


def determining(district: District, income: str = OVER, *, category: str = "wage") -> tuple[int, int]:
    """A family on benefit in whose re-check this income has come to light; its case and the re-check."""
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.days(3)
    district.do(case, "report_change", kind="job")
    review = district.child(case, "dynamic_review")
    _collected(district, review, head, income, category)
    return case, review


def _collected(district: District, review: int, head: int, income: str, category: str = "wage") -> None:
    district.do(review, "report", incomes=[{"person": head, "category": category, "annual": income}])
    district.check(review)
    district.do(review, "visit")
    district.do(review, "conclude")


def signed(district: District, review: int) -> None:
    for word in ("pass_on", "decide", "notify"):
        district.do(review, word)


def test_an_ineligible_family_is_not_kept_without_a_ground(quick: District) -> None:
    _, review = determining(quick)
    refusal = quick.refused(FormRefused, review, "propose", result="keep", reason="情况特殊，予以维持")
    assert "不符合条件" in str(refusal)
    assert str(refusal).endswith("现在可以选：维持（依据：就业增收在期限内不计入家庭收入（ZJ-50））、停发")


def test_an_increase_from_work_is_left_out_of_account_for_twelve_months_at_most(quick: District) -> None:
    """ZJ-50; worked example T11: the amount stays."""
    case, review = determining(quick)
    quick.do(review, "propose", result="keep", ground="employment_disregard", reason="就业增收，按规定不计入")
    assert quick.case(review).facts["assessment"]["total"] == quick.case(case).facts["amount"]
    signed(quick, review)
    assert quick.case(case).facts["disregard_since"] == "2016-09"

    head, _ = quick.people(case)
    for day, open_ in (("2017-08-31", True), ("2017-09-01", False)):
        quick.day(day)
        quick.do(case, "report_change", kind="job")
        review = quick.child(case, "dynamic_review")
        _collected(quick, review, head, OVER)
        form = {"result": "keep", "ground": "employment_disregard", "reason": "就业增收，按规定不计入"}
        if open_:
            quick.do(review, "propose", **form)
            signed(quick, review)
        else:
            refusal = quick.refused(FormRefused, review, "propose", **form)
            assert "已用 12 个月，最多 12 个月" in str(refusal)
            assert str(refusal).endswith("现在可以选：停发")


def test_earnings_above_three_times_the_standard_do_count(quick: District) -> None:
    """744 x 3 = 2,232 a month stay out of account; of 5,000 the rest is above the standard of two."""
    _, review = determining(quick, "60000")
    form = {"result": "keep", "ground": "employment_disregard", "reason": "就业增收，按规定不计入"}
    assert "仍不符合条件" in str(quick.refused(FormRefused, review, "propose", **form))


def test_what_is_left_after_the_disregard_lowers_the_amount(quick: District) -> None:
    """2,500 a month: 268 above the cap count."""
    case, review = determining(quick, "30000")
    quick.do(
        review, "propose", result="decrease", ground="employment_disregard", reason="超出限额的部分计入收入"
    )
    signed(quick, review)
    quick.live_until("2016-10-28", step=9)
    assert [f"{grant.amount}" for grant in quick.grants(case)][-1] == "1220.00"


def test_a_pension_is_no_increase_from_work(quick: District) -> None:
    _, review = determining(quick, category="transfer")
    form = {"result": "keep", "ground": "employment_disregard", "reason": "就业增收，按规定不计入"}
    assert "没有劳动收入的增加" in str(quick.refused(FormRefused, review, "propose", **form))


@pytest.mark.parametrize(
    "ground, says", [("employment_disregard", "没有“就业增收"), ("gradual_exit", "不在渐退期内")]
)
def test_the_law_of_2021_answers_with_a_gradual_exit(quick: District, ground: str, says: str) -> None:
    quick.day("2022-11-07")
    _, review = determining(quick, "60000")
    for form in ({"ground": ground}, {}):
        refusal = quick.refused(FormRefused, review, "propose", result="keep", reason="情况特殊", **form)
        assert says in str(refusal) or not form
        assert str(refusal).endswith("现在可以选：渐退、停发")
    quick.do(review, "propose", result="grace", months=3, reason="就业后收入超过标准，渐退")


def test_income_that_is_not_from_work_is_no_reason_for_a_gradual_exit(quick: District) -> None:
    quick.day("2022-11-07")
    _, review = determining(quick, "60000", category="transfer")
    refusal = quick.refused(FormRefused, review, "propose", result="grace", months=3, reason="收入超过标准")
    assert "不适用渐退" in str(refusal)


def test_a_recheck_in_the_middle_of_a_gradual_exit_can_leave_it_as_decided(district: District) -> None:
    district.day("2022-11-07")
    case = district.on_benefit(members=2)
    head, _ = district.people(case)
    district.live_until("2022-12-05", step=5)
    district.do(case, "report_change", kind="job")
    district.review(case, "grace", incomes=[(head, "60000")], months=4, reason="就业后收入超过标准，渐退")
    district.live_until("2023-01-09", step=5)
    district.do(case, "report_change", kind="income")
    review = district.child(case, "dynamic_review")
    _collected(district, review, head, "60000")
    district.refused(FormRefused, review, "propose", result="keep", ground="", reason="仍在渐退期")
    district.do(review, "propose", result="keep", ground="gradual_exit", reason="渐退期未满")
    signed(district, review)
    assert district.planned(case).keys() >= {"end_grace"}
    district.live_until("2023-05-02", step=10)
    assert district.stage(case) == "stopped"
    assert max(line.month for line in district.lines(case)) == "2023-04"
    assert district.broken() == {}
