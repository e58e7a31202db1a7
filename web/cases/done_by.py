"""Who finished each stage of a case, and when, as the picture says it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models import JournalEntry
from workflow.periods import local_date


def done_by(session: Session, case_id: int) -> dict[str, str]:
    """For each stage left, who left it last and on which day."""
    rows = session.execute(
        select(JournalEntry.from_stage, JournalEntry.actor_name, JournalEntry.at)
        .where(JournalEntry.case_id == case_id, JournalEntry.from_stage != JournalEntry.to_stage)
        .order_by(JournalEntry.seq)
    )
    return {stage: f"{name} {local_date(at):%m-%d}" for stage, name, at in rows}
