"""Departments: a need handed on and answered, and the service centre's tasks (R649-60; ZJ-53; SEED 三(一))."""

from datetime import date, timedelta

import pytest

from definitions.coordination import begin_task
from definitions.departments import KINDS
from tests.district import COUNTY, District
from tests.journey import Journey
from workflow.departments import (
    appoint_liaison,
    departments_of,
    end_liaison,
    liaisons_on,
    read_department_rows,
)
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.models import AidGrant, Deadline, Liaison, OutboxMessage
from workflow.policy import may_read
from workflow.roles import CENTRE_DIRECTOR, CENTRE_STAFF, DEPARTMENT_REVIEWER, LIAISON

MONDAY = "2016-09-05"


def code_of(district: District, kind: str) -> str:
    with district.database.reading() as session:
        return next(one.code for one in departments_of(session, COUNTY) if one.kind == kind)


def only_in(district: District, role, kind: str, number: int = 1):
    """Somebody of a role as he would be if his only post were in this department."""
    from dataclasses import replace

    person = district.staff(role, number)
    return replace(person, grants=frozenset({(role.code, code_of(district, kind))}))


# Referrals


def test_a_need_is_handed_on_answered_and_told(journey):
    referral = journey("转办单", on=MONDAY).stands("待转出", held_by="窗口受理员", due="2016-09-06")
    referral.does("转给部门", department="housing").stands(
        "待部门签收", held_by="部门联络员", due="2016-09-07"
    )
    referral.does("签收").stands("部门办理中", due="2016-10-09")
    referral.does("答复：已落实", item="公租房租赁补贴", amount="300.00").stands(
        "已答复，待告知", held_by="窗口受理员"
    )
    referral.does("告知申请人，办结").ended("served")
    [grant] = referral.district.rows(AidGrant, referral.case)
    assert (grant.item, str(grant.amount), grant.department) == (
        "公租房租赁补贴",
        "300.00",
        code_of(referral.district, "housing"),
    )


def test_a_wrong_door_is_never_the_end(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门", department="education")
    referral.does("不归本部门，退回", reason="这是住建部门的职责").stands(
        "退回窗口", held_by="窗口受理员", due="2016-09-06"
    )
    referral.does("另转部门", department="housing").does("签收")
    referral.does("不归本部门，退回", reason="本部门没有这一项").does("由窗口办理").ended("kept")
    back = referral.district.case(referral.case).facts["given_back"]
    assert [row["department"] for row in back] == ["鄞州区教育局", "鄞州区住房和城乡建设局"]


def test_it_comes_back_to_the_clerk_who_sent_it(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门").does("签收").does("答复：已落实")
    [task] = referral.tasks()
    assert task.assignee_id == referral.who_did("转给部门").id


def test_a_refusal_is_told_with_its_reason(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门").does("签收")
    referral.cannot("答复：不能办理", reason="", because="理由")
    referral.does("答复：不能办理").stands("不能办理，待告知", held_by="窗口受理员", due="2016-09-08")
    referral.does("告知理由，办结").ended("refused")


def test_the_family_may_withdraw(journey):
    journey("转办单", on=MONDAY).does("转给部门").does("申请人撤回").ended("withdrawn")


def test_the_term_may_be_shortened_and_not_lengthened(journey):
    referral = journey("转办单", on=MONDAY)
    referral.cannot("转给部门", answer_by="2016-10-10", because="最迟为 2016-10-09")
    referral.cannot("转给部门", answer_by="2016-09-04", because="不能早于今天")
    referral.does("转给部门", answer_by="2016-09-20").does("签收").stands("部门办理中", due="2016-09-20")


def test_a_department_without_aid_gets_no_referral(journey):
    journey("转办单", on=MONDAY).cannot("转给部门", department="finance", because="没有救助职能")


def test_it_lies_with_the_departments_liaison_and_with_no_other(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门", department="housing")
    district, case = referral.district, referral.district.case(referral.case)
    [task] = referral.tasks()
    assert (task.scope, task.assignee_id) == (code_of(district, "housing"), district.staff(LIAISON, 1).id)
    other = only_in(district, LIAISON, "education")
    referral.cannot("签收", by=other, because="没有这个岗位或不管这个区域")
    assert not may_read(other, case)
    assert may_read(only_in(district, LIAISON, "housing"), case)


def test_the_deputy_gets_it_when_the_liaison_is_away(journey):
    referral = journey("转办单", on=MONDAY)
    district = referral.district
    from workflow.desk.substitutions import take_leave

    away = district.staff(LIAISON, 1)
    with district.database.acting() as conn:
        take_leave(district.office, conn, user=away.id, from_date=date(2016, 9, 5), to_date=date(2016, 9, 9), reason="出差",
                   actor=away, now=district.now)  # fmt: skip
    [task] = referral.does("转给部门").tasks()
    assert task.assignee_id == district.staff(LIAISON, 2).id
    referral.does("签收", by=district.staff(LIAISON, 2)).stands("部门办理中")


def test_a_stand_in_signs_for_the_liaison(journey):
    from workflow.actors import load_actor
    from workflow.desk.substitutions import substitute

    referral = journey("转办单", on=MONDAY).does("转给部门")
    district = referral.district
    liaison, stand_in = district.staff(LIAISON, 1), district.staff(DEPARTMENT_REVIEWER, 5)
    with district.database.acting() as conn:
        substitute(district.office, conn, principal=liaison.id, stand_in=stand_in.id, from_date=date(2016, 9, 5),
                   to_date=date(2016, 9, 9), reason="出差", actor=liaison, now=district.now)  # fmt: skip
    with district.database.reading() as session:
        actor = load_actor(session, stand_in.id, district.today)
    referral.does("签收", by=actor).stands("部门办理中")
    assert f"代 {liaison.name}" in district.case(referral.case).facts["signed_by"]


def test_an_unsigned_one_is_chased_once_a_day_and_escalated_to_the_county(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门")
    referral.does("催办").cannot("催办", because="今天已经催办过一次")
    assert referral.district.messages(referral.case, "urged")
    referral.waits("2016-09-08").is_late()
    assert referral.district.case(referral.linked("督办").case).area_code == COUNTY


# Coordination


def ordered(district: District, about: str = "", **form) -> Journey:
    body = {"department": "health_insurance", "subject": "核实费用", "question": "请核实该户住院费用"} | form
    with district.database.acting() as conn:
        made = begin_task(district.office, conn, county=COUNTY, about=about, actor=district.staff(CENTRE_STAFF), now=district.now,
                          form={"answer_by": (district.today + timedelta(days=10)).isoformat()} | body)  # fmt: skip
    return Journey(district, made.id)


@pytest.fixture
def centre(quick: District) -> District:
    quick.day(MONDAY)
    return quick


def test_a_task_goes_its_way_to_the_end(centre):
    task = ordered(centre).stands("待签收", held_by="部门联络员", due="2016-09-07")
    task.does("签收").stands("已签收", due="2016-09-15").does("开始办理").stands("办理中", due="2016-09-15")
    task.does("反馈").stands("已反馈", held_by="救助中心经办").does("退回补充").stands("办理中")
    task.does("反馈", answer="已补充").does("办结").ended("closed")


def test_it_may_be_about_a_case_the_centre_knows(centre):
    case = centre.bring(centre.application(), "accepted")
    task = ordered(centre, about=centre.case(case).number)
    assert centre.case(task.case).subject_id == case
    with pytest.raises(NotFound):
        ordered(centre, about="DB-2016-999999")


def test_only_the_centre_gives_tasks(centre):
    with centre.database.acting() as conn, pytest.raises(NotPermitted):
        begin_task(centre.office, conn, county=COUNTY, form={}, actor=centre.staff(LIAISON), now=centre.now)


def test_what_is_overdue_goes_to_the_director_who_gives_his_word(centre):
    task = ordered(centre).does("签收").does("开始办理")
    task.cannot("主任批示", because="还没有逾期")
    task.does("催办").waits("2016-09-16").is_late()
    told = centre.rows(OutboxMessage, task.case, topic="overdue")
    assert [row.role for row in told] == [CENTRE_DIRECTOR.code]
    task.does("主任批示").stands("办理中")
    assert centre.case(task.case).facts["instructions"][0]["on"] == "2016-09-16"


def test_a_task_that_is_not_needed_is_cancelled(centre):
    ordered(centre).does("取消").ended("cancelled")


def test_a_term_lies_ahead(centre):
    with pytest.raises(FormRefused) as refused:
        ordered(centre, answer_by=MONDAY)
    assert refused.value.errors == {"answer_by": "反馈期限应晚于今天"}


# Liaisons


def test_the_shipped_departments_are_of_known_kinds():
    rows = read_department_rows()
    assert {row.kind for row in rows} == set(KINDS)
    assert len({row.code for row in rows}) == len(rows)


@pytest.fixture
def posts(district: District):
    """A department and the ways to fill its posts."""
    code = code_of(district, "union")

    class Posts:
        def appoint(self, number: int, deputy: bool, first: str, last: str = "") -> Liaison:
            with district.database.acting() as conn:
                session = district.office.session(conn)
                user = district.staff("department_reviewer", number).id
                until = date.fromisoformat(last) if last else None
                return appoint_liaison(
                    session, code, user, deputy=deputy, from_date=date.fromisoformat(first), to_date=until
                )

        def end(self, deputy: bool, day: str) -> None:
            with district.database.acting() as conn:
                session = district.office.session(conn)
                [row] = [
                    one for one in liaisons_on(session, [code], district.today)[code] if one.deputy == deputy
                ]
                end_liaison(session, row.id, date.fromisoformat(day))

        def on(self, day: str) -> list[tuple[str, bool]]:
            with district.database.reading() as session:
                found = liaisons_on(session, [code], date.fromisoformat(day))[code]
                return [(one.user.name, one.deputy) for one in found]

    return Posts()


def test_a_department_has_one_liaison_and_one_deputy_at_a_time(posts):
    with pytest.raises(FormRefused) as refused:
        posts.appoint(1, False, "2016-10-01")
    assert "部门联络员1自 2016-01-01 起任联络员" in refused.value.errors["user"]
    posts.end(False, "2016-09-30")
    posts.appoint(1, False, "2016-10-01")
    assert posts.on("2016-09-30") == [("部门联络员1", False), ("部门联络员2", True)]
    assert posts.on("2016-10-01") == [("部门审核人1", False), ("部门联络员2", True)]


@pytest.mark.parametrize(
    "first, last, free",
    [
        ("2016-09-30", "", False),
        ("2016-10-01", "", True),
        ("2015-01-01", "2015-12-31", True),
        ("2015-01-01", "2016-01-01", False),
    ],
)
def test_dates_that_touch_are_refused_to_the_day(posts, first, last, free):
    posts.end(False, "2016-09-30")
    if free:
        assert posts.appoint(1, False, first, last).id
    else:
        with pytest.raises(FormRefused) as refused:
            posts.appoint(1, False, first, last)
        assert "同一时间只能有一人" in refused.value.errors["user"]


def test_nobody_is_liaison_and_deputy_at_once(posts):
    posts.end(False, "2016-09-30")
    posts.end(True, "2016-09-30")
    posts.appoint(1, False, "2016-10-01")
    with pytest.raises(FormRefused) as refused:
        posts.appoint(1, True, "2016-11-01")
    assert "不能同时担任" in refused.value.errors["user"]


def test_a_liaisons_post_ends_with_his_term(journey):
    referral = journey("转办单", on=MONDAY).does("转给部门", department="housing")
    district, code = referral.district, code_of(referral.district, "housing")
    with district.database.acting() as conn:
        session = district.office.session(conn)
        for row in liaisons_on(session, [code], district.today)[code]:
            end_liaison(session, row.id, date(2016, 9, 5))
    with pytest.raises(Unmet, match="已经结束"), district.database.acting() as conn:
        end_liaison(district.office.session(conn), row.id, date(2016, 9, 5))
    district.day("2016-09-06")
    district.refresh()
    assert (LIAISON.code, code) not in district.staff(LIAISON, 1).grants
    assert district.rows(Deadline, referral.case, kind="stage:sent")[0].scope == code
