"""Whoever had a hand in a case does not decide it; whoever recused himself keeps out of it."""

from collections.abc import Callable

import pytest

from definitions import CATALOGUE
from tests.district import District
from workflow.errors import NotPermitted
from workflow.models import Case
from workflow.roles import COUNTY_APPROVER, COUNTY_REVIEWER, INVESTIGATOR, TOWN_APPROVER, TOWN_REVIEWER, Role

DAYS = {"NB2016": "2016-09-05", "NAT2021": "2021-09-06", "NAT2021-DELEGATED": "2021-09-06"}


def applied(district: District) -> int:
    """An application that the county must visit, so that every hand there is has been had by somebody."""
    case = district.application()
    district.do(case, "submit", near_relatives=[{"staff_name": "某村干部", "relation": "parent"}])
    return case


def _brought(stage: str) -> Callable[[District], int]:
    return lambda district: district.bring(applied(district), stage)


def _contesting(district: District) -> int:
    case = applied(district)
    if "opinion" in district.cast or "county_review" in district.cast:
        if district.case(case).edition == "NB2016" and "county_review" in district.cast:
            district.bring(case, "second_publicity")
            district.do(case, "object_second")
        else:
            district.bring(case, "publicity")
            district.do(case, "object_")
        objection = district.child(case, "objection")
        district.do(objection, "inquire", district.staff(TOWN_REVIEWER))
        district.do(objection, "uphold", district.staff(TOWN_REVIEWER))
        if district.stage(case) == "rechecking":
            district.do(case, "reinvestigate")
    else:
        district.bring(case, "investigating")
    district.check(case, "mismatch")
    district.do(case, "visit")
    district.do(case, "report_check_failed", district.staff(TOWN_REVIEWER, 4))
    return case


def _visited_by_the_county(stage: str) -> Callable[[District], int]:
    def go(district: District) -> int:
        case = district.bring(applied(district), stage)
        if not district.case(case).facts.get("county_visited"):
            district.do(case, "send_visitors")
            district.do(case, "county_match")
        return case

    return go


def _on_benefit(district: District) -> int:
    return district.bring(applied(district), "on_benefit")


def _suspended(district: District) -> int:
    case = _on_benefit(district)
    district.do(case, "suspend", district.staff(_approver(district, case)))
    return case


def _approver(district: District, case: int) -> Role:
    return TOWN_APPROVER if district.case(case).edition == "NAT2021-DELEGATED" else COUNTY_APPROVER


def _review(stage: str) -> Callable[[District], int]:
    def go(district: District) -> int:
        cast, district.cast = district.cast, {}
        case = district.on_benefit()
        district.cast = cast
        district.do(case, "report_change", kind="income")
        review = district.child(case, "dynamic_review")
        district.do(review, "report")
        district.check(review)
        district.do(review, "visit")
        district.do(review, "conclude")
        for at, word in (("determining", "propose"), ("reviewing", "pass_on")):
            if district.stage(review) == at != stage:
                district.do(
                    review,
                    word,
                    **({"result": "keep", "reason": "没有明显变化"} if word == "propose" else {}),
                )
        return review

    return go


def _payment(district: District) -> int:
    district.on_benefit()
    district.day("2016-10-01")
    district.sweep()
    (payment,) = district.rows(Case, definition="payment")
    district.do(payment.id, "check")
    return int(payment.id)


PLACES: dict[str, dict[str, Callable[[District], int]]] = {
    "dibao": {
        "refuse_uncontested": _contesting, "propose_approve": _brought("opinion"), "propose_refuse": _brought("opinion"),
        "agree": _visited_by_the_county("county_review"), "disagree": _visited_by_the_county("county_review"),
        "approve": _visited_by_the_county("decision"), "refuse": _visited_by_the_county("decision"),
        "joint_sign": _visited_by_the_county("county_review"), "straight_to_decision": _visited_by_the_county("county_review"),
        "suspend": _on_benefit, "resume": _suspended, "stop_suspended": _suspended,
    },
    "dynamic_review": {
        "propose": _review("determining"), "pass_on": _review("reviewing"), "decide": _review("deciding"),
        "straight_to_deciding": _review("reviewing"),
    },
    "payment": {"all_paid": _payment, "some_failed": _payment},
}  # fmt: skip
"""How a case comes to where an action that keeps people apart may be done."""
NEVER = {("NAT2021", "refuse_uncontested", "county_review")}
"""Nobody can have had this hand there: no way leads from it back to that stage."""

TABLE = [
    (
        blueprint.code,
        edition,
        word.code,
        [hand for hand in word.apart_from if (edition, word.code, hand) not in NEVER],
    )
    for blueprint in CATALOGUE
    for edition in (blueprint.editions if blueprint.code != "payment" else ("NB2016",))
    for word in blueprint.actions.values()
    if word.apart_from and blueprint.code in PLACES
]
"""A programme that is not named among the places tells of its four eyes in journeys of its own."""


@pytest.mark.parametrize(
    "definition, edition, word, hands", TABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_had_a_hand_in_the_case_does_not_do_this(
    quick: District, definition: str, edition: str, word: str, hands: list[str]
) -> None:
    if edition == "NAT2021-DELEGATED":
        quick.delegate()
    quick.day(DAYS[edition])
    quick.cast = dict(zip(hands, quick.all_rounders, strict=False))
    case = PLACES[definition][word](quick)
    form = quick.office.catalogue.of(quick.case(case)).actions[word].form
    reason = {"reason": "理由写在这里"} if "reason" in form.fields() else {}
    for hand, person in quick.cast.items():
        assert person.id in quick.case(case).hands[hand], f"{word}: nobody had the hand {hand}"
        assert "分离原则" in str(quick.refused(NotPermitted, case, word, person, **reason))
    assert len(quick.cast) == len(hands)


RECUSALS = [
    ("accepted", "start", TOWN_REVIEWER), ("investigating", "visit", INVESTIGATOR), ("appraising", "appraise", TOWN_REVIEWER),
    ("opinion", "propose_approve", TOWN_REVIEWER), ("county_review", "agree", COUNTY_REVIEWER), ("decision", "approve", COUNTY_APPROVER),
]  # fmt: skip


@pytest.mark.parametrize("stage, word, role", RECUSALS)
def test_who_recuses_himself_does_nothing_more_in_the_case(
    quick: District, stage: str, word: str, role: Role
) -> None:
    case = quick.bring(quick.application(), stage)
    person = quick.staff(role)
    quick.do(case, "recuse", person, reason="与申请人有近亲属关系")
    assert "回避" in str(quick.refused(NotPermitted, case, word, person))
    assert quick.case(case).barred == [person.id]
    quick.do(case, word)
