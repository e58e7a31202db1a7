"""The scheduler process: APScheduler wakes the jobs; what is due stands in rows, so any number of processes may run."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from workflow.config import Config
from workflow.db import Database
from workflow.errors import Busy
from workflow.jobs import Job, Run, run_job
from workflow.office import Office

log = logging.getLogger(__name__)

BREATH = 0.005
"""Seconds between two rows of a sweep on SQLite, whose lock has no queue: without them clerks would wait for its end."""


class Edge(Protocol):
    """What the scheduler needs of the composition root."""

    office: Office
    database: Database
    config: Config

    def now(self) -> datetime: ...

    def refresh(self) -> None: ...


def run(edge: Edge, jobs: Sequence[Job], *, stop: threading.Event | None = None) -> None:
    """Run the jobs until SIGINT, SIGTERM or `stop`. Jobs are few, fixed and in memory only: the library's job stores
    cannot be shared by processes, and a misfire limit would drop what came due while the process was down.
    """
    stop = stop or threading.Event()
    scheduler = BackgroundScheduler(
        timezone="Asia/Shanghai",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _run, IntervalTrigger(seconds=job.every), args=(edge, job, stop), id=job.id, name=job.title,
            next_run_time=edge.now(),
        )  # fmt: skip
    if threading.current_thread() is threading.main_thread():
        _stop_on_signals(stop)
    scheduler.start()
    log.info("scheduler started: %s", ", ".join(job.id for job in jobs))
    stop.wait()
    scheduler.shutdown(wait=True)
    edge.database.close()


def _run(edge: Edge, job: Job, stop: threading.Event) -> None:
    if stop.is_set():
        return
    try:
        edge.refresh()
        pause = BREATH if edge.database.is_sqlite else 0
        run_job(job, Run(edge.office, edge.database, edge.config, edge.now(), partial(stop.wait, pause)))
    except Busy:
        log.warning("job %s: the database was busy, the next run tries again", job.id)
    except Exception:  # the next run tries again; the tick row tells what happened
        log.exception("job %s failed", job.id)


def _stop_on_signals(stop: threading.Event) -> None:
    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
