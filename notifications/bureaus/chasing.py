"""Questions that no machine will get an answer to any more become a person's: the verifier writes a letter or does without."""

from __future__ import annotations

from sqlalchemy import or_, select

from workflow.models import Case, Query, VerificationSource
from workflow.periods import local_date
from workflow.running.job import Run
from workflow.sweeps import Swept
from workflow.verification.queries import give_up

BATCH = 100
"""Questions a transaction."""


def chase(run: Run) -> Swept:
    """Take up what is overdue on any road, and what is asked of a source that was put out of use."""
    today, done = local_date(run.now), 0
    left = (
        select(Query, VerificationSource)
        .join(VerificationSource, VerificationSource.code == Query.source)
        .join(Case, Case.id == Query.case_id)
        .where(
            Query.state.in_(("waiting", "sent")),
            Case.halt_id.is_(None),
            or_(Query.due_on < today, VerificationSource.active.is_(False)),
        )
        .order_by(Query.id)
        .limit(BATCH)
        .with_for_update(of=Query, skip_locked=True)
    )
    while not run.stopped():
        with run.database.acting() as conn:
            session = run.office.session(conn)
            rows = session.execute(left).all()
            for query, source in rows:
                give_up(session, query, run.now, why=_why(query, source))
        done += len(rows)
        if len(rows) < BATCH:
            break
    return Swept(done=done)


def _why(query: Query, source: VerificationSource) -> str:
    if not source.active:
        return f"{source.title}已停用自动核对，请发函核对"
    return f"{source.title}到 {query.due_on.isoformat()} 没有答复，请发函核对"
