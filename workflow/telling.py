"""Messages of an act: written into the outbox inside its transaction, delivered afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from workflow.facts import CaseState
from workflow.models import Case
from workflow.running.waking import due_now
from workflow.sending import send
from workflow.statements import ADD_MESSAGE


def tell(
    conn: Connection, case: Case | CaseState, topic: str, now: datetime, *, user_id: int | None = None, role: str = "",
    scope: str = "", key: str = "", facts: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a message into the outbox, inside the act: delivered afterwards, once by its key.

    With both a person and a role, the role's holders get it where the person is gone.
    """
    row = {
        "key": f"{case.number}:{topic}:{key or case.seq}", "topic": topic, "case_id": case.id, "user_id": user_id,
        "role": role, "scope": scope,
        "facts": {"number": case.number, "title": case.title} | (facts or {}), "state": "waiting", "created_at": now,
    }  # fmt: skip
    send(conn, [(ADD_MESSAGE, row)])
    due_now(conn)
