"""Many tasks at once: previewed, with a reason, task by task; what is left out is named, and the sums are the selection."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import update

from tests.district import BOTH, District
from tests.journeys.test_tasks_handing_on import doing, waiting
from workflow import tasks
from workflow.actors import Actor
from workflow.desk import bulk
from workflow.desk.recusal import recuse
from workflow.errors import FormRefused, NotFound
from workflow.models import BatchItem, Case, Mark, Task, User
from workflow.roles import INVESTIGATOR, SUPERVISOR, TOWN_REVIEWER, WINDOW

WHY = "原经办人调离，移交待办"


def previewed(district: District, verb: str, ids: list[int], actor: Actor, to: int = 0) -> list[bulk.Line]:
    return bulk.preview(
        district.office, district.database, verb, ids, to=to, reason=WHY, actor=actor, now=district.now
    )


def carried_out(
    district: District, verb: str, ids: list[int], actor: Actor, to: int = 0
) -> tuple[int, Counter[str]]:
    with district.database.acting() as conn:
        batch = bulk.start(conn, verb, ids, to=to, reason=WHY, actor=actor, now=district.now)
    return batch, bulk.go_on(district.office, district.database, batch, actor=actor, now=district.now)


def left_out(lines: list[bulk.Line]) -> dict[int, str]:
    return {line.task_id: line.reason for line in lines if line.state == "skipped"}


@BOTH
def test_a_leavers_whole_desk_moves_in_one_act(district: District) -> None:
    leaver, heir, boss = (
        district.staff(TOWN_REVIEWER, 2),
        district.staff(TOWN_REVIEWER, 3),
        district.staff(SUPERVISOR, 2),
    )
    work = [waiting(district) for _ in range(3)]
    for _, task in work:
        doing(district, tasks.claim, task.id, actor=leaver)
    doing(district, recuse, work[1][0], reason="与申请人是亲戚", actor=heir)
    with district.database.reading() as session:
        ids = bulk.desk_of(session, leaver.id or 0)
    assert ids == [task.id for _, task in work]
    before = [district.case(case).seq for case, _ in work]
    shown = previewed(district, "assign", ids, boss, to=heir.id or 0)
    assert "回避" in left_out(shown)[work[1][1].id]
    assert len(left_out(shown)) == 1
    assert [district.case(case).seq for case, _ in work] == before, "a preview keeps nothing"
    batch, sums = carried_out(district, "assign", ids, boss, to=heir.id or 0)
    assert sums == {"done": 2, "skipped": 1}
    assert sum(sums.values()) == len(ids)
    assert [district.tasks(case)[0].assignee_id for case, _ in work] == [heir.id, leaver.id, heir.id]
    with district.database.reading() as session:
        assert left_out(bulk.lines(session, batch, boss)) == left_out(shown), (
            "left out for the very reason that was shown"
        )
    assert district.broken() == {}


def test_without_a_name_it_goes_to_the_least_busy_who_may(quick: District) -> None:
    leaver, boss = quick.staff(TOWN_REVIEWER, 2), quick.staff(SUPERVISOR, 2)
    work = [waiting(quick) for _ in range(3)]
    for _, task in work:
        doing(quick, tasks.claim, task.id, actor=leaver)
    _, sums = carried_out(quick, "assign", [task.id for _, task in work], boss)
    holders = [quick.tasks(case)[0].assignee_id for case, _ in work]
    assert sums == {"done": 3}
    assert len(set(holders)) == 3
    assert leaver.id not in holders


@BOTH
def test_a_batch_cut_short_goes_on_where_it_stood(district: District) -> None:
    clerk = district.staff(TOWN_REVIEWER, 2)
    work = [waiting(district) for _ in range(3)]
    with district.database.acting() as conn:
        batch = bulk.start(
            conn, "claim", [task.id for _, task in work], to=0, reason=WHY, actor=clerk, now=district.now
        )
    asked = iter([False, True])
    sums = bulk.go_on(
        district.office, district.database, batch, actor=clerk, now=district.now, stopped=lambda: next(asked)
    )
    assert sums == {"done": 1, "waiting": 2}
    for _ in range(2):
        sums = bulk.go_on(district.office, district.database, batch, actor=clerk, now=district.now)
        assert sums == {"done": 3}
    assert [district.actions_done(case).count("claim") for case, _ in work] == [1, 1, 1]


def test_what_breaks_is_told_apart_from_what_is_refused(quick: District) -> None:
    """A case whose edition the software does not know breaks; the others go on."""
    clerk, other = quick.staff(TOWN_REVIEWER, 2), quick.staff(TOWN_REVIEWER, 3)
    fine, taken, broken = (waiting(quick) for _ in range(3))
    doing(quick, tasks.claim, taken[1].id, actor=other)
    with quick.database.acting() as conn:
        conn.execute(update(Case).where(Case.id == broken[0]).values(hands="no json of hands"))
    ids = [fine[1].id, taken[1].id, broken[1].id, 4711]
    batch, sums = carried_out(quick, "claim", ids, clerk)
    assert sums == {"done": 1, "skipped": 2, "failed": 1}
    assert sum(sums.values()) == len(ids)
    reasons = {row.task_id: row.reason for row in quick.rows(BatchItem, batch_id=batch)}
    assert reasons[broken[1].id]
    assert "签收" in reasons[taken[1].id]


@pytest.mark.parametrize(
    "field, change",
    [
        ("verb", {"verb": "approve"}),
        ("task", {"ids": []}),
        ("reason", {"reason": " "}),
        ("to", {"verb": "transfer"}),
    ],
)
def test_what_a_batch_needs(quick: District, field: str, change: dict[str, Any]) -> None:
    _, task = waiting(quick)
    right: dict[str, Any] = {"verb": "claim", "ids": [task.id], "to": 0, "reason": WHY}
    asked = right | change
    with pytest.raises(FormRefused) as refused:
        bulk.preview(
            quick.office, quick.database, asked["verb"], asked["ids"], to=asked["to"], reason=asked["reason"],
            actor=quick.staff(TOWN_REVIEWER), now=quick.now,
        )  # fmt: skip
    assert field in refused.value.errors


def test_no_decision_is_made_in_bulk(quick: District) -> None:
    deciding = {word.code for one in quick.office.catalogue for word in one.actions.values() if word.decides}
    assert deciding
    assert not deciding & set(bulk.VERBS)


def test_nobody_goes_on_with_anothers_batch(quick: District) -> None:
    _, task = waiting(quick)
    clerk = quick.staff(TOWN_REVIEWER, 2)
    batch, _ = carried_out(quick, "claim", [task.id], clerk)
    with pytest.raises(NotFound):
        bulk.go_on(quick.office, quick.database, batch, actor=quick.staff(TOWN_REVIEWER, 3), now=quick.now)


def test_urging_many_skips_those_urged_today_and_those_one_has_no_right_over(quick: District) -> None:
    one, two = waiting(quick), waiting(quick)
    boss = quick.staff(SUPERVISOR, 2)
    doing(quick, tasks.urge, one[0], words="请办结", actor=boss)
    _, sums = carried_out(quick, "urge", [one[1].id, two[1].id], boss)
    assert sums == {"done": 1, "skipped": 1}
    assert set(left_out(previewed(quick, "urge", [one[1].id], quick.staff(INVESTIGATOR)))) == {one[1].id}


def test_a_mark_is_ones_own(quick: District) -> None:
    _, task = waiting(quick)
    clerk = quick.staff(TOWN_REVIEWER, 2)
    carried_out(quick, "mark", [task.id], clerk)
    carried_out(quick, "mark", [task.id], clerk)
    (mark,) = quick.rows(Mark)
    assert (mark.user_id, mark.words) == (clerk.id, WHY)
    assert left_out(previewed(quick, "mark", [task.id], quick.staff(WINDOW)))


def test_one_task_named_twice_is_one(quick: District) -> None:
    _, task = waiting(quick)
    _, sums = carried_out(quick, "claim", [task.id, task.id], quick.staff(TOWN_REVIEWER, 2))
    assert sums == {"done": 1}
    assert quick.rows(User)
    assert quick.rows(Task, id=task.id)[0].assignee_id is not None
