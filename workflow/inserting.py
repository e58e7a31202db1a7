"""Inserts that meet a row already there: several processes write the same thing at once, and none may fail for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.models.base import Base


def insert_into(on: Connection | Session, table: type[Base]) -> Any:
    """The INSERT of this database's own dialect: the one that knows ON CONFLICT."""
    bind = on.get_bind() if isinstance(on, Session) else on
    return (sqlite.insert if bind.dialect.name == "sqlite" else postgresql.insert)(table)


def add_once(on: Connection | Session, table: type[Base], **row: Any) -> bool:
    """Add the row where none stands in its way: whether it was added. Waits for somebody who is just adding the same."""
    adding = insert_into(on, table).values(row).on_conflict_do_nothing()
    # The count of rows is -1 on PostgreSQL here: only what comes back tells.
    return on.execute(adding.returning(*table.__table__.primary_key)).first() is not None


def put(on: Connection | Session, table: type[Base], key: Mapping[str, Any], **values: Any) -> None:
    """The row of this key has these values from now on, whether it was there or not."""
    row = insert_into(on, table).values(**key, **values)
    on.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))
