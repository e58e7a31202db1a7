"""Due deadlines and one, two and three schedulers on one PostgreSQL: each once, and how long together."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update

from definitions import CATALOGUE
from migrations import schema
from tests.bench.pages import NOW, fill
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import Deadline, JournalEntry, OutboxMessage
from workflow.office import Office
from workflow.sweeps import sweep_deadlines

REMIND = "remind"


def measure(url: str, count: int, schedulers: tuple[int, ...] = (1, 2, 3)) -> dict[int, float]:
    """Seconds that many schedulers, a process each, need for `count` due reminders; each is found done once."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        fill(conn, count, entries=0)
    office = Office(CATALOGUE, SeededEntropy(1))
    with database.reading() as session:
        office.refresh(session)
    found = {}
    for number, many in enumerate(schedulers, 1):
        _make_due(database)
        database.close()
        start = time.perf_counter()
        children = [_scheduler(office, url) for _ in range(many)]
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * many
        found[many] = time.perf_counter() - start
        with database.reading() as session:
            done = select(func.count()).select_from(JournalEntry).where(JournalEntry.action == REMIND)
            assert session.scalar(done) == number * count
            assert session.scalar(select(func.count()).select_from(OutboxMessage)) == count
    database.close()
    return found


def _make_due(database: Database) -> None:
    with database.acting() as conn:
        conn.execute(delete(OutboxMessage))
        conn.execute(
            update(Deadline).values(next_at=NOW - timedelta(minutes=1), rung=0, due_on=date(2016, 12, 1))
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("VACUUM ANALYZE")


def _scheduler(office: Office, url: str) -> int:
    """The process id of a scheduler that sweeps once and ends."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        status = int(bool(sweep_deadlines(office, Database(url), NOW).failed))
    finally:
        os._exit(status)
