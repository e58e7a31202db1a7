"""Carrying out a signed migration, or the way back: batch by batch, resumed where a kill has interrupted it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from workflow.actors import Actor
from workflow.acts import open_case
from workflow.db import Database
from workflow.errors import Busy, NotFound, Unmet
from workflow.migration.back import take_back
from workflow.migration.caseload import Flight, among, read_flights
from workflow.migration.moving import move
from workflow.migration.outcome import MIGRATE, TAKE_BACK, Move, Stays, Ways, entered
from workflow.migration.papers import done_of, none_running
from workflow.migration.plan import Plan
from workflow.migration.rows import IN_ORDER, SETTLE
from workflow.migration.sheet import BATCH, ways_of
from workflow.models import Case, CaseForm, Migration, MigrationCase
from workflow.office import Office
from workflow.sending import send, send_many
from workflow.sweeps import Swept, never

log = logging.getLogger(__name__)


def start(office: Office, database: Database, migration_id: int) -> Migration:
    """Fix which cases a signed migration is about and set it going; twice changes nothing. Raises NotFound, Unmet."""
    with database.acting() as conn:
        session = office.session(conn)
        row = session.get(Migration, migration_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.state == "draft":
            raise Unmet("这次迁移还没有由第二人签发，不能执行。")
        if row.state == "signed":
            none_running(session, row.definition)
            if row.undoes_id is None:
                mine = select(Case.id).where(
                    Case.definition == row.definition,
                    Case.edition == row.source_edition,
                    Case.closed_at.is_(None),
                )
            else:
                mine = select(MigrationCase.case_id).where(*done_of(row.undoes_id, row.undoes_batch))
            ids = mine.subquery()
            place = (func.row_number().over(order_by=ids.c[0]) - 1) / BATCH + 1
            chosen = select(literal(row.id), ids.c[0], place, literal("waiting"), literal(""))
            session.execute(
                insert(MigrationCase).from_select(
                    ["migration_id", "case_id", "batch", "state", "reason"], chosen
                )
            )
            row.state = "running"
            session.flush()
        session.expunge(row)
        return row


def run(
    office: Office,
    database: Database,
    migration_id: int,
    now: datetime,
    stopped: Callable[[], bool] = never,
    *,
    retry: bool = False,
) -> Swept:
    """Carry out a signed migration batch by batch; what a kill has interrupted goes on where it was.

    A case that somebody holds is left waiting and comes again in the next run. `retry` takes the failed ones up again.
    """
    row = start(office, database, migration_id)
    if retry:
        with database.acting() as conn:
            again = update(MigrationCase).where(
                MigrationCase.migration_id == row.id, MigrationCase.state == "failed"
            )
            conn.execute(again.values(state="waiting", reason=""))
            conn.execute(
                update(Migration).where(Migration.id == row.id).values(state="running", finished_at=None)
            )
    elif row.state == "done":
        return Swept()
    work, swept, last = _Work(office, row, now), Swept(), 0
    while not stopped():
        with database.reading() as session:
            ids = list(session.scalars(
                select(MigrationCase.case_id).where(
                    MigrationCase.migration_id == row.id, MigrationCase.state == "waiting", MigrationCase.case_id > last
                ).order_by(MigrationCase.case_id).limit(BATCH)
            ))  # fmt: skip
        if not ids:
            break
        work.batch(database, ids, swept)
        last = ids[-1]
    _finish(database, row.id, now)
    return swept


def run_waiting(
    office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never
) -> Swept:
    """Go on with every migration that was set going: what the scheduler does."""
    with database.reading() as session:
        ids = list(
            session.scalars(select(Migration.id).where(Migration.state == "running").order_by(Migration.id))
        )
    swept = Swept()
    for migration_id in ids:
        one = run(office, database, migration_id, now, stopped)
        swept.done, swept.failed, swept.error = (
            swept.done + one.done,
            swept.failed + one.failed,
            swept.error or one.error,
        )
    return swept


def _finish(database: Database, migration_id: int, now: datetime) -> None:
    with database.acting() as conn:
        mine = select(MigrationCase.case_id).where(
            MigrationCase.migration_id == migration_id, MigrationCase.state == "waiting"
        )
        if conn.execute(mine.limit(1)).first() is None:
            conn.execute(
                update(Migration)
                .where(Migration.id == migration_id, Migration.state == "running")
                .values(state="done", finished_at=now)
            )


class _Work:
    """Carrying out one migration: its way, its signers, and what each batch needs."""

    def __init__(self, office: Office, row: Migration, now: datetime) -> None:
        self.office, self.now, self.id, self.undoes = office, now, row.id, row.undoes_id
        self.reason = row.reason
        self.actor = Actor(row.signed_by, f"{row.written_name}、{row.signed_name}"[:60])
        self.ways: Ways | None = (
            None if row.undoes_id else ways_of(office.catalogue, Plan.from_json(row.plan))
        )
        verb = "退回" if row.undoes_id else "迁移到"
        self.says = f"由 {row.source_edition} 版{verb} {row.target_edition} 版"

    def batch(self, database: Database, ids: list[int], swept: Swept) -> None:
        """One transaction; where the database refuses it, one a case, so that the case at fault is found."""
        try:
            with database.acting() as conn:
                outcomes = self._do(conn, ids)
        except Busy:
            raise
        except Exception:
            log.exception("migration %s: batch from case %s", self.id, ids[0])
            outcomes = [outcome for case_id in ids for outcome in self._alone(database, case_id)]
        for state, reason in outcomes:
            swept.done += state == "done"
            swept.failed += state == "failed"
            swept.error = swept.error or (reason if state == "failed" else "")

    def _alone(self, database: Database, case_id: int) -> list[tuple[str, str]]:
        try:
            with database.acting() as conn:
                return self._do(conn, [case_id])
        except Busy:
            raise
        except Exception as error:
            log.exception("migration %s: case %s", self.id, case_id)
            reason = f"{type(error).__name__}: {error}"[:500]
            with database.acting() as conn:
                send(conn, [(SETTLE, self._settled(case_id, "failed", reason, None))])
            return [("failed", reason)]

    def _do(self, conn: Connection, ids: list[int]) -> list[tuple[str, str]]:
        waiting = set(conn.execute(
            select(MigrationCase.case_id).where(
                MigrationCase.migration_id == self.id, among(MigrationCase.case_id, ids), MigrationCase.state == "waiting"
            ).with_for_update(skip_locked=True)
        ).scalars())  # fmt: skip
        flights = read_flights(conn, sorted(waiting), self.ways.actions if self.ways else (), lock=True)
        former = self._former(conn, [flight.case.id for flight in flights]) if self.undoes else {}
        outcomes: list[tuple[str, str]] = []
        writes: list[Any] = []
        opening: list[Move] = []
        for flight in flights:
            moved = self._moved(flight, former)
            if isinstance(moved, Stays):
                outcomes.append(("skipped", moved.reason))
                writes.append((SETTLE, self._settled(flight.case.id, "skipped", moved.reason, None)))
                continue
            says = self.says if moved.sheet["old_stage"] == moved.sheet["new_stage"] else (
                f"{self.says}：{moved.sheet['old_stage_label']} → {moved.sheet['new_stage_label']}"
            )  # fmt: skip
            entered(moved, migration_id=self.id, reason=self.reason, actor=self.actor, now=self.now, says=says,
                    action=TAKE_BACK if self.undoes else MIGRATE)  # fmt: skip
            outcomes.append(("done", ""))
            writes += moved.writes
            writes.append((SETTLE, self._settled(flight.case.id, "done", "", moved.case.seq)))
            if moved.opens:
                opening.append(moved)
        if len(flights) > 1:
            send_many(conn, writes, IN_ORDER)
        else:
            send(conn, writes)  # as they were worked out: what got into its own way in a batch goes alone
        for moved in opening:
            for part in moved.opens:
                open_case(
                    self.office, conn, part.opens, subject=("household", moved.case.household_id), area_code=moved.case.area_code,
                    actor=self.actor, now=self.now, title=moved.case.title, parent=moved.case, facts={"part": part.code},
                )  # fmt: skip
        return outcomes

    def _moved(self, flight: Flight, former: Mapping[int, tuple[int, dict[str, Any]]]) -> Move | Stays:
        if self.ways is not None:
            return move(self.office, self.ways, flight, self.now)
        if flight.case.id not in former:
            return Stays(flight.case.number, flight.case.stage, "迁移记录不完整，不能退回")
        seq, body = former[flight.case.id]
        return take_back(self.office.catalogue, flight, body, seq, self.now)

    def _former(self, conn: Connection, ids: list[int]) -> dict[int, tuple[int, dict[str, Any]]]:
        rows = conn.execute(
            select(MigrationCase.case_id, MigrationCase.seq, CaseForm.body)
            .join(CaseForm, (CaseForm.case_id == MigrationCase.case_id) & (CaseForm.seq == MigrationCase.seq))
            .where(MigrationCase.migration_id == self.undoes, among(MigrationCase.case_id, ids))
        )
        return {row.case_id: (row.seq, row.body) for row in rows}

    def _settled(self, case_id: int, state: str, reason: str, seq: int | None) -> dict[str, Any]:
        return {
            "migration": self.id,
            "case": case_id,
            "new_state": state,
            "new_reason": reason,
            "new_seq": seq,
        }
