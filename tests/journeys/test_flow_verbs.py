"""撤回、会商签署、挂起、撤销 in 低保, told from the first day to the last."""

from typing import Any

import pytest

from tests.district import BOTH, District
from tests.journeys.test_county import start
from workflow import verify
from workflow.actors import Actor
from workflow.errors import NotNow, NotPermitted, Unmet
from workflow.flow import verbs
from workflow.flow.seen import look
from workflow.models import Case
from workflow.roles import COUNTY_REVIEWER, HEAD, SUPERVISOR, TOWN_REVIEWER

WHY = "发现调查材料有误，需要核实"


def verb(district: District, case: int, code: str, by: Actor, **form: Any) -> None:
    with district.database.acting() as conn:
        verbs.run(
            district.office,
            conn,
            case,
            code,
            actor=by,
            form=form,
            seen=district.case(case).version,
            now=district.now,
        )


def sound(district: District) -> None:
    with district.database.acting() as conn:
        assert not {
            name: rows for name, rows in verify.invariants(conn, district.office.catalogue).items() if rows
        }


@BOTH
@pytest.mark.parametrize("edition", ["NB2016", "NAT2021"])
def test_a_concluded_investigation_is_taken_back_before_the_next_looks(
    district: District, edition: str
) -> None:
    start(district, edition)
    case = district.bring(district.application(), "investigating")
    district.check(case)
    district.do(case, "visit")
    clocks, me = district.case(case).clocks, district.staff(TOWN_REVIEWER, 2)
    district.do(case, "conclude", me)
    district.days(1)
    verb(district, case, "take_back", me, reason=WHY)
    after = district.case(case)
    assert (after.stage, after.clocks) == ("investigating", clocks)
    district.do(case, "conclude", me)
    with district.database.acting() as conn:
        look(conn, case, district.staff(TOWN_REVIEWER, 3), district.now)
    with pytest.raises(Unmet, match="已经打开"):
        verb(district, case, "take_back", me, reason=WHY)
    district.do(case, "recuse", district.staff(TOWN_REVIEWER, 4))
    sound(district)


def test_what_has_legal_effect_is_never_taken_back(quick: District) -> None:
    case = quick.bring(quick.application(), "posting")
    actor = quick.staff(TOWN_REVIEWER, 2)
    quick.do(case, "post", actor)
    with pytest.raises(NotPermitted):
        verb(quick, case, "take_back", actor, reason=WHY)


@BOTH
def test_a_hard_case_is_conferred_on_and_only_then_decided(district: District) -> None:
    case = district.bring(district.application(), "county_review")
    a, b = (district.staff(COUNTY_REVIEWER, n) for n in (2, 3))
    district.do(case, "joint_ask", signers=[a.id, b.id], matter="收入情况复杂，请会商")
    assert "疑难个案会商" in str(district.refused(Unmet, case, "agree"))
    district.do(case, "joint_sign", a)
    district.do(case, "joint_sign", b, opinion="disagreed", note="存款来源不明")
    assert "没有通过" in str(district.refused(Unmet, case, "agree"))
    district.do(case, "disagree")
    assert set(district.case(case).hands["county_review"]) >= {a.id, b.id}
    sound(district)


def test_without_a_conference_nothing_changes(quick: District) -> None:
    case = quick.bring(quick.application(), "county_review")
    assert [t.part for t in quick.tasks(case)] == [""]
    quick.do(case, "agree")


def test_where_the_town_decides_it_confers_with_the_county(quick: District) -> None:
    start(quick, "NAT2021-DELEGATED")
    case = quick.bring(quick.application(), "decision")
    town, county = quick.staff(TOWN_REVIEWER, 2), quick.staff(COUNTY_REVIEWER, 2)
    quick.do(case, "joint_ask", signers=[town.id, county.id])
    quick.do(case, "joint_sign", town)
    quick.do(case, "joint_sign", county)
    quick.do(case, "approve")
    assert quick.stage(case) == "approved"


@BOTH
def test_a_suspended_application_keeps_its_dates_and_comes_back(district: District) -> None:
    case = district.bring(district.application(), "opinion")
    due, asker = district.deadline(case, "span:town").due_on, district.staff(SUPERVISOR, 2)
    verb(district, case, "ask_suspend", asker, reason="材料涉嫌伪造，移送核查")
    verb(district, case, "confirm_suspend", district.staff(HEAD, 1))
    assert "法定时限照常计算" in str(district.refused(NotNow, case, "propose_approve"))
    district.live_until("2016-10-12")
    limit = district.deadline(case, "span:town")
    assert (limit.due_on, limit.overdue) == (due, True)
    assert [m.user_id for m in district.messages(case, "overdue") if m.facts["label"] == limit.label] == [
        asker.id
    ]
    escalation = district.child(case, "escalation")
    assert district.case(escalation).facts["late_user_id"] == asker.id
    verb(district, case, "resume_case", asker, reason="核查完毕，材料属实")
    district.bring(case, "posting")
    sound(district)


@BOTH
def test_a_benefit_obtained_by_fraud_is_revoked_by_two_and_what_was_paid_is_noted(district: District) -> None:
    case = district.on_benefit()
    for _ in range(2):
        district.live_until(district.today.replace(day=1, month=district.today.month + 1))
    district.day(district.today.replace(day=12))
    lists = district.rows(Case, definition="payment")
    for one in lists:
        if district.stage(one.id) == "listed":
            district.do(one.id, "check")
            district.do(one.id, "all_paid")
    paid = sum(line.amount for line in district.lines(case) if line.state == "paid")
    assert paid > 0
    verb(
        district,
        case,
        "ask_revoke",
        district.staff(SUPERVISOR, 2),
        reason="隐瞒房产骗取救助，依 R649-68 撤销",
    )
    with pytest.raises(NotNow):
        verb(district, case, "confirm_revoke", district.staff(SUPERVISOR, 2))
    verb(district, case, "confirm_revoke", district.staff(HEAD, 1))
    row = district.case(case)
    assert (row.stage, row.result, row.facts["to_recover"]) == ("revoked", "revoked", f"{paid:.2f}")
    (grant,) = district.grants(case)
    assert grant.to_month == f"{district.today:%Y-%m}"
    assert "同时：撤下公示、终止待遇，登记应追回的款项" in district.journal(case)[-1].reason
    assert district.planned(case) == {}
    sound(district)


def test_revoked_while_it_hangs_the_notice_comes_down(quick: District) -> None:
    case = quick.bring(quick.application(), "publicity")
    verb(quick, case, "ask_revoke", quick.staff(SUPERVISOR, 2), reason="不属于本区管辖，撤销案件")
    verb(quick, case, "confirm_revoke", quick.staff(HEAD, 1))
    assert all(notice.taken_down_on == quick.today for notice in quick.notices(case))
    sound(quick)
