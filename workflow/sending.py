"""The rows of an act, as the driver takes them: text compiled once a statement, on PostgreSQL in two round trips an act.

A statement through SQLAlchemy costs several times what the database needs for it. Begin and first read travel
together; what an act writes waits on the connection and travels with the commit, or before the next statement on it.
Nothing is reported done before the database has acknowledged the commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Connection,
    Dialect,
    Engine,
    Select,
    Text,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Delete, Insert, Update
from sqlalchemy.sql.visitors import replacement_traverse

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


@lru_cache(maxsize=64)
def _set_text(dialect: Dialect, statement: Statement, keys: tuple[str, ...]) -> str:
    """The statement for any number of rows, which come as one JSON text: PostgreSQL's work is by the statement."""
    names = [*keys, *_defaults(statement, keys)] if isinstance(statement, Insert) else []
    single = (
        statement.compile(dialect=dialect, column_keys=names) if names else statement.compile(dialect=dialect)
    )
    body = cast(bindparam("rows", type_=Text), JSON)
    columns = [column(name, single.binds[name].type) for name in single.params]
    given = func.json_to_recordset(body).table_valued(*columns).render_derived("given", with_types=True)
    if isinstance(statement, Insert):
        whole: Any = insert(statement.table).from_select(
            names, select(*(given.c[name] for name in names)), False
        )
    else:

        def of_the_row(element: Any, **_kw: Any) -> Any:
            return given.c[element.key] if isinstance(element, BindParameter) else None

        plain: Any = statement
        whole = replacement_traverse(plain, {}, of_the_row)
    return str(whole.compile(dialect=dialect))


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
    return fetch_each(conn, (statement,), given)[0]


def fetch_each(
    conn: Connection, statements: Sequence[Select[Any]], given: dict[str, Any]
) -> list[list[list[Any]]]:
    """As `fetch`, the rows of several statements about the same: each sees what the ones before have locked."""
    assert conn.in_transaction()
    texts = [_text(conn.dialect, statement, tuple(given)) for statement in statements]
    asked = [(text.text, text.arguments(given)) for text in texts]
    cursors = _run(conn, [*_taken(conn), *asked])[-len(asked) :]
    return [
        [text.row(found) for found in cursor.fetchall()] for text, cursor in zip(texts, cursors, strict=True)
    ]


def send(conn: Connection, writes: Sequence[Write]) -> None:
    """Write all rows, in order. Raises SQLAlchemy's error for what the database refuses, at the latest at the commit."""
    dialect = conn.dialect
    rows = [
        ((text := _text(dialect, statement, tuple(row))).text, text.arguments(row))
        for statement, row in writes
    ]
    _hand_over(conn, rows)


def send_many(conn: Connection, writes: Sequence[Write], order: Sequence[Statement]) -> None:
    """Write the rows of many cases, each statement in one go, in this order of the statements. Raises as `send`.

    Rows of one statement must not depend on each other: the database may take them in any order.
    """
    sets: dict[tuple[int, tuple[str, ...]], list[dict[str, Any]]] = {}
    place = {id(statement): number for number, statement in enumerate(order)}
    for statement, row in writes:
        sets.setdefault((place[id(statement)], tuple(row)), []).append(row)
    together = []
    for number, keys in sorted(sets, key=lambda one: one[0]):
        text, rows = _text(conn.dialect, order[number], keys), sets[number, keys]
        arguments = [text.arguments(row) for row in rows]
        if conn.dialect.name == "sqlite":
            with _as_ours(conn):
                _raw(conn).executemany(text.text, arguments)
        else:
            body = json.dumps(arguments, ensure_ascii=False, default=date.isoformat)
            together.append((_set_text(conn.dialect, order[number], keys), {"rows": body}))
    _hand_over(conn, together)


def _hand_over(conn: Connection, rows: Sequence[tuple[str, Any]]) -> None:
    """To what waits on the connection where it keeps such, else to the database."""
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


def _run(conn: Connection, rows: Sequence[tuple[str, Any]]) -> list[Any]:
    """Execute all of it, on PostgreSQL in one round trip; a cursor each."""
    raw = _raw(conn)
    with _as_ours(conn):
        if conn.dialect.name == "postgresql":
            with raw.pipeline() if len(rows) > 1 else nullcontext():
                return [raw.execute(text, given, prepare=None if given else False) for text, given in rows]
        return [raw.execute(text, given) for text, given in rows]


@contextmanager
def _as_ours(conn: Connection) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's."""
    try:
        yield
    except conn.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance("act", None, error, conn.dialect.loaded_dbapi.Error) from error


def _raw(conn: Connection) -> Any:
    return conn.connection.driver_connection
