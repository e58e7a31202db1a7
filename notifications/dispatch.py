"""From the outbox to the inboxes: each message of an act reaches each of its people once, whoever dispatches.

One message is one transaction: its inbox rows and its mark come together or not at all, so a process that dies
between two leaves nothing half done, and two that work side by side never both do one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.orm import Session

from notifications.digests import letter_of, quiet_hours
from notifications.rules import rule_of, write
from workflow.db import Database
from workflow.desk.lending import stand_ins
from workflow.errors import Busy, Refused
from workflow.models import Case, InboxMessage, Incident, OutboxMessage, Task, User
from workflow.office import Office
from workflow.people_queries import holders
from workflow.periods import local_date
from workflow.roles import ROLES
from workflow.running.incidents import PENDING, Troubles, record
from workflow.running.job import Mend, Run
from workflow.sweeps import never

log = logging.getLogger(__name__)
DISPATCH = "dispatch_outbox"
"""The id of this room's job."""


class NoRecipient(Refused):
    """没有可以接收这条消息的人。"""


def dispatch(
    database: Database, office: Office, now: datetime, limit: int = 500, stopped: Callable[[], bool] = never
) -> tuple[int, int]:
    """Deliver waiting messages, oldest first; (done, failed). Raises Busy where the database cannot be written.

    One that cannot be delivered is marked failed with its reason, and the others go on. `stopped` is asked before each.
    """
    troubles = Troubles(database, DISPATCH, now)
    held = troubles.held()
    with database.reading() as session:
        waiting = session.scalars(
            select(OutboxMessage.id)
            .where(OutboxMessage.state == "waiting", OutboxMessage.id.not_in(held))
            .order_by(OutboxMessage.id)
            .limit(limit)
        ).all()
    done = failed = 0
    for outbox_id in waiting:
        if stopped():
            break
        try:
            with database.acting() as conn:
                done += _deliver(office, conn, outbox_id, now)
        except Busy:
            raise
        except Refused as refusal:
            failed += _mark_failed(database, outbox_id, refusal.message, now)
        except Exception as error:  # one broken message must not stop the others
            log.exception("message %s", outbox_id)
            failed += 1
            troubles.failed(outbox_id, None, error, outbox_id)
    return done, failed


def requeue(conn: Connection, ids: Iterable[int] | None = None) -> int:
    """Let failed messages (all of them, or these) be tried again, such as after somebody got the missing role."""
    which: ColumnElement[bool] = OutboxMessage.state == "failed"
    if ids is not None:
        which &= OutboxMessage.id.in_(list(ids))
    conn.execute(
        update(Incident)
        .where(
            Incident.kind == DISPATCH,
            Incident.state.in_(PENDING),
            Incident.ref.in_(select(OutboxMessage.id).where(which)),
        )
        .values(next_at=Incident.last_at)
    )
    return conn.execute(update(OutboxMessage).where(which).values(state="waiting", error="")).rowcount


def _deliver(office: Office, conn: Connection, outbox_id: int, now: datetime) -> int:
    """One message; 0 where another dispatcher has it or had it."""
    with office.session(conn) as session:
        row = session.scalar(
            select(OutboxMessage)
            .where(OutboxMessage.id == outbox_id, OutboxMessage.state == "waiting")
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return 0
        message, quiet = write(row.topic, row.facts), quiet_hours(session)
        there = set(session.scalars(select(InboxMessage.user_id).where(InboxMessage.outbox_id == row.id)))
        for user in recipients(session, row, local_date(now)):
            if user.id not in there:
                session.add(
                    InboxMessage(
                        outbox_id=row.id, user_id=user.id, case_id=row.case_id, topic=row.topic, subject=message.subject[:200],
                        body=message.body, created_at=now, **letter_of(user, row.facts, now, quiet),
                    )
                )  # fmt: skip
        row.state = "sent"
        session.flush()
    return 1


def recipients(session: Session, row: OutboxMessage, today: date) -> Sequence[User]:
    """Who is to be told now: the person named; else who has taken the task; else all holders of the role.

    Nobody who is disabled or must keep out of the case. Raises NoRecipient.
    """
    case = session.get_one(Case, row.case_id) if row.case_id is not None else None
    found: Sequence[User] = ()
    if row.user_id is not None:
        found = [session.get_one(User, row.user_id)]
    elif rule_of(row.topic).holder:
        found = _assignees(session, row)
    found = _allowed(found, case)
    if not found and row.role:
        found = _allowed(holders(session, [ROLES[row.role]], row.scope, today), case)
    if not found:
        who = ROLES[row.role].title if row.role else "指定的人"
        raise NoRecipient(
            f"区划 {row.scope or (case.area_code if case else '')} 没有在岗的{who}可以接收，请先安排人员，再重新发送。"
        )
    return _and_stand_ins(session, found, row, case, today)


def _and_stand_ins(
    session: Session, found: Sequence[User], row: OutboxMessage, case: Case | None, today: date
) -> Sequence[User]:
    """With those who stand in for them today; a message about no case is for the person alone."""
    if case is None:
        return found
    ids = set(stand_ins(session, [user.id for user in found], row.role, case.definition, today).values())
    further = session.scalars(select(User).where(User.id.in_(ids - {user.id for user in found})))
    return [*found, *_allowed(further, case)]


def _allowed(users: Iterable[User], case: Case | None) -> list[User]:
    barred = case.barred if case is not None else ()
    return [user for user in users if user.disabled_at is None and user.id not in barred]


def _assignees(session: Session, row: OutboxMessage) -> Sequence[User]:
    taken = (
        select(Task.assignee_id)
        .where(Task.case_id == row.case_id, Task.state == "open", Task.role == row.role)
        .where(Task.part == row.facts["part"] if row.facts.get("part") else Task.part == Task.part)
    )
    return session.scalars(select(User).where(User.id.in_(taken)).order_by(User.id)).all()


def _mark_failed(database: Database, outbox_id: int, reason: str, now: datetime) -> int:
    """Give it up for now: a person has to see to it, such as by appointing somebody."""
    with database.acting() as conn:
        failed = conn.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == outbox_id, OutboxMessage.state == "waiting")
            .values(state="failed", error=reason)
            .returning(OutboxMessage.case_id)
        ).first()
        if failed is not None:
            record(
                conn,
                DISPATCH,
                outbox_id,
                case_id=failed.case_id,
                cause=reason,
                payload=outbox_id,
                now=now,
                at_once=True,
            )
        return int(failed is not None)


def _again(run: Run, ref: int) -> None:
    with run.database.acting() as conn:
        requeue(conn, [ref])
    try:
        with run.database.acting() as conn:
            _deliver(run.office, conn, ref, run.now)
    except Refused as refusal:
        failed = update(OutboxMessage).where(OutboxMessage.id == ref, OutboxMessage.state == "waiting")
        with run.database.acting() as conn:
            conn.execute(failed.values(state="failed", error=refusal.message))
        raise


def _delivered(session: Session, _run: Run, ref: int) -> bool:
    row = session.get(OutboxMessage, ref)
    return row is None or row.state not in {"waiting", "failed"}


def _drop(conn: Connection, _run: Run, ref: int) -> None:
    conn.execute(update(OutboxMessage).where(OutboxMessage.id == ref).values(state="skipped"))


MEND = Mend(_again, _delivered, _drop)
"""How a message that reached nobody is settled."""
