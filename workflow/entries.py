"""A case is read under lock, and what was done is entered in its journal: what every act of the engine shares."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from workflow import statements as sql
from workflow.actors import Actor
from workflow.errors import ChangedMeanwhile, NotFound
from workflow.facts import CaseState
from workflow.journal import make_entry
from workflow.models import JournalEntry
from workflow.office import Office
from workflow.sending import Write, fetch, send

WIDTH = len(sql.STATE)


class TaskRow(NamedTuple):
    """An open task as it is read with its case."""

    task_id: int
    task_role: str
    task_part: str
    task_assignee: int | None
    task_owner: int | None = None
    task_scope: str = ""


def read(office: Office, conn: Connection, case_id: int) -> tuple[CaseState, list[TaskRow]]:
    """The case under lock and the rows of its open tasks. Raises NotFound."""
    rows = fetch(conn, sql.READ_CASE, {"case": case_id})
    if not rows:
        raise NotFound
    case = CaseState(*rows[0][:WIDTH])
    return case, [task for row in rows if (task := TaskRow(*row[WIDTH:])).task_id is not None]


def reference(case: CaseState) -> str:
    """How the act under way is cited: number of the case and of the entry being written."""
    return f"{case.number}#{case.seq + 1}"


def note(
    conn: Connection,
    case: CaseState,
    *,
    actor: Actor,
    now: datetime,
    action: str,
    says: str,
    reason: str = "",
    source: str = "",
    stales: bool = True,
) -> None:
    """An entry that leaves stage and facts as they are. `stales` says whether forms shown before are now out of date."""
    seen = case.seq
    if stales:
        case.version += 1
    written = entry(
        case,
        actor=actor,
        now=now,
        action=action,
        from_stage=case.stage,
        says=says,
        reason=reason,
        source=source,
    )
    row = {
        "case": case.id,
        "seen_seq": seen,
        "new_seq": case.seq,
        "new_version": case.version,
        "new_head_hash": case.head_hash,
    }
    send(conn, [written, (sql.NOTE_CASE, row)])


def write_back(
    conn: Connection,
    case: CaseState,
    *,
    actor: Actor,
    now: datetime,
    action: str,
    says: str,
    reason: str = "",
    source: str = "",
    from_stage: str = "",
) -> None:
    """An entry for an engine act that changed facts, hands, barred people or clocks; `from_stage` where it moved."""
    seen = case.seq
    case.version += 1
    written = entry(
        case,
        actor=actor,
        now=now,
        action=action,
        from_stage=from_stage or case.stage,
        says=says,
        reason=reason,
        source=source,
    )
    send(conn, [written, moved(case, seen_seq=seen)])


def overtaken(conn: Connection, case: CaseState) -> ChangedMeanwhile:
    """The refusal of what was based on an older version, with what happened since."""
    last = conn.execute(
        select(JournalEntry.actor_name, JournalEntry.says)
        .where(JournalEntry.case_id == case.id)
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    ).first()
    what = f"{last.actor_name}刚刚办理了“{last.says}”" if last else "案件刚刚有变动"
    return ChangedMeanwhile(f"{what}。您填写的内容已保留，请核对最新情况后再提交。", version=case.version)


def entry(case: CaseState, **what: Any) -> Write:
    """The next entry of the journal, to be written."""
    return (sql.ADD_ENTRY, make_entry(case, **what))


def moved(case: CaseState, *, seen_seq: int) -> Write:
    """The case as it now is, to be written."""
    row: dict[str, Any] = {f"new_{name}": getattr(case, name) for name in sql.MOVED}
    return (sql.MOVE_CASE, row | {"case": case.id, "seen_seq": seen_seq})
