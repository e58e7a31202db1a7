"""Bugs planted on purpose: each must turn the checker red."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from workflow import acts, rungs
from workflow import statements as sql
from workflow.acts import read
from workflow.db import Database

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


def effect_outside_the_claim() -> None:
    """The sweep marks a deadline as dealt with in one transaction and does what is due in another."""
    at_once = rungs._announce

    def later(conn: Connection, case: Any, row: Any, task: Any, rung: Any, now: Any) -> None:
        engine = conn.engine

        def announce() -> None:
            with engine.begin() as other:
                fresh, _ = read(_NO_OFFICE, other, case.id)
                at_once(other, fresh, row, task, rung, now)

        threading.Timer(LATE, announce).start()

    rungs._announce = later


def entry_left_out() -> None:
    """An act that writes everything but its journal entry."""
    whole = acts.send

    def without_entry(conn: Connection, writes: Any) -> None:
        whole(
            conn,
            [(text, row) for text, row in writes if text is not sql.ADD_ENTRY or row["action"] != "submit"],
        )

    acts.send = without_entry
