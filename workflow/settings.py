"""Named values of the installation, written by whichever process comes first or last: two at once never collide."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow import inserting
from workflow.db import Database
from workflow.entropy import Entropy
from workflow.models import Setting


def put(conn: Connection, name: str, value: str) -> None:
    """The value from now on."""
    inserting.put(conn, Setting, {"name": name}, value=value)


def put_first(conn: Connection, name: str, value: str) -> bool:
    """The value where there is none yet: whether it was this one. Waits for somebody who is just doing the same."""
    return inserting.add_once(conn, Setting, name=name, value=value)


def value_of(session: Session, name: str) -> str:
    """The value; "" where there is none."""
    found = session.get(Setting, name)
    return found.value if found is not None else ""


def shared_secret(database: Database, name: str, entropy: Entropy) -> str:
    """A secret for all processes of this database, made once: for what nobody has configured one."""
    with database.acting() as conn:
        put_first(conn, name, entropy.token(32))
        return conn.execute(select(Setting.value).where(Setting.name == name)).scalar_one()
