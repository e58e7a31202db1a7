"""The next task: of all that lie free in the caller's posts and that he may do, the legally most urgent.

Two who ask at once never get the same: on PostgreSQL the case is locked and what others hold is passed over, on SQLite
there is one transaction at a time. Who looks and who locks are two statements: what was read before the lock is
looked at again under it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, union_all

from workflow.actors import Actor
from workflow.desk.eligible import kept_out
from workflow.models import Case, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.statements import OPEN

FIRST, MORE = 8, 64
"""So many tasks are looked at first, and at a time where all of those are in others' hands."""


def claim_next(
    office: Office, conn: Connection, *, actor: Actor, now: datetime, skip: Collection[int] = ()
) -> int | None:
    """The id of the most urgent free task the actor may do, its case under lock until the transaction ends, so that
    `tasks.claim` gets it; None where there is none. `skip` are tasks he does not want now.

    Order: by limit, those without one last, then as they came; what is not open yet is left out.
    """
    passed, today, many = set(skip), local_date(now), FIRST
    while rows := _free(conn, actor, today, passed, many):
        passed |= {row.id for row in rows if not _may_do(office, row, actor)}
        wanted = [row.id for row in rows if row.id not in passed]
        if not wanted:
            continue
        if conn.dialect.name == "sqlite":
            return wanted[0]
        found = _lock(conn, wanted)
        if found is not None and _still_free(conn, found):
            return found
        passed |= set(wanted) if found is None else {found}
        many = MORE
    return None


def _posts(actor: Actor) -> Iterator[list[Any]]:
    """SQL: what lies free in each of the actor's posts, and in those in which he stands in; no task in two of them."""
    own = {(role, scope, "") for role, scope in actor.grants} | {
        (one.role, one.scope, one.definition) for one in actor.lent
    }
    for role, scope, definition in sorted(own):
        post = [Task.state == OPEN, Task.role == role, Task.scope == scope, Task.assignee_id.is_(None)]
        if not definition:
            yield post
        elif (role, scope, "") not in own:
            yield [*post, Task.definition == definition]


def _free(
    conn: Connection, actor: Actor, today: date, passed: Collection[int], many: int
) -> Sequence[Row[Any]]:
    """The most urgent free tasks of all posts with what decides who may do them: a walk along one index a post."""
    open_now = or_(Task.opens_on.is_(None), Task.opens_on <= today)
    order = (Task.due_on.nulls_last(), Task.id)
    heads = [
        select(Task.id)
        .where(*post, open_now, Task.id.not_in(passed))
        .order_by(Task.assignee_id, *order)  # as the index has it: PostgreSQL takes "is null" for no constant
        .limit(many)
        .subquery()
        for post in _posts(actor)
    ]
    if not heads:
        return []
    ids = union_all(*(select(head) for head in heads)).subquery()
    return conn.execute(
        select(Task.id, Task.stage, Task.part, Task.role, Task.scope, Task.definition, Case.edition, Case.hands,
               Case.barred, Case.halt_id)
        .join(Case, Case.id == Task.case_id)
        .where(Task.id.in_(select(ids.c.id)))
        .order_by(*order)
        .limit(many)
    ).all()  # fmt: skip


def _may_do(office: Office, row: Row[Any], actor: Actor) -> bool:
    """Whether neither recusal, four eyes nor a halt keeps him from it, nor the one he stands in for."""
    out = kept_out(office.catalogue.get(row.definition, row.edition), row, row)
    persons = actor.in_post(row.role, row.scope, row.definition, but=out).persons
    return row.halt_id is None and not out & set(persons)


def _lock(conn: Connection, tasks: Sequence[int]) -> int | None:
    """The most urgent of these tasks whose case nobody holds, with the case under lock."""
    return conn.execute(
        select(Task.id)
        .join(Case, Case.id == Task.case_id)
        .where(Task.id.in_(tasks))
        .order_by(Task.due_on.nulls_last(), Task.id)
        .limit(1)
        .with_for_update(of=Case, skip_locked=True)
    ).scalar()


def _still_free(conn: Connection, task: int) -> bool:
    free = select(Task.id).where(Task.id == task, Task.state == OPEN, Task.assignee_id.is_(None))
    return conn.execute(free).first() is not None
