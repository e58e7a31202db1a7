"""At the county, or where the town decides: the draw, the visit, what is sent back, and refusals."""

from datetime import date
from fractions import Fraction
from math import ceil

import pytest

from definitions.shared.sampling import picked_places
from tests.district import District
from workflow.errors import FormRefused, NotNow, Unmet
from workflow.models import Case, Draw

IN = {"NB2016": "2016-09-05", "NAT2021": "2021-09-06", "NAT2021-DELEGATED": "2021-09-06"}


def start(district: District, edition: str) -> None:
    if edition == "NAT2021-DELEGATED":
        district.delegate()
    district.day(IN[edition])


def doubtful(district: District) -> int:
    """An application with a near relative among the staff."""
    case = district.application()
    district.do(case, "submit", near_relatives=[{"staff_name": "某村干部", "relation": "parent"}])
    return case


def test_of_47_cases_every_near_relative_and_three_of_ten_others_are_visited(quick: District) -> None:
    cases = [doubtful(quick) if n in (5, 12, 30, 41) else quick.application() for n in range(47)]
    quick.bring_all(cases, "forwarding")
    near = {cases[n] for n in (5, 12, 30, 41)}
    for case in cases:
        quick.do(case, "forward")
    draws = {row.case_id: row for row in quick.rows(Draw)}
    assert all(draws[case].picked and draws[case].place is None for case in near)
    others = [draws[case] for case in cases if case not in near]
    assert [row.place for row in others] == list(range(1, 44))
    assert [sum(row.picked for row in others[start : start + 10]) for start in (0, 10, 20, 30)] == [
        3,
        3,
        3,
        3,
    ]

    quick.day("2016-10-01")
    quick.sweep()
    others = [row for row in quick.rows(Draw) if row.case_id not in near]
    picked = {row.place for row in others if row.picked}
    assert len(picked) >= 13
    assert len(picked & {41, 42, 43}) >= 1
    assert len(picked) + len(near) >= ceil(Fraction(30, 100) * 47)

    (seed,) = {row.seed for row in others}
    assert picked == picked_places(seed, 43, Fraction(3, 10), closed=True)
    assert all(quick.case(row.case_id).facts["sampled"] for row in others if row.picked)
    before = [(row.case_id, row.picked) for row in quick.rows(Draw)]
    quick.sweep()
    assert [(row.case_id, row.picked) for row in quick.rows(Draw)] == before
    assert quick.broken() == {}


def test_a_family_picked_after_its_benefit_began_is_visited_by_way_of_a_recheck(quick: District) -> None:
    cases = [quick.application() for _ in range(3)]
    quick.bring_all(cases, "on_benefit")
    before = {case for case in cases if quick.case(case).facts["sampled"]}
    quick.day("2016-10-01")
    quick.sweep()
    after = {case for case in cases if quick.case(case).facts["sampled"]}
    assert len(after) >= 1
    for case in after - before:
        review = quick.child(case, "dynamic_review")
        assert quick.case(review).facts["trigger"] == "sampling"
    quick.live_until("2016-10-03")
    assert quick.rows(Case, definition="payment")
    assert quick.broken() == {}


@pytest.mark.parametrize("edition", ["NB2016", "NAT2021"])
def test_a_near_relatives_case_is_visited_before_the_county_gives_its_opinion(
    district: District, edition: str
) -> None:
    start(district, edition)
    case = district.bring(doubtful(district), "forwarding")
    district.do(case, "forward")
    for word in ("agree", "disagree"):
        assert "抽查" in str(district.refused(Unmet, case, word))
    district.do(case, "send_visitors")
    errors = district.refused(FormRefused, case, "county_match", visitors=[]).errors  # type: ignore[attr-defined]
    assert "visitors" in errors
    district.do(case, "county_match")
    assert len(district.case(case).hands["county_visit"]) == 2
    district.do(case, "agree")


def test_a_near_relatives_case_is_visited_by_the_county_where_the_town_decides(district: District) -> None:
    start(district, "NAT2021-DELEGATED")
    case = doubtful(district)
    while district.stage(case) != "decision":
        district.bring(case, {"submitted": "publicity", "publicity": "decision"}[district.stage(case)])
    assert "抽查" in str(district.refused(Unmet, case, "approve"))
    district.do(case, "send_visitors")
    district.do(case, "county_match")
    district.do(case, "approve")


def test_an_ordinary_case_where_the_town_decides_is_not_visited_before_the_decision(quick: District) -> None:
    start(quick, "NAT2021-DELEGATED")
    cases = [quick.application() for _ in range(12)]
    quick.bring_all(cases, "decision")
    assert not any(quick.case(case).facts.get("sampled") for case in cases)


def test_where_the_town_decides_the_county_samples_afterwards_and_by_way_of_a_recheck(
    quick: District,
) -> None:
    start(quick, "NAT2021-DELEGATED")
    cases = [quick.application() for _ in range(12)]
    quick.bring_all(cases, "on_benefit")
    quick.live_until("2021-10-09", step=30)
    quick.sweep()
    reviewed = [
        row for row in quick.rows(Case, definition="dynamic_review") if row.facts["trigger"] == "sampling"
    ]
    assert len(reviewed) >= 2  # one in ten, the open block rounded up
    assert quick.rows(Case, definition="payment")
    assert quick.broken() == {}


@pytest.mark.parametrize("edition", ["NB2016", "NAT2021", "NAT2021-DELEGATED"])
def test_what_the_county_finds_otherwise_goes_back_to_be_investigated(
    district: District, edition: str
) -> None:
    start(district, edition)
    case = doubtful(district)
    district.bring(case, "publicity")
    district.day(district.deadline(case, "minimum:publicity").due_on.replace(day=20))
    district.do(case, "take_down")
    if edition != "NAT2021-DELEGATED":
        district.do(case, "forward")
    district.do(case, "send_visitors")
    district.refused(FormRefused, case, "county_mismatch", reason="")
    district.do(case, "county_mismatch", reason="实际居住人口与申报不符")
    row = district.case(case)
    assert (row.stage, row.facts["doubt"]) == ("investigating", True)
    assert "county" not in row.clocks
    assert district.tasks(case)
    district.bring(case, "on_benefit")
    assert district.broken() == {}


def test_a_file_goes_back_to_the_town_once_only(district: District) -> None:
    case = district.bring(district.application(), "county_review")
    district.refused(FormRefused, case, "county_return_to_opinion", points=[])
    district.do(case, "county_return_to_opinion", points=[{"what": "请补充收入证明后再报"}])
    assert district.stage(case) == "opinion"
    assert district.deadline(case, "span:county").state == "met"
    district.bring(case, "county_review")
    assert len(district.rows(Draw, case)) == 1
    assert "已退回补充过一次" in str(district.refused(Unmet, case, "county_return_to_opinion"))
    district.bring(case, "on_benefit")
    assert district.broken() == {}


def test_where_the_town_decides_a_file_goes_back_once_too(district: District) -> None:
    start(district, "NAT2021-DELEGATED")
    case = district.bring(district.application(), "decision")
    district.do(case, "approver_return_to_opinion")
    district.bring(case, "decision")
    district.refused(Unmet, case, "approver_return_to_opinion")


def test_nobody_orders_a_visit_without_ground_but_a_doubt_is_ground(quick: District) -> None:
    cases = [quick.application() for _ in range(3)]
    quick.bring_all(cases, "forwarding")
    for case in cases:
        quick.do(case, "forward")
    case = next(case for case in cases if not quick.case(case).facts["sampled"])
    quick.refused(Unmet, case, "send_visitors")
    quick.do(case, "mark_doubt", reason="接到电话举报，需入户核实")
    quick.refused(Unmet, case, "agree")
    quick.do(case, "send_visitors")


REFUSALS = {
    "NB2016": [("opinion", "propose_refuse"), ("county_review", "disagree"), ("decision", "refuse")],
    "NAT2021": [("opinion", "propose_refuse"), ("county_review", "disagree"), ("decision", "refuse")],
    "NAT2021-DELEGATED": [("opinion", "propose_refuse"), ("decision", "refuse")],
}


@pytest.mark.parametrize(
    "edition, stage, word", [(e, s, w) for e, places in REFUSALS.items() for s, w in places]
)
def test_a_refusal_at_each_place_has_its_reason_its_decision_and_its_service(
    quick: District, edition: str, stage: str, word: str
) -> None:
    start(quick, edition)
    case = quick.bring(quick.application(), stage)
    reason = "家庭人均收入不低于当地最低生活保障标准"
    assert "reason" in quick.refused(FormRefused, case, word, reason="").errors  # type: ignore[attr-defined]
    quick.do(case, word, reason=reason)
    if word != "refuse":
        for at, step in (
            ("posting", "post"),
            ("publicity", "take_down"),
            ("forwarding", "forward"),
            ("county_review", "disagree"),
        ):
            if quick.stage(case) != at:
                continue
            if at == "publicity":
                quick.day(quick.deadline(case, "minimum:publicity").due_on.replace(day=20))
            if at == "county_review" and quick.case(case).facts.get("sampled"):
                quick.do(case, "send_visitors")
                quick.do(case, "county_match")
            quick.do(case, step, **({"reason": reason} if step == "disagree" else {}))
        assert quick.stage(case) == "decision"
        quick.refused(Unmet, case, "approve")
        quick.do(case, "refuse", reason=reason)
    assert quick.stage(case) == "refusing"
    decided = quick.today
    rule = {"NB2016": "3d"}.get(edition, "3wd")
    letter = quick.deadline(case, "stage:refusing")
    assert (letter.rule, letter.started_on) == (rule, decided)
    quick.refused(Unmet, case, "serve_refusal", papers=False)
    quick.do(case, "serve_refusal")
    row = quick.case(case)
    assert (row.stage, row.result, row.facts["refusal_reason"]) == ("refused", "refused", reason)
    assert quick.grants(case) == []
    assert quick.broken() == {}
    quick.do(quick.application(row.subject_id), "submit")


@pytest.mark.parametrize(
    "decided, due",
    [
        ("2016-09-21", date(2016, 9, 24 + 2)),
        ("2016-09-28", date(2016, 10, 8)),
        ("2021-09-28", date(2021, 10, 8)),
        ("2021-09-14", date(2021, 9, 17)),
    ],
)
def test_the_letter_of_refusal_is_due_in_three_days_or_three_working_days(
    quick: District, decided: str, due: date
) -> None:
    quick.day("2016-09-05" if decided < "2021" else "2021-08-30")
    case = quick.bring(quick.application(), "decision")
    quick.day(decided)
    quick.do(case, "refuse")
    assert quick.deadline(case, "stage:refusing").due_on == due


def test_what_the_town_proposed_to_refuse_cannot_be_approved_by_the_county(district: District) -> None:
    case = district.bring(district.application(), "opinion")
    district.do(case, "propose_refuse")
    district.bring(case, "forwarding")
    district.do(case, "forward")
    district.refused(Unmet, case, "agree")
    district.refused(NotNow, case, "approve")
