"""Sending the rows of an act in one go: driver text compiled once a statement, on PostgreSQL in one round trip.

A statement through SQLAlchemy costs several times what the database needs for it. All columns are given by the
caller: column defaults are not applied here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Delete, Insert, Update

Statement = Insert | Update | Delete
Write = tuple[Statement, dict[str, Any]]


@dataclass(frozen=True)
class _Text:
    """A statement as the driver takes it, with what turns values into the driver's."""

    text: str
    names: tuple[str, ...]
    processors: dict[str, Callable[[Any], Any]]
    positional: bool

    def arguments(self, row: dict[str, Any]) -> Any:
        turn = self.processors
        values = [turn[name](row.get(name)) if name in turn else row[name] for name in self.names]
        return values if self.positional else dict(zip(self.names, values, strict=True))


def _always(value: Any, _given: Any) -> Any:
    """A value the statement itself fixes."""
    return value


@lru_cache(maxsize=256)
def _text(dialect: Dialect, statement: Statement, keys: tuple[str, ...]) -> _Text:
    columns = list(keys) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    fixed = (
        {} if columns else {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    )
    names = (
        tuple(compiled.positiontup)
        if compiled.positional and compiled.positiontup
        else tuple(compiled.params)
    )
    processors: dict[str, Any] = dict(compiled._bind_processors)  # noqa: SLF001 - what the library's own execution uses
    for name, value in fixed.items():
        made = processors[name](value) if name in processors else value
        processors[name] = partial(_always, made)
    return _Text(str(compiled), names, processors, bool(compiled.positional))


def send(conn: Connection, writes: Sequence[Write]) -> None:
    """Write all rows, in order. Raises SQLAlchemy's error for what the database refuses."""
    dialect, raw = conn.dialect, conn.connection.driver_connection
    assert raw is not None
    texts = [(_text(dialect, statement, tuple(row)), row) for statement, row in writes]
    cursor = raw.cursor()
    try:
        if dialect.name == "postgresql":
            with raw.pipeline():
                for text, row in texts:
                    cursor.execute(text.text, text.arguments(row))
        else:
            for text, row in texts:
                cursor.execute(text.text, text.arguments(row))
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance("act", None, error, dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()
