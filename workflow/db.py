"""The database: one for reading pages, one for acts; SQLite by default, PostgreSQL where machines share the work."""

from __future__ import annotations

import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from workflow.errors import Busy, NotMigrated
from workflow.running.waking import DUE
from workflow.sending import begin_at_once, travel_together

BUSY_MILLISECONDS = 8000


class Rung(Protocol):
    """A bell that acts ring."""

    def ring(self) -> None: ...

    def close(self) -> None: ...


class Database:
    """`acting()` gives the connection of one act, `reading()` a session that changes nothing."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._writer = _engine(url, immediate=True)
        self._reader = _engine(url, immediate=False) if self.is_sqlite else self._writer
        self._turn = threading.Lock()
        self.bell: Rung | None = None
        """Who is told after a commit that something is due at once."""

    @contextmanager
    def acting(self) -> Iterator[Connection]:
        """One transaction that takes its locks at once: committed at the end, rolled back on any error.

        SQLite takes its only write lock when it begins: a read that turns into a write would otherwise fail with
        "locked" whatever the time-out. Raises Busy when the lock is not to be had in time.
        """
        try:
            with self._in_turn(), self._writer.begin() as conn:
                yield conn
                due = conn.info.pop(DUE, False)
        except OperationalError as error:
            if _is_busy(error):
                raise Busy from error
            raise
        if due and self.bell is not None:
            self.bell.ring()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite's lock has no queue, who waits for it sleeps and looks again: the threads of one process queue here."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for pages and reports; nothing it does is kept."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one moment throughout, however long it reads, and keeps no writer waiting."""
        engine = (
            self._reader
            if self.is_sqlite
            else self._reader.execution_options(isolation_level="REPEATABLE READ")
        )
        with engine.connect() as conn:
            yield conn

    def check_migrated(self) -> None:
        """Raise NotMigrated where the tables are not there or not of this version."""
        from migrations import head_revision

        with self._reader.connect() as conn:
            if not inspect(conn).has_table("alembic_version"):
                raise NotMigrated
            found = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found != head_revision():
            raise NotMigrated

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and benchmarks."""
        return self._writer

    def close(self) -> None:
        """Give all connections back: before a fork, and at the end of a test."""
        if self.bell is not None:
            self.bell.close()
        self._writer.dispose()
        self._reader.dispose()


def _is_busy(error: DatabaseError) -> bool:
    text = str(error.orig)
    return "locked" in text or "lock timeout" in text or "deadlock" in text


def _engine(url: str, *, immediate: bool) -> Engine:
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=8, max_overflow=4, connect_args={"options": "-c timezone=utc"})
        event.listen(engine, "checkout", _check_alive)
        travel_together(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    begin_at_once(engine, "BEGIN IMMEDIATE" if immediate else "BEGIN")
    return engine


def _check_alive(raw: Any, _record: Any, _proxy: Any) -> None:
    """A server that has closed a resting connection has said so on it: seen without asking, which would cost each act
    a round trip. The pool then opens another.
    """
    resting = select.poll()
    resting.register(raw.fileno(), select.POLLIN)
    if resting.poll(0):
        raise DisconnectionError("the server has closed the connection")
