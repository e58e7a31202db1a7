"""The statements of an act, built once: building one on the spot costs more than sending it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, case, insert, select, update

from workflow.facts import CaseState
from workflow.inserting import insert_into
from workflow.models import (
    Case,
    CaseCounter,
    CaseForm,
    CasePart,
    Deadline,
    JournalEntry,
    OutboxMessage,
    ScheduledAct,
    Task,
)

_case, _task = Case.__table__, Task.__table__
STATE = tuple(CaseState.__dataclass_fields__)
"""The columns of a case that an act works on, in the order of the working copy."""

READ_CASE = (
    select(*(_case.c[name] for name in STATE), _task.c.id.label("task_id"), _task.c.role.label("task_role"), _task.c.part.label("task_part"),
           _task.c.assignee_id.label("task_assignee"), _task.c.owner_id.label("task_owner"), _task.c.scope.label("task_scope"))
    .select_from(_case.outerjoin(_task, (_task.c.case_id == _case.c.id) & (_task.c.state == "open")))
    .where(_case.c.id == bindparam("case"))
    .with_for_update(of=_case)
)  # fmt: skip
"""The case under lock with its open tasks. SQLite ignores the lock clause: its lock is the transaction's begin."""

MOVED = (
    "stage", "visit", "version", "seq", "head_hash", "title", "facts", "hands", "barred", "clocks", "edition",
    "accepted_on", "closed_at", "result", "release_id", "software",
)  # fmt: skip
MOVE_CASE = (
    update(Case)
    .where(Case.id == bindparam("case"), Case.seq == bindparam("seen_seq"))
    .values({name: bindparam(f"new_{name}") for name in MOVED})
)
NOTE_CASE = (
    update(Case)
    .where(Case.id == bindparam("case"), Case.seq == bindparam("seen_seq"))
    .values(seq=bindparam("new_seq"), version=bindparam("new_version"), head_hash=bindparam("new_head_hash"))
)
"""An entry that changes nothing but the chain: a reminder, a claim."""

ADD_CASE = insert(Case).returning(Case.id)
ADD_ENTRY = insert(JournalEntry)
ADD_FORM = insert(CaseForm)
ADD_TASK = insert(Task).inline()
ADD_PART = insert(CasePart)
ADD_MESSAGE = insert(OutboxMessage).inline()
ADD_DEADLINE = insert(Deadline).inline()

CLOSE_TASKS = (
    update(Task)
    .where(Task.case_id == bindparam("case"), Task.state == "open")
    .values(
        state=case((Task.id == bindparam("done_task"), "done"), else_="cancelled"),
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
    )
)
CLOSE_TASK = (
    update(Task)
    .where(Task.id == bindparam("done_task"))
    .values(state="done", closed_at=bindparam("at"), closed_by=bindparam("by"))
)
CLOSE_PARTS = (
    update(CasePart)
    .where(
        CasePart.case_id == bindparam("case"),
        CasePart.visit == bindparam("of_visit"),
        CasePart.state == "open",
    )
    .values(state="cancelled", done_at=bindparam("at"))
)
FINISH_PART = (
    update(CasePart)
    .where(
        CasePart.case_id == bindparam("case"),
        CasePart.visit == bindparam("of_visit"),
        CasePart.code == bindparam("part_code"),
    )
    .values(state="done", done_at=bindparam("at"))
)

_outcome = case(
    (Deadline.minimum & (Deadline.due_on >= bindparam("today")), "cancelled"),
    (Deadline.due_at < bindparam("at"), "late"),
    (Deadline.due_on >= bindparam("today"), "met"),
    (Deadline.minimum, "met"),
    else_="late",
)
_closed: dict[str, object] = {"state": _outcome, "met_on": bindparam("today"), "next_at": None}
CLOSE_STAGE_DEADLINES = (
    update(Deadline)
    .where(Deadline.case_id == bindparam("case"), Deadline.visit == bindparam("of_visit"),
           Deadline.state == "open", ~Deadline.kind.startswith("span:"))
    .values(_closed)
)  # fmt: skip
CLOSE_DEADLINE = (
    update(Deadline)
    .where(
        Deadline.case_id == bindparam("case"), Deadline.kind == bindparam("of_kind"), Deadline.state == "open"
    )
    .values(_closed)
)
CLOSE_ALL_DEADLINES = (
    update(Deadline).where(Deadline.case_id == bindparam("case"), Deadline.state == "open").values(_closed)
)
CANCEL_SCHEDULED = (
    update(ScheduledAct)
    .where(
        ScheduledAct.case_id == bindparam("case"),
        (ScheduledAct.state == "planned") | (ScheduledAct.state == "deferred"),
    )
    .values(state="cancelled")
)


def next_number(conn: Connection, prefix: str, year: int) -> str:
    """The next case number of a prefix and year: PREFIX-year-six digits, without gaps among committed cases."""
    statement = (
        insert_into(conn, CaseCounter)
        .values(prefix=prefix, year=year, last=1)
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": CaseCounter.last + 1})
        .returning(CaseCounter.last)
    )
    return f"{prefix}-{year}-{conn.execute(statement).scalar_one():06d}"
