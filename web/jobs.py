"""All periodic jobs, room by room: what the scheduler process runs and the pages show the health of."""

from definitions import jobs as definitions
from notifications import jobs as notifications
from web.api import idempotency
from workflow import jobs as workflow
from workflow.running.job import Job, Run
from workflow.running.mending import tend_incidents
from workflow.sweeps import Swept


def _forget_keys(run: Run) -> Swept:
    """Idempotency keys nobody will come back to."""
    with run.database.acting() as conn:
        return Swept(done=idempotency.forget(conn, run.now))


def _settle(run: Run) -> Swept:
    """Incidents of all jobs that have come right, and those to be tried again."""
    settled, _failing = tend_incidents(run, JOBS)
    return Swept(done=settled)


JOBS = (
    *workflow.JOBS,
    *definitions.JOBS,
    *notifications.JOBS,
    Job("idempotency", "清理接口重放键", 3600, _forget_keys),
    Job("incidents", "运行异常", 60, _settle),
)
