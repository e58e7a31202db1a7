"""Migrations: the plan as a form, the effect sheet, two signatures, how far it has got, the way back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.transitions import suggested
from web import context
from web.releases.base import bp, changed, page
from workflow.errors import Refused
from workflow.migration import papers, running
from workflow.migration.plan import BEGINS, EVENT, HOWS, KEEP, BeginRule, ClockRule, Plan, clock_words, faults
from workflow.migration.sheet import TITLES, dry_run, line, load_of, ways_of
from workflow.models import Case, Migration, MigrationCase

SHOWN = 30
"""So many cases are shown on the page; all of them are in the table."""
STATES = {"draft": "待签发", "signed": "待执行", "running": "执行中", "done": "已完成"}
STAY = "="
"""The choice that leaves the cases of a stage on their edition."""


@bp.get("/migrations")
def migrations() -> ResponseReturnValue:
    """All migrations, the newest first, and a form for one more."""
    session, catalogue = context.session(), context.edge().office.catalogue
    rows = list(session.scalars(select(Migration).order_by(Migration.id.desc())))
    tallies = {row.id: papers.tally(session, row.id) for row in rows}
    titles = {blueprint.code: blueprint.title for blueprint in catalogue}
    editions = list(dict.fromkeys(edition for blueprint in catalogue for edition in blueprint.editions))
    return page(
        "migrations",
        "migrations",
        rows=rows,
        tallies=tallies,
        states=STATES,
        titles=titles,
        editions=editions,
    )


@bp.post("/migrations")
def draft_migration() -> ResponseReturnValue:
    """Write a migration with the plan to start from, or with one from a file."""
    office, given = context.edge().office, request.form
    file = request.files.get("plan")
    if file is not None and file.filename:
        plan = _read(file.read())
    else:
        plan = suggested(
            office.catalogue, given.get("definition", ""), given.get("source", ""), given.get("target", "")
        )
    with context.acting() as conn:
        row = papers.propose(
            office,
            context.write(conn),
            plan,
            reason=given.get("reason", ""),
            actor=context.actor(),
            now=context.now(),
        )
        number = row.id
    flash(_("迁移已起草。请核对方案和影响。"))
    return redirect(url_for("releases.migration", migration_id=number), 303)


def _read(body: bytes) -> Plan:
    try:
        return Plan.from_json(json.loads(body))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise Refused("这个文件不是 JSON 格式的迁移方案。") from None


@bp.get("/migrations/<int:migration_id>")
def migration(migration_id: int) -> ResponseReturnValue:
    """The plan as a form, what stands against it, its effects, and how far it has got."""
    session, office = context.session(), context.edge().office
    row = papers.find(session, migration_id)
    shown: dict[str, Any] = {
        "row": row, "states": STATES, "tally": papers.tally(session, row.id), "batches": _batches(session, row.id), "hows": HOWS,
        "begins": BEGINS, "stay": STAY, "faults": [], "cases": [], "titles": TITLES, "may_sign": row.written_by != context.actor().id,
        "back": session.scalar(select(Migration).where(Migration.undoes_id == row.id).order_by(Migration.id.desc()).limit(1)),
    }  # fmt: skip
    if row.undoes_id is None:
        plan = Plan.from_json(row.plan)
        ways = ways_of(office.catalogue, plan)
        shown |= {"plan": plan, "old": ways.old, "new": ways.new, "before": clock_words(ways.old), "after": clock_words(ways.new),
                  "old_parts": {p.code: p.label for s in ways.old.stages.values() for p in s.parts},
                  "new_parts": {p.code: p.label for s in ways.new.stages.values() for p in s.parts}}  # fmt: skip
        if row.state == "draft":
            load = load_of(session, plan.definition, plan.source)
            shown |= {"faults": faults(plan, ways.old, ways.new, load), "load": load,
                      "cases": [line(one, ways) for one in islice(dry_run(office, session, plan, context.now()), SHOWN)]}  # fmt: skip
    shown["left"] = session.execute(
        select(Case.number, MigrationCase.state, MigrationCase.reason)
        .join(Case, Case.id == MigrationCase.case_id)
        .where(MigrationCase.migration_id == row.id, MigrationCase.state.in_(("skipped", "failed")))
        .order_by(MigrationCase.state, Case.id)
        .limit(SHOWN)
    ).all()
    return page("migration", "migrations", **shown)


def _batches(session: Session, migration_id: int) -> list[int]:
    return list(
        session.scalars(
            select(MigrationCase.batch)
            .where(MigrationCase.migration_id == migration_id, MigrationCase.state == "done")
            .distinct()
            .order_by(MigrationCase.batch)
        )
    )


@bp.post("/migrations/<int:migration_id>")
def save_migration(migration_id: int) -> ResponseReturnValue:
    """Write the plan of a draft anew, as the form or a file gives it."""
    row = papers.find(context.session(), migration_id)
    file = request.files.get("plan")
    plan = _read(file.read()) if file is not None and file.filename else _typed(Plan.from_json(row.plan))

    def work(session: Session) -> None:
        papers.edit(
            context.edge().office,
            session,
            migration_id,
            plan,
            reason=request.form.get("reason", ""),
            actor=context.actor(),
            now=context.now(),
        )

    return changed(_place(migration_id), _("方案已保存，影响已重新试算。"), work, "migration_edited")


def _typed(plan: Plan) -> Plan:
    """The plan as the form on the page has it."""
    given = request.form
    ways = ways_of(context.edge().office.catalogue, plan)
    stages = {
        code: given.get(f"stage.{code}", "") for code, stage in ways.old.stages.items() if not stage.final
    }
    stay = {code: given.get(f"stay.{code}", "").strip() for code, to in stages.items() if to == STAY}
    parts = {
        part.code: given.get(f"part.{part.code}", "")
        for stage in ways.old.stages.values()
        for part in stage.parts
    }
    clocks = {
        kind: ClockRule(*(given.get(f"clock.{kind}.{name}", default).strip() for name, default in
                          (("to", ""), ("how", KEEP), ("article", ""), ("reason", ""))))
        for kind in clock_words(ways.old)
    }  # fmt: skip
    begin = {
        kind: BeginRule(
            *(
                given.get(f"begin.{kind}.{name}", default).strip()
                for name, default in (("how", EVENT), ("article", ""), ("reason", ""))
            )
        )
        for kind in plan.begin
    }
    return Plan(
        plan.definition,
        plan.source,
        plan.target,
        {c: to for c, to in stages.items() if to != STAY},
        stay,
        parts,
        clocks,
        begin,
    )


@bp.post("/migrations/<int:migration_id>/confirm")
def confirm_migration(migration_id: int) -> ResponseReturnValue:
    """The second signature."""

    def work(session: Session) -> None:
        papers.confirm(context.edge().office, session, migration_id, actor=context.actor(), now=context.now())

    return changed(_place(migration_id), _("已签发，可以执行。"), work, "migration_signed")


@bp.post("/migrations/<int:migration_id>/withdraw")
def withdraw_migration(migration_id: int) -> ResponseReturnValue:
    """Throw a draft away."""

    def work(session: Session) -> None:
        papers.withdraw(session, migration_id, actor=context.actor(), now=context.now())

    return changed(url_for("releases.migrations"), _("草稿已删除。"), work, "migration_withdrawn")


@bp.post("/migrations/<int:migration_id>/start")
def start_migration(migration_id: int) -> ResponseReturnValue:
    """Set a signed migration going; the scheduler does the batches."""
    running.start(context.edge().office, context.edge().database, migration_id)
    flash(_("已开始执行，由调度程序分批办理；这一页显示进度。"))
    return redirect(_place(migration_id), 303)


@bp.post("/migrations/<int:migration_id>/undo")
def undo_migration(migration_id: int) -> ResponseReturnValue:
    """Write the way back, of all or of one batch."""
    batch = request.form.get("batch", "")
    with context.acting() as conn:
        row = papers.propose_undo(
            context.write(conn), migration_id, batch=int(batch) if batch.isdigit() else None, reason=request.form.get("reason", ""),
            actor=context.actor(), now=context.now(),
        )  # fmt: skip
        number = row.id
    flash(_("退回已起草，请另一位有权的人签发。"))
    return redirect(_place(number), 303)


@bp.get("/migrations/<int:migration_id>/plan.json")
def migration_plan(migration_id: int) -> ResponseReturnValue:
    """The plan as a file."""
    row = papers.find(context.session(), migration_id)
    body = json.dumps(row.plan, ensure_ascii=False, indent=2)
    return Response(
        body,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="migration-{row.id}.json"'},
    )


@bp.get("/migrations/<int:migration_id>/sheet.csv")
def migration_sheet(migration_id: int) -> ResponseReturnValue:
    """The effect of the plan on every case as it stands now, as a table."""
    row = papers.find(context.session(), migration_id)
    if row.undoes_id is not None:
        raise Refused("退回按原来的数据恢复，没有试算表。")
    plan, office, now = Plan.from_json(row.plan), context.edge().office, context.now()
    database = context.edge().database

    def lines() -> Iterator[str]:
        ways = ways_of(office.catalogue, plan)
        yield "\ufeff" + _csv(TITLES)
        with database.reading() as session:
            for found in dry_run(office, session, plan, now):
                yield _csv(line(found, ways))

    return Response(
        lines(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="migration-{row.id}.csv"'},
    )


def _csv(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _place(migration_id: int) -> str:
    return url_for("releases.migration", migration_id=migration_id)
