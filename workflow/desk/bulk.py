"""One act on many tasks: previewed, with a reason, task by task, resumable. Never a decision.

The preview is the act itself, undone: what it says is left out is left out for the very reason. Each task is done and
ticked off in one transaction, so a batch cut short goes on where it stood, and no task is done twice.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow import tasks
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.db import Database
from workflow.desk.eligible import able
from workflow.desk.placing import loads_of, present
from workflow.errors import Busy, FormRefused, NotFound, NotPermitted, Refused, Unmet
from workflow.flow import halts
from workflow.inserting import put
from workflow.models import Batch, BatchItem, Case, Mark, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import may_read
from workflow.sweeps import never

log = logging.getLogger(__name__)
MOST = 500
"""So many tasks in one batch at most."""
SHORTEST_REASON = 2
VERBS = {"claim": "签收", "assign": "分派", "transfer": "转办", "urge": "催办", "mark": "标记"}
"""What may be done to many tasks at once. A decision is none of them."""
ORDERS = {"suspend": "提出挂起"}
"""What leaders may ask for on many cases at once; a second person confirms each."""
ALL = VERBS | ORDERS
GIVING = frozenset({"assign", "transfer"})


@dataclass(frozen=True)
class Line:
    """A task of a batch, previewed or done: `state` done, skipped (refused, with the reason) or failed."""

    task_id: int
    number: str
    title: str
    state: str
    reason: str = ""
    to: str = ""


def desk_of(session: Session, user_id: int) -> list[int]:
    """Every open task that lies on somebody's desk or must return to it: what a leaver leaves behind."""
    mine = or_(Task.assignee_id == user_id, Task.owner_id == user_id)
    return list(
        session.scalars(select(Task.id).where(Task.state == "open", mine).order_by(Task.id).limit(MOST))
    )


def preview(
    office: Office, database: Database, verb: str, ids: Sequence[int], *, to: int, reason: str, actor: Actor,
    now: datetime,
) -> list[Line]:  # fmt: skip
    """What would come of each task; nothing is kept. Raises FormRefused."""
    chosen = _check(verb, ids, to, reason)
    return [_tried(office, database, verb, task_id, to, reason, actor, now) for task_id in chosen]


def _tried(
    office: Office,
    database: Database,
    verb: str,
    task_id: int,
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Line:
    """The verb on one task in a transaction that is rolled back."""
    number, title, name = f"#{task_id}", "", ""
    try:
        with database.acting() as conn:
            number, title = _case_of(conn, task_id, actor)
            _one(office, conn, verb, task_id, to, reason, actor, now)
            name = _name(conn, to or None)
            conn.rollback()
    except Refused as refused:
        return Line(task_id, number, title, "skipped", refused.message)
    return Line(task_id, number, title, "done", to=name)


def start(
    conn: Connection, verb: str, ids: Sequence[int], *, to: int, reason: str, actor: Actor, now: datetime
) -> int:
    """Write down what is to be done to which tasks; the batch's number. Nothing is done yet. Raises FormRefused."""
    chosen = _check(verb, ids, to, reason)
    made = conn.execute(
        insert(Batch)
        .values(verb=verb, params={"to": to}, reason=reason.strip(), made_by=actor.id, made_at=now)
        .returning(Batch.id)
    ).scalar_one()
    conn.execute(
        insert(BatchItem),
        [{"batch_id": made, "task_id": one, "state": "waiting", "reason": ""} for one in chosen],
    )
    return int(made)


def go_on(
    office: Office,
    database: Database,
    batch_id: int,
    *,
    actor: Actor,
    now: datetime,
    stopped: Callable[[], bool] = never,
) -> Counter[str]:
    """Do what of a batch still waits; how many tasks stand at done, skipped, failed and waiting. Its maker alone may."""
    with database.reading() as session:
        batch = session.get(Batch, batch_id)
        if batch is None or batch.made_by != actor.id:
            raise NotFound
        waiting = select(BatchItem.task_id).where(
            BatchItem.batch_id == batch_id, BatchItem.state == "waiting"
        )
        ids = list(session.scalars(waiting.order_by(BatchItem.task_id)))
    for task_id in ids:
        if stopped():
            break
        try:
            with database.acting() as conn:
                if not _tick_off(conn, batch_id, task_id, "done"):
                    continue
                _case_of(conn, task_id, actor)
                whom = _one(
                    office, conn, batch.verb, task_id, int(batch.params["to"]), batch.reason, actor, now
                )
                conn.execute(_item(batch_id, task_id).values(to_id=whom))
        except Busy:
            raise
        except Refused as refused:
            with database.acting() as conn:
                _tick_off(conn, batch_id, task_id, "skipped", refused.message)
        except Exception as error:  # one broken case must not stop the others; it is shown with its reason
            log.exception("batch %s failed at task %s", batch_id, task_id)
            with database.acting() as conn:
                _tick_off(conn, batch_id, task_id, "failed", f"{type(error).__name__}: {error}"[:500])
    return result(database, batch_id)


def result(database: Database, batch_id: int) -> Counter[str]:
    """How many tasks of a batch stand where; they add up to its selection."""
    with database.reading() as session:
        return Counter(session.scalars(select(BatchItem.state).where(BatchItem.batch_id == batch_id)))


def lines(session: Session, batch_id: int, actor: Actor) -> list[Line]:
    """What came of each task of a batch, what was left out first; a case he may not see is a bare number."""
    rows = session.execute(
        select(BatchItem, Case, User.name)
        .outerjoin(Task, Task.id == BatchItem.task_id)
        .outerjoin(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == BatchItem.to_id)
        .where(BatchItem.batch_id == batch_id)
        .order_by(BatchItem.state == "done", BatchItem.task_id)
    )
    found = []
    for item, case, name in rows:
        known = case is not None and may_read(actor, case)
        number, title = (case.number, case.title) if known else (f"#{item.task_id}", "")
        found.append(Line(item.task_id, number, title, item.state, item.reason, name or ""))
    return found


def _check(verb: str, ids: Sequence[int], to: int, reason: str) -> list[int]:
    """The selection without doubles. Raises FormRefused."""
    chosen = list(dict.fromkeys(ids))
    errors = {}
    if verb not in ALL:
        errors["verb"] = f"批量只能办理：{'、'.join(VERBS.values())}"
    if not chosen:
        errors["task"] = "请先勾选待办"
    elif len(chosen) > MOST:
        errors["task"] = f"一次最多 {MOST} 项，请分批办理"
    if verb == "transfer" and not to:
        errors["to"] = "请选择接办人"
    if len(reason.strip()) < SHORTEST_REASON:
        errors["reason"] = "请写明理由"
    if errors:
        raise FormRefused(errors)
    return chosen


def _one(
    office: Office,
    conn: Connection,
    verb: str,
    task_id: int,
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int | None:
    """The verb on one task; to whom it went. `to` 0 is the least busy who may do it and is there."""
    if verb == "claim":
        tasks.claim(office, conn, task_id, actor=actor, now=now)
        return actor.id
    if verb == "urge":
        tasks.urge_task(office, conn, task_id, words=reason, actor=actor, now=now)
        return None
    if verb == "suspend":
        case, _ = tasks.open_task(office, conn, task_id)
        halts.ask(office, conn, case, verb, reason=reason, actor=actor, now=now)
        return None
    if verb == "mark":
        _mark(office, conn, task_id, reason, actor, now)
        return None
    if verb == "assign":
        whom = to or _least_busy(office, conn, task_id, now)
        tasks.assign(office, conn, task_id, to=whom, reason=reason, actor=actor, now=now)
        return whom
    tasks.transfer(office, conn, task_id, to=to, reason=reason, actor=actor, now=now)
    return to


def _least_busy(office: Office, conn: Connection, task_id: int, now: datetime) -> int:
    case, task = tasks.open_task(office, conn, task_id)
    blueprint: Blueprint = office.catalogue.of(case)
    session, today = office.session(conn), local_date(now)
    there = present(session, able(session, blueprint, case, task, today), today)
    others = [user.id for user in there if user.id not in (task.assignee_id, task.owner_id)]
    if not others:
        raise Unmet("这个岗位没有其他可以接办的人：不在岗、应当回避或者已经参与本案。")
    loads = loads_of(session, others)
    return min(others, key=lambda user_id: (loads.get(user_id, 0), user_id))


def _mark(office: Office, conn: Connection, task_id: int, words: str, actor: Actor, now: datetime) -> None:
    _, task = tasks.open_task(office, conn, task_id)
    if not actor.holds(task.role, task.scope, task.definition) and task.assignee_id != actor.id:
        raise NotPermitted("这项待办不属于您的岗位和区域。")
    put(conn, Mark, {"user_id": actor.id, "task_id": task_id}, words=words.strip()[:100], at=now)


def _item(batch_id: int, task_id: int) -> Any:
    return update(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.task_id == task_id)


def _tick_off(conn: Connection, batch_id: int, task_id: int, state: str, reason: str = "") -> bool:
    """Mark an item that still waits; False where another run has had it."""
    done = conn.execute(
        _item(batch_id, task_id).where(BatchItem.state == "waiting").values(state=state, reason=reason)
    )
    return bool(done.rowcount)


def _case_of(conn: Connection, task_id: int, actor: Actor) -> tuple[str, str]:
    """Number and title of the task's case. Raises NotFound where there is none that the actor may know of."""
    with Session(conn) as session:
        case = session.scalar(select(Case).join(Task, Task.case_id == Case.id).where(Task.id == task_id))
        if case is None or not may_read(actor, case):
            raise NotFound
        return case.number, case.title


def _name(conn: Connection, user_id: int | None) -> str:
    if user_id is None:
        return ""
    return str(conn.execute(select(User.name).where(User.id == user_id)).scalar_one())
