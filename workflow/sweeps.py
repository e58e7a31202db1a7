"""Sweeps over due rows. Each row is taken, re-checked under the case's lock, carried out, and marked in one transaction:
twice the same sweep, two schedulers, or a kill in the middle give one effect. One broken case never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from workflow import statements as sql
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act, note, open_case, read
from workflow.clocks import ladder_of, next_rung, read_rule
from workflow.db import Database
from workflow.errors import Busy
from workflow.facts import CaseState
from workflow.models import Case, Deadline, ScheduledAct, Task
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import HEAD, ROLES, SUPERVISOR
from workflow.tasks import tell

log = logging.getLogger(__name__)

BATCH = 500
ESCALATION = "escalation"
"""The definition of which an overdue deadline opens a case, where the catalogue has it."""


@dataclass
class Swept:
    """How a sweep went: rows carried out, rows that failed and stay due, and the first failure in words."""

    done: int = 0
    failed: int = 0
    error: str = ""


def never() -> bool:
    """Nobody asks this sweep to stop."""
    return False


def sweep_deadlines(
    office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never
) -> Swept:
    """Reminders, overdue flags with their escalation, and the word to the head, oldest due first.

    `stopped` is asked before each row: a process that is to end leaves the rest to the next run.
    """
    due = (
        select(Deadline.id, Deadline.case_id)
        .where(Deadline.next_at <= now)
        .order_by(Deadline.next_at, Deadline.id)
    )
    return _sweep(database, due, lambda conn, row: _rung(office, conn, row.id, row.case_id, now), stopped)


def carry_out(
    office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never
) -> Swept:
    """Acts that signed decisions have fixed for today or an earlier day, in legal order; never one early.

    `stopped` as in sweep_deadlines.
    """
    due = (
        select(ScheduledAct.id, ScheduledAct.case_id)
        .where(ScheduledAct.state == "planned", ScheduledAct.on_date <= local_date(now))
        .order_by(ScheduledAct.on_date, ScheduledAct.id)
    )
    return _sweep(
        database, due, lambda conn, row: _scheduled(office, conn, row.id, row.case_id, now), stopped
    )


def _sweep(
    database: Database, due: Any, step: Callable[[Connection, Any], bool], stopped: Callable[[], bool]
) -> Swept:
    """Take rows batch by batch until none is left: one whose next step is due as well comes again in the same sweep.
    What failed, or is being acted on by somebody else, is left for the next run.
    """
    swept, left = Swept(), set[int]()
    while True:
        with database.reading() as session:
            rows = [row for row in session.execute(due.limit(BATCH + len(left))) if row.id not in left]
        if not rows:
            return swept
        for row in rows:
            if stopped():
                return swept
            done = False
            try:
                with database.acting() as conn:
                    done = _taken(conn, row.case_id) and step(conn, row)
            except Busy:
                raise
            except (
                Exception
            ) as error:  # one broken case must not stop the sweep; it is counted, shown and retried
                log.exception("sweep failed for case %s row %s", row.case_id, row.id)
                done = False
                swept.failed += 1
                swept.error = swept.error or f"{row.case_id}: {error}"
            swept.done += done
            if not done:
                left.add(row.id)


def _taken(conn: Connection, case_id: int) -> bool:
    """Lock the case, or pass it over where somebody is acting on it now: the next run finds the row again."""
    return conn.execute(sql.TAKE_CASE, {"case": case_id}).first() is not None


def _rung(office: Office, conn: Connection, deadline_id: int, case_id: int, now: datetime) -> bool:
    row = conn.execute(select(Deadline.__table__).where(Deadline.id == deadline_id)).one()
    if row.state != "open" or row.next_at is None or row.next_at > now:
        return False
    case, _ = read(office, conn, case_id)
    ladder = ladder_of(row.ladder)
    rung = ladder.rungs[row.rung]
    _announce(office, conn, case, row, rung.code, now)
    if rung.code == "overdue" and rung.escalates and ESCALATION in office.catalogue.codes:
        _escalate(office, conn, case, row, now)
    position, moment = next_rung(
        ladder, row.rung + 1, read_rule(row.rule), row.started_on, row.due_on, office.calendar
    )
    conn.execute(
        update(Deadline)
        .where(Deadline.id == deadline_id)
        .values(rung=position, next_at=moment, overdue=row.overdue or rung.code == "overdue")
    )
    return True


SAYS = {
    "remind": "提醒：时限过半",
    "overdue": "时限已过，列为逾期",
    "head": "逾期两个工作日，报部门负责人并列入通报",
}


def _announce(office: Office, conn: Connection, case: CaseState, row: Any, code: str, now: datetime) -> None:
    note(
        conn,
        case,
        actor=SYSTEM_ACTOR,
        now=now,
        action=code,
        says=f"{SAYS[code]}：{row.label}",
        source=row.source,
        stales=False,
    )
    key = f"{row.kind}:{row.visit}:{row.due_on.isoformat()}"
    facts = {"label": row.label, "due": row.due_on.isoformat(), "source": row.source}
    if code == "head":
        tell(
            conn, case, code, now, role=HEAD.code, scope=scope_of(HEAD, case.area_code), key=key, facts=facts
        )
        return
    task = conn.execute(
        select(Task.assignee_id, Task.role, Task.scope).where(
            Task.case_id == case.id, Task.state == "open", Task.part == row.part
        )
    ).first()
    role, scope = (task.role, task.scope) if task else (row.role, row.scope)
    tell(
        conn,
        case,
        code,
        now,
        user_id=task.assignee_id if task else None,
        role=role,
        scope=scope,
        key=key,
        facts=facts,
    )


def _escalate(office: Office, conn: Connection, case: CaseState, row: Any, now: datetime) -> None:
    """Put the missed deadline before the supervisor of the area at which it was held, as a case of its own."""
    area = (
        row.scope
        if row.scope and ROLES[row.role].levels[0] != "village"
        else scope_of(SUPERVISOR, case.area_code)
    )
    task = conn.execute(
        select(Task.assignee_id).where(Task.case_id == case.id, Task.state == "open", Task.part == row.part)
    ).first()
    facts = {
        "number": case.number, "label": row.label, "due": row.due_on.isoformat(), "source": row.source, "role": row.role,
        "part": row.part, "stage": case.stage, "late_user_id": task.assignee_id if task else None,
    }  # fmt: skip
    opened = open_case(
        office, conn, ESCALATION, subject=("case", case.id), area_code=area, actor=SYSTEM_ACTOR, now=now,
        title=case.title, parent=case, facts=facts,
    )  # fmt: skip
    tell(conn, opened, "escalated", now, role=SUPERVISOR.code, scope=scope_of(SUPERVISOR, area), facts=facts)


def _scheduled(office: Office, conn: Connection, row_id: int, case_id: int, now: datetime) -> bool:
    row = conn.execute(select(ScheduledAct.__table__).where(ScheduledAct.id == row_id)).one()
    if row.state != "planned" or row.on_date > local_date(now):
        return False
    stage = conn.execute(select(Case.stage).where(Case.id == case_id)).scalar_one()
    if (
        stage
        not in office.catalogue.of(
            conn.execute(select(Case.definition, Case.edition).where(Case.id == case_id)).one()
        )
        .actions[row.action]
        .moves
    ):
        conn.execute(update(ScheduledAct).where(ScheduledAct.id == row_id).values(state="cancelled"))
        case, _ = read(office, conn, case_id)
        note(
            conn,
            case,
            actor=SYSTEM_ACTOR,
            now=now,
            action="skip",
            says=f"案件已离开可办环节，不再执行：{row.action}",
            reason=row.decided_by,
        )
        return True
    conn.execute(update(ScheduledAct).where(ScheduledAct.id == row_id).values(state="done"))
    case = act(
        office,
        conn,
        case_id,
        row.action,
        actor=SYSTEM_ACTOR,
        form=row.form,
        seen=None,
        now=now,
        origin=row.decided_by,
    )
    conn.execute(update(ScheduledAct).where(ScheduledAct.id == row_id).values(done_seq=case.seq))
    return True
