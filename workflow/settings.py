"""Named values of the installation, written by whichever process comes first or last: two at once never collide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.db import Database
from workflow.entropy import Entropy
from workflow.models import Setting


def put(conn: Connection, name: str, value: str) -> None:
    """The value from now on."""
    adding = _adding(conn, name, value)
    conn.execute(adding.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def put_first(conn: Connection, name: str, value: str) -> bool:
    """The value where there is none yet: whether it was this one. Waits for somebody who is just doing the same."""
    adding = _adding(conn, name, value).on_conflict_do_nothing().returning(Setting.name)
    return conn.execute(adding).first() is not None


def value_of(session: Session, name: str) -> str:
    """The value; "" where there is none."""
    found = session.get(Setting, name)
    return found.value if found is not None else ""


def shared_secret(database: Database, name: str, entropy: Entropy) -> str:
    """A secret for all processes of this database, made once: for what nobody has configured one."""
    with database.acting() as conn:
        put_first(conn, name, entropy.token(32))
        return conn.execute(select(Setting.value).where(Setting.name == name)).scalar_one()


def _adding(conn: Connection, name: str, value: str) -> Any:
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    return insert(Setting).values(name=name, value=value)
