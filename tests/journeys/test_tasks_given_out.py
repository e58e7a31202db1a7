"""Who gets new work: by the stage's policy, or the most urgent first for whoever asks; leave and room on the desk count."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from tests.district import BOTH, VILLAGE, District
from tests.journeys.test_tasks_handing_on import doing, waiting
from tests.journeys.test_tasks_stand_ins import lend, today
from workflow import tasks
from workflow.actors import Actor
from workflow.desk.handing_out import Handed, hand_out, pass_over
from workflow.desk.placing import choose
from workflow.desk.policies import (
    BY_VILLAGE,
    LEAST_LOADED,
    OTHER_PERSON,
    PULL,
    ROUND_ROBIN,
    SAME_PERSON,
    Assigns,
)
from workflow.desk.recusal import recuse
from workflow.desk.substitutions import cancel_leave, take_leave
from workflow.errors import FormRefused, NotPermitted
from workflow.models import Leave, Skip, Task, User
from workflow.roles import FINANCE, SUPERVISOR, TOWN_REVIEWER

Policy = Callable[[Assigns], None]


@pytest.fixture
def opinion_is(quick: District, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """Sets the policy of the stage in which the town writes its opinion."""

    def put(policy: Assigns) -> None:
        for blueprint in quick.office.catalogue.editions("dibao"):
            monkeypatch.setattr(blueprint.stages["opinion"], "assigns", policy)

    return put


def reviewers(district: District) -> list[int]:
    """The ids of all who may write an opinion."""
    return [
        actor.id for actor in district._staff if TOWN_REVIEWER.code in actor.roles and actor.id is not None
    ]


def holder(district: District, case: int) -> int | None:
    return district.tasks(case)[0].assignee_id


def only(district: District, *people: int) -> None:
    """All other reviewers are on leave for a year."""
    with district.database.acting() as conn:
        for user in reviewers(district):
            if user not in people:
                conn.execute(
                    insert(Leave).values(user_id=user, from_date=district.today, to_date=district.today + timedelta(days=365),
                                         made_by=user, made_at=district.now)
                )  # fmt: skip


def test_without_a_policy_work_stays_in_the_queue(quick: District, opinion_is: Policy) -> None:
    opinion_is(PULL)
    case, _ = waiting(quick)
    assert holder(quick, case) is None


def test_the_least_loaded_gets_it_and_the_journal_says_why(quick: District, opinion_is: Policy) -> None:
    opinion_is(LEAST_LOADED)
    one, two = reviewers(quick)[:2]
    only(quick, one, two)
    cases = [waiting(quick)[0] for _ in range(4)]
    assert [holder(quick, case) for case in cases] == [one, two, one, two]
    entry = quick.journal(cases[0])[-1]
    assert (entry.action, entry.actor_name) == ("assign", "系统")
    assert entry.says.startswith("派给手里待办最少的人")
    assert quick.messages(cases[0], "assigned")[0].user_id == one
    assert quick.broken() == {}


def test_each_in_turn(quick: District, opinion_is: Policy) -> None:
    opinion_is(ROUND_ROBIN)
    three = reviewers(quick)[:3]
    only(quick, *three)
    assert [holder(quick, waiting(quick)[0]) for _ in range(4)] == [*three, three[0]]


@pytest.mark.parametrize("policy, which", [(SAME_PERSON, 1), (OTHER_PERSON, 0)])
def test_the_same_person_as_before_or_never_the_same(quick: District, policy: Assigns, which: int) -> None:
    """The one who wrote the opinion is known by the family when the file is to be sent on; so is who did not."""
    people = [quick.staff(TOWN_REVIEWER, 5), quick.staff(TOWN_REVIEWER, 4)]
    case, task = waiting(quick)
    doing(quick, tasks.claim, task.id, actor=people[1])
    quick.do(case, "propose_approve", people[1])
    with quick.database.reading() as session:
        known = [session.get_one(User, actor.id) for actor in people]
        chosen = choose(session, policy, known, quick.case(case), task)
    assert chosen is not None
    assert chosen.id == people[which].id


def test_a_village_has_its_own(quick: District, opinion_is: Policy) -> None:
    opinion_is(BY_VILLAGE)
    assert len({holder(quick, waiting(quick)[0]) for _ in range(3)}) == 1


def test_who_is_away_full_or_kept_out_gets_nothing(quick: District, opinion_is: Policy) -> None:
    opinion_is(LEAST_LOADED)
    one, two, three = reviewers(quick)[:3]
    only(quick, one, two, three)
    away = doing(quick, take_leave, user=one, from_date=quick.today, to_date=quick.today, reason="病假",
                 actor=quick.staff(SUPERVISOR))  # fmt: skip
    with quick.database.acting() as conn:
        conn.execute(update(User).where(User.id == two).values(capacity=1))
    assert [holder(quick, waiting(quick)[0]) for _ in range(3)] == [two, three, three]
    doing(quick, cancel_leave, away.id, actor=quick.staff(SUPERVISOR))
    assert holder(quick, waiting(quick)[0]) == one
    quick.days(1)


def test_where_all_are_away_it_stays_in_the_queue(quick: District, opinion_is: Policy) -> None:
    opinion_is(ROUND_ROBIN)
    only(quick)
    assert holder(quick, waiting(quick)[0]) is None


def test_after_a_recusal_the_policy_names_the_next(quick: District, opinion_is: Policy) -> None:
    opinion_is(LEAST_LOADED)
    one, two = quick.staff(TOWN_REVIEWER, 1), quick.staff(TOWN_REVIEWER, 2)
    only(quick, one.id or 0, two.id or 0)
    case, _ = waiting(quick)
    assert holder(quick, case) == one.id
    doing(quick, recuse, case, reason="与申请人是邻居有纠纷", actor=one)
    assert holder(quick, case) == two.id
    assert quick.actions_done(case)[-3:] == ["recuse", "relieve", "assign"]


@BOTH
def test_the_next_case_is_the_most_urgent_one(district: District) -> None:
    """Not the oldest: the one whose limit ends first."""
    later, sooner = waiting(district), waiting(district)
    with district.database.acting() as conn:
        conn.execute(update(Task).where(Task.id == later[1].id).values(due_on=date(2016, 10, 20)))
        conn.execute(update(Task).where(Task.id == sooner[1].id).values(due_on=date(2016, 10, 9)))
    clerk = district.staff(TOWN_REVIEWER, 2)
    handed = doing(district, hand_out, actor=clerk)
    assert handed == Handed(sooner[1].id, district.case(sooner[0]).number)
    assert holder(district, sooner[0]) == clerk.id
    assert doing(district, hand_out, actor=clerk) == handed, "one's own comes before a less urgent one"
    other = doing(district, hand_out, actor=district.staff(TOWN_REVIEWER, 3))
    assert other.task_id == later[1].id


@BOTH
def test_who_passes_one_over_says_why_and_gets_the_next(district: District) -> None:
    first, second = waiting(district), waiting(district)
    clerk = district.staff(TOWN_REVIEWER, 2)
    handed = doing(district, hand_out, actor=clerk)
    assert handed.task_id == first[1].id
    with pytest.raises(FormRefused):
        doing(district, pass_over, handed.task_id, reason="", actor=clerk)
    with pytest.raises(NotPermitted):
        doing(district, pass_over, handed.task_id, reason="不想办", actor=district.staff(TOWN_REVIEWER, 3))
    doing(district, pass_over, handed.task_id, reason="等村里补照片", actor=clerk)
    assert holder(district, first[0]) is None
    assert district.journal(first[0])[-1].reason == "等村里补照片"
    assert doing(district, hand_out, actor=clerk).task_id == second[1].id
    (row,) = district.rows(Skip)
    assert (row.task_id, row.user_id, row.reason) == (first[1].id, clerk.id, "等村里补照片")
    doing(district, tasks.release, second[1].id, actor=clerk)
    district.days(1)
    assert doing(district, hand_out, actor=clerk).task_id == first[1].id, "tomorrow it comes again"


def test_a_stand_in_is_handed_out_the_absent_ones_work(quick: District) -> None:
    case, task = waiting(quick)
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    lend(quick, away, clerk, first=quick.today)
    handed = doing(quick, hand_out, actor=today(quick, clerk))
    assert handed.task_id == task.id
    assert holder(quick, case) == away.id


def test_nobody_is_handed_out_what_he_may_not_do(quick: District) -> None:
    quick.cast["investigation"] = quick.everything
    _, task = waiting(quick)
    handed = doing(
        quick,
        hand_out,
        actor=Actor(quick.everything.id, "多岗员", frozenset({(TOWN_REVIEWER.code, task.scope)})),
    )
    assert handed is None
    assert VILLAGE.startswith(task.scope[:9])
