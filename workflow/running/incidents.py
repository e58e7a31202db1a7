"""Rows that fail: tried again with growing pauses, then put before a person, and settled only when the matter is.

A sweep asks which rows to pass over and reports what failed; nothing else of it changes. A row is found in this list,
not in a log. "Done" is what the row itself shows afterwards (the job's `mend.holds`), never that a try went through.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, literal, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from workflow.db import Database
from workflow.errors import Refused
from workflow.inserting import insert_into
from workflow.models import Area, Case, Incident, OutboxMessage, canonical
from workflow.models.running import PENDING_ROWS
from workflow.policy import scope_of
from workflow.roles import ADMINISTRATOR, SUPERVISOR
from workflow.running.waking import due_now
from workflow.sending import send
from workflow.statements import ADD_MESSAGE

log = logging.getLogger(__name__)

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""How long after each failed try the next one may come; after the last the row is an incident for a person."""
TRIES = len(PAUSES) + 1
SLOW = timedelta(days=1)
"""An open incident is still tried so often: what has mended itself settles itself."""
PENDING = ("retrying", "open")
LONGEST_CAUSE = 500
MESSENGERS = frozenset({"dispatch_outbox", "deliver_mail"})
"""Jobs whose failure is not told by a message: it would go the very way that is blocked. The pages show it."""


class Troubles:
    """What one run of a job knows of rows that failed before: which to pass over now, and where to report new ones."""

    def __init__(self, database: Database, kind: str, now: datetime) -> None:
        self.database, self.kind, self.now = database, kind, now

    def held(self) -> set[int]:
        """The rows whose next try is not due yet."""
        with self.database.reading() as session:
            wanted = select(Incident.ref).where(
                Incident.kind == self.kind, Incident.state.in_(PENDING), Incident.next_at > self.now
            )
            return set(session.scalars(wanted))

    def failed(self, ref: int, case_id: int | None, error: BaseException | str, payload: Any = "") -> None:
        """Write the failure down, in a transaction of its own."""
        with self.database.acting() as conn:
            record(conn, self.kind, ref, case_id=case_id, cause=error, payload=payload, now=self.now)


def record(
    conn: Connection, kind: str, ref: int, *, case_id: int | None, cause: BaseException | str, payload: Any, now: datetime,
    at_once: bool = False,
) -> None:  # fmt: skip
    """One more failed try of a row. `at_once`: trying again alone will not help, so a person hears of it now.

    What a person has skipped with a reason is not taken up again while it is the same matter.
    """
    mark = digest(payload)
    same = (Incident.kind == kind) & (Incident.ref == ref) & (Incident.payload == mark)
    if (
        conn.execute(select(Incident.id).where(same, Incident.state == "skipped").limit(1)).first()
        is not None
    ):
        return
    most = 1 if at_once else TRIES
    first = {"next_at": now + (SLOW if at_once else PAUSES[0]), "state": "open" if at_once else "retrying"}
    again = {
        "tries": Incident.tries + 1, "cause": words_of(cause), "payload": mark, "last_at": now,
        "next_at": case(*((Incident.tries + 1 == number, literal(now + pause, Incident.next_at.type))
                          for number, pause in enumerate(PAUSES, 1)), else_=literal(now + SLOW, Incident.next_at.type)),
        "state": case((Incident.tries + 1 >= most, "open"), else_=Incident.state),
    }  # fmt: skip
    row = conn.execute(
        insert_into(conn, Incident)
        .values(kind=kind, ref=ref, case_id=case_id, cause=words_of(cause), payload=mark, tries=1, first_at=now, last_at=now,
                reason="", **first)
        .on_conflict_do_update(index_elements=["kind", "ref"], index_where=PENDING_ROWS, set_=again)
        .returning(Incident.id, Incident.tries, Incident.state)
    ).one()  # fmt: skip
    if row.state == "open" and row.tries == most and kind not in MESSENGERS:
        _tell(conn, row.id, kind, row.tries, case_id, now)


def digest(payload: Any) -> str:
    """Of what was tried."""
    return hashlib.sha256(canonical(str(payload)).encode()).hexdigest()


def words_of(cause: BaseException | str) -> str:
    """The cause without personal data: what a database says of values stands in its second line."""
    if isinstance(cause, str):
        found = cause
    elif isinstance(cause, Refused):
        found = cause.message
    elif isinstance(cause, DBAPIError):
        found = f"{type(cause.orig).__name__}: {cause.orig}".partition("\n")[0]
    else:
        found = f"{type(cause).__name__}: {cause}".partition("\n")[0]
    return found[:LONGEST_CAUSE]


def _tell(
    conn: Connection, incident_id: int, kind: str, tries: int, case_id: int | None, now: datetime
) -> None:
    """The administrators hear of it, and for a case the supervisors of its area; once, however it came to be open."""
    counties = list(
        conn.execute(select(Area.code).where(Area.level == "county").order_by(Area.code)).scalars()
    )
    about = (
        conn.execute(select(Case.number, Case.area_code).where(Case.id == case_id)).first()
        if case_id
        else None
    )
    to = (
        [(ADMINISTRATOR.code, scope_of(ADMINISTRATOR, about.area_code))]
        if about
        else [(ADMINISTRATOR.code, c) for c in counties]
    )
    if about:
        to.append((SUPERVISOR.code, scope_of(SUPERVISOR, about.area_code)))
    rows = [
        {"key": f"incident:{incident_id}:{role}:{scope}", "topic": "incident", "case_id": case_id, "user_id": None, "role": role,
         "scope": scope, "facts": {"number": about.number if about else "—", "id": incident_id, "tries": tries, "job": kind},
         "state": "waiting", "created_at": now}
        for role, scope in to
    ]  # fmt: skip
    told = set(
        conn.execute(
            select(OutboxMessage.key).where(OutboxMessage.key.in_([row["key"] for row in rows]))
        ).scalars()
    )
    send(conn, [(ADD_MESSAGE, row) for row in rows if row["key"] not in told])
    due_now(conn)


def settle(
    conn: Connection, incident_id: int, state: str, *, by: int | None, reason: str, now: datetime
) -> bool:
    """Close a pending incident; False where somebody has closed it meanwhile."""
    done = conn.execute(
        update(Incident)
        .where(Incident.id == incident_id, Incident.state.in_(PENDING))
        .values(state=state, settled_by=by, settled_at=now, reason=reason)
    )
    return done.rowcount == 1


def pending(session: Session, kinds: Sequence[str] = ()) -> list[Incident]:
    """What is not settled, the oldest first."""
    wanted = select(Incident).where(Incident.state.in_(PENDING)).order_by(Incident.id)
    return list(session.scalars(wanted.where(Incident.kind.in_(kinds)) if kinds else wanted))


def held_rows(kind: str) -> Any:
    """SQL: the rows of a kind that stand in the list as incidents, and so are no backlog."""
    return select(Incident.ref).where(
        Incident.kind == kind, or_(Incident.state == "open", Incident.state == "retrying")
    )
