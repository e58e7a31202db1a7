"""Finding out: the information check and what the applicant says to it, the visit, the villagers' meeting."""

from datetime import date

import pytest

from tests.district import District
from workflow.errors import FormRefused, NotNow, NotPermitted, Unmet
from workflow.models import Authorisation, CasePart
from workflow.roles import INVESTIGATOR, SUPERVISOR, TOWN_REVIEWER, VERIFIER
from workflow.verification.authorisations import withdraw

KINDS = ("town_staff", "party_branch", "committee", "villager_rep")


def meeting(people: int, representatives: int, **one: object) -> list[dict[str, object]]:
    """So many people, so many of them villager representatives, the first one as `one` says."""
    kinds = ["villager_rep"] * representatives + [KINDS[n % 3] for n in range(people - representatives)]
    rows: list[dict[str, object]] = [
        {"name": f"参会人{n}", "kind": kind, "signed": True, "near_relative": False}
        for n, kind in enumerate(kinds, 1)
    ]
    rows[0] |= one
    return rows


def test_nothing_moves_on_before_all_parts_are_done(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    assert "信息核对、入户调查" in str(district.refused(Unmet, case, "conclude"))
    district.do(case, "visit")
    assert "信息核对" in str(district.refused(Unmet, case, "conclude"))
    district.check(case)
    district.do(case, "conclude")


def test_a_visit_needs_two_investigators_and_a_form_signed_by_both_sides(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    one = district.staff(INVESTIGATOR)
    errors = district.refused(FormRefused, case, "visit", investigators=[one.id]).errors  # type: ignore[attr-defined]
    assert errors == {"investigators": "调查人至少选 2 人"}
    assert "signed_by" in district.refused(FormRefused, case, "visit", signed_by=[]).errors  # type: ignore[attr-defined]
    district.refused(Unmet, case, "visit", papers=False)
    district.do(case, "visit")
    assert len(district.case(case).hands["investigation"]) == 2


def test_a_check_without_every_adults_authorisation_cannot_be_sent(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    last = district.rows(Authorisation)[-1]
    with district.database.acting() as conn:
        withdraw(district.office.session(conn), last.id, "本人不同意继续核对", now=district.now)
    assert "授权书" in str(district.refused(Unmet, district.child(case, "verification"), "ask"))


@pytest.mark.parametrize("edition_day", ["2016-09-05", "2021-09-06"])
def test_a_negative_check_is_told_objected_to_and_checked_again(district: District, edition_day: str) -> None:
    district.day(edition_day)
    case = district.bring(district.application(), "investigating")
    district.check(case, "mismatch")
    district.do(case, "visit")
    district.refused(Unmet, case, "conclude")
    district.do(case, "report_check_failed", reason="核对发现未申报的存款")
    assert district.stage(case) == "contesting"
    assert district.deadline(case, "stage:contesting").rule == "15d"

    district.refused(Unmet, case, "contest", papers=False)
    first = district.child(case, "verification")
    district.do(case, "contest", reason="存款为代他人保管，附证明")
    second = district.child(case, "verification")
    assert (district.stage(case), second != first) == ("investigating", True)

    district.check(case, "match")
    district.do(case, "visit")
    district.do(case, "conclude")
    assert district.case(case).facts["rechecked"] is True
    assert district.broken() == {}


def test_a_second_negative_check_goes_on_to_the_opinion_not_round_in_circles(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    for round_ in (1, 2):
        district.check(case, "mismatch")
        district.do(case, "visit")
        if round_ == 1:
            district.do(case, "report_check_failed")
            district.do(case, "contest")
    district.do(case, "conclude")


@pytest.mark.parametrize(
    "edition_day, due", [("2016-09-05", date(2016, 9, 8)), ("2021-09-10", date(2021, 9, 15))]
)
def test_an_uncontested_negative_check_is_refused_by_a_person_with_reason_and_service(
    district: District, edition_day: str, due: date
) -> None:
    district.day(edition_day)
    case = district.bring(district.application(), "investigating")
    district.check(case, "mismatch")
    district.do(case, "visit")
    district.do(case, "report_check_failed")
    district.refused(FormRefused, case, "refuse_uncontested", reason="")
    district.do(case, "refuse_uncontested", reason="名下有经营性车辆，超过规定")
    assert (district.stage(case), district.deadline(case, "stage:refusing").due_on) == ("refusing", due)
    district.refused(Unmet, case, "serve_refusal", papers=False)
    district.do(case, "serve_refusal")
    row = district.case(case)
    assert (row.result, row.facts["refusal_reason"]) == ("refused", "名下有经营性车辆，超过规定")
    assert district.broken() == {}


def test_who_investigated_does_not_refuse_on_the_check(district: District) -> None:
    reviewer = district.staff(TOWN_REVIEWER)
    case = district.bring(district.application(), "investigating")
    district.check(case, "mismatch")
    district.do(case, "visit", reviewer)
    district.do(case, "report_check_failed")
    district.refused(NotPermitted, case, "refuse_uncontested", reviewer)


@pytest.mark.parametrize(
    "people, representatives, valid",
    [(9, 6, True), (9, 5, False), (3, 2, True), (3, 3, True), (10, 6, False), (10, 7, True)],
)
def test_two_thirds_of_the_meeting_are_villager_representatives(
    quick: District, people: int, representatives: int, valid: bool
) -> None:
    case = quick.bring(quick.application(), "appraising")
    if valid:
        quick.do(case, "appraise", participants=meeting(people, representatives))
        assert quick.stage(case) == "opinion"
    else:
        refusal = quick.refused(FormRefused, case, "appraise", participants=meeting(people, representatives))
        assert f"村（居）民代表 {representatives} 人，不足 2/3" in str(refusal)


@pytest.mark.parametrize(
    "one, told", [({"near_relative": True}, "应当回避"), ({"signed": False}, "还没有签字")]
)
def test_near_relatives_and_missing_signatures_spoil_a_meeting(
    quick: District, one: dict[str, object], told: str
) -> None:
    case = quick.bring(quick.application(), "appraising")
    for word in ("appraise", "dispute"):
        assert told in str(quick.refused(FormRefused, case, word, participants=meeting(9, 6, **one)))


def test_a_disputed_meeting_sends_the_case_back_to_be_investigated(district: District) -> None:
    case = district.bring(district.application(), "appraising")
    district.refused(FormRefused, case, "dispute", reason="")
    district.do(case, "dispute", reason="与会人员对收入情况争议较大")
    assert district.stage(case) == "investigating"
    assert [p.code for p in sorted(district.rows(CasePart, case, state="open"), key=lambda p: p.code)] == [
        "check",
        "neighbours",
        "visit",
    ]
    assert district.deadline(case, "span:investigation").state == "open"
    district.bring(case, "opinion")
    assert district.broken() == {}


def test_a_procedure_is_ended_only_after_two_written_warnings(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    for _ in range(2):
        district.refused(Unmet, case, "terminate")
        district.do(case, "warn")
    district.refused(FormRefused, case, "terminate", reason="不")
    district.do(case, "terminate", reason="两次书面告知后仍拒不配合调查")
    row = district.case(case)
    assert (row.result, district.journal(case)[-1].reason) == ("terminated", "两次书面告知后仍拒不配合调查")


def test_the_third_visit_in_vain_is_told_to_the_supervisor_once(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    for tries in (1, 2, 3, 4):
        district.do(case, "no_contact")
        assert len(district.messages(case, "no_contact")) == (tries >= 3)
    assert district.messages(case, "no_contact")[0].role == SUPERVISOR.code


def test_what_was_seen_and_found_counts_against_what_was_declared(district: District) -> None:
    case = district.application(members=2, incomes=("6000",))
    district.bring(case, "investigating")
    head = district.people(case)[0]
    district.check(case, incomes=((head, "12000"),))
    district.do(case, "visit")
    district.do(case, "conclude")
    district.bring(case, "posting")
    assert district.case(case).facts["amount"] == "488.00"


def test_an_answer_about_somebody_else_is_refused(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    check = district.child(case, "verification")
    district.do(check, "ask")
    stranger = district.people(district.application())[0]
    row = {"person": stranger, "category": "wage", "annual": "100.00"}
    assert "不是本户成员" in str(district.refused(FormRefused, check, "take_answer", incomes=[row]))
    district.refused(Unmet, check, "report")


def test_a_case_can_recuse_a_person_who_then_cannot_act(district: District) -> None:
    case = district.bring(district.application(), "opinion")
    reviewer = district.staff(TOWN_REVIEWER)
    district.do(case, "recuse", reviewer, reason="与申请人有债务往来")
    district.refused(NotPermitted, case, "propose_approve", reviewer)
    district.do(case, "propose_approve", district.staff(TOWN_REVIEWER, 2))


def test_an_open_check_cannot_be_dropped_while_the_case_waits_for_it(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    district.refused(Unmet, district.child(case, "verification"), "drop")
    district.refused(NotNow, case, "appraise")
    district.refused(NotPermitted, case, "report_check", district.staff(VERIFIER), conclusion="match")


def test_an_earlier_visit_does_not_serve_for_a_new_investigation(district: District) -> None:
    """The appraisal is disputed: the family is visited anew, with a new form signed on a new day."""
    case = district.bring(district.application(), "appraising")
    first = district.today.isoformat()
    district.day("2016-09-12")
    district.do(case, "dispute", reason="与会人员对收入情况争议较大")
    district.check(case)
    assert "还没有完成：入户调查" in str(district.refused(Unmet, case, "conclude"))
    district.day("2016-09-13")
    refusal = district.refused(Unmet, case, "visit", papers=False)
    assert str(refusal) == "“入户调查表（双方签字）”是进入本环节以前的，不能用于这一次。请上传这一次的。"
    district.attach(case, "visit_form")
    refused = district.refused(FormRefused, case, "visit", visited_on=first)
    assert "本次调查从 2016-09-12 开始" in refused.errors["visited_on"]  # type: ignore[attr-defined]
    district.do(case, "visit", visited_on="2016-09-12")
    district.do(case, "conclude")
    assert district.broken() == {}
