"""Sign-ins kept on the server: a random key in the browser, its hash in a row, an idle and an absolute end.

The browser's cookie carries the key and what is harmless (the form token, notes shown once), signed. Who is signed
in stands in the row alone: ending the row ends the sign-in, whatever cookie is sent again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.orm import Session, selectinload

from workflow.actors import Actor, load_actor
from workflow.entropy import Entropy
from workflow.models import User, WebSession
from workflow.periods import local_date

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """The user of a request. What flask-login asks of one is here; the roles are those of today."""

    id: int
    login: str
    name: str
    locale: str
    actor: Actor
    key_hash: str
    seen_at: datetime

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """His id as text."""
        return str(self.id)


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin(conn: Connection, entropy: Entropy, user_id: int, *, device: str, now: datetime) -> str:
    """Start a sign-in and return its key, 256 random bits. Ended ones are cleared away."""
    conn.execute(
        delete(WebSession).where(
            or_(WebSession.seen_at <= now - IDLE, WebSession.created_at <= now - LONGEST)
        )
    )
    key = entropy.token(32)
    conn.execute(
        insert(WebSession).values(
            key_hash=hash_of(key), user_id=user_id, device=device[:200], created_at=now, seen_at=now
        )
    )
    return key


def find(session: Session, key: str, now: datetime) -> SignedIn | None:
    """Whose key this is, None where it has ended or its user is disabled."""
    row = session.get(WebSession, hash_of(key))
    if row is None or row.user_id is None or row.seen_at <= now - IDLE or row.created_at <= now - LONGEST:
        return None
    user = session.get_one(User, row.user_id, options=[selectinload(User.assignments)])
    if user.disabled_at is not None:
        return None
    actor = load_actor(session, user.id, local_date(now))
    return SignedIn(user.id, user.login, user.name, user.locale, actor, row.key_hash, row.seen_at)


def touch(conn: Connection, key_hash: str, now: datetime) -> None:
    """Count the idle time from now."""
    conn.execute(update(WebSession).where(WebSession.key_hash == key_hash).values(seen_at=now))


def end(conn: Connection, key_hash: str, *, user_id: int) -> None:
    """End one sign-in of this user."""
    conn.execute(delete(WebSession).where(WebSession.key_hash == key_hash, WebSession.user_id == user_id))


def end_all(conn: Connection, user_id: int, *, but: str = "") -> None:
    """End every sign-in of a user: when he is disabled, changes his password, or asks for it."""
    conn.execute(delete(WebSession).where(WebSession.user_id == user_id, WebSession.key_hash != but))


def of_user(session: Session, user_id: int, now: datetime) -> list[WebSession]:
    """A user's living sign-ins, the latest first."""
    return list(
        session.scalars(
            select(WebSession)
            .where(
                WebSession.user_id == user_id,
                WebSession.seen_at > now - IDLE,
                WebSession.created_at > now - LONGEST,
            )
            .order_by(WebSession.seen_at.desc())
        )
    )
