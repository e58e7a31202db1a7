"""What time does to verification: authorisations end with the benefit, raw answers are erased when their time is over."""

from __future__ import annotations

from definitions.verification import numbers
from workflow.periods import add_months, at_local, local_date
from workflow.running.job import Job, Run
from workflow.sweeps import Swept
from workflow.verification.answers import erase
from workflow.verification.authorisations import end_unused


def _end(run: Run) -> Swept:
    with run.database.acting() as conn:
        return Swept(done=end_unused(run.office.session(conn), local_date(run.now)))


def _erase(run: Run) -> Swept:
    """In small transactions, so that nobody waits for it."""
    today, swept = local_date(run.now), Swept()
    before = at_local(add_months(today, -numbers.whole("answer_kept_months", today)))
    while not run.stopped():
        with run.database.acting() as conn:
            done = erase(run.office.session(conn), before, run.now)
        swept.done += done
        if not done:
            break
    return swept


JOBS = (
    Job("authorisations", "核对授权随救助终止", 3600, _end),
    Job("erase_answers", "清除到期的原始答复", 3600, _erase),
)
