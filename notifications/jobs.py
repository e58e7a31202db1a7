"""The jobs of this room, for the scheduler."""

from __future__ import annotations

from notifications.bureaus.jobs import JOBS as BUREAUS
from notifications.delivery import MEND as MAIL
from notifications.delivery import deliver_mail
from notifications.digests import make_digests
from notifications.dispatch import DISPATCH, dispatch
from notifications.dispatch import MEND as MESSAGES
from workflow.running.job import Job, Run
from workflow.sweeps import Swept


def _dispatch(run: Run) -> Swept:
    done, failed = dispatch(run.database, run.office, run.now, stopped=run.stopped)
    return Swept(done=done, failed=failed)


def _deliver(run: Run) -> Swept:
    """One round: the next one reads the clock anew, so that no claim outlives its time."""
    done, failed = deliver_mail(run.database, run.config, run.now, stopped=run.stopped)
    return Swept(done=done, failed=failed)


def _digests(run: Run) -> Swept:
    return Swept(done=make_digests(run.database, run.now, run.stopped))


JOBS = (
    Job(DISPATCH, "分发站内消息", 10, _dispatch, MESSAGES, wakes=True),
    Job("make_digests", "汇总邮件", 60, _digests),
    Job("deliver_mail", "发送电子邮件", 10, _deliver, MAIL),
    *BUREAUS,
)
