"""Keeping out: by one's word or by the register; the work moves on, goes one area up, or a supervisor appoints."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.district import BOTH, COUNTY, TOWN, VILLAGE, District
from tests.journeys.test_tasks_handing_on import doing, waiting
from tests.journeys.test_tasks_stand_ins import listed, today
from workflow import tasks
from workflow.actors import Actor, grant
from workflow.acts import open_case
from workflow.desk.recusal import recuse
from workflow.errors import FormRefused, NotNow, NotPermitted, Unmet
from workflow.models import Case, Kinship, Task, User
from workflow.periods import local_date
from workflow.policy import may_read
from workflow.roles import COUNTY_REVIEWER, SUPERVISOR, TOWN_REVIEWER, WINDOW

WHY = "与申请人是表兄弟"


def all_keep_out(district: District, case: int, role: Any) -> list[Actor]:
    """Everybody of a role declares a conflict."""
    people = [actor for actor in district._staff if str(role) in actor.roles]
    for actor in people:
        if actor.id not in district.case(case).barred:
            doing(district, recuse, case, reason=WHY, actor=actor)
    return people


def escalation(district: District, case: int) -> Case | None:
    """The open request to appoint somebody for a case."""
    found = [row for row in district.rows(Case, definition="escalation") if row.parent_id == case]
    return next((row for row in found if row.facts.get("kind") == "appoint" and row.closed_at is None), None)


@BOTH
def test_who_keeps_out_loses_the_task_and_sees_the_case_no_more(district: District) -> None:
    case, task = waiting(district)
    one, two = district.staff(TOWN_REVIEWER, 2), district.staff(TOWN_REVIEWER, 3)
    doing(district, tasks.claim, task.id, actor=one)
    doing(district, recuse, case, reason=WHY, actor=one)
    assert district.tasks(case)[0].assignee_id is None
    assert [entry.action for entry in district.journal(case)][-2:] == ["recuse", "relieve"]
    assert district.journal(case)[-2].reason == WHY
    assert not may_read(one, district.case(case))
    assert case not in listed(district, one)
    assert case in listed(district, two)
    district.do(case, "propose_approve", two)
    assert district.broken() == {}


def test_a_delegated_task_of_one_who_keeps_out_returns_to_its_owner(quick: District) -> None:
    case, task = waiting(quick)
    owner, helper = quick.staff(TOWN_REVIEWER, 2), quick.staff(TOWN_REVIEWER, 3)
    doing(quick, tasks.claim, task.id, actor=owner)
    doing(quick, tasks.delegate, task.id, to=helper.id, reason="请先看", actor=owner)
    doing(quick, recuse, case, reason=WHY, actor=helper)
    (now_is,) = quick.tasks(case)
    assert (now_is.assignee_id, now_is.owner_id) == (owner.id, None)


def test_it_needs_a_reason_and_is_declared_once_while_the_case_is_open(quick: District) -> None:
    case, _ = waiting(quick)
    one = quick.staff(TOWN_REVIEWER, 2)
    with pytest.raises(FormRefused):
        doing(quick, recuse, case, reason=" ", actor=one)
    doing(quick, recuse, case, reason=WHY, actor=one)
    with pytest.raises(Unmet):
        doing(quick, recuse, case, reason=WHY, actor=one)
    other = quick.application()
    quick.do(other, "discard")
    with pytest.raises(NotNow):
        doing(quick, recuse, other, reason=WHY, actor=one)


def kin(district: District, case: int, actor: Actor) -> None:
    """A relation entered in the register apart from the case."""
    with district.database.acting() as conn:
        conn.execute(
            insert(Kinship).values(
                person_id=district.people(case)[0],
                user_id=actor.id,
                relation="sibling",
                declared_on=district.today,
            )
        )


@BOTH
def test_a_relation_found_in_the_register_bars_within_one_tick(district: District) -> None:
    case, task = waiting(district)
    one = district.staff(TOWN_REVIEWER, 2)
    doing(district, tasks.claim, task.id, actor=one)
    kin(district, case, one)
    district.sweep()
    assert one.id in district.case(case).barred
    assert district.tasks(case)[0].assignee_id is None
    assert "登记有近亲属关系" in district.journal(case)[-2].says
    entries = len(district.journal(case))
    district.sweep()
    assert len(district.journal(case)) == entries, "a second run changes nothing"
    assert district.broken() == {}


def test_a_relative_opens_no_case_of_the_family_and_is_kept_out_of_a_new_one(quick: District) -> None:
    old = quick.application()
    one = quick.staff(WINDOW, 2)
    kin(quick, old, one)
    quick.do(old, "discard")
    family = quick.case(old).subject_id
    with pytest.raises(NotPermitted, match="近亲属"):
        quick.open(family, by=one)
    case = quick.open(family, by=quick.staff(WINDOW, 3))
    assert quick.case(case).barred == [one.id]


@BOTH
def test_where_the_whole_post_keeps_out_the_supervisor_appoints(district: District) -> None:
    case, _task = waiting(district)
    elsewhere = _reviewer_of_another_town(district)
    all_keep_out(district, case, TOWN_REVIEWER)
    district.sweep()
    assert district.tasks(case)[0].stranded is True
    asked = escalation(district, case)
    assert asked is not None
    assert asked.area_code == COUNTY, "a matter of the town goes to the county"
    assert district.messages(asked.id, "stranded")[0].scope == COUNTY
    district.refused(Unmet, asked.id, "close")
    before = len(district.journal(case))
    district.sweep()
    assert len(district.journal(case)) == before, "asked once"
    assert [row.id for row in district.rows(Case, definition="escalation")] == [asked.id]
    district.do(
        asked.id, "appoint", district.staff(SUPERVISOR, 2), to=[elsewhere.id], reason="本镇人员都应当回避"
    )
    assert district.tasks(case)[0].assignee_id == elsewhere.id
    assert "指定" in district.journal(case)[-1].says
    stranger = today(district, elsewhere)
    assert case in listed(district, stranger)
    assert may_read(stranger, district.case(case))
    district.do(case, "propose_approve", stranger)
    assert district.case(case).hands["opinion"] == [elsewhere.id]
    assert district.stage(asked.id) == "closed"
    assert district.broken() == {}


def _reviewer_of_another_town(district: District) -> Actor:
    with district.database.acting() as conn:
        session = district.office.session(conn)
        user = User(login="elsewhere", name="邻镇审核人", created_at=district.now)
        session.add(user)
        session.flush()
        grant(session, user, TOWN_REVIEWER, "330212102000", local_date(district.now))
        session.flush()
        return Actor(user.id, user.name)


def test_four_eyes_strands_a_task_too(quick: District) -> None:
    """Everybody of the county's reviewers has had the hand that keeps them apart."""
    case = quick.bring(quick.application(), "opinion")
    quick.do(case, "propose_approve")
    people = [actor.id for actor in quick._staff if str(COUNTY_REVIEWER) in actor.roles]
    with quick.database.acting() as conn:
        from workflow.entries import read, write_back

        state, _ = read(quick.office, conn, case)
        state.add_hand("investigation", *people)
        write_back(
            conn, state, actor=quick.staff(SUPERVISOR), now=quick.now, action="test", says="全部参与了调查"
        )
    quick.bring(case, "county_review")
    quick.sweep()
    assert quick.tasks(case)[0].stranded is True
    assert escalation(quick, case) is not None


def test_somebody_new_in_the_post_ends_it(quick: District) -> None:
    case, _ = waiting(quick)
    all_keep_out(quick, case, TOWN_REVIEWER)
    quick.sweep()
    asked = escalation(quick, case)
    assert asked is not None
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        user = User(login="new", name="新审核人", created_at=quick.now)
        session.add(user)
        session.flush()
        grant(session, user, TOWN_REVIEWER, TOWN, quick.today)
        session.flush()
    quick.sweep()
    assert quick.tasks(case)[0].stranded is False
    quick.do(asked.id, "close", reason="已增派审核人员，可以办理")
    quick.refresh()
    quick.do(case, "propose_approve", quick.staff(TOWN_REVIEWER, 12))


def test_a_vacant_post_is_no_recusal(quick: District) -> None:
    case, _ = waiting(quick)
    people = [actor.id for actor in quick._staff if str(TOWN_REVIEWER) in actor.roles]
    with quick.database.acting() as conn:
        conn.execute(update(User).where(User.id.in_(people)).values(disabled_at=quick.now))
    quick.sweep()
    assert quick.tasks(case)[0].stranded is False
    assert escalation(quick, case) is None


def test_what_a_towns_supervisors_cannot_do_the_countys_do(quick: District) -> None:
    """An escalation whose town supervisors must all keep out goes up to the county's, by itself."""
    case, _ = waiting(quick)
    with quick.database.acting() as conn:
        opened = open_case(
            quick.office, conn, "escalation", subject=("case", case), area_code=VILLAGE, actor=_system(), now=quick.now,
            parent=None, facts={"role": TOWN_REVIEWER.code, "part": "", "household_id": 1},
        )  # fmt: skip
    assert quick.rows(Task, case_id=opened.id)[0].scope == TOWN
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        user = User(login="county_supervisor", name="县督办", created_at=quick.now)
        session.add(user)
        session.flush()
        grant(session, user, SUPERVISOR, COUNTY, quick.today)
        session.flush()
        county = Actor(user.id, user.name)
    both = [actor for actor in quick._staff if (SUPERVISOR.code, TOWN) in actor.grants]
    for actor in both:
        doing(quick, recuse, opened.id, reason=WHY, actor=actor)
    quick.sweep()
    (task,) = quick.rows(Task, case_id=opened.id, state="open")
    assert (task.scope, task.stranded) == (COUNTY, False)
    assert quick.journal(opened.id)[-1].action == "raise_up"
    quick.do(opened.id, "close", today(quick, county), reason="已督促办理，情况已说明")
    assert quick.broken() == {}


def _system() -> Actor:
    from workflow.actors import SYSTEM_ACTOR

    return SYSTEM_ACTOR
