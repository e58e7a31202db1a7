"""Sweeps over due rows. Each row is taken, re-checked under the case's lock, carried out, and marked in one transaction:
twice the same sweep, two schedulers, or a kill in the middle give one effect. One broken case never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, tuple_, update

from workflow import statements as sql
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act, note, read
from workflow.db import Database
from workflow.errors import Busy
from workflow.models import Case, Deadline, ScheduledAct
from workflow.office import Office
from workflow.periods import local_date
from workflow.rungs import climb

log = logging.getLogger(__name__)

BATCH = 500
WAITING = ("planned", "deferred")
"""States of a scheduled act that is still to be carried out."""


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
        select(Deadline.id, Deadline.case_id, Deadline.next_at)
        .where(Deadline.next_at <= now)
        .order_by(Deadline.next_at, Deadline.id)
    )
    again: dict[int, datetime] = {}

    def step(conn: Connection, row: Any) -> bool:
        done, following = climb(office, conn, row.id, row.case_id, now)
        if following is not None and following <= now:
            again[row.id] = following
        return done

    def waits(row: Any) -> bool:
        """Whether a rung of a limit taken before comes first: the batch is read anew then."""
        return any(moment < row.next_at for moment in again.values())

    return _sweep(database, due, step, stopped, waits, again.clear)


def carry_out(
    office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never
) -> Swept:
    """Acts that signed decisions have fixed for today or an earlier day, in legal order; never one early.

    What was put off because its case is paused is taken up again when the pause is over. `stopped` as in
    sweep_deadlines.
    """
    here = tuple_(Case.definition, Case.edition, Case.stage, ScheduledAct.action)
    due = (
        select(ScheduledAct.id, ScheduledAct.case_id)
        .join(Case, Case.id == ScheduledAct.case_id)
        .where(
            ScheduledAct.state.in_(WAITING),
            ScheduledAct.on_date <= local_date(now),
            or_(ScheduledAct.state == "planned", here.not_in(_paused(office))),
        )
        .order_by(ScheduledAct.on_date, ScheduledAct.id)
    )
    return _sweep(
        database, due, lambda conn, row: _scheduled(office, conn, row.id, row.case_id, now), stopped
    )


def _sweep(
    database: Database, due: Any, step: Callable[[Connection, Any], bool], stopped: Callable[[], bool],
    waits: Callable[[Any], bool] = lambda _row: False, afresh: Callable[[], None] = lambda: None,
) -> Swept:  # fmt: skip
    """Take rows batch by batch until none is left: one whose next step is due as well comes again in the same sweep.
    A row that `waits` for such a step ends the batch, so that all are carried out in the order of their moments.
    What failed, or is being acted on by somebody else, is left for the next run.
    """
    swept, left = Swept(), set[int]()
    while True:
        with database.reading() as session:
            rows = [row for row in session.execute(due.limit(BATCH + len(left))) if row.id not in left]
        if not rows:
            return swept
        afresh()
        for row in rows:
            if stopped():
                return swept
            if waits(row):
                break
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


def _paused(office: Office) -> list[tuple[str, str, str, str]]:
    """Definition, edition, stage and action: what waits there until the case has left the stage."""
    return [
        (blueprint.code, edition, code, word.code)
        for blueprint in office.catalogue
        for edition in blueprint.editions
        for code, stage in blueprint.stages.items()
        if stage.pauses
        for word in blueprint.actions.values()
        if code not in word.moves
    ]


def _scheduled(office: Office, conn: Connection, row_id: int, case_id: int, now: datetime) -> bool:
    row = conn.execute(select(ScheduledAct.__table__).where(ScheduledAct.id == row_id)).one()
    if row.state not in WAITING or row.on_date > local_date(now):
        return False
    at = conn.execute(select(Case.definition, Case.edition, Case.stage, Case.halt_id).where(Case.id == case_id)).one()
    if at.halt_id is not None:
        return False  # carried out when the case goes on
    blueprint = office.catalogue.of(at)
    word = blueprint.actions[row.action]
    if at.stage not in word.moves:
        pause = blueprint.stages[at.stage].pauses
        state, entry, says = (
            ("deferred", "defer", f"案件在“{blueprint.stages[at.stage].label}”，“{word.label}”到期未执行，恢复后执行")
            if pause
            else ("cancelled", "skip", f"案件已离开可办环节，不再执行：{word.label}")
        )
        if row.state == state:
            return False
        conn.execute(update(ScheduledAct).where(ScheduledAct.id == row_id).values(state=state))
        case, _ = read(office, conn, case_id)
        note(conn, case, actor=SYSTEM_ACTOR, now=now, action=entry, says=says, reason=row.decided_by)
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
