"""The rows of an act, as the driver takes them: text compiled once a statement, on PostgreSQL in two round trips an act.

A statement through SQLAlchemy costs several times what the database needs for it. Begin and first read travel
together; what an act writes waits on the connection and travels with the commit, or before the next statement on it.
Nothing is reported done before the database has acknowledged the commit. Column defaults are not applied here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect, Engine, Select, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Delete, Insert, Update

Statement = Insert | Update | Delete
Write = tuple[Statement, dict[str, Any]]
Turn = Callable[[Any], Any] | None
"""What turns a value into the driver's or back; None where it is the same."""

IDLE = 0
"""libpq's PQTRANS_IDLE: the transaction has not begun yet."""
WAITING = "waiting writes"
"""Where the rows wait on a connection whose engine sends them with the commit."""


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
    columns = list(keys) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    turns: dict[str, Any] = dict(compiled._bind_processors)  # noqa: SLF001 - what the library's own execution uses
    fixed = {}
    if columns is None:
        for name, bind in compiled.binds.items():
            if not bind.required:
                turn = turns.pop(name, None)
                fixed[name] = turn(bind.value) if turn else bind.value
    names = (
        tuple(compiled.positiontup)
        if compiled.positional and compiled.positiontup
        else tuple(compiled.params)
    )
    back = _turns_back(dialect, statement) if isinstance(statement, Select) else ()
    places = tuple((name, turns.get(name)) for name in names)
    return _Text(str(compiled), places, fixed, bool(compiled.positional), back)


def _turns_back(
    dialect: Dialect, statement: Select[Any]
) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
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
    _settle(conn)
    raw = _raw(conn)
    text = _text(conn.dialect, statement, tuple(given))
    try:
        if _is_postgres(conn) and raw.pgconn.transaction_status == IDLE:
            with raw.pipeline():
                cursor = raw.execute(text.text, text.arguments(given))
        else:
            cursor = raw.execute(text.text, text.arguments(given))
        return [text.row(found) for found in cursor.fetchall()]
    except conn.dialect.loaded_dbapi.Error as error:
        _refuse(conn, error)


def send(conn: Connection, writes: Sequence[Write]) -> None:
    """Write all rows, in order. Raises SQLAlchemy's error for what the database refuses, at the latest at the commit."""
    dialect = conn.dialect
    rows = [
        ((text := _text(dialect, statement, tuple(row))).text, text.arguments(row))
        for statement, row in writes
    ]
    waiting = conn.info.get(WAITING)
    if waiting is None:
        _write(conn, rows)
    else:
        waiting.extend(rows)


def begin(conn: Connection, words: str) -> None:
    """Begin a transaction on SQLite, whose driver is kept from doing it by itself."""
    try:
        _raw(conn).execute(words)
    except conn.dialect.loaded_dbapi.Error as error:
        _refuse(conn, error)


def send_with_commit(engine: Engine) -> None:
    """Let what acts write on connections of this engine wait for their next statement or their commit."""

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.info[WAITING] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _before(conn: Connection, *_: Any) -> None:
        _settle(conn)

    @event.listens_for(engine, "commit")
    def _commit(conn: Connection) -> None:
        if rows := conn.info.get(WAITING):
            conn.info[WAITING] = []
            _write(conn, rows, commit=True)

    @event.listens_for(engine, "rollback")
    def _rollback(conn: Connection) -> None:
        conn.info[WAITING] = []

    @event.listens_for(engine, "rollback_savepoint")
    def _rollback_savepoint(conn: Connection, *_: Any) -> None:
        conn.info[WAITING] = []


def _settle(conn: Connection) -> None:
    """Write what waits: the next statement is to see it."""
    if rows := conn.info.get(WAITING):
        conn.info[WAITING] = []
        _write(conn, rows)


def _write(conn: Connection, rows: Sequence[tuple[str, Any]], *, commit: bool = False) -> None:
    raw = _raw(conn)
    try:
        if _is_postgres(conn):
            with raw.pipeline():
                cursor = raw.cursor()
                for text, arguments in rows:
                    cursor.execute(text, arguments)
                if commit:
                    raw.commit()
        else:
            for text, arguments in rows:
                raw.execute(text, arguments)
    except conn.dialect.loaded_dbapi.Error as error:
        _refuse(conn, error)


def _raw(conn: Connection) -> Any:
    return conn.connection.driver_connection


def _is_postgres(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def _refuse(conn: Connection, error: Exception) -> NoReturn:
    raise DBAPIError.instance("act", None, error, conn.dialect.loaded_dbapi.Error) from error
