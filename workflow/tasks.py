"""Tasks as clerks know them: claim 签收, release 退回待领, assign 分派, delegate 委派, urge 催办. Each is journalled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from workflow.actors import Actor, load_actor
from workflow.acts import note, read
from workflow.errors import ChangedMeanwhile, NotFound, NotPermitted, Unmet
from workflow.facts import CaseState
from workflow.models import OutboxMessage, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import HEAD, ROLES, SUPERVISOR, TOWN_REVIEWER


def claim(office: Office, conn: Connection, task_id: int, *, actor: Actor, now: datetime) -> CaseState:
    """Take an open task. Raises NotPermitted without the role, Unmet where somebody else has it."""
    case, task = _open_task(office, conn, task_id)
    if not actor.holds(task.role, task.scope) or actor.id in case.barred:
        raise NotPermitted("这项待办不属于您的岗位和区域，或者您应当回避。")
    if task.assignee_id == actor.id:
        return case
    if task.assignee_id is not None:
        raise ChangedMeanwhile("这项待办刚刚被别人签收了。")
    _hand(conn, task.id, assignee=actor.id)
    note(conn, case, actor=actor, now=now, action="claim", says="签收了待办")
    return case


def release(office: Office, conn: Connection, task_id: int, *, actor: Actor, now: datetime) -> CaseState:
    """Give a task back: a delegated one to its owner, one's own to the pool."""
    case, task = _open_task(office, conn, task_id)
    if task.assignee_id != actor.id:
        raise NotPermitted("只有签收人本人能退回这项待办。")
    _hand(conn, task.id, assignee=task.owner_id)
    note(conn, case, actor=actor, now=now, action="release", says="退回了待办")
    return case


def assign(
    office: Office, conn: Connection, task_id: int, *, to: int, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Give a task to a colleague. The supervisor of the area, the reviewer of the town, or the present holder may."""
    case, task = _open_task(office, conn, task_id)
    _check_may_give(case, task, actor)
    _assign(office, conn, case, task, to, reason, actor, now)
    return case


def delegate(
    office: Office, conn: Connection, task_id: int, *, to: int, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Let a colleague do one's own task; released or handed back, it returns to its owner."""
    case, task = _open_task(office, conn, task_id)
    if task.assignee_id != actor.id:
        raise NotPermitted("只能委派您本人已签收的待办。")
    if to == actor.id:
        raise Unmet("不能委派给自己。")
    if task.owner_id is not None:
        raise Unmet("这项待办是别人委派给您的，不能再次委派，请先退回。")
    receiver = _receiver(office, conn, case, task, to, now)
    _hand(conn, task.id, assignee=to, owner=actor.id)
    note(conn, case, actor=actor, now=now, action="delegate", says=f"委派给{receiver.name}", reason=reason)
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})
    return case


def assign_open(
    office: Office,
    conn: Connection,
    case_id: int,
    *,
    part: str,
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Assign the open task of a case's part (called from an escalation). Raises Unmet where it is done already."""
    case, tasks = read(office, conn, case_id)
    row = next((t for t in tasks if t.task_part == part), None)
    if row is None:
        raise Unmet("逾期的待办已经办结，不用改派，请直接说明并办结督办。")
    task = conn.execute(select(Task.__table__).where(Task.id == row.task_id)).one()
    _assign(office, conn, case, task, to, reason, actor, now)


def urge(office: Office, conn: Connection, case_id: int, *, words: str, actor: Actor, now: datetime) -> None:
    """Nudge whoever holds the case's open tasks; recorded in its journal, once a day by key."""
    case, tasks = read(office, conn, case_id)
    if not tasks:
        raise Unmet("这个案件现在没有待办，不用催办。")
    rows = conn.execute(
        select(Task.id, Task.role, Task.scope, Task.assignee_id).where(
            Task.case_id == case_id, Task.state == "open"
        )
    )
    note(conn, case, actor=actor, now=now, action="urge", says="催办", reason=words, stales=False)
    for row in rows.all():
        tell(
            conn,
            case,
            "urged",
            now,
            user_id=row.assignee_id,
            role=row.role,
            scope=row.scope,
            key=f"task{row.id}:{local_date(now)}",
            facts={"words": words},
        )


def tell(
    conn: Connection, case: CaseState, topic: str, now: datetime, *, user_id: int | None = None, role: str = "",
    scope: str = "", key: str = "", facts: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a message into the outbox, inside the act: delivered afterwards, once by its key.

    With both a person and a role, the role's holders get it where the person is gone.
    """
    conn.execute(
        insert(OutboxMessage).values(
            key=f"{case.number}:{topic}:{key or case.seq}", topic=topic, case_id=case.id, user_id=user_id,
            role=role, scope=scope,
            facts={"number": case.number, "title": case.title} | (facts or {}), state="waiting", created_at=now,
        )
    )  # fmt: skip


def _open_task(office: Office, conn: Connection, task_id: int) -> tuple[CaseState, Row[Any]]:
    found = conn.execute(select(Task.case_id).where(Task.id == task_id)).first()
    if found is None:
        raise NotFound
    case, _ = read(office, conn, found.case_id)
    task = conn.execute(select(Task.__table__).where(Task.id == task_id)).one()
    if task.state != "open":
        raise ChangedMeanwhile("这项待办已经办结。")
    return case, task


def _check_may_give(case: CaseState, task: Row[Any], actor: Actor) -> None:
    leads = any(
        actor.holds(role, scope_of(role, case.area_code)) for role in (SUPERVISOR, HEAD, TOWN_REVIEWER)
    )
    own = task.assignee_id == actor.id and actor.id is not None
    if not (leads or own):
        raise NotPermitted("分派由督办、部门负责人、乡镇审核人或当前经办人办理。")


def _receiver(
    office: Office, conn: Connection, case: CaseState, task: Row[Any], to: int, now: datetime
) -> Actor:
    receiver = load_actor(office.session(conn), to, local_date(now))
    if not receiver.holds(task.role, task.scope):
        raise Unmet(f"{receiver.name}不是这个区域的{ROLES[task.role].title}，不能接办。")
    if to in case.barred:
        raise Unmet(f"{receiver.name}应当回避本案，不能接办。")
    return receiver


def _assign(
    office: Office,
    conn: Connection,
    case: CaseState,
    task: Row[Any],
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    receiver = _receiver(office, conn, case, task, to, now)
    _hand(conn, task.id, assignee=to)
    note(conn, case, actor=actor, now=now, action="assign", says=f"分派给{receiver.name}", reason=reason)
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})


def _hand(conn: Connection, task_id: int, *, assignee: int | None, owner: int | None = None) -> None:
    conn.execute(update(Task).where(Task.id == task_id).values(assignee_id=assignee, owner_id=owner))
