"""The rows a migration changes, as they were before it: kept with its journal entry, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, update

from workflow import statements as sql
from workflow.models import CasePart, Deadline, MigrationCase, Task, moment_text
from workflow.sending import Write

CLOCK = (
    "visit", "kind", "label", "stage", "part", "role", "scope", "started_on", "started_at", "rule", "due_on", "due_at",
    "source", "ladder", "rung", "next_at", "state", "provisional", "met_on",
)  # fmt: skip
WORK = (
    "visit", "stage", "part", "role", "scope", "opens_on", "due_on", "assignee_id", "owner_id", "taken_at", "stranded",
    "state", "closed_at",
)  # fmt: skip
_DAYS = frozenset({"started_on", "due_on", "met_on", "opens_on"})
_MOMENTS = frozenset({"started_at", "due_at", "next_at", "taken_at", "closed_at"})

SET_CLOCK = (
    update(Deadline).where(Deadline.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in CLOCK})
)
SET_WORK = update(Task).where(Task.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in WORK})
END_WORK = (
    update(Task)
    .where(Task.id == bindparam("row"))
    .values(state=bindparam("new_state"), closed_at=bindparam("new_closed_at"))
)
SET_PART = (
    update(CasePart)
    .where(CasePart.case_id == bindparam("case"), CasePart.visit == bindparam("old_visit"), CasePart.code == bindparam("old_code"))
    .values(visit=bindparam("new_visit"), code=bindparam("new_code"), state=bindparam("new_state"))
)  # fmt: skip
REMOVE_CLOCK = delete(Deadline).where(Deadline.id == bindparam("row"))
REMOVE_PART = delete(CasePart).where(
    CasePart.case_id == bindparam("case"),
    CasePart.visit == bindparam("old_visit"),
    CasePart.code == bindparam("old_code"),
)
SETTLE = (
    update(MigrationCase)
    .where(MigrationCase.migration_id == bindparam("migration"), MigrationCase.case_id == bindparam("case"))
    .values(state=bindparam("new_state"), reason=bindparam("new_reason"), seq=bindparam("new_seq"))
)
IN_ORDER = (
    REMOVE_CLOCK, REMOVE_PART, END_WORK, SET_CLOCK, SET_PART, SET_WORK, sql.ADD_DEADLINE, sql.ADD_PART, sql.ADD_TASK,
    sql.ADD_ENTRY, sql.ADD_FORM, sql.MOVE_CASE, SETTLE,
)  # fmt: skip
"""The statements of a batch: what goes leaves first, so that what takes its place finds it free."""


def values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """These columns of a row."""
    return {name: getattr(row, name) for name in names}


def ended(row_id: int, now: datetime) -> Write:
    """A task that ends with the migration."""
    return END_WORK, {"row": row_id, "new_state": "cancelled", "new_closed_at": now}


def write(row_id: int, changed: dict[str, Any]) -> dict[str, Any]:
    """What SET_CLOCK and SET_WORK take."""
    return {"row": row_id} | {f"new_{name}": value for name, value in changed.items()}


def kept(row_id: int, was: dict[str, Any]) -> dict[str, Any]:
    """Columns of a row as JSON values, with its id."""
    return {"id": row_id} | {name: _text(value) for name, value in was.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def differing(was: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """The columns that change, as they were."""
    return {name: value for name, value in was.items() if changed[name] != value}


def restored(kept_row: dict[str, Any]) -> dict[str, Any]:
    """The columns of such a row in their own types."""
    return {name: _typed(name, value) for name, value in kept_row.items() if name != "id"}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return value
