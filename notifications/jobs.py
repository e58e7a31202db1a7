"""The jobs of this room, for the scheduler."""

from __future__ import annotations

from notifications.delivery import ROUND, deliver_mail
from notifications.dispatch import dispatch
from workflow.jobs import Job, Worker


def _dispatch(worker: Worker) -> tuple[int, int]:
    return dispatch(worker.database, worker.office, worker.now())


def _deliver(worker: Worker) -> tuple[int, int]:
    """Round after round until one is not full; each round reads the clock anew, so that no claim outlives it."""
    done = failed = 0
    while True:
        sent, refused = deliver_mail(worker.database, worker.config, worker.now())
        done, failed = done + sent, failed + refused
        if sent + refused < ROUND:
            return done, failed


JOBS = (
    Job("dispatch_outbox", "分发站内消息", 10, _dispatch),
    Job("deliver_mail", "发送电子邮件", 30, _deliver),
)
