"""Evidence that somebody has opened a task: from then on what led to it can no longer be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from workflow.actors import Actor
from workflow.models import JournalEntry, Task


def look(conn: Connection, case_id: int, actor: Actor, now: datetime) -> None:
    """Mark the case's open tasks that this person is entitled to. Whoever passed the case on does not open it himself."""
    rows = conn.execute(
        select(Task.id, Task.visit, Task.role, Task.scope, Task.definition, Task.assignee_id).where(
            Task.case_id == case_id, Task.state == "open", Task.seen_at.is_(None)
        )
    ).all()
    mine = [
        row for row in rows
        if row.assignee_id == actor.id or (row.assignee_id is None and actor.holds(row.role, row.scope, row.definition))
    ]  # fmt: skip
    if not mine or _passed_on_by(conn, case_id, mine[0].visit) == actor.id:
        return
    conn.execute(
        update(Task).where(Task.id.in_([row.id for row in mine])).values(seen_at=now, seen_by=actor.id)
    )


def _passed_on_by(conn: Connection, case_id: int, visit: int) -> int | None:
    return conn.execute(
        select(JournalEntry.actor_id)
        .where(JournalEntry.case_id == case_id, JournalEntry.visit == visit)
        .order_by(JournalEntry.seq)
        .limit(1)
    ).scalar()
