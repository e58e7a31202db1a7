"""The job of the desk: relatives found in the register are kept out, changed posts are noticed, stranded tasks settled.

Each task is looked at once after it was opened, and again when its post or its case changes: the work of a run is that
of the changes, not of all open tasks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select, update

from workflow.actors import SYSTEM_ACTOR
from workflow.db import Database
from workflow.desk.eligible import in_office, kept_out
from workflow.desk.recusal import bar, unbarred_kin
from workflow.desk.stranded import settle
from workflow.entries import read
from workflow.errors import Busy
from workflow.inserting import put
from workflow.models import Case, Post, RoleAssignment, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.sweeps import Swept, never

log = logging.getLogger(__name__)
BATCH = 500
Holders = dict[tuple[str, str], set[int]]


def tend(office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never) -> Swept:
    """One run. What fails is counted and comes again; running it twice changes nothing."""
    swept = Swept()
    today = local_date(now)
    with database.reading() as session:
        kin = unbarred_kin(session.connection(), today, office.catalogue.near_kin)
    for case_id, user_id, relation in kin:
        if stopped():
            return swept
        _step(
            swept,
            database,
            partial(_keep_out, office, case_id, user_id, relation, now),
        )
    with database.reading() as session:
        holders = _holders(session.connection(), today)
        changed = holders != _known(session.connection())
    if changed:
        with database.acting() as conn:
            _notice(conn, holders)
    left: set[int] = set()
    while not stopped():
        with database.reading() as session:
            waiting = session.scalar(select(Task.id).where(*_unlooked(), Task.id.not_in(left)).limit(1))
        if waiting is None:
            break
        with database.acting() as conn:
            looked, stranded = _look(office, conn, holders, left)
        if not looked:
            break
        for task_id in stranded:
            if stopped():
                return swept
            if not _step(swept, database, partial(_settle, office, task_id, now)):
                left.add(task_id)
    return swept


def _step(swept: Swept, database: Database, step: Callable[[Connection], bool]) -> bool:
    """One case, in a transaction of its own; False where it failed."""
    try:
        with database.acting() as conn:
            swept.done += step(conn)
    except Busy:
        raise
    except Exception as error:  # one broken case must not stop the others; it is counted, shown and retried
        log.exception("tending the desk failed")
        swept.failed += 1
        swept.error = swept.error or str(error)
        return False
    return True


def _keep_out(
    office: Office, case_id: int, user_id: int, relation: str, now: datetime, conn: Connection
) -> bool:
    case, _ = read(office, conn, case_id)
    if user_id in case.barred or case.closed_at is not None:
        return False
    name = conn.execute(select(User.name).where(User.id == user_id)).scalar_one()
    bar(
        office,
        conn,
        case,
        user_id,
        actor=SYSTEM_ACTOR,
        says=f"{name}登记有近亲属关系，应当回避",
        reason=relation,
        now=now,
    )
    return True


def _settle(office: Office, task_id: int, now: datetime, conn: Connection) -> bool:
    return settle(office, conn, task_id, now)


def _holders(conn: Connection, today: date) -> Holders:
    """Who holds each post today."""
    found: Holders = {}
    rows = conn.execute(
        select(RoleAssignment.role, RoleAssignment.area_code, User.id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(*in_office(today))
    )
    for role, scope, user_id in rows:
        found.setdefault((role, scope), set()).add(user_id)
    return found


def _known(conn: Connection) -> Holders:
    return {(row.role, row.scope): set(row.holders) for row in conn.execute(select(Post.__table__))}


def _notice(conn: Connection, holders: Holders) -> None:
    """Let the tasks of posts that have changed be looked at again, and remember who holds them now."""
    known = _known(conn)
    changed = [
        post for post in sorted({*known, *holders}) if known.get(post, set()) != holders.get(post, set())
    ]
    for role, scope in changed:
        conn.execute(
            update(Task)
            .where(Task.state == "open", Task.role == role, Task.scope == scope)
            .values(stranded=None)
        )
        if (role, scope) not in holders:
            conn.execute(delete(Post).where(Post.role == role, Post.scope == scope))
            continue
        put(conn, Post, {"role": role, "scope": scope}, holders=sorted(holders[role, scope]))


def _unlooked() -> list[Any]:
    return [Task.state == "open", Task.stranded.is_(None)]


def _look(office: Office, conn: Connection, holders: Holders, left: set[int]) -> tuple[int, list[int]]:
    """Look at the next tasks: how many, and those for which nobody of their post is left."""
    rows = conn.execute(
        select(Task.__table__, Case.edition, Case.hands, Case.barred, Case.facts)
        .join(Case, Case.id == Task.case_id)
        .where(*_unlooked(), Task.id.not_in(left))
        .order_by(Task.id)
        .limit(BATCH)
        .with_for_update(of=Task, skip_locked=True)
    ).all()
    fine: list[int] = []
    stranded: list[int] = []
    for row in rows:
        blueprint = office.catalogue.of(row)
        people = holders.get((row.role, row.scope), set())
        appointed = set(row.facts.get("appointed", {}).get(row.role, ()))
        nobody = bool(people) and not (people | appointed) - kept_out(blueprint, row, row)
        (stranded if nobody else fine).append(row.id)
    if fine:
        conn.execute(update(Task).where(Task.id.in_(fine)).values(stranded=False))
    return len(rows), stranded
