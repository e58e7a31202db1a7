"""What may be done in one edition may be done in each that has it: the ways beside the ordinary one, in all three."""

from datetime import date

import pytest

from tests.district import District
from tests.journeys.test_county import doubtful, start
from tests.journeys.test_flow_verbs import verb
from workflow.errors import Unmet
from workflow.roles import COUNTY_REVIEWER, HEAD, SUPERVISOR, TOWN_REVIEWER

ALL = ("NB2016", "NAT2021", "NAT2021-DELEGATED")
NATIONAL = ("NAT2021", "NAT2021-DELEGATED")
EDITIONS = pytest.mark.parametrize("edition", ALL)
POINTS = [{"what": "请补充收入证明"}]


def begun(district: District, edition: str, stage: str) -> int:
    """An application of an edition, brought to a stage."""
    start(district, edition)
    return district.bring(district.application(), stage)


def hung(district: District, case: int) -> None:
    """The notice has hung for its days."""
    district.bring(case, "publicity")
    district.day(district.deadline(case, "minimum:publicity").due_on.replace(day=21))


# At the window


@EDITIONS
def test_a_draft_is_thrown_away(quick: District, edition: str) -> None:
    case = begun(quick, edition, "draft")
    quick.do(case, "discard")
    assert quick.case(case).result == "discarded"


@EDITIONS
def test_what_is_missing_is_brought_later_or_never(quick: District, edition: str) -> None:
    case, other = begun(quick, edition, "submitted"), quick.bring(quick.application(), "submitted")
    for one in (case, other):
        quick.do(one, "notify_missing")
    quick.do(case, "complete")
    assert quick.stage(case) == "accepted"
    quick.day(quick.deadline(other, "stage:correcting").due_on)
    quick.days(1)
    quick.do(other, "lapse")
    assert quick.case(other).result == "withdrawn"


@EDITIONS
def test_an_application_that_belongs_elsewhere_is_not_accepted(quick: District, edition: str) -> None:
    case = begun(quick, edition, "submitted")
    quick.do(case, "refuse_intake")
    assert quick.case(case).result == "not_accepted"


@EDITIONS
def test_a_relation_is_declared_somebody_steps_back_and_the_applicant_withdraws(
    quick: District, edition: str
) -> None:
    case = begun(quick, edition, "accepted")
    quick.do(case, "declare", staff_name=quick.staff(TOWN_REVIEWER, 3).name)
    quick.do(case, "recuse", quick.staff(TOWN_REVIEWER, 2))
    assert set(quick.case(case).barred) == {quick.staff(TOWN_REVIEWER, n).id for n in (2, 3)}
    quick.do(case, "withdraw")
    assert quick.case(case).result == "withdrawn"


# Looking into it


@EDITIONS
def test_who_is_never_met_and_does_not_cooperate_is_warned_twice_before_the_end(
    quick: District, edition: str
) -> None:
    case = begun(quick, edition, "investigating")
    quick.do(case, "no_contact")
    quick.do(case, "ask_neighbours")
    for _ in range(2):
        quick.refused(Unmet, case, "terminate")
        quick.do(case, "warn")
    quick.do(case, "terminate")
    assert quick.case(case).result == "terminated"


@EDITIONS
@pytest.mark.parametrize("contested", [True, False])
def test_a_check_that_does_not_match_is_put_to_the_applicant(
    quick: District, edition: str, *, contested: bool
) -> None:
    case = begun(quick, edition, "investigating")
    quick.check(case, "mismatch")
    quick.do(case, "visit")
    quick.do(case, "report_check_failed")
    if contested:
        quick.do(case, "contest")
        quick.bring(case, "opinion")
    else:
        quick.do(case, "refuse_uncontested")
        quick.do(case, "serve_refusal")
        assert quick.case(case).result == "refused"


@pytest.mark.parametrize("edition", NATIONAL)
def test_an_upheld_objection_is_appraised_where_that_is_enough_and_investigated_where_it_is_disputed(
    quick: District, edition: str
) -> None:
    case = begun(quick, edition, "publicity")
    quick.do(case, "object_")
    objection = quick.child(case, "objection")
    quick.do(objection, "inquire")
    quick.do(objection, "uphold")
    quick.do(case, "appraise_instead")
    quick.do(case, "dispute")
    assert quick.stage(case) == "investigating"


def test_in_2016_an_opinion_goes_back_to_the_appraisal_and_that_to_the_window(quick: District) -> None:
    case = begun(quick, "NB2016", "opinion")
    quick.do(case, "town_return_to_appraising", points=POINTS)
    quick.do(case, "town_return_to_accepted", points=POINTS)
    quick.do(case, "straight_to_appraising")
    quick.bring(case, "posting")


def test_a_grown_child_signs_before_the_check_is_asked(quick: District) -> None:
    case = quick.application(members=3, minors=1)
    quick.bring(case, "investigating")
    check = quick.child(case, "verification")
    quick.do(check, "sign")
    quick.do(check, "ask")
    assert quick.case(check).facts["authorised"] == quick.people(case)[:2]


# On the board


@EDITIONS
def test_a_notice_that_was_missing_hangs_anew_and_a_late_objection_is_noted(
    quick: District, edition: str
) -> None:
    case = begun(quick, edition, "publicity")
    quick.days(2)
    quick.do(case, "repost")
    assert quick.deadline(case, "minimum:publicity").started_on == quick.today
    quick.day(quick.deadline(case, "minimum:publicity").due_on)
    quick.days(1)
    quick.do(case, "note_late_objection")
    assert quick.stage(case) == "publicity"


def test_the_second_notice_of_2016_hangs_anew_too(quick: District) -> None:
    case = begun(quick, "NB2016", "second_publicity")
    quick.days(2)
    quick.do(case, "repost_second")
    assert quick.deadline(case, "minimum:second_publicity").started_on == quick.today


@EDITIONS
def test_an_objection_that_does_not_hold_lets_the_case_go_on(quick: District, edition: str) -> None:
    case = begun(quick, edition, "publicity")
    quick.do(case, "object_")
    objection = quick.child(case, "objection")
    quick.do(objection, "inquire")
    quick.do(objection, "reject")
    assert quick.stage(case) == ("decision" if edition == "NAT2021-DELEGATED" else "forwarding")


# At the county


@EDITIONS
def test_a_round_of_signers_is_enlarged_and_made_smaller(quick: District, edition: str) -> None:
    stage = "decision" if edition == "NAT2021-DELEGATED" else "county_review"
    case = begun(quick, edition, stage)
    one, two, three = (quick.staff(COUNTY_REVIEWER, number).id for number in (2, 3, 4))
    quick.do(case, "joint_ask", signers=[one, two])
    quick.do(case, "joint_add", signers=[three], place="after")
    quick.do(case, "joint_drop", signers=[one])
    for number in (3, 4):
        quick.do(case, "joint_sign", quick.staff(COUNTY_REVIEWER, number))
    quick.do(case, "approve" if stage == "decision" else "agree")


@EDITIONS
def test_a_doubt_at_the_end_is_noted_and_calls_for_a_visit(quick: District, edition: str) -> None:
    case = begun(quick, edition, "decision" if edition == "NAT2021-DELEGATED" else "county_review")
    quick.do(case, "mark_doubt")
    quick.do(case, "send_visitors")
    quick.do(case, "county_match")


@pytest.mark.parametrize(
    "edition, word, stage",
    [
        ("NB2016", "county_return_to_opinion", "county_review"), ("NB2016", "county_return_to_investigating", "county_review"),
        ("NAT2021", "county_return_to_opinion", "county_review"), ("NAT2021", "county_return_to_investigating", "county_review"),
        ("NAT2021-DELEGATED", "approver_return_to_investigating", "decision"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_enough_goes_back_to_the_town(
    quick: District, edition: str, word: str, stage: str
) -> None:
    case = begun(quick, edition, stage)
    quick.do(
        case, word, points=POINTS, **({"redo": ["check", "visit"]} if word.endswith("investigating") else {})
    )
    assert quick.stage(case) == word.split("_to_")[1]
    quick.bring(case, stage)


# On benefit


@EDITIONS
def test_a_death_is_reported_and_the_amount_follows(quick: District, edition: str) -> None:
    start(quick, edition)
    case = quick.on_benefit(members=2)
    _, spouse = quick.people(case)
    quick.do(case, "report_death", person=[spouse], died_on=quick.today.isoformat())
    quick.review(case, "decrease", reason="家庭成员减少一人")
    quick.live_until(quick.planned(case)["adjust"])
    assert "adjust" in quick.actions_done(case)


@pytest.mark.parametrize("edition", ALL)
def test_a_recheck_falls_due_and_is_opened(quick: District, edition: str) -> None:
    start(quick, edition)
    case = quick.on_benefit()
    quick.day(quick.planned(case)["open_review"])
    quick.sweep()
    assert quick.actions_done(case)[-1] == "open_review"


@EDITIONS
def test_payment_is_held_back_resumed_and_at_last_stopped(quick: District, edition: str) -> None:
    start(quick, edition)
    case = quick.on_benefit(members=1)
    for word in ("suspend", "resume", "suspend", "stop_suspended"):
        quick.do(case, word)
    quick.live_until(quick.planned(case)["stop"], step=10)
    assert quick.case(case).result == "stopped"


@pytest.mark.parametrize("falls_back", [True, False])
@pytest.mark.parametrize("edition", NATIONAL)
def test_work_leads_out_of_the_benefit_by_degrees_or_back_into_it(
    quick: District, edition: str, *, falls_back: bool
) -> None:
    if edition == "NAT2021-DELEGATED":
        quick.delegate()
    quick.day("2022-11-07")
    case = quick.on_benefit(members=2)
    head, _ = quick.people(case)
    quick.live_until("2022-12-05", step=5)
    quick.do(case, "report_change", kind="job")
    quick.review(case, "grace", incomes=[(head, "60000")], months=2, reason="就业后收入超过标准，渐退")
    quick.live_until("2023-01-02", step=5)
    assert quick.stage(case) == "gradual_exit"
    if falls_back:
        quick.do(case, "report_change", kind="income")
        quick.review(case, "keep", incomes=[(head, "0.00")], reason="已失业，收入回落")
    quick.live_until("2023-03-02", step=5)
    assert quick.stage(case) == ("on_benefit" if falls_back else "stopped")


@EDITIONS
def test_what_should_never_have_been_is_revoked_by_two(quick: District, edition: str) -> None:
    case = begun(quick, edition, "publicity")
    verb(quick, case, "ask_revoke", quick.staff(SUPERVISOR, 2), reason="不属于本区管辖，撤销案件")
    verb(quick, case, "confirm_revoke", quick.staff(HEAD, 1))
    assert quick.case(case).result == "revoked"


# Beside the application


@EDITIONS
def test_a_result_is_determined_anew_where_it_was_weak(quick: District, edition: str) -> None:
    start(quick, edition)
    benefit = quick.on_benefit()
    quick.do(benefit, "report_change", kind="income")
    review = quick.child(benefit, "dynamic_review")
    quick.do(review, "report")
    quick.check(review)
    for word in ("visit", "conclude"):
        quick.do(review, word)
    quick.do(review, "propose", result="keep", reason="没有明显变化")
    quick.do(review, "return_to_determining", points=POINTS)
    assert quick.stage(review) == "determining"


@EDITIONS
def test_a_recheck_of_a_benefit_that_has_ended_is_dropped(quick: District, edition: str) -> None:
    start(quick, edition)
    benefit = quick.on_benefit(members=1)
    quick.do(benefit, "report_change", kind="income")
    review = quick.child(benefit, "dynamic_review")
    quick.refused(Unmet, review, "drop")
    quick.do(benefit, "suspend")
    quick.do(benefit, "stop_suspended")
    quick.live_until(quick.planned(benefit)["stop"], step=10)
    quick.do(review, "drop")
    assert quick.case(review).result == "void"


def test_a_supervisor_urges_and_then_gives_the_late_task_to_another(quick: District) -> None:
    case = quick.bring(quick.application(), "submitted")
    quick.live_until(date(2016, 10, 10), step=5)
    escalation = quick.child(case, "escalation")
    quick.do(escalation, "urge")
    assert "今天已经催办过" in str(quick.refused(Unmet, escalation, "urge"))
    quick.do(escalation, "reassign")
    assert "assign" in quick.actions_done(case)
    quick.do(escalation, "close")


@EDITIONS
def test_a_family_with_a_relative_on_the_staff_is_visited(quick: District, edition: str) -> None:
    start(quick, edition)
    case = doubtful(quick)
    hung(quick, case)
    quick.do(case, "take_down")
    assert quick.case(case).facts["near_relative"] is True
