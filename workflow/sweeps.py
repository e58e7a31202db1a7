"""Sweeps over due rows. Each row is taken under lock with its case, carried out, and marked in one transaction: twice the
same sweep, several schedulers, or a kill in the middle give one effect. One broken case never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, tuple_, update

from workflow.actors import SYSTEM_ACTOR
from workflow.acts import act
from workflow.db import Database
from workflow.entries import note, read
from workflow.errors import Busy
from workflow.models import Case, Deadline, ScheduledAct
from workflow.office import Office
from workflow.periods import local_date
from workflow.rungs import climb
from workflow.running.incidents import Troubles

log = logging.getLogger(__name__)

BATCH, ALONE = 20, 1
"""Rows a transaction: a clerk who acts on one of these cases waits for the others of its batch."""
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

    `stopped` is asked before each transaction: a process that is to end leaves the rest to the next run.
    """
    due = (
        select(Deadline.id, Deadline.case_id, Deadline.next_at.label("moment"))
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.next_at <= now)
        .order_by(Deadline.next_at, Deadline.id)
    )
    return _sweep(
        database, due, Deadline, lambda conn, row: climb(office, conn, row.id, row.case_id, now), stopped, BATCH,
        Troubles(database, "deadlines", now),
    )  # fmt: skip


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
        database, due, ScheduledAct, lambda conn, row: (carry_out_one(office, conn, row.id, row.case_id, now), None),
        stopped, ALONE, Troubles(database, "carry_out", now),
    )  # fmt: skip


def _sweep(
    database: Database,
    due: Any,
    table: type[Deadline | ScheduledAct],
    step: Callable[[Connection, Row[Any]], tuple[bool, datetime | None]],
    stopped: Callable[[], bool],
    many: int,
    troubles: Troubles,
) -> Swept:
    """Take due rows, `many` a transaction, until none is left: one whose next step is due as well comes again.

    Each scheduler takes rows nobody holds, so that several share the work. Where one row of a transaction fails, its
    rows are taken again each alone: only the broken one is left for the next run, with what somebody is acting on now.
    """
    swept, left, alone = Swept(), troubles.held(), 0
    due = due.with_for_update(of=(table, Case), skip_locked=True)
    while not stopped():
        rows: Sequence[Row[Any]] = ()
        try:
            with database.acting() as conn:
                rows = conn.execute(due.where(table.id.not_in(left)).limit(ALONE if alone else many)).all()
                done, undone = _carry(conn, rows, step)
        except Busy:
            raise
        except (
            Exception
        ) as error:  # one broken case must not stop the sweep; it is counted, shown and retried
            if not rows:
                raise
            if len(rows) > 1:
                alone = len(rows)
                continue
            done, undone = 0, [rows[0].id]
            log.exception("sweep failed for case %s row %s", rows[0].case_id, rows[0].id)
            swept.failed += 1
            swept.error = swept.error or f"{rows[0].case_id}: {error}"
            troubles.failed(rows[0].id, rows[0].case_id, error, tuple(rows[0]))
        if not rows:
            break
        swept.done += done
        left.update(undone)
        alone = max(0, alone - 1)
    return swept


def _carry(
    conn: Connection,
    rows: Sequence[Row[Any]],
    step: Callable[[Connection, Row[Any]], tuple[bool, datetime | None]],
) -> tuple[int, list[int]]:
    """Carry out these rows: how many were, and which were not. It ends early where the next step of one before comes
    first, so that all are carried out in the order of their moments.
    """
    done, undone = 0, list[int]()
    nearest: datetime | None = None
    for row in rows:
        if nearest is not None and nearest < row.moment:
            break
        carried, following = step(conn, row)
        if carried:
            done += 1
        else:
            undone.append(row.id)
        if following is not None:
            nearest = min(nearest or following, following)
    return done, undone


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


def carry_out_one(office: Office, conn: Connection, row_id: int, case_id: int, now: datetime) -> bool:
    """Carry out one scheduled act under its case's lock; False where it is not due, or waits for its case to go on."""
    row = conn.execute(select(ScheduledAct.__table__).where(ScheduledAct.id == row_id)).one()
    if row.state not in WAITING or row.on_date > local_date(now):
        return False
    at = conn.execute(
        select(Case.definition, Case.edition, Case.stage, Case.halt_id).where(Case.id == case_id)
    ).one()
    if at.halt_id is not None:
        return False  # carried out when the case goes on
    blueprint = office.catalogue.of(at)
    word = blueprint.actions[row.action]
    if at.stage not in word.moves:
        pause = blueprint.stages[at.stage].pauses
        state, entry, says = (
            (
                "deferred",
                "defer",
                f"案件在“{blueprint.stages[at.stage].label}”，“{word.label}”到期未执行，恢复后执行",
            )
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
