"""The next task: of all that lie free in the caller's posts and that he may do, the legally most urgent.

Two who ask at once never get the same: on PostgreSQL what others hold is passed over and what was taken since it was
read is seen when it is locked; on SQLite there is one transaction at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Connection, any_, bindparam, literal_column, or_, select

from workflow.actors import Actor
from workflow.desk.eligible import kept_out
from workflow.models import Case, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.sending import fetch

FIRST, TIMES = 8, 8
"""So many tasks of a post are looked at first, and so many times as many where none of those is to be had."""


class FreeTask(NamedTuple):
    """What decides whether somebody may do a free task, and when it is due."""

    id: int
    due_on: date | None
    stage: str
    part: str
    role: str
    scope: str
    definition: str
    edition: str
    hands: dict[str, list[int]]
    barred: list[int]
    halt_id: int | None


def claim_next(
    office: Office, conn: Connection, *, actor: Actor, now: datetime, skip: Collection[int] = ()
) -> int | None:
    """The id of the most urgent free task the actor may do, under lock with its case until the transaction ends, so
    that `tasks.claim` gets it; None where there is none. `skip` are tasks he does not want now.

    Order: by limit, those without one last, then as they came; what is not open yet is left out.
    """
    today, many = local_date(now), FIRST
    while True:
        heads = [_head(conn, post, today, many) for post in _posts(actor)]
        free = sorted((task for head in heads for task in head), key=_urgency)
        wanted = [task.id for task in free if task.id not in skip and _may_do(office, task, actor)]
        found = _lock(conn, wanted) if wanted else None
        if found is not None or all(len(head) < many for head in heads):
            return found
        many *= TIMES


def _posts(actor: Actor) -> Iterator[tuple[str, str, str]]:
    """Role, area and definition ("" for all) of each of the actor's posts and of those in which he stands in."""
    whole = set(actor.grants) | {(one.role, one.scope) for one in actor.lent if not one.definition}
    yield from ((role, scope, "") for role, scope in sorted(whole))
    single = {(one.role, one.scope, one.definition) for one in actor.lent if one.definition}
    yield from sorted(post for post in single if post[:2] not in whole)


def _urgency(task: FreeTask) -> tuple[bool, date, int]:
    return (task.due_on is None, task.due_on or date.max, task.id)


@lru_cache
def _free(many: int) -> Any:
    """The most urgent free tasks of a post: a walk along one index that stops after so many.

    Ordered by the assignee as well, who is nobody: PostgreSQL takes "is null" for no constant.
    """
    return (
        select(Task.id, Task.due_on, Task.stage, Task.part, Task.role, Task.scope, Task.definition, Case.edition,
               Case.hands, Case.barred, Case.halt_id)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.state == "open", Task.role == bindparam("post"), Task.scope == bindparam("area"),
            Task.assignee_id.is_(None), Task.definition.between(bindparam("first"), bindparam("last")),
            or_(Task.opens_on.is_(None), Task.opens_on <= bindparam("today")),
        )
        .order_by(Task.assignee_id, Task.due_on.nulls_last(), Task.id)
        .limit(literal_column(str(many)))  # written out: the plan is made for so few
    )  # fmt: skip


_LOCK = (
    select(Task.id)
    .join(Case, Case.id == Task.case_id)
    .where(
        Task.id == any_(bindparam("tasks", type_=ARRAY(BigInteger))),
        Task.state == "open",
        Task.assignee_id.is_(None),
    )
    .order_by(Task.due_on.nulls_last(), Task.id)
    .limit(1)
    .with_for_update(of=(Task, Case), skip_locked=True)
)
"""The first that nobody holds. A row that has changed since it was read is looked at again under its lock."""


def _head(conn: Connection, post: tuple[str, str, str], today: date, many: int) -> list[FreeTask]:
    role, scope, definition = post
    given = {
        "post": role,
        "area": scope,
        "today": today,
        "first": definition,
        "last": definition or "\U0010ffff",
    }
    return [FreeTask(*row) for row in fetch(conn, _free(many), given)]


def _may_do(office: Office, task: FreeTask, actor: Actor) -> bool:
    """Whether neither recusal, four eyes nor a halt keeps him from it, nor the one he stands in for."""
    out = kept_out(office.catalogue.get(task.definition, task.edition), task, task)
    persons = actor.in_post(task.role, task.scope, task.definition, but=out).persons
    return task.halt_id is None and not out & set(persons)


def _lock(conn: Connection, tasks: Sequence[int]) -> int | None:
    if conn.dialect.name == "sqlite":
        return tasks[0]
    found = fetch(conn, _LOCK, {"tasks": tasks})
    return int(found[0][0]) if found else None
