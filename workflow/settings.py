"""Named values of the installation, written by whichever process comes first or last: two at once never collide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from workflow.models import Setting


def put(conn: Connection, name: str, value: str) -> None:
    """The value from now on."""
    adding = _adding(conn, name, value)
    conn.execute(adding.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def put_first(conn: Connection, name: str, value: str) -> bool:
    """The value where there is none yet: whether it was this one. Waits for somebody who is just doing the same."""
    adding = _adding(conn, name, value).on_conflict_do_nothing().returning(Setting.name)
    return conn.execute(adding).first() is not None


def _adding(conn: Connection, name: str, value: str) -> Any:
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    return insert(Setting).values(name=name, value=value)
