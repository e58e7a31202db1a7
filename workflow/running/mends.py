"""How rows of the engine's own jobs are mended: limits of which a rung failed, acts that signed decisions have fixed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from workflow.actors import SYSTEM_ACTOR
from workflow.clocks import begun, ends, next_rung, read_rule
from workflow.errors import Unmet
from workflow.models import Case, Deadline, ScheduledAct
from workflow.periods import local_date
from workflow.rungs import climb
from workflow.running.job import Mend, Run
from workflow.sweeps import WAITING, carry_out_one
from workflow.timing.recount import moves, recount_case


def _climb(run: Run, ref: int) -> None:
    """Every rung that is due on one limit, each in a transaction of its own."""
    while True:
        with run.database.acting() as conn:
            row = conn.execute(select(Deadline.case_id).where(Deadline.id == ref)).one()
            done, following = climb(run.office, conn, ref, row.case_id, run.now)
        if not done or following is None or following > run.now:
            return


def _nothing_due(session: Session, run: Run, ref: int) -> bool:
    row = session.get(Deadline, ref)
    return row is None or row.state != "open" or row.next_at is None or row.next_at > run.now


def _leave_rung(conn: Connection, run: Run, ref: int) -> None:
    """Go on to the next rung without this one. That a limit was missed is law's to know: it cannot be left out."""
    row: Any = conn.execute(select(Deadline.__table__).where(Deadline.id == ref).with_for_update()).one()
    try:
        ladder = run.office.ladders.named(row.ladder)
    except StopIteration:  # a ladder that is no longer there
        position, moment = row.rung, None
    else:
        if row.rung < len(ladder.rungs) and ladder.rungs[row.rung].code == "overdue":
            raise Unmet("逾期必须登记，不能跳过。请排除原因后重试。")
        position, moment = next_rung(
            ladder, row.rung + 1, read_rule(row.rule), begun(row), ends(row), run.office.calendar
        )
    conn.execute(update(Deadline).where(Deadline.id == ref).values(rung=position, next_at=moment))


def _carry_out(run: Run, ref: int) -> None:
    with run.database.acting() as conn:
        case_id = conn.execute(select(ScheduledAct.case_id).where(ScheduledAct.id == ref)).scalar_one()
        carry_out_one(run.office, conn, ref, case_id, run.now)


def _carried_out(session: Session, run: Run, ref: int) -> bool:
    """Done, called off, or waiting for a case that stands still: then the sweep comes back to it by itself."""
    row = session.get(ScheduledAct, ref)
    if row is None or row.state not in WAITING or row.on_date > local_date(run.now):
        return True
    return row.state == "deferred" or session.get_one(Case, row.case_id).halt_id is not None


def _recount(run: Run, ref: int) -> None:
    with run.database.acting() as conn:
        recount_case(run.office, conn, ref, actor=SYSTEM_ACTOR, now=run.now)


def _counted(session: Session, run: Run, ref: int) -> bool:
    found = moves(session, run.office.calendar, local_date(run.now))
    return all(move.case_id != ref for move in found)


DEADLINES = Mend(_climb, _nothing_due, _leave_rung, sweeps=True)
SCHEDULED = Mend(_carry_out, _carried_out, sweeps=True)
COUNTED = Mend(_recount, _counted, sweeps=True)
