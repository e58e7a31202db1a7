"""The engine's own periodic jobs; definitions and notifications have tables of their own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from workflow import journal
from workflow.desk.tending import tend
from workflow.migration.running import run_waiting
from workflow.models import Case, WebSession
from workflow.periods import local_date
from workflow.running.job import Job, Run
from workflow.running.mends import COUNTED, DEADLINES, SCHEDULED
from workflow.running.nightly import REBUILD, REBUILT, WATCH, WATCHED, rebuild, watch
from workflow.sweeps import Swept, carry_out, sweep_deadlines
from workflow.timing.recount import recount


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
