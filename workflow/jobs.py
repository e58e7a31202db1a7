"""Periodic jobs: a table a room, run by the scheduler process and by the simulation alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow import journal
from workflow.config import Config
from workflow.db import Database
from workflow.desk.tending import tend
from workflow.errors import Busy
from workflow.migration.running import run_waiting
from workflow.models import Case, Tick, WebSession
from workflow.office import Office
from workflow.periods import local_date
from workflow.running.incidents import record
from workflow.running.mending import WHOLE_JOB, Mend
from workflow.running.mends import COUNTED, DEADLINES, SCHEDULED
from workflow.running.nightly import REBUILD, REBUILT, WATCH, WATCHED, rebuild, watch
from workflow.sweeps import Swept, carry_out, never, sweep_deadlines
from workflow.timing.recount import recount


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


def _checkpoint(run: Run) -> Swept:
    """At the end of each local day, chain the heads of all journals: written on the first run of the next day."""
    day = local_date(run.now) - timedelta(days=1)
    with run.database.reading() as session:
        if session.scalar(select(Case.id).limit(1)) is None:
            return Swept()
    with run.database.acting() as conn:
        return Swept(done=int(journal.checkpoint(conn, day)))


def _forget_sessions(run: Run) -> Swept:
    """Sessions nobody has used for a day are removed."""
    with run.database.acting() as conn:
        gone = conn.execute(delete(WebSession).where(WebSession.seen_at < run.now - timedelta(days=1)))
        return Swept(done=gone.rowcount)


JOBS = (
    Job(
        "carry_out",
        "执行到日的决定",
        60,
        lambda run: carry_out(run.office, run.database, run.now, run.stopped),
        SCHEDULED,
    ),
    Job(
        "deadlines",
        "提醒与督办",
        60,
        lambda run: sweep_deadlines(run.office, run.database, run.now, run.stopped),
        DEADLINES,
    ),
    Job(
        "recount",
        "按新的放假安排重算时限",
        600,
        lambda run: recount(run.office, run.database, run.now, run.stopped),
        COUNTED,
    ),
    Job("desk", "回避与无人可办", 60, lambda run: tend(run.office, run.database, run.now, run.stopped)),
    Job(
        "migrations",
        "迁移在办案件",
        60,
        lambda run: run_waiting(run.office, run.database, run.now, run.stopped),
    ),
    Job("checkpoint", "日志检查点", 600, _checkpoint),
    Job("sessions", "清理登录", 3600, _forget_sessions),
    Job(REBUILD, "每夜按日志重放核对", 600, rebuild, REBUILT, proves=True),
    Job(WATCH, "查找无人推动的案件", 3600, watch, WATCHED, proves=True),
)


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
    build = sqlite.insert if run.database.is_sqlite else postgresql.insert
    took = round(run.elapsed() * 1000)
    values = {
        "at": run.now,
        "milliseconds": took,
        "done": swept.done,
        "failed": swept.failed,
        "error": swept.error[:2000],
    }
    with run.database.acting() as conn:
        conn.execute(
            build(Tick)
            .values(name=job.id, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )
