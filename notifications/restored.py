"""After a restore no letter goes out by itself: the service that was backed up may have sent it. A person looks first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from notifications.delivery import RESTORED, release
from workflow.errors import Unmet
from workflow.models import InboxMessage, Setting


def held_since(session: Session) -> datetime | None:
    """When this database was restored, while its letters wait for review."""
    found = session.get(Setting, RESTORED)
    return datetime.fromisoformat(found.value) if found is not None and found.value else None


def held(session: Session) -> int:
    """How many letters wait."""
    waiting = (
        select(func.count()).select_from(InboxMessage).where(InboxMessage.mail_state.in_(("held", "queued")))
    )
    return session.scalar(waiting) or 0


def let_go(conn: Connection, ids: Iterable[int] | None) -> tuple[int, int]:
    """End the hold: these letters are sent (None: all that wait), the others stay unsent. (sent, left out).

    Everybody has them in his inbox either way. Raises Unmet where nothing is held.
    """
    gone = conn.execute(delete(Setting).where(Setting.name == RESTORED).returning(Setting.value)).first()
    if gone is None:
        raise Unmet("没有等待核对的邮件，或者别人刚刚已经处理过。")
    if ids is None:
        return release(conn), 0
    chosen = list(ids)
    sent = release(conn, chosen)
    left = conn.execute(
        update(InboxMessage)
        .where(InboxMessage.mail_state.in_(("held", "queued")), InboxMessage.id.not_in(chosen))
        .values(mail_state="none", mail_error="从备份恢复后核对，不再发送")
    )
    return sent, left.rowcount
