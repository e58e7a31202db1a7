"""The scheduler process: APScheduler wakes the jobs; what is due stands in rows, so any number of processes may run.

On PostgreSQL an act that writes something due at once wakes the jobs meant for it (workflow/running/waking.py); the clock goes on
as before, so that what no bell was heard for is found at the next round.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Any, Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from workflow.config import Config
from workflow.db import Database
from workflow.errors import Busy
from workflow.office import Office
from workflow.running.job import Job, Run, run_job
from workflow.running.waking import listen

log = logging.getLogger(__name__)

WORKERS = 10
"""Jobs that may run at the same time."""
BREATH = 0.005
"""Seconds between two rows of a sweep on SQLite, whose lock has no queue: without them clerks would wait for its end."""


class Edge(Protocol):
    """What the scheduler needs of the composition root."""

    office: Office
    database: Database
    config: Config

    def now(self) -> datetime: ...

    def refresh(self) -> None: ...


class Waker:
    """Brings the jobs that acts wake forward to this moment; a job that is running then runs once more afterwards."""

    def __init__(self, scheduler: BackgroundScheduler, edge: Edge, jobs: Sequence[Job]) -> None:
        self._scheduler, self._edge = scheduler, edge
        self._woken = [job.id for job in jobs if job.wakes]
        self._asked: set[str] = set()
        self._again: set[str] = set()
        scheduler.add_listener(self._left_out, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def ring(self) -> None:
        """Something is due at once. While a job that was woken is still to end, all rings together wake it once more."""
        for job_id in self._woken:
            if job_id in self._asked:
                self._again.add(job_id)
            else:
                self._asked.add(job_id)
                self._now(job_id)

    def close(self) -> None:
        """Nothing is kept."""

    def _now(self, job_id: str) -> None:
        with suppress(JobLookupError):  # it is being shut down
            self._scheduler.modify_job(job_id, next_run_time=self._edge.now())

    def _left_out(self, event: Any) -> None:
        """A round came while the one before was still at work, or too late: it is made up for when that one ends."""
        if event.job_id not in self._woken:
            log.warning("job %s: a round was left out, the one before is still running", event.job_id)
        self._again.add(event.job_id)

    def _ended(self, event: Any) -> None:
        self._asked.discard(event.job_id)
        if event.job_id in self._again:
            self._again.discard(event.job_id)
            self._asked.add(event.job_id)
            self._now(event.job_id)


def run(edge: Edge, jobs: Sequence[Job], *, stop: threading.Event | None = None) -> None:
    """Run the jobs until SIGINT, SIGTERM or `stop`. Jobs are few, fixed and in memory only: the library's job stores
    cannot be shared by processes, and a misfire limit would drop what came due while the process was down.
    """
    stop = stop or threading.Event()
    pool = ThreadPoolExecutor(WORKERS)
    scheduler = BackgroundScheduler(
        timezone="Asia/Shanghai",
        executors={"default": pool},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _run, IntervalTrigger(seconds=job.every), args=(edge, job, stop), id=job.id, name=job.title,
            next_run_time=edge.now(),
        )  # fmt: skip
    if threading.current_thread() is threading.main_thread():
        _stop_on_signals(stop)
    waker = edge.database.bell = Waker(scheduler, edge, jobs)
    scheduler.start()
    ear = None
    if not edge.database.is_sqlite:
        ear = threading.Thread(target=listen, args=(edge.database.engine, waker.ring, stop), name="ear")
        ear.start()
    log.info("scheduler started: %s", ", ".join(job.id for job in jobs))
    stop.wait()
    # Waiting is left to the pool: the scheduler would wait under the lock that a job which ends needs to be woken again.
    scheduler.shutdown(wait=False)
    pool.shutdown(wait=True)
    if ear is not None:
        ear.join()
    edge.database.close()


def _run(edge: Edge, job: Job, stop: threading.Event) -> None:
    if stop.is_set():
        return
    began = time.monotonic()
    try:
        edge.refresh()
        pause = BREATH if edge.database.is_sqlite else 0
        run_job(
            job,
            Run(
                edge.office,
                edge.database,
                edge.config,
                edge.now(),
                partial(stop.wait, pause),
                lambda: time.monotonic() - began,
            ),
        )
    except Busy:
        log.warning("job %s: the database was busy, the next run tries again", job.id)
    except Exception:  # the next run tries again; the tick row and the list of incidents tell what happened
        log.exception("job %s failed", job.id)


def _stop_on_signals(stop: threading.Event) -> None:
    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
