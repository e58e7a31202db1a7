"""Standing in: by its dates, for open and new work, for both people's recusal and hands; no circle, no third link more."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from notifications.dispatch import dispatch
from tests.district import BOTH, TOWN, VILLAGE, District
from tests.journeys.test_tasks_handing_on import doing, waiting
from workflow import tasks
from workflow.actors import Actor, load_actor
from workflow.acts import open_case
from workflow.desk.recusal import recuse
from workflow.desk.substitutions import revoke, substitute
from workflow.errors import FormRefused, NotPermitted, Refused, Unmet
from workflow.models import InboxMessage, Substitution, User
from workflow.policy import may_read
from workflow.roles import (
    ADMINISTRATOR,
    COUNTY_APPROVER,
    FINANCE,
    HEAD,
    SUPERVISOR,
    TOWN_REVIEWER,
    VERIFIER,
    WINDOW,
)
from workflow.worklist import worklist

FIRST, LAST = date(2016, 10, 10), date(2016, 10, 14)
WHY = "休假，请代办"


def lend(
    district: District,
    principal: Actor,
    stand_in: Actor,
    first: date = FIRST,
    last: date = LAST,
    by: Actor | None = None,
    **narrowed: Any,
) -> Substitution:
    row: Substitution = doing(
        district, substitute, principal=principal.id, stand_in=stand_in.id, from_date=first, to_date=last,
        reason=WHY, actor=by or principal, **narrowed,
    )  # fmt: skip
    return row


def today(district: District, actor: Actor) -> Actor:
    """The actor with the posts he has today, lent ones too: as every request loads him."""
    assert actor.id is not None
    with district.database.reading() as session:
        return load_actor(session, actor.id, district.today)


def listed(district: District, actor: Actor) -> list[int]:
    """The cases on somebody's list today."""
    with district.database.reading() as session:
        found = worklist(session, today(district, actor), district.today, district.office.calendar)
    return [item.case_id for item in (*found.items, *found.waiting)]


@BOTH
def test_both_see_the_work_and_the_journal_names_both(district: District) -> None:
    case, task = waiting(district)
    away, clerk = district.staff(TOWN_REVIEWER, 2), district.staff(FINANCE, 2)
    doing(district, tasks.claim, task.id, actor=away)
    row = lend(district, away, clerk)
    district.day(FIRST)
    assert case in listed(district, away)
    assert case in listed(district, clerk)
    acting = today(district, clerk)
    district.do(case, "propose_approve", acting)
    entry = district.journal(case)[-1]
    assert entry.actor_name == f"{clerk.name} 代 {away.name}（委托第 {row.id} 号）"
    assert entry.actor_id == clerk.id
    assert district.case(case).hands["opinion"] == sorted([away.id, clerk.id])
    assert district.broken() == {}


@pytest.mark.parametrize(
    "day, works",
    [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_it_begins_and_ends_by_its_dates(quick: District, day: date, works: bool) -> None:
    case, task = waiting(quick)
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    quick.day("2016-09-30")
    doing(quick, tasks.claim, task.id, actor=away)
    lend(quick, away, clerk)
    quick.day(day)
    assert (case in listed(quick, clerk)) is works
    if works:
        quick.do(case, "propose_approve", today(quick, clerk))
    else:
        assert "没有这个岗位" in str(
            quick.refused(NotPermitted, case, "propose_approve", today(quick, clerk))
        )
    assert quick.broken() == {}


@BOTH
def test_what_a_stand_in_takes_from_the_queue_is_the_absent_ones_at_the_end(district: District) -> None:
    case, task = waiting(district)
    away, clerk = district.staff(TOWN_REVIEWER, 2), district.staff(FINANCE, 2)
    lend(district, away, clerk)
    district.day(FIRST)
    doing(district, tasks.claim, task.id, actor=today(district, clerk))
    assert district.tasks(case)[0].assignee_id == away.id
    district.day(LAST + timedelta(days=1))
    assert case not in listed(district, clerk)
    assert case in listed(district, away)
    district.do(case, "propose_approve", away)


def test_work_that_comes_later_reaches_the_stand_in_too(quick: District) -> None:
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    lend(quick, away, clerk, first=quick.today, last=LAST)
    case, _ = waiting(quick)
    assert case in listed(quick, clerk)
    with quick.database.reading():
        assert may_read(today(quick, clerk), quick.case(case))


@BOTH
def test_revoked_it_is_over_at_once_even_for_a_page_that_is_open(district: District) -> None:
    case, _task = waiting(district)
    away, clerk = district.staff(TOWN_REVIEWER, 2), district.staff(FINANCE, 2)
    row = lend(district, away, clerk)
    district.day(FIRST)
    seen_before = today(district, clerk)
    doing(district, revoke, row.id, reason="提前回来", actor=away)
    assert "已经终止" in str(district.refused(NotPermitted, case, "propose_approve", seen_before))
    assert case not in listed(district, clerk)
    with pytest.raises(Unmet):
        doing(district, revoke, row.id, reason="再终止", actor=away)


@pytest.mark.parametrize("which", ["away", "clerk"])
def test_recusal_of_either_keeps_the_stand_in_out(quick: District, which: str) -> None:
    case, _ = waiting(quick)
    people = {"away": quick.staff(TOWN_REVIEWER, 2), "clerk": quick.staff(FINANCE, 2)}
    lend(quick, people["away"], people["clerk"])
    quick.day(FIRST)
    doing(quick, recuse, case, reason="与申请人是表亲", actor=people[which])
    with pytest.raises(Refused):
        quick.do(case, "propose_approve", today(quick, people["clerk"]))
    assert quick.stage(case) == "opinion"


@BOTH
def test_four_eyes_counts_both(district: District) -> None:
    """The one who was stood in for when the opinion was given does not decide, nor does the stand-in."""
    away, clerk = district.everything, district.staff(FINANCE, 2)
    case, _ = waiting(district)
    lend(district, away, clerk, first=district.today, role=TOWN_REVIEWER.code)
    district.do(case, "propose_approve", today(district, clerk))
    district.bring(case, "decision")
    assert "分离原则" in str(district.refused(NotPermitted, case, "approve", away))
    other = district.staff(COUNTY_APPROVER, 2)
    lend(district, other, clerk, first=district.today)
    assert "分离原则" in str(district.refused(NotPermitted, case, "approve", today(district, clerk)))
    lend(district, district.staff(COUNTY_APPROVER, 3), district.staff(FINANCE, 3), first=district.today)
    district.do(case, "approve", today(district, district.staff(FINANCE, 3)))
    assert district.broken() == {}


def test_a_stand_in_for_whom_four_eyes_stops_is_stopped(quick: District) -> None:
    """The absent one gave the opinion himself; nobody decides in his name."""
    away, clerk = quick.everything, quick.staff(FINANCE, 2)
    quick.cast["opinion"] = away
    case = quick.bring(quick.application(), "decision")
    lend(quick, away, clerk, first=quick.today)
    assert "被代理人" in str(quick.refused(NotPermitted, case, "approve", today(quick, clerk)))


def test_in_his_own_post_one_acts_for_himself(quick: District) -> None:
    case, _ = waiting(quick)
    away, colleague = quick.staff(TOWN_REVIEWER, 2), quick.staff(TOWN_REVIEWER, 3)
    lend(quick, away, colleague, first=quick.today)
    quick.do(case, "propose_approve", today(quick, colleague))
    assert quick.journal(case)[-1].actor_name == colleague.name
    assert quick.case(case).hands["opinion"] == [colleague.id]


def test_a_substitution_for_one_kind_of_case_gives_no_other(quick: District) -> None:
    case, _ = waiting(quick)
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    row = lend(quick, away, clerk, first=quick.today, definition="dynamic_review")
    assert case not in listed(quick, clerk)
    quick.refused(NotPermitted, case, "propose_approve", today(quick, clerk))
    doing(quick, revoke, row.id, reason="改为低保", actor=away)
    lend(quick, away, clerk, first=quick.today, definition="dibao")
    assert case in listed(quick, clerk)
    quick.do(case, "propose_approve", today(quick, clerk))


@BOTH
def test_a_chain_of_three_holds_and_a_fourth_is_refused(district: District) -> None:
    case, task = waiting(district)
    first = district.staff(TOWN_REVIEWER, 2)
    chain = [first, *(district.staff(role, 2) for role in (VERIFIER, WINDOW, FINANCE))]
    doing(district, tasks.claim, task.id, actor=first)
    numbers = [lend(district, a, b, first=district.today).id for a, b in itertools.pairwise(chain)]
    last = today(district, chain[-1])
    district.do(case, "propose_approve", last)
    cited = "、".join(str(number) for number in reversed(numbers))
    assert district.journal(case)[-1].actor_name == f"{chain[-1].name} 代 {first.name}（委托第 {cited} 号）"
    with pytest.raises(Unmet, match="不能超过 3 层"):
        lend(district, chain[-1], district.staff(HEAD, 2), first=district.today)


def test_circles_are_refused_whatever_their_length(quick: District) -> None:
    one, two, three = (quick.staff(role, 2) for role in (TOWN_REVIEWER, FINANCE, WINDOW))
    lend(quick, one, two)
    with pytest.raises(Unmet, match="绕成一圈"):
        lend(quick, two, one, first=LAST, last=LAST)
    lend(quick, two, three)
    with pytest.raises(Unmet, match="绕成一圈"):
        lend(quick, three, one)
    lend(quick, three, one, first=LAST + timedelta(days=1), last=LAST + timedelta(days=5))


OVERLAPS = [
    ("same days", FIRST, LAST, {}, True),
    ("the last day", LAST, LAST + timedelta(days=3), {}, True),
    ("the day before", FIRST - timedelta(days=3), FIRST - timedelta(days=1), {}, False),
    ("the day after", LAST + timedelta(days=1), LAST + timedelta(days=3), {}, False),
    ("one role of all", FIRST, LAST, {"role": TOWN_REVIEWER.code}, True),
    ("one definition of all", FIRST, LAST, {"definition": "dibao"}, True),
]


@pytest.mark.parametrize(
    "first, last, narrowed, clash", [row[1:] for row in OVERLAPS], ids=[row[0] for row in OVERLAPS]
)
def test_nobody_has_two_stand_ins_for_one_thing(
    quick: District, first: date, last: date, narrowed: dict[str, str], clash: bool
) -> None:
    away = quick.staff(TOWN_REVIEWER, 2)
    lend(quick, away, quick.staff(FINANCE, 2))
    if clash:
        with pytest.raises(Unmet, match="不能重复委托"):
            lend(quick, away, quick.staff(FINANCE, 4), first=first, last=last, **narrowed)
    else:
        lend(quick, away, quick.staff(FINANCE, 4), first=first, last=last, **narrowed)


def test_two_kinds_of_cases_may_have_two_stand_ins(quick: District) -> None:
    away = quick.staff(TOWN_REVIEWER, 2)
    lend(quick, away, quick.staff(FINANCE, 2), definition="dibao")
    lend(quick, away, quick.staff(FINANCE, 4), definition="dynamic_review")


def test_what_is_wrong_is_said_beside_its_field(quick: District) -> None:
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("stand_in", {"stand_in": away.id}), ("from_date", {"from_date": quick.today - timedelta(days=1)}),
        ("to_date", {"to_date": FIRST - timedelta(days=1)}), ("reason", {"reason": ""}),
        ("role", {"role": FINANCE.code}), ("role", {"role": ADMINISTRATOR.code}), ("definition", {"definition": "x"}),
    ]  # fmt: skip
    right = {"principal": away.id, "stand_in": clerk.id, "from_date": FIRST, "to_date": LAST, "reason": WHY}
    for field, change in wrong:
        with pytest.raises(FormRefused) as refused:
            doing(quick, substitute, **(right | change), actor=away)
        assert list(refused.value.errors) == [field]


def test_who_may_set_one(quick: District) -> None:
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    for by in (clerk, quick.staff(WINDOW, 2)):
        with pytest.raises(NotPermitted):
            lend(quick, away, quick.staff(FINANCE, 4), by=by)
    with pytest.raises(NotPermitted, match="不能给自己设定"):
        lend(quick, away, quick.staff(SUPERVISOR, 2), by=quick.staff(SUPERVISOR, 2))
    lend(quick, away, clerk, by=quick.staff(SUPERVISOR, 2))


@BOTH
def test_the_stand_in_is_told_once_and_gets_the_messages_of_the_absent_one(district: District) -> None:
    case, task = waiting(district)
    away, clerk = district.staff(TOWN_REVIEWER, 2), district.staff(FINANCE, 2)
    doing(district, tasks.claim, task.id, actor=away)
    lend(district, away, clerk, first=district.today)
    doing(district, tasks.urge, case, words="请今天办结", actor=district.staff(SUPERVISOR))
    for _ in range(2):
        dispatch(district.database, district.office, district.now)
    told = [
        (row.topic, row.user_id) for row in district.rows(InboxMessage) if row.topic in {"stand_in", "urged"}
    ]
    assert sorted(told) == sorted([("stand_in", clerk.id), ("urged", away.id), ("urged", clerk.id)])


def test_administrators_posts_are_lent_to_nobody(quick: District) -> None:
    everything, clerk = quick.everything, quick.staff(FINANCE, 2)
    lend(quick, everything, clerk, first=quick.today)
    roles = today(quick, clerk).roles
    assert ADMINISTRATOR.code not in roles
    assert "auditor" not in roles
    assert TOWN_REVIEWER.code in roles


def test_a_stand_in_opens_a_case_whose_first_task_is_the_absent_ones(quick: District) -> None:
    away, clerk = quick.staff(WINDOW, 2), quick.staff(FINANCE, 2)
    lend(quick, away, clerk, first=quick.today)
    family = quick.family()
    with quick.database.acting() as conn:
        case = open_case(quick.office, conn, "dibao", subject=("household", family), area_code=VILLAGE,
                         actor=today(quick, clerk), now=quick.now)  # fmt: skip
    assert quick.tasks(case.id)[0].assignee_id == away.id
    assert "代" in quick.journal(case.id)[0].actor_name


def test_a_closed_account_lends_nothing(quick: District) -> None:
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    lend(quick, away, clerk, first=quick.today)
    with quick.database.acting() as conn:
        conn.execute(update(User).where(User.id == away.id).values(disabled_at=quick.now))
    assert today(quick, clerk).lent == ()
    assert not today(quick, clerk).holds(TOWN_REVIEWER, TOWN)


def test_the_act_itself_is_refused_to_a_stand_in_who_had_the_role_yesterday(quick: District) -> None:
    case, _task = waiting(quick)
    away, clerk = quick.staff(TOWN_REVIEWER, 2), quick.staff(FINANCE, 2)
    lend(quick, away, clerk, first=quick.today, last=quick.today)
    kept = today(quick, clerk)
    quick.days(1)
    assert "已经终止" in str(quick.refused(NotPermitted, case, "propose_approve", kept))


def test_nobody_closes_the_escalation_of_whom_he_stands_in_for(district: District) -> None:
    """Neither in the late person's name nor in his own: he was the one who could have done it."""
    case = district.bring(district.application(), "opinion")
    (task,) = district.tasks(case)
    late, friend = district.staff(TOWN_REVIEWER, 2), district.everything
    doing(district, tasks.claim, task.id, actor=late)
    lend(district, late, friend, date(2016, 9, 5), date(2016, 12, 30))
    district.day("2016-10-31")
    district.sweep()
    escalation = district.child(case, "escalation")
    assert district.case(escalation).facts["late_user_id"] == late.id
    assert "代理" in str(district.refused(NotPermitted, escalation, "close", today(district, friend)))
    district.do(escalation, "close", district.staff(SUPERVISOR))
    assert district.case(escalation).result == "closed"
