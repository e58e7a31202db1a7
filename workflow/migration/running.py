"""A migration from its first draft to its last case: written, signed by a second person, done in batches, taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.acts import open_case
from workflow.db import Database
from workflow.errors import Busy, NotFound, Unmet
from workflow.migration.back import take_back
from workflow.migration.caseload import Flight, read_flights
from workflow.migration.moving import MIGRATE, TAKE_BACK, Move, Stays, Ways, entered, move
from workflow.migration.plan import Plan
from workflow.migration.rows import SETTLE
from workflow.migration.sheet import BATCH, dry_run, plan_faults, totals, ways_of
from workflow.models import Case, CaseForm, Migration, MigrationCase
from workflow.office import Office
from workflow.releases.signing import author, sign
from workflow.sending import send
from workflow.sweeps import Swept, never

log = logging.getLogger(__name__)


def propose(office: Office, session: Session, plan: Plan, *, reason: str, actor: Actor, now: datetime) -> Migration:
    """Write a migration: a draft that may still have faults and can be edited. Raises NotPermitted, NotFound, Unmet."""
    paper = author(actor, now)
    ways_of(office.catalogue, plan)
    if plan.source == plan.target:
        raise Unmet("原版本和目标版本相同，没有可以迁移的。")
    _none_running(session, plan.definition)
    row = Migration(
        definition=plan.definition, source_edition=plan.source, target_edition=plan.target, plan=plan.as_json(),
        effects=totals(dry_run(office, session, plan, now)), reason=reason.strip(), state="draft", **paper,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def edit(office: Office, session: Session, migration_id: int, plan: Plan, *, reason: str, actor: Actor, now: datetime) -> Migration:
    """Write the plan of a draft anew; who edits last is its author. Raises NotFound, NotPermitted, Unmet."""
    row = find(session, migration_id)
    if row.state != "draft" or row.undoes_id is not None:
        raise Unmet("已经签发的迁移不能再改。")
    if (plan.definition, plan.source, plan.target) != (row.definition, row.source_edition, row.target_edition):
        raise Unmet("这份方案属于别的流程或版本，请另起草一份。")
    paper = author(actor, now)
    row.plan, row.reason = plan.as_json(), reason.strip()
    row.effects = totals(dry_run(office, session, plan, now))
    row.written_by, row.written_name, row.written_at = paper["written_by"], paper["written_name"], paper["written_at"]
    session.flush()
    return row


def propose_undo(
    session: Session, migration_id: int, *, batch: int | None = None, reason: str, actor: Actor, now: datetime
) -> Migration:
    """Write the migration that takes another back, whole or one batch of it. Raises NotFound, NotPermitted, Unmet."""
    row, paper = find(session, migration_id), author(actor, now)
    if row.undoes_id is not None:
        raise Unmet("退回本身不能再退回，请重新迁移。")
    chosen = _done(row.id, batch)
    number = session.scalar(select(func.count()).select_from(MigrationCase).where(*chosen)) or 0
    if not number:
        raise Unmet("这次迁移没有可以退回的案件。")
    back = Migration(
        definition=row.definition, source_edition=row.target_edition, target_edition=row.source_edition, plan={},
        effects={"cases": number, "moves": number, "stays": 0, "ways": {}, "why": {}, "clocks": {}, "late": {}},
        reason=reason.strip(), state="draft", undoes_id=row.id, undoes_batch=batch, **paper,
    )  # fmt: skip
    session.add(back)
    session.flush()
    return back


def _done(migration_id: int, batch: int | None) -> list[Any]:
    found: list[Any] = [MigrationCase.migration_id == migration_id, MigrationCase.state == "done"]
    return found if batch is None else [*found, MigrationCase.batch == batch]


def confirm(office: Office, session: Session, migration_id: int, *, actor: Actor, now: datetime) -> Migration:
    """The second signature, by another person who has seen the effect sheet: from now on the plan stands.

    Raises NotFound, NotPermitted, and Unmet with the first fault of the plan on what runs now.
    """
    row = find(session, migration_id)
    if row.undoes_id is None:
        plan = Plan.from_json(row.plan)
        if found := plan_faults(office, session, plan):
            more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
            raise Unmet(f"方案还不能执行：{found[0]}{more}")
        row.effects = totals(dry_run(office, session, plan, now))
    if not row.reason:
        raise Unmet("请先写明迁移的理由。")
    sign(row, actor, now)
    row.state = "signed"
    session.flush()
    return row


def withdraw(session: Session, migration_id: int, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away. Raises NotFound, NotPermitted, Unmet."""
    author(actor, now)
    row = find(session, migration_id)
    if row.state != "draft":
        raise Unmet("已经签发的迁移不能撤销，只能执行后退回。")
    session.delete(row)
    session.flush()


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
            _none_running(session, row.definition)
            if row.undoes_id is None:
                mine = select(Case.id).where(
                    Case.definition == row.definition, Case.edition == row.source_edition, Case.closed_at.is_(None)
                )
            else:
                mine = select(MigrationCase.case_id).where(*_done(row.undoes_id, row.undoes_batch))
            ids = mine.subquery()
            place = (func.row_number().over(order_by=ids.c[0]) - 1) / BATCH + 1
            chosen = select(literal(row.id), ids.c[0], place, literal("waiting"), literal(""))
            session.execute(insert(MigrationCase).from_select(["migration_id", "case_id", "batch", "state", "reason"], chosen))
            row.state = "running"
            session.flush()
        session.expunge(row)
        return row


def run(
    office: Office, database: Database, migration_id: int, now: datetime, stopped: Callable[[], bool] = never, *, retry: bool = False
) -> Swept:
    """Carry out a signed migration batch by batch; what a kill has interrupted goes on where it was.

    A case that somebody holds is left waiting and comes again in the next run. `retry` takes the failed ones up again.
    """
    row = start(office, database, migration_id)
    if retry:
        with database.acting() as conn:
            again = update(MigrationCase).where(MigrationCase.migration_id == row.id, MigrationCase.state == "failed")
            conn.execute(again.values(state="waiting", reason=""))
            conn.execute(update(Migration).where(Migration.id == row.id).values(state="running", finished_at=None))
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


def run_waiting(office: Office, database: Database, now: datetime, stopped: Callable[[], bool] = never) -> Swept:
    """Go on with every migration that was set going: what the scheduler does."""
    with database.reading() as session:
        ids = list(session.scalars(select(Migration.id).where(Migration.state == "running").order_by(Migration.id)))
    swept = Swept()
    for migration_id in ids:
        one = run(office, database, migration_id, now, stopped)
        swept.done, swept.failed, swept.error = swept.done + one.done, swept.failed + one.failed, swept.error or one.error
    return swept


def _finish(database: Database, migration_id: int, now: datetime) -> None:
    with database.acting() as conn:
        mine = select(MigrationCase.case_id).where(MigrationCase.migration_id == migration_id, MigrationCase.state == "waiting")
        if conn.execute(mine.limit(1)).first() is None:
            conn.execute(
                update(Migration).where(Migration.id == migration_id, Migration.state == "running").values(state="done", finished_at=now)
            )


class _Work:
    """Carrying out one migration: its way, its signers, and what each batch needs."""

    def __init__(self, office: Office, row: Migration, now: datetime) -> None:
        self.office, self.now, self.id, self.undoes = office, now, row.id, row.undoes_id
        self.reason = row.reason
        self.actor = Actor(row.signed_by, f"{row.written_name}、{row.signed_name}"[:60])
        self.ways: Ways | None = None if row.undoes_id else ways_of(office.catalogue, Plan.from_json(row.plan))
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
                MigrationCase.migration_id == self.id, MigrationCase.case_id.in_(ids), MigrationCase.state == "waiting"
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
        send(conn, writes)
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
            .where(MigrationCase.migration_id == self.undoes, MigrationCase.case_id.in_(ids))
        )
        return {row.case_id: (row.seq, row.body) for row in rows}

    def _settled(self, case_id: int, state: str, reason: str, seq: int | None) -> dict[str, Any]:
        return {"migration": self.id, "case": case_id, "new_state": state, "new_reason": reason, "new_seq": seq}


def find(session: Session, migration_id: int) -> Migration:
    """A migration by its number. Raises NotFound."""
    row = session.get(Migration, migration_id)
    if row is None:
        raise NotFound("没有这次迁移。")
    return row


def tally(session: Session, migration_id: int) -> dict[str, int]:
    """How many cases of a migration are done, skipped, failed and still waiting; the sum is the selection."""
    rows = session.execute(
        select(MigrationCase.state, func.count()).where(MigrationCase.migration_id == migration_id).group_by(MigrationCase.state)
    )
    return {"done": 0, "skipped": 0, "failed": 0, "waiting": 0} | dict(rows.all())


def _none_running(session: Session, definition: str) -> None:
    other = session.scalar(select(Migration.id).where(Migration.definition == definition, Migration.state == "running").limit(1))
    if other is not None:
        raise Unmet(f"迁移 {other} 正在执行，请等它完成。")


__all__ = ["confirm", "edit", "find", "propose", "propose_undo", "run", "run_waiting", "start", "tally", "withdraw"]
