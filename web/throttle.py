"""Failed tries counted in the database, so that every process sees them. Nobody is locked out for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from workflow.errors import Refused
from workflow.inserting import insert_into
from workflow.models import Attempt, moment_text

WINDOW = timedelta(minutes=15)
_EPOCH_MINUTES = int(WINDOW.total_seconds())


class TooManyTries(Refused):
    """尝试次数太多，请 15 分钟后再试。"""


def window_of(now: datetime) -> str:
    """The quarter of an hour this moment falls in."""
    return moment_text(now - timedelta(seconds=int(now.timestamp()) % _EPOCH_MINUTES))


def check(session: Session, now: datetime, limits: dict[str, int]) -> None:
    """Raise TooManyTries where one of these keys has used up its tries in this quarter of an hour."""
    found = session.execute(
        select(Attempt.key, Attempt.count).where(Attempt.key.in_(limits), Attempt.window == window_of(now))
    )
    if any(count >= limits[key] for key, count in found):
        raise TooManyTries


def fail(conn: Connection, now: datetime, *keys: str) -> None:
    """Count a failed try under each key, and forget yesterday's."""
    for key in sorted(set(keys)):
        row = insert_into(conn, Attempt).values(key=key[:120], window=window_of(now), count=1)
        conn.execute(
            row.on_conflict_do_update(index_elements=["key", "window"], set_={"count": Attempt.count + 1})
        )
    conn.execute(delete(Attempt).where(Attempt.window < moment_text(now - timedelta(days=1))))
