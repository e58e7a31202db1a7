"""The rows of an act, as the driver takes them: text compiled once a statement, on PostgreSQL in two round trips an act.

A statement through SQLAlchemy costs several times what the database needs for it. Begin and first read travel
together; what an act writes waits on the connection and travels with the commit, or before the next statement on it.
Nothing is reported done before the database has acknowledged the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Select, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Delete, Insert, Update

Statement = Insert | Update | Delete
Write = tuple[Statement, dict[str, Any]]
Turn = Callable[[Any], Any] | None
"""What turns a value into the driver's or back; None where it is the same."""

BEGIN, COMMIT = "BEGIN", "COMMIT"
WAITING = "waiting writes"
"""Where they wait on a connection."""


@dataclass(frozen=True)
class _Text:
    """A statement as the driver takes it, with what turns values into the driver's and rows back."""

    text: str
    places: tuple[tuple[str, Turn], ...]
    fixed: dict[str, Any]
    positional: bool
    turns: tuple[tuple[int, Callable[[Any], Any]], ...] = ()

    def arguments(self, row: dict[str, Any]) -> Any:
        given = self.fixed | row if self.fixed else row
        if self.positional:
            return [turn(given[name]) if turn else given[name] for name, turn in self.places]
        return {name: turn(given[name]) if turn else given[name] for name, turn in self.places}

    def row(self, found: Sequence[Any]) -> list[Any]:
        """A row as the driver gave it, in the statement's own types."""
        values = list(found)
        for place, turn in self.turns:
            values[place] = turn(values[place])
        return values


@lru_cache(maxsize=256)
def _text(dialect: Dialect, statement: Statement | Select[Any], keys: tuple[str, ...]) -> _Text:
    if isinstance(statement, Insert):
        given = _defaults(statement, keys)
        compiled = statement.compile(dialect=dialect, column_keys=[*keys, *given])
    else:
        compiled = statement.compile(dialect=dialect)
        given = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    turns: dict[str, Any] = dict(compiled._bind_processors)  # noqa: SLF001 - what the library's own execution uses
    fixed = {name: turn(value) if (turn := turns.pop(name, None)) else value for name, value in given.items()}
    names = (
        tuple(compiled.positiontup)
        if compiled.positional and compiled.positiontup
        else tuple(compiled.params)
    )
    back = _turns_back(dialect, statement) if isinstance(statement, Select) else ()
    places = tuple((name, turns.get(name)) for name in names)
    return _Text(str(compiled), places, fixed, bool(compiled.positional), back)


def _defaults(statement: Insert, keys: tuple[str, ...]) -> dict[str, Any]:
    """The constant defaults of the columns that are not given."""
    defaults: dict[str, Any] = {
        column.key: column.default
        for column in statement.table.columns
        if column.key not in keys and column.default is not None
    }
    return {
        name: default.arg(None) if default.is_callable else default.arg for name, default in defaults.items()
    }


def _turns_back(dialect: Dialect, statement: Select[Any]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    turns = (
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.selected_columns
    )
    return tuple((place, turn) for place, turn in enumerate(turns) if turn is not None)


def fetch(conn: Connection, statement: Select[Any], given: dict[str, Any]) -> list[list[Any]]:
    """All rows of a statement built once, in the transaction of `conn`, with whose begin it travels.

    Raises SQLAlchemy's error for what the database refuses.
    """
    assert conn.in_transaction()
    text = _text(conn.dialect, statement, tuple(given))
    cursor = _run(conn, [*_taken(conn), (text.text, text.arguments(given))])
    return [text.row(found) for found in cursor.fetchall()]


def send(conn: Connection, writes: Sequence[Write]) -> None:
    """Write all rows, in order. Raises SQLAlchemy's error for what the database refuses, at the latest at the commit."""
    dialect = conn.dialect
    rows = [
        ((text := _text(dialect, statement, tuple(row))).text, text.arguments(row))
        for statement, row in writes
    ]
    if (waiting := conn.info.get(WAITING)) is not None:
        waiting.extend(rows)
    elif rows:
        _run(conn, rows)


def begin_at_once(engine: Engine, words: str) -> None:
    """Begin with these words what the driver is kept from beginning by itself, and write without waiting (SQLite)."""
    event.listen(engine, "begin", lambda conn: _run(conn, [(words, ())]))


def travel_together(engine: Engine) -> None:
    """Let begin and what acts write wait for the next statement on their connection, or for its commit (PostgreSQL).

    The driver is kept from beginning by itself, as it would wait for the answer, unless a level of isolation is asked for.
    """

    @event.listens_for(engine, "checkout")
    def _checkout(raw: Any, _record: Any, _proxy: Any) -> None:
        if not raw.autocommit:
            raw.autocommit = True

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        asked = "isolation_level" in conn.get_execution_options()
        conn.info[WAITING] = [] if asked else [(BEGIN, None)]

    @event.listens_for(engine, "before_cursor_execute")
    def _before(conn: Connection, *_: Any) -> None:
        if rows := _taken(conn):
            _run(conn, rows)

    @event.listens_for(engine, "commit")
    def _commit(conn: Connection) -> None:
        rows = _taken(conn)
        if rows and rows != [(BEGIN, None)]:
            _run(conn, [*rows, (COMMIT, None)])

    @event.listens_for(engine, "rollback")
    @event.listens_for(engine, "rollback_savepoint")
    def _forget(conn: Connection, *_: Any) -> None:
        _taken(conn)


def _taken(conn: Connection) -> list[tuple[str, Any]]:
    """What waits on a connection, taken off it."""
    waiting: list[tuple[str, Any]] | None = conn.info.get(WAITING)
    if not waiting:
        return []
    conn.info[WAITING] = []
    return waiting


def _run(conn: Connection, rows: Sequence[tuple[str, Any]]) -> Any:
    """Execute all of it, on PostgreSQL in one round trip; the cursor of the last."""
    raw = _raw(conn)
    try:
        if conn.dialect.name == "postgresql":
            with raw.pipeline() if len(rows) > 1 else nullcontext():
                for text, arguments in rows:
                    cursor = raw.execute(text, arguments, prepare=None if arguments else False)
        else:
            for text, arguments in rows:
                cursor = raw.execute(text, arguments)
    except conn.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance("act", None, error, conn.dialect.loaded_dbapi.Error) from error
    return cursor


def _raw(conn: Connection) -> Any:
    return conn.connection.driver_connection
