"""Clerks who ask for their next task: one after another, and fifty at once, with a hundred thousand open."""

from __future__ import annotations

import threading
import time
from statistics import median

from sqlalchemy import insert, update

from definitions import CATALOGUE
from migrations import schema
from tests.bench.pages import NOW, fill
from workflow.actors import Actor
from workflow.db import Database
from workflow.desk.next_task import claim_next
from workflow.entropy import SeededEntropy
from workflow.models import Task, User
from workflow.office import Office
from workflow.roles import TOWN_REVIEWER
from workflow.tasks import claim

CLERKS, BURSTS = 50, 7


def measure(url: str, count: int) -> dict[str, float]:
    """Seconds a claim takes one clerk (median), and claims a second of one clerk and of fifty at once (medians)."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        town, first = fill(conn, count, entries=0)
        conn.execute(update(Task).values(scope=town))
        conn.execute(
            insert(User),
            [{"login": f"clerk{i}", "name": f"经办{i}", "created_at": NOW} for i in range(CLERKS)],
        )
    with database.acting() as conn:
        if not database.is_sqlite:
            conn.exec_driver_sql("ANALYZE")
    office = Office(CATALOGUE, SeededEntropy(1))
    with database.reading() as session:
        office.refresh(session)
    clerks = [
        Actor(first + 1 + i, f"经办{i}", frozenset({(TOWN_REVIEWER.code, town)})) for i in range(CLERKS)
    ]
    given: list[int] = []
    _one_by_one(office, database, clerks[:1], given)
    alone, together, each = [], [], []
    for _ in range(BURSTS):
        start = time.perf_counter()
        each += _one_by_one(office, database, clerks[:1] * CLERKS, given)
        alone.append(CLERKS / (time.perf_counter() - start))
        together.append(CLERKS / _at_once(office, database, clerks, given))
    assert len(given) == len(set(given)) == 1 + 2 * BURSTS * CLERKS
    database.close()
    return {"each": median(each), "alone": median(alone), "together": median(together)}


def _claim(office: Office, database: Database, clerk: Actor, given: list[int]) -> None:
    with database.acting() as conn:
        task = claim_next(office, conn, actor=clerk, now=NOW)
        assert task is not None
        claim(office, conn, task, actor=clerk, now=NOW)
    given.append(task)


def _one_by_one(office: Office, database: Database, clerks: list[Actor], given: list[int]) -> list[float]:
    times = []
    for clerk in clerks:
        start = time.perf_counter()
        _claim(office, database, clerk, given)
        times.append(time.perf_counter() - start)
    return times


def _at_once(office: Office, database: Database, clerks: list[Actor], given: list[int]) -> float:
    """Seconds until the last of them has his."""
    ready = threading.Barrier(len(clerks) + 1)

    def ask(clerk: Actor) -> None:
        ready.wait()
        _claim(office, database, clerk, given)

    threads = [threading.Thread(target=ask, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
