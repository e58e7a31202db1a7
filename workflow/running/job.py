"""A job, one run of it, and how a row of it that failed is mended: run by the scheduler process and by the simulation alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from workflow.config import Config
from workflow.db import Database
from workflow.errors import Busy
from workflow.inserting import put
from workflow.models import Tick
from workflow.office import Office
from workflow.running.incidents import record
from workflow.sweeps import Swept, never

WHOLE_JOB = 0
"""The `ref` of an incident that is about the job and not about one of its rows."""


def at_rest() -> float:
    """Nobody measures how long this run takes."""
    return 0.0


@dataclass(frozen=True)
class Run:
    """What a job is given: the moment is read by the scheduler, once a run. A long job asks whether it is to stop.

    `elapsed` gives the seconds since the run began.
    """

    office: Office
    database: Database
    config: Config
    now: datetime
    stopped: Callable[[], bool] = never
    elapsed: Callable[[], float] = at_rest


@dataclass(frozen=True)
class Mend:
    """How a row of a job is tried again by itself, and how one sees that nothing is left to do with it.

    `skip` leaves the row out for good; without one it cannot be left out: what law or a signed decision demands.
    `sweeps` says that the job's own run comes back to its failed rows.
    """

    once: Callable[[Run, int], Any]
    holds: Callable[[Session, Run, int], bool]
    skip: Callable[[Connection, Run, int], Any] | None = None
    sweeps: bool = False


@dataclass(frozen=True)
class Job:
    """A named pass over due rows, run every so many seconds. Running it twice changes nothing.

    `mend` is how a row of it that failed is settled. `wakes`: what an act writes for it is due at once, so the act wakes it.
    `proves` what was written and changes nothing of it: a simulation proves everything once, at its end.
    """

    id: str
    title: str
    every: int
    run: Callable[[Run], Swept]
    mend: Mend | None = None
    wakes: bool = False
    proves: bool = False


def run_job(job: Job, run: Run) -> Swept:
    """Run a job and record its tick, so that a dead scheduler is seen on every page."""
    try:
        swept = job.run(run)
    except Exception as error:
        swept = Swept(failed=1, error=f"{type(error).__name__}: {error}")
        _tick(job, run, swept)
        if not isinstance(error, Busy):
            _failed(job, run, error)
        raise
    _tick(job, run, swept)
    if swept.failed and job.mend is None:
        _failed(job, run, swept.error)
    return swept


def _failed(job: Job, run: Run, cause: BaseException | str) -> None:
    with run.database.acting() as conn:
        record(
            conn, job.id, WHOLE_JOB, case_id=None, cause=cause or "有的行没有办成", payload="", now=run.now
        )


def _tick(job: Job, run: Run, swept: Swept) -> None:
    took = round(run.elapsed() * 1000)
    values = {
        "at": run.now,
        "milliseconds": took,
        "done": swept.done,
        "failed": swept.failed,
        "error": swept.error[:2000],
    }
    with run.database.acting() as conn:
        put(conn, Tick, {"name": job.id}, **values)
