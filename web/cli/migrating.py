"""`migrate plan|draft|list|dry-run|confirm|run|undo`: running cases brought from one edition to another."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table, write_file
from web.cli.releasing import BY, actor_named
from workflow.errors import Refused
from workflow.migration import papers, running
from workflow.migration.outcome import Move
from workflow.migration.plan import Plan
from workflow.migration.sheet import TITLES, Totals, dry_run, line, plan_faults, ways_of
from workflow.models import Migration

STATES = {"draft": "待签发", "signed": "待执行", "running": "执行中", "done": "已完成"}


@main.group()
def migrate() -> None:
    """迁移：把在办案件从一个规则版本迁到另一个，先试算，再由两人签发、分批执行，可以退回。"""


def read_plan(path: Path) -> Plan:
    """A plan from a JSON file. Raises Refused."""
    try:
        return Plan.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不出 {path}：{error}。") from None
    except json.JSONDecodeError as error:
        raise Refused(f"{path} 第 {error.lineno} 行不是 JSON：{error.msg}。") from None


@migrate.command()
@click.argument("definition")
@click.argument("source")
@click.argument("target")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="把方案写进这个文件，改好再用。",
)
@pass_tool
def plan(tool: Tool, definition: str, source: str, target: str, out: Path | None) -> Answer:
    """生成一份迁移方案，并说明还有哪些地方要写明。"""
    from definitions.transitions import suggested

    found = suggested(tool.edge.office.catalogue, definition, source, target)
    with tool.database.reading() as session:
        faults = plan_faults(tool.edge.office, session, found)
    text = json.dumps(found.as_json(), ensure_ascii=False, indent=2)
    if out is not None:
        write_file(out, text.encode())
    lines = [*([f"已写 {out}"] if out else [text]), *(f"还要写明：{fault}" for fault in faults)]
    return Answer({"plan": found.as_json(), "faults": faults}, lines)


@migrate.command("dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--csv",
    "table_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="把每件的影响写成表格。",
)
@pass_tool
def dry_run_(tool: Tool, file: Path, table_file: Path | None) -> Answer:
    """按方案试算每一件在办案件的影响，不改动任何数据。"""
    wanted, office = read_plan(file), tool.edge.office
    sums, text = Totals(), io.StringIO()
    sheet: list[dict[str, Any]] = []
    writer = csv.writer(text)
    writer.writerow(TITLES)
    with tool.database.reading() as session:
        faults, ways = plan_faults(office, session, wanted), ways_of(office.catalogue, wanted)
        for found in dry_run(office, session, wanted, tool.now()):
            sums.add(found)
            writer.writerow(line(found, ways))
            sheet.append(
                found.sheet if isinstance(found, Move) else {"number": found.number, "stays": found.reason}
            )
    if table_file is not None:
        write_file(table_file, text.getvalue().encode("utf-8-sig"))
    return Answer(
        {"totals": sums.as_json(), "faults": faults, "cases": sheet}, _totals(sums.as_json(), faults)
    )


def _totals(effects: dict[str, Any], faults: list[str]) -> list[str]:
    lines = [f"在办 {effects['cases']} 件：能迁移 {effects['moves']} 件，不能 {effects['stays']} 件。"]
    lines += [f"  {way}：{number} 件" for way, number in effects["ways"].items()]
    lines += [f"  不迁移（{number} 件）：{why}" for why, number in effects["why"].items()]
    lines += [f"  {what}：{number} 件" for what, number in effects["clocks"].items()]
    lines += [f"  新时限已过期——{what}：{number} 件" for what, number in effects["late"].items()]
    return lines + [f"方案还不能执行：{fault}" for fault in faults]


@migrate.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@BY
@click.option("--reason", required=True, help="为什么迁移，写进每件的日志。")
@pass_tool
def draft(tool: Tool, file: Path, login: str, reason: str) -> Answer:
    """按方案起草一次迁移，等另一个人签发。"""
    wanted = read_plan(file)
    with tool.database.acting() as conn:
        session = tool.edge.office.session(conn)
        actor = actor_named(session, login, tool.now())
        row = papers.propose(tool.edge.office, session, wanted, reason=reason, actor=actor, now=tool.now())
        return Answer(_row(row), [f"迁移 {row.id} 已起草。", *_totals(row.effects, [])])


@migrate.command()
@click.argument("number", type=int)
@BY
@pass_tool
def confirm(tool: Tool, number: int, login: str) -> Answer:
    """看过影响以后签发（须是起草人以外的人）。"""
    with tool.database.acting() as conn:
        session = tool.edge.office.session(conn)
        actor = actor_named(session, login, tool.now())
        row = papers.confirm(tool.edge.office, session, number, actor=actor, now=tool.now())
        return Answer(_row(row), [f"迁移 {row.id} 已由{row.signed_name}签发，可以执行。"])


@migrate.command()
@click.argument("number", type=int)
@click.option("--retry", is_flag=True, help="把失败的再办一次。")
@pass_tool
def run(tool: Tool, number: int, retry: bool) -> Answer:
    """执行一次已签发的迁移；中断以后再运行就接着办。"""
    swept = running.run(tool.edge.office, tool.database, number, tool.now(), retry=retry)
    with tool.database.reading() as session:
        sums, row = papers.tally(session, number), papers.find(session, number)
        found = _row(row) | {"tally": sums}
    words = "，".join(
        f"{label} {sums[state]} 件"
        for state, label in (("done", "完成"), ("skipped", "不迁移"), ("failed", "失败"), ("waiting", "待办"))
    )
    return Answer(found, [f"{words}。"], f"有 {sums['failed']} 件失败：{swept.error}" if swept.failed else "")


@migrate.command()
@click.argument("number", type=int)
@BY
@click.option("--batch", type=int, default=None, help="只退回这一批。")
@click.option("--reason", required=True, help="为什么退回。")
@pass_tool
def undo(tool: Tool, number: int, login: str, batch: int | None, reason: str) -> Answer:
    """起草一次退回（也要另一个人签发，再执行）；迁移以后又有办理的案件不退。"""
    with tool.database.acting() as conn:
        session = Session(conn)
        actor = actor_named(session, login, tool.now())
        row = papers.propose_undo(session, number, batch=batch, reason=reason, actor=actor, now=tool.now())
        return Answer(_row(row), [f"退回已起草，编号 {row.id}，请另一位有权的人签发后执行。"])


@migrate.command("list")
@pass_tool
def list_(tool: Tool) -> Answer:
    """列出所有迁移和各自办到哪里。"""
    with tool.database.reading() as session:
        found = [
            _row(row) | {"tally": papers.tally(session, row.id)}
            for row in session.scalars(select(Migration).order_by(Migration.id))
        ]
    lines = table(
        (
            r["id"],
            f"{r['definition']} {r['source']} → {r['target']}",
            STATES[r["state"]],
            f"{r['tally']['done']}/{sum(r['tally'].values())}",
            r["reason"],
        )
        for r in found
    )
    return Answer(found, lines or ["还没有迁移。"])


def _row(row: Migration) -> dict[str, Any]:
    return {"id": row.id, "definition": row.definition, "source": row.source_edition, "target": row.target_edition, "state": row.state,
            "reason": row.reason, "written_by": row.written_name, "signed_by": row.signed_name or None, "undoes": row.undoes_id,
            "effects": row.effects}  # fmt: skip
