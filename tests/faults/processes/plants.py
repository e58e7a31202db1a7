"""Bugs planted on purpose: each must turn the checker red."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, delete

from web.api import idempotency
from workflow import acts, rungs
from workflow import statements as sql
from workflow.clock import SystemClock
from workflow.db import Database
from workflow.entries import read
from workflow.models import IdempotencyKey

_NO_OFFICE: Any = None
"""Reading a case asks nothing of it."""
LATE = 0.1
"""Seconds by which a planted bug is too late."""


def acknowledge_before_commit() -> None:
    """The answer goes out, the commit follows."""

    @contextmanager
    def acting(database: Database) -> Iterator[Connection]:
        conn = database.engine.connect()
        transaction = conn.begin()
        try:
            yield conn
        except BaseException:
            conn.close()
            raise

        def commit() -> None:
            transaction.commit()
            conn.close()

        threading.Timer(LATE, commit).start()

    Database.acting = acting


def claim_before_its_effect() -> None:
    """The sweep commits that a deadline is dealt with, and does what is due a moment later in another transaction."""
    at_once = rungs._announce

    def later(conn: Connection, case: Any, row: Any, task: Any, rung: Any, now: Any) -> None:
        engine = conn.engine

        def announce() -> None:
            with engine.begin() as other:
                fresh, _ = read(_NO_OFFICE, other, case.id)
                at_once(other, fresh, row, task, rung, now)

        threading.Timer(LATE, announce).start()

    rungs._announce = later


def no_dedupe_key() -> None:
    """A request that comes again is done again. The answer takes a while after the commit, as on a slow line."""
    at_once, genuine = Database.acting, idempotency.first_answer

    def first_answer(conn: Connection, user_id: int, key: str, digest: str, now: Any) -> Any:
        mine = (IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        conn.execute(delete(IdempotencyKey).where(*mine))
        return genuine(conn, user_id, key, digest, now)

    @contextmanager
    def acting(database: Database) -> Iterator[Connection]:
        with at_once(database) as conn:
            yield conn
        threading.Event().wait(LATE)

    Database.acting, idempotency.first_answer = acting, first_answer


def misfire_dropped() -> None:
    """What came due while nobody was there is marked as dealt with and left."""
    began = SystemClock().now()

    def only_fresh(effect: Callable[..., None], place: int) -> Callable[..., None]:
        """The effect of a row, given at this place, that came due since this process began."""
        return lambda *given: effect(*given) if given[place].next_at >= began else None

    rungs._announce = only_fresh(rungs._announce, 2)
    rungs._escalate = only_fresh(rungs._escalate, 3)


def missing_year_caught() -> None:
    """The year of a limit is looked up among those published; where it is not, the error is caught and forgotten."""
    genuine = rungs.next_rung

    def next_rung(ladder: Any, index: int, rule: Any, started: Any, due: Any, calendar: Any) -> Any:
        years = dict.fromkeys(calendar.published, calendar)
        try:
            return genuine(ladder, index, rule, started, due, years[due.year])
        except KeyError:
            return index, None

    rungs.next_rung = next_rung


def entry_left_out() -> None:
    """An act that writes everything but its journal entry."""
    whole = acts.send

    def without_entry(conn: Connection, writes: Any) -> None:
        whole(
            conn,
            [(text, row) for text, row in writes if text is not sql.ADD_ENTRY or row["action"] != "submit"],
        )

    acts.send = without_entry
