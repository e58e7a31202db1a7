"""`import KIND FILE` and `export KIND FILE`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, write_file
from web.cli.logs import LOGS, narrowing, write_log
from web.cli.proofs import write_case, write_journal
from web.tables import TABLES
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import Refused
from workflow.exports import case_rows
from workflow.imports import Fault, ImportRefused, read_file, run
from workflow.imports.tables import csv_bytes, xlsx_bytes
from workflow.office import read_calendar
from workflow.periods import local_date
from workflow.timing.recount import Move, moves, recount

JOURNAL, CASE = "journal", "case"
SHOWN = 30
"""So many faults are shown at once; the rest stands in the report."""


@main.command("import")
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不导入。")
@click.option("--report", type=click.Path(path_type=Path), help="把不能导入的行写进这个 CSV 文件。")
@pass_tool
def import_(tool: Tool, kind: str, file: Path, dry_run: bool, report: Path | None) -> Answer:
    """导入一张表：areas 区划、holidays 节假日、households 家庭、standards 标准（CSV 或 XLSX）。

    先检查所有行，有一行不能用就什么都不导入，并逐行说明原因。栏目见 docs/import.md。
    """
    if kind not in TABLES:
        raise Refused(f"没有“{kind}”这种表；可以导入：{'、'.join(TABLES)}。")
    read = read_file(file)
    moving: list[Move] = []
    try:
        if dry_run:
            with tool.database.reading() as session:
                outcome = run(TABLES[kind](session), read, session, actor=SYSTEM_ACTOR, now=tool.now())
                moving = _moving(kind, session, tool)
        else:
            with tool.database.acting() as conn:
                session = Session(conn)
                outcome = run(TABLES[kind](session), read, session, actor=SYSTEM_ACTOR, now=tool.now())
                moving = _moving(kind, session, tool)
    except ImportRefused as refused:
        return _refusal(refused, report)
    done = "检查通过，没有导入" if dry_run else "已导入"
    words = (
        f"{done}：{outcome.rows} 行，其中新增或更新 {outcome.stored} 行，没有变化 {outcome.unchanged} 行。"
    )
    document = {"dry_run": dry_run, **vars(outcome), "failed": 0, "faults": []}
    if kind != "holidays":
        return Answer(document, [words])
    if not dry_run:
        tool.edge.refresh()
        recount(tool.edge.office, tool.database, tool.now())
    return Answer(document | {"moves": [_as_json(one) for one in moving]}, [words, *_told(moving, dry_run)])


def _moving(kind: str, session: Session, tool: Tool) -> list[Move]:
    """The running limits that the calendar now in this session puts on another day."""
    if kind != "holidays":
        return []
    return [one for one in moves(session, read_calendar(session), local_date(tool.now())) if one.moved]


def _as_json(move: Move) -> dict[str, str]:
    return {
        "case": move.number,
        "limit": move.label,
        "old": move.old.isoformat(),
        "new": move.new.isoformat(),
    }


def _told(moving: Sequence[Move], dry_run: bool) -> list[str]:
    if not moving:
        return ["没有时限因此移动。"]
    head = f"{len(moving)} 项正在计算的时限{'将' if dry_run else '已'}改为新的日期："
    lines = [
        f"{one.number} {one.label}：{one.old.isoformat()} → {one.new.isoformat()}" for one in moving[:SHOWN]
    ]
    return [head, *lines, *([f"……共 {len(moving)} 项。"] if len(moving) > SHOWN else [])]


def _refusal(refused: ImportRefused, report: Path | None) -> Answer:
    faults: Sequence[Fault] = refused.faults
    lines = [str(fault) for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"……共 {len(faults)} 处，其余请用 --report 写进文件。")
    if report is not None:
        rows = [(f.line, f.column, f.value, f.reason) for f in faults]
        write_file(report, csv_bytes([("行", "栏目", "原值", "原因"), *rows]))
        lines.append(f"不能导入的行已写进 {report}。")
    failed = len({f.line for f in faults})
    document = {
        "rows": 0,
        "stored": 0,
        "unchanged": 0,
        "failed": failed,
        "faults": [f.as_json() for f in faults],
    }
    return Answer(document, lines, refused.message)


@main.command()
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path), required=False)
@narrowing
@pass_tool
def export(tool: Tool, /, kind: str, file: Path, target: Path | None, **narrowed: Any) -> Answer:
    """导出：cases 办件表（姓名已隐去，.csv 或 .xlsx）；xes、ocel 办理日志（流程挖掘用，人员和案件用化名）；journal 完整的办理日志，供独立核对（含个人信息）；case 受理号 文件：一件的封存包。"""
    if kind == CASE and target is not None:
        return write_case(tool, str(file), target)
    if target is not None or kind == CASE:
        raise Refused("封存一件请写：jiuzhu export case 受理号 文件。")
    if kind == JOURNAL and not any(narrowed.values()):
        return write_journal(tool, file)
    if kind in LOGS:
        return write_log(tool, kind, file, **narrowed)
    if kind not in EXPORTS:
        raise Refused(f"没有“{kind}”这种导出；可以导出：{'、'.join((*EXPORTS, *LOGS, JOURNAL, CASE))}。")
    if any(narrowed.values()):
        raise Refused("这些选项只用于导出办理日志（xes、ocel）。")
    written = {".csv": csv_bytes, ".xlsx": xlsx_bytes}.get(file.suffix.lower())
    if written is None:
        raise Refused(f"{file.name} 应以 .csv 或 .xlsx 结尾。")
    edge = tool.edge
    with tool.database.reading() as session:
        rows = list(EXPORTS[kind](session, edge.office.catalogue))
    write_file(file, written(rows))
    return Answer({"rows": len(rows) - 1, "file": str(file)}, [f"已导出 {len(rows) - 1} 行到 {file}。"])


EXPORTS = {"cases": case_rows}
"""Name of a table -> its rows, the first being the titles."""
