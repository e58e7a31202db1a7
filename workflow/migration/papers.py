"""The papers of a migration: written by one person, edited, signed by another, thrown away while a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import NotFound, Unmet
from workflow.migration.plan import Plan
from workflow.migration.sheet import dry_run, plan_faults, totals, ways_of
from workflow.models import Migration, MigrationCase
from workflow.office import Office
from workflow.releases.signing import author, sign


def propose(
    office: Office, session: Session, plan: Plan, *, reason: str, actor: Actor, now: datetime
) -> Migration:
    """Write a migration: a draft that may still have faults and can be edited. Raises NotPermitted, NotFound, Unmet."""
    paper = author(actor, now)
    ways_of(office.catalogue, plan)
    if plan.source == plan.target:
        raise Unmet("原版本和目标版本相同，没有可以迁移的。")
    none_running(session, plan.definition)
    row = Migration(
        definition=plan.definition, source_edition=plan.source, target_edition=plan.target, plan=plan.as_json(),
        effects=totals(dry_run(office, session, plan, now)), reason=reason.strip(), state="draft", **paper,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def edit(
    office: Office,
    session: Session,
    migration_id: int,
    plan: Plan,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Migration:
    """Write the plan of a draft anew; who edits last is its author. Raises NotFound, NotPermitted, Unmet."""
    row = find(session, migration_id)
    if row.state != "draft" or row.undoes_id is not None:
        raise Unmet("已经签发的迁移不能再改。")
    if (plan.definition, plan.source, plan.target) != (
        row.definition,
        row.source_edition,
        row.target_edition,
    ):
        raise Unmet("这份方案属于别的流程或版本，请另起草一份。")
    paper = author(actor, now)
    row.plan, row.reason = plan.as_json(), reason.strip()
    row.effects = totals(dry_run(office, session, plan, now))
    row.written_by, row.written_name, row.written_at = (
        paper["written_by"],
        paper["written_name"],
        paper["written_at"],
    )
    session.flush()
    return row


def propose_undo(
    session: Session, migration_id: int, *, batch: int | None = None, reason: str, actor: Actor, now: datetime
) -> Migration:
    """Write the migration that takes another back, whole or one batch of it. Raises NotFound, NotPermitted, Unmet."""
    row, paper = find(session, migration_id), author(actor, now)
    if row.undoes_id is not None:
        raise Unmet("退回本身不能再退回，请重新迁移。")
    chosen = done_of(row.id, batch)
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


def done_of(migration_id: int, batch: int | None) -> list[Any]:
    """Which cases of a migration were moved, in one batch or in all."""
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


def find(session: Session, migration_id: int) -> Migration:
    """A migration by its number. Raises NotFound."""
    row = session.get(Migration, migration_id)
    if row is None:
        raise NotFound("没有这次迁移。")
    return row


def tally(session: Session, migration_id: int) -> dict[str, int]:
    """How many cases of a migration are done, skipped, failed and still waiting; the sum is the selection."""
    rows = session.execute(
        select(MigrationCase.state, func.count())
        .where(MigrationCase.migration_id == migration_id)
        .group_by(MigrationCase.state)
    )
    return {"done": 0, "skipped": 0, "failed": 0, "waiting": 0} | dict(rows.all())


def none_running(session: Session, definition: str) -> None:
    """Raise Unmet while another migration of the definition is being carried out."""
    other = session.scalar(
        select(Migration.id).where(Migration.definition == definition, Migration.state == "running").limit(1)
    )
    if other is not None:
        raise Unmet(f"迁移 {other} 正在执行，请等它完成。")
