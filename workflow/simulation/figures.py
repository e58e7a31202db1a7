"""What a run has come to: counts, shares on time, payments, and one digest over every journal entry."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from workflow.ladders import SILENT
from workflow.models import Case, Deadline, JournalEntry, PaymentLine
from workflow.rungs import ESCALATION


def figures(conn: Connection) -> dict[str, Any]:
    """`acts`, `cases` (opened, closed), `on_time`, `payments`, `reminders`, `escalations`, `digest`."""
    opened, closed = conn.execute(select(func.count(), func.count(Case.closed_at)).select_from(Case)).one()
    escalations = conn.execute(
        select(func.count()).select_from(Case).where(Case.definition == ESCALATION)
    ).scalar_one()
    paid = conn.execute(
        select(func.count(), func.coalesce(func.sum(PaymentLine.amount), 0)).where(
            PaymentLine.state == "paid"
        )
    ).one()
    counted = conn.execute(select(JournalEntry.action, func.count()).group_by(JournalEntry.action))
    actions = {row[0]: row[1] for row in counted}
    return {
        "acts": sum(actions.values()),
        "cases": {"opened": opened, "closed": closed},
        "on_time": on_time(conn),
        "payments": {"count": paid[0], "total": f"{paid[1]:.2f}"},
        "reminders": actions.get("remind", 0),
        "escalations": escalations,
        "digest": digest(conn),
    }


def on_time(conn: Connection, since: date = date.min) -> dict[str, dict[str, int]]:
    """Limits that ended or have passed from a day on, by definition and stage (or span), and how many of them were kept.

    What is only shown (the receipt clock) and minimum durations are no limits.
    """
    late = Deadline.overdue | (Deadline.state == "late")
    rows = conn.execute(
        select(Case.definition, Deadline.kind, late.label("late"), func.count().label("n"))
        .join(Case, Case.id == Deadline.case_id)
        .where(~Deadline.minimum, Deadline.ladder != SILENT.code, late | (Deadline.state == "met"))
        .where(Deadline.due_on >= since)
        .group_by(Case.definition, Deadline.kind, late)
        .order_by(Case.definition, Deadline.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        kept = found.setdefault(f"{row.definition}.{row.kind.partition(':')[2]}", {"n": 0, "on_time": 0})
        kept["n"] += row.n
        kept["on_time"] += 0 if row.late else row.n
    return found


def paths(conn: Connection) -> dict[str, dict[str, int]]:
    """How often each action of each definition was done: which ways were gone, and which were not."""
    rows = conn.execute(
        select(Case.definition, JournalEntry.action, func.count().label("n"))
        .join(Case, Case.id == JournalEntry.case_id)
        .group_by(Case.definition, JournalEntry.action)
        .order_by(Case.definition, JournalEntry.action)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.definition, {})[row.action] = row.n
    return found


def digest(conn: Connection) -> str:
    """SHA-256 over the hashes of all entries, case by case in their order."""
    sha = hashlib.sha256()
    for (entry,) in conn.execute(select(JournalEntry.hash).order_by(JournalEntry.case_id, JournalEntry.seq)):
        sha.update(entry.encode())
    return sha.hexdigest()
