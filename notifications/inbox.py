"""What the pages show: one person's inbox, and for administrators the messages and e-mails that did not get out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from workflow.models import InboxMessage, OutboxMessage

PAGE = 50


def inbox(
    session: Session, user_id: int, *, unread: bool = False, before: int | None = None, limit: int = PAGE
) -> Sequence[InboxMessage]:
    """A person's messages, newest first; `before` is the id of the last one of the page before."""
    query = select(InboxMessage).where(InboxMessage.user_id == user_id)
    if unread:
        query = query.where(InboxMessage.read_at.is_(None))
    if before is not None:
        query = query.where(InboxMessage.id < before)
    return session.scalars(query.order_by(InboxMessage.id.desc()).limit(limit)).all()


def unread_count(session: Session, user_id: int) -> int:
    """How many messages a person has not read."""
    return session.scalar(
        select(func.count()).where(InboxMessage.user_id == user_id, InboxMessage.read_at.is_(None))
    ) or 0  # fmt: skip


def mark_read(conn: Connection, user_id: int, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark a person's own messages (all, or these) as read; how many were not yet."""
    mine = (InboxMessage.user_id == user_id) & InboxMessage.read_at.is_(None)
    if ids is not None:
        mine &= InboxMessage.id.in_(list(ids))
    return conn.execute(update(InboxMessage).where(mine).values(read_at=now)).rowcount


def undelivered(session: Session, limit: int = PAGE) -> Sequence[InboxMessage]:
    """E-mails in the visible outbox or given up, newest first."""
    query = select(InboxMessage).where(InboxMessage.mail_state.in_(("held", "failed")))
    return session.scalars(query.order_by(InboxMessage.id.desc()).limit(limit)).all()


def failed_messages(session: Session, limit: int = PAGE) -> Sequence[OutboxMessage]:
    """Messages that could be given to nobody, with the reason, newest first."""
    query = select(OutboxMessage).where(OutboxMessage.state == "failed")
    return session.scalars(query.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def mail_counts(session: Session) -> dict[str, int]:
    """Mail state -> number of e-mails: queued, sending, sent, held, failed."""
    rows = session.execute(
        select(InboxMessage.mail_state, func.count())
        .where(InboxMessage.mail_state != "none")
        .group_by(InboxMessage.mail_state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - dict() would lose the types of the row


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest message waits to be dispatched: an old one tells of a scheduler that stands still."""
    return session.scalar(select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == "waiting"))
