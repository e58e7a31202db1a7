"""The roads' passes over what is due, for the scheduler."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import delete, select

from notifications.bureaus import circuit
from notifications.bureaus.asking import ask_bureaus, moment
from notifications.bureaus.chasing import chase
from notifications.bureaus.exporting import export_batch
from notifications.bureaus.importing import import_batches
from notifications.bureaus.signing import TOLERANCE
from workflow.errors import Refused
from workflow.models import BureauNonce, VerificationSource
from workflow.running.job import Job, Run
from workflow.sweeps import Swept

log = logging.getLogger(__name__)


def exchange_files(run: Run) -> Swept:
    """Write today's questions, read the answers that have come; a source whose folder fails keeps no other waiting."""
    swept = Swept()
    with run.database.reading() as session:
        on_files = (VerificationSource.active, VerificationSource.transport == "files")
        sources = session.scalars(
            select(VerificationSource).where(*on_files).order_by(VerificationSource.code)
        ).all()
    for source in sources:
        try:
            swept.done += export_batch(run, source) is not None
            swept.done += sum(1 for _ in import_batches(run, source))
        except (Refused, OSError) as error:
            log.warning("file exchange with %s failed: %s", source.code, error)
            with run.database.acting() as conn:
                rest = timedelta(seconds=source.breaker_seconds)
                circuit.failed(conn, source.code, moment(run), str(error), rest=rest)
            swept.failed += 1
            swept.error = swept.error or f"{source.title}：{error}"
    return swept


def _forget_nonces(run: Run) -> Swept:
    """Calls so old that their moment alone refuses them."""
    with run.database.acting() as conn:
        gone = conn.execute(delete(BureauNonce).where(BureauNonce.at < run.now - 2 * TOLERANCE))
        return Swept(done=gone.rowcount)


JOBS = (
    Job("ask_bureaus", "向各部门发出核对", 20, ask_bureaus),
    Job("exchange_files", "核对文件交换", 120, exchange_files),
    Job("chase_bureaus", "到期未答复的核对", 600, chase),
    Job("bureau_nonces", "清理回调标记", 3600, _forget_nonces),
)
