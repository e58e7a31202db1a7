"""When e-mail rests, and many messages in one: quiet hours, the daily digest, and what was missed while the machine stood.

The inbox is filled at once; only letters wait. What a limit of hours has to say does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, select, update
from sqlalchemy.orm import Session

from workflow.db import Database
from workflow.models import Deadline, InboxMessage, OutboxMessage, Setting, User
from workflow.periods import CHINA, at_local, local_date
from workflow.sweeps import never

QUIET = "quiet_hours"
"""The setting of the hours in which no e-mail goes out: `20-8`, or `-` for none."""
DEFAULT = "20-8"
WAITS, MERGED = "digest", "merged"
"""States of a letter: waits for its digest; told of in another letter."""


@dataclass(frozen=True)
class Quiet:
    """From which hour to which no e-mail goes out, in China; the same hour twice: never."""

    start: int
    end: int

    def holds(self, now: datetime) -> bool:
        """Whether it is quiet at this moment."""
        hour = now.astimezone(CHINA).hour
        return self.start <= hour < self.end if self.start <= self.end else not self.end <= hour < self.start

    def wake(self, now: datetime) -> datetime | None:
        """When a letter written now may go out; None for at once."""
        if not self.holds(now):
            return None
        today = local_date(now)
        morning = at_local(today, self.end)
        return morning if morning > now else at_local(today + timedelta(days=1), self.end)


def quiet_hours(session: Session | Connection) -> Quiet:
    """The quiet hours of the district."""
    text = session.execute(select(Setting.value).where(Setting.name == QUIET)).scalar() or DEFAULT
    start, _, end = text.partition("-")
    return Quiet(int(start), int(end)) if start else Quiet(0, 0)


def letter_of(user: User, facts: dict[str, Any], now: datetime, quiet: Quiet) -> dict[str, Any]:
    """How a message to this person goes out as a letter: at once, in the morning, or in a digest."""
    if not user.email:
        return {"mail_state": "none"}
    if facts.get("urgent"):
        return {"mail_state": "queued"}
    if user.digest or facts.get("since"):
        return {"mail_state": WAITS}
    return {"mail_state": "queued", "mail_next_at": quiet.wake(now)}


def make_digests(database: Database, now: datetime, stopped: Callable[[], bool] = never) -> int:
    """Put what waits into one letter a person, oldest first; how many letters.

    Who wants a digest gets his once a day when the quiet hours are over; what was caught up after a standstill goes
    as soon as all of it has been told. `stopped` is asked before each letter.
    """
    with database.reading() as session:
        if quiet_hours(session).holds(now):
            return 0
        behind = _still_behind(session, now)
        people = session.execute(
            select(User.id, User.digest, User.digest_on)
            .where(exists().where(InboxMessage.user_id == User.id, InboxMessage.mail_state == WAITS))
            .order_by(User.id)
        ).all()
    made = 0
    for person in people:
        if stopped():
            break
        due = person.digest_on != local_date(now) if person.digest else not behind
        if due:
            with database.acting() as conn:
                made += _merge(conn, person.id, now)
    return made


def _still_behind(session: Session, now: datetime) -> bool:
    """Whether limits or messages that are due have not been told yet."""
    late = session.scalar(select(func.min(Deadline.next_at)))
    waiting = session.scalar(select(OutboxMessage.id).where(OutboxMessage.state == "waiting").limit(1))
    return (late is not None and late <= now) or waiting is not None


def _merge(conn: Connection, user_id: int, now: datetime) -> int:
    rows = conn.execute(
        select(InboxMessage.id)
        .where(InboxMessage.user_id == user_id, InboxMessage.mail_state == WAITS)
        .order_by(InboxMessage.outbox_id)
        .with_for_update(skip_locked=True)
    ).scalars().all()  # fmt: skip
    if not rows:
        return 0
    first, *others = rows
    conn.execute(
        update(InboxMessage).where(InboxMessage.id == first).values(mail_state="queued", mail_next_at=None)
    )
    if others:
        conn.execute(
            update(InboxMessage).where(InboxMessage.id.in_(others)).values(mail_state=MERGED, mail_with=first)
        )
    conn.execute(update(User).where(User.id == user_id).values(digest_on=local_date(now)))
    return 1


def told_with(conn: Connection, message_id: int, subject: str, body: str) -> tuple[str, str]:
    """Subject and text of a letter: its own, or the digest of all that go with it."""
    others = conn.execute(
        select(InboxMessage.subject, InboxMessage.body)
        .where(InboxMessage.mail_with == message_id)
        .order_by(InboxMessage.outbox_id)
    ).all()
    if not others:
        return subject, body
    parts = [(subject, body), *((row.subject, row.body) for row in others)]
    text = "\n\n".join(f"{n}. {title}\n{words}" for n, (title, words) in enumerate(parts, 1))
    return f"{len(parts)} 条消息汇总：{subject}", text
