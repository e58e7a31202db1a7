"""领下一件: the most urgent piece of work is handed out, one's own or a free one; who passes one over says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from workflow.actors import Actor
from workflow.desk.next_task import claim_next
from workflow.entries import note
from workflow.errors import FormRefused, NotPermitted
from workflow.models import Case, Skip, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.tasks import claim, open_task, release

SHORTEST_REASON = 2


@dataclass(frozen=True)
class Handed:
    """The task handed out and the number of its case."""

    task_id: int
    number: str


def hand_out(office: Office, conn: Connection, *, actor: Actor, now: datetime) -> Handed | None:
    """The legally most urgent task that lies on the actor's desk or that he may take, which he thereby claims.

    What he has passed over today does not come again today. None where there is nothing.
    """
    passed = _passed(conn, actor, local_date(now))
    own = _own(conn, actor, local_date(now), passed)
    free = claim_next(office, conn, actor=actor, now=now, skip=passed)
    taken = _urgency(conn, free) if free is not None else None
    if own is not None and (taken is None or (own.due_on or date.max, own.id) < taken):
        return Handed(own.id, own.number)
    if free is None:
        return None
    case = claim(office, conn, free, actor=actor, now=now)
    return Handed(free, case.number)


def pass_over(
    office: Office, conn: Connection, task_id: int, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Leave a task that was handed out, and say why: it returns to the queue. Raises FormRefused, NotPermitted."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": "请写明为什么跳过"})
    case, task = open_task(office, conn, task_id)
    holder = actor.in_post(task.role, task.scope, task.definition, desk=task.assignee_id)
    if task.assignee_id is not None and task.assignee_id not in holder.persons:
        raise NotPermitted("这项待办已由他人签收，不用跳过。")
    if not actor.holds(task.role, task.scope, task.definition):
        raise NotPermitted("这项待办不属于您的岗位和区域。")
    if task.assignee_id is not None:
        case = release(office, conn, task_id, actor=actor, now=now)
    note(
        conn,
        case,
        actor=holder,
        now=now,
        action="pass_over",
        says="跳过了这一件",
        reason=reason.strip(),
        stales=False,
    )
    conn.execute(
        insert(Skip).values(
            task_id=task_id, user_id=actor.id, day=local_date(now), reason=reason.strip(), at=now
        )
    )


def _own(conn: Connection, actor: Actor, today: date, passed: set[int]) -> Any:
    """The most urgent open task on his desk, or on that of one he stands in for."""
    desks = [Task.assignee_id == actor.id]
    for one in actor.lent:
        lent = (Task.assignee_id == one.principal_id) & (Task.role == one.role) & (Task.scope == one.scope)
        desks.append(lent & (Task.definition == one.definition) if one.definition else lent)
    return conn.execute(
        select(Task.id, Task.due_on, Case.number)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.state == "open",
            or_(*desks),
            or_(Task.opens_on.is_(None), Task.opens_on <= today),
            Case.halt_id.is_(None),
            Task.id.not_in(passed),
        )
        .order_by(Task.due_on.nulls_last(), Task.id)
        .limit(1)
    ).first()


def _urgency(conn: Connection, task_id: int) -> tuple[date, int]:
    due = conn.execute(select(Task.due_on).where(Task.id == task_id)).scalar_one()
    return (due or date.max, task_id)


def _passed(conn: Connection, actor: Actor, today: date) -> set[int]:
    """The tasks he has passed over today."""
    return set(
        conn.execute(select(Skip.task_id).where(Skip.user_id == actor.id, Skip.day == today)).scalars()
    )
