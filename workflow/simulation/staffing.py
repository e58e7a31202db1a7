"""Other numbers of people in a district that is already at work: some leave, some join."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select

from workflow import staff, tasks
from workflow.actors import actor_of
from workflow.entropy import Entropy
from workflow.models import Leave, RoleAssignment, Task, User
from workflow.office import Office
from workflow.simulation.roster import Roster, headcount, new_login, new_name


def change_numbers(
    office: Office, conn: Connection, numbers: Mapping[str, int], entropy: Entropy, now: datetime, eve: date
) -> None:
    """Wherever one of these roles is held, so many hold it from the day after `eve` on: the last ones to come leave,
    and what lies on their desks goes back to the queue. Raises Refused for an unknown role.
    """
    headcount(numbers)
    session = office.session(conn)
    names, logins = set(session.scalars(select(User.name))), set(session.scalars(select(User.login)))
    for role, wanted in sorted(numbers.items()):
        held: defaultdict[str, list[RoleAssignment]] = defaultdict(list)
        rows = (
            select(RoleAssignment).join(User).where(RoleAssignment.role == role, User.disabled_at.is_(None))
        )
        for row in session.scalars(rows.order_by(RoleAssignment.id)):
            if row.from_date <= eve and (row.to_date is None or row.to_date > eve):
                held[row.area_code].append(row)
        for area, posts in sorted(held.items()):
            for post in posts[wanted:]:
                _leave(office, conn, post, now, eve)
            for _ in range(wanted - len(posts)):
                login = new_login(f"{role}-{area}".replace("_", "-"), logins)
                user = staff.create_user(session, login=login, name=new_name(entropy, names), now=now)
                staff.assign(session, user, role, area, eve)
    session.flush()


def _leave(office: Office, conn: Connection, post: RoleAssignment, now: datetime, eve: date) -> None:
    holder = actor_of(post.user, eve)
    taken = select(Task.id).where(
        Task.state == "open",
        Task.assignee_id == post.user_id,
        Task.role == post.role,
        Task.scope == post.area_code,
    )
    for task_id in conn.execute(taken.order_by(Task.id)).scalars().all():
        tasks.release(office, conn, task_id, actor=holder, now=now)
    post.to_date = eve


def registered_leave(roster: Roster, conn: Connection) -> None:
    """People are away when they have said so, and at no made-up times."""
    for colleague in roster.by_id.values():
        colleague.leave = []
    for row in conn.execute(
        select(Leave.user_id, Leave.from_date, Leave.to_date).where(Leave.cancelled_at.is_(None))
    ):
        if row.user_id in roster.by_id:
            roster.by_id[row.user_id].leave.append((row.from_date, row.to_date))
