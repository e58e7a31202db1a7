"""Tasks as clerks know them: claim 签收, release 退回待领, transfer 转办, assign 分派, delegate 委派, urge 催办.

Each is journalled under its own word. Nobody is given what recusal or four eyes would not let him finish. A stand-in
takes and gives back in the name of the one he stands in for, so that it lies on that one's desk when he returns.
"""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from workflow.actors import Actor, load_actor
from workflow.desk import rights
from workflow.desk.eligible import check_free, finishing
from workflow.entries import note, read, write_back
from workflow.errors import ChangedMeanwhile, FormRefused, NotFound, NotPermitted, Unmet
from workflow.facts import CaseState
from workflow.models import Case, Nudge, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import is_appointed
from workflow.roles import ROLES
from workflow.sending import fetch_each, send
from workflow.statements import STATE
from workflow.telling import tell

SHORTEST_REASON = 2


def claim(office: Office, conn: Connection, task_id: int, *, actor: Actor, now: datetime) -> CaseState:
    """Take an open task. Raises NotPermitted without the role, Unmet where four eyes is against it.

    Raises ChangedMeanwhile where somebody else has it.
    """
    case, task = open_task(office, conn, task_id)
    actor = _in_post(actor, case, task)
    _check_post(case, task, actor)
    if task.assignee_id is not None and task.assignee_id == actor.desk_id:
        return case
    if task.assignee_id is not None:
        raise ChangedMeanwhile("这项待办刚刚被别人签收了。")
    for person in actor.persons:
        name = "您" if actor.standing is None or person == actor.id else f"被代理人{actor.standing.principal}"
        check_free(office.catalogue.of(case), case, task, person, name)
    _hand(conn, task.id, now=now, assignee=actor.desk_id)
    note(conn, case, actor=actor, now=now, action="claim", says="签收了待办")
    return case


def release(office: Office, conn: Connection, task_id: int, *, actor: Actor, now: datetime) -> CaseState:
    """Give a task back: a delegated one to its owner, one's own to the pool."""
    case, task = open_task(office, conn, task_id)
    actor = _holder(actor, case, task, "只有签收人本人能退回这项待办。")
    _hand(conn, task.id, now=now, assignee=task.owner_id)
    note(conn, case, actor=actor, now=now, action="release", says="退回了待办")
    return case


def assign(
    office: Office, conn: Connection, task_id: int, *, to: int, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Give a task to a colleague. The supervisor of the area, the reviewer of the town, or the present holder may."""
    _check_reason(reason)
    case, task = open_task(office, conn, task_id)
    own = task.assignee_id is not None and task.assignee_id in _in_post(actor, case, task).persons
    if not (own or rights.leads(actor, case.area_code)):
        raise NotPermitted("分派由督办、部门负责人、乡镇审核人或当前经办人办理。")
    _assign(office, conn, case, task, to, reason, actor, now)
    return case


def transfer(
    office: Office, conn: Connection, task_id: int, *, to: int, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Give one's own task away for good. A delegated one is handed back first. Raises NotPermitted, Unmet."""
    _check_reason(reason)
    case, task = open_task(office, conn, task_id)
    actor = _holder(actor, case, task, "只能转办您本人已签收的待办。")
    if task.owner_id is not None:
        raise Unmet("这项待办是别人委派给您的，不能转办，请写出意见交回委派人。")
    if to in actor.persons:
        raise Unmet("不能转办给自己。")
    receiver = _receiver(office, conn, case, task, to, now)
    _hand(conn, task.id, now=now, assignee=to)
    note(conn, case, actor=actor, now=now, action="transfer", says=f"转办给{receiver.name}", reason=reason)
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})
    return case


def delegate(
    office: Office, conn: Connection, task_id: int, *, to: int, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Let a colleague prepare one's own task and give his opinion; it comes back, and the owner finishes it."""
    _check_reason(reason)
    case, task = open_task(office, conn, task_id)
    actor = _holder(actor, case, task, "只能委派您本人已签收的待办。")
    if to in actor.persons:
        raise Unmet("不能委派给自己。")
    if task.owner_id is not None:
        back = "不能委派回委派人" if to == task.owner_id else "不能再次委派"
        raise Unmet(f"这项待办是别人委派给您的，{back}，请先交回。")
    receiver = _receiver(office, conn, case, task, to, now)
    _hand(conn, task.id, now=now, assignee=to, owner=actor.desk_id)
    note(conn, case, actor=actor, now=now, action="delegate", says=f"委派给{receiver.name}", reason=reason)
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})
    return case


def advise(
    office: Office, conn: Connection, task_id: int, *, opinion: str, actor: Actor, now: datetime
) -> CaseState:
    """Hand a delegated task back with one's opinion. Who gave one has had a hand in it; the owner decides."""
    if len(opinion.strip()) < SHORTEST_REASON:
        raise FormRefused({"opinion": "请写明办理情况或意见"})
    case, task = open_task(office, conn, task_id)
    actor = _holder(actor, case, task, "只有受托人本人能交回意见。")
    if task.owner_id is None:
        raise Unmet("这项待办不是别人委派给您的，不用交回。")
    for word in finishing(office.catalogue.of(case), task):
        if word.hand:
            case.add_hand(word.hand, *actor.persons)
    _hand(conn, task.id, now=now, assignee=task.owner_id)
    owner = conn.execute(select(User.name).where(User.id == task.owner_id)).scalar_one()
    write_back(
        conn, case, actor=actor, now=now, action="advise", says=f"交回委派意见，由{owner}确认", reason=opinion
    )
    tell(conn, case, "advised", now, user_id=task.owner_id, facts={"reason": opinion})
    return case


def recall(office: Office, conn: Connection, task_id: int, *, actor: Actor, now: datetime) -> CaseState:
    """Take a task back that one has delegated."""
    case, task = open_task(office, conn, task_id)
    if task.owner_id is None or task.owner_id not in _in_post(actor, case, task, desk=task.owner_id).persons:
        raise NotPermitted("只有委派人本人能收回这项委派。")
    actor = _in_post(actor, case, task, desk=task.owner_id)
    _hand(conn, task.id, now=now, assignee=task.owner_id)
    note(conn, case, actor=actor, now=now, action="recall", says="收回了委派")
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


def urge(
    office: Office,
    conn: Connection,
    case_id: int,
    *,
    words: str,
    actor: Actor,
    now: datetime,
    only: int | None = None,
) -> None:
    """Nudge whoever holds the case's open tasks (or `only` one): once a task and working day, seen by the supervisor.

    A rest day counts with the working day after it. Raises Unmet where all were nudged already.
    """
    case, tasks = read(office, conn, case_id)
    wanted = [row for row in tasks if only in {None, row.task_id}]
    if not wanted:
        raise Unmet("这个案件现在没有待办，不用催办。")
    today = local_date(now)
    day = today if office.calendar.is_working(today) else office.calendar.next_working(today)
    done = select(Nudge.task_id).where(Nudge.day == day, Nudge.task_id.in_([row.task_id for row in wanted]))
    already = set(conn.execute(done).scalars())
    rows = conn.execute(
        select(Task.id, Task.role, Task.scope, Task.assignee_id).where(
            Task.id.in_([row.task_id for row in wanted if row.task_id not in already])
        )
    ).all()
    if not rows:
        raise Unmet("这项待办今天已经催办过一次，请下一个工作日再催。")
    note(conn, case, actor=actor, now=now, action="urge", says="催办", reason=words, stales=False)
    for row in rows:
        conn.execute(
            insert(Nudge).values(
                task_id=row.id, case_id=case.id, day=day, words=words, by_id=actor.id, at=now
            )
        )
        tell(
            conn,
            case,
            "urged",
            now,
            user_id=row.assignee_id,
            role=row.role,
            scope=row.scope,
            key=f"task{row.id}:{day}",
            facts={"words": words},
        )


def urge_task(
    office: Office, conn: Connection, task_id: int, *, words: str, actor: Actor, now: datetime
) -> CaseState:
    """Nudge the holder of one task, by somebody who has the right to. Raises NotPermitted, Unmet."""
    case, task = open_task(office, conn, task_id)
    rights.require("urge", actor, case.area_code)
    urge(office, conn, task.case_id, words=words, actor=actor, now=now, only=task_id)
    return read(office, conn, task.case_id)[0]


_CASE_OF = (
    select(*(Case.__table__.c[name] for name in STATE))
    .where(Case.id == select(Task.case_id).where(Task.id == bindparam("task")).scalar_subquery())
    .with_for_update()
)
_TASK = select(Task.__table__).where(Task.id == bindparam("task"))
_COLUMNS = tuple(Task.__table__.columns.keys())
_HAND = (
    update(Task)
    .where(Task.id == bindparam("task"))
    .values(assignee_id=bindparam("assignee"), owner_id=bindparam("owner"), taken_at=bindparam("taken"))
)


def open_task(office: Office, conn: Connection, task_id: int) -> tuple[CaseState, Any]:
    """An open task, its case under lock. Raises NotFound, ChangedMeanwhile where it is done."""
    cases, tasks = fetch_each(conn, (_CASE_OF, _TASK), {"task": task_id})
    if not cases:
        raise NotFound
    case, task = CaseState(*cases[0]), SimpleNamespace(**dict(zip(_COLUMNS, tasks[0], strict=True)))
    if task.state != "open":
        raise ChangedMeanwhile("这项待办已经办结。")
    return case, task


def _in_post(actor: Actor, case: CaseState, task: Any, desk: int | None = None) -> Actor:
    """The actor as he has to do with this task: for himself, or for the one he stands in for."""
    return actor.in_post(
        task.role,
        task.scope,
        task.definition,
        desk=task.assignee_id if desk is None else desk,
        but=case.barred,
    )


def _holder(actor: Actor, case: CaseState, task: Any, refusal: str) -> Actor:
    """The actor as holder of the task. Raises NotPermitted with this refusal where it is not his."""
    found = _in_post(actor, case, task)
    if task.assignee_id is None or task.assignee_id not in found.persons:
        raise NotPermitted(refusal)
    return found


def _check_post(case: CaseState, task: Any, actor: Actor) -> None:
    if not actor.holds(task.role, task.scope, task.definition) and not is_appointed(actor, task.role, case):
        raise NotPermitted("这项待办不属于您的岗位和区域，或者您应当回避。")
    if set(actor.persons) & set(case.barred):
        raise NotPermitted("这项待办不属于您的岗位和区域，或者您应当回避。")


def _receiver(office: Office, conn: Connection, case: CaseState, task: Any, to: int, now: datetime) -> Actor:
    """Who is to get the task, as himself. Raises Unmet where he may not do it."""
    receiver = load_actor(office.session(conn), to, local_date(now))
    if (task.role, task.scope) not in receiver.grants and not is_appointed(receiver, task.role, case):
        raise Unmet(f"{receiver.name}不是这个区域的{ROLES[task.role].title}，不能接办。")
    check_free(office.catalogue.of(case), case, task, to, receiver.name)
    return receiver


def _assign(
    office: Office,
    conn: Connection,
    case: CaseState,
    task: Any,
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    receiver = _receiver(office, conn, case, task, to, now)
    _hand(conn, task.id, now=now, assignee=to)
    note(conn, case, actor=actor, now=now, action="assign", says=f"分派给{receiver.name}", reason=reason)
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": "请写明理由"})


def _hand(
    conn: Connection, task_id: int, *, now: datetime, assignee: int | None, owner: int | None = None
) -> None:
    taken = now if assignee is not None else None
    send(conn, [(_HAND, {"task": task_id, "assignee": assignee, "owner": owner, "taken": taken})])
