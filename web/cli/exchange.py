"""`import KIND FILE` and `export KIND FILE`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import InForce, edition_on
from definitions.editions.standards import KINDS as STANDARD_KINDS
from definitions.rules.parameters import check_standard
from definitions.shared.assessment import standards_of
from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, write_file
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import Refused
from workflow.exports import case_rows
from workflow.imports import (
    AREAS,
    HOLIDAYS,
    HOUSEHOLDS,
    Fault,
    ImportRefused,
    Kind,
    Released,
    read_file,
    run,
    standards_kind,
)
from workflow.imports.tables import csv_bytes, xlsx_bytes
from workflow.models import EditionPeriod, Setting

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
    if kind not in KINDS:
        raise Refused(f"没有“{kind}”这种表；可以导入：{'、'.join(KINDS)}。")
    read = read_file(file)
    try:
        if dry_run:
            with tool.database.reading() as session:
                outcome = run(KINDS[kind](session), read, session, actor=SYSTEM_ACTOR, now=tool.now())
        else:
            with tool.database.acting() as conn:
                session = Session(conn)
                outcome = run(KINDS[kind](session), read, session, actor=SYSTEM_ACTOR, now=tool.now())
    except ImportRefused as refused:
        return _refusal(refused, report)
    done = "检查通过，没有导入" if dry_run else "已导入"
    words = (
        f"{done}：{outcome.rows} 行，其中新增或更新 {outcome.stored} 行，没有变化 {outcome.unchanged} 行。"
    )
    return Answer({"dry_run": dry_run, **vars(outcome), "failed": 0, "faults": []}, [words])


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


def _standards(session: Session) -> Kind:
    """The import of standards, each judged by the edition in force on its first day (ZJ-10)."""
    timetable = [
        InForce(row.edition, row.from_date, row.to_date) for row in session.scalars(select(EditionPeriod))
    ]
    held = standards_of(session, session.get_one(Setting, "district").value)

    def amount(file: Sequence[Released], kind: str, item: Released) -> Decimal | None:
        own = (
            r
            for r in file
            if (r.kind, r.setting) == (kind, "urban") and r.from_date <= item.from_date <= r.to_date
        )
        found = next(own, None)
        return found.amount if found else held.on(kind, "urban", item.from_date)

    def check(item: Released, file: Sequence[Released]) -> None:
        if item.kind == "standard":
            law = edition_on(item.from_date, timetable)
            wage, urban = (amount(file, kind, item) for kind in ("minimum_wage", "standard"))
            check_standard(law, item.setting, item.amount, item.from_date, minimum_wage=wage, urban=urban)

    return standards_kind(STANDARD_KINDS, check)


KINDS: dict[str, Callable[[Session], Kind]] = {
    "areas": lambda _: AREAS,
    "holidays": lambda _: HOLIDAYS,
    "households": lambda _: HOUSEHOLDS,
    "standards": _standards,
}
"""Name of a table -> its import."""


@main.command()
@click.argument("kind", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@pass_tool
def export(tool: Tool, kind: str, file: Path) -> Answer:
    """导出一张表：cases 办件（姓名已隐去），格式按文件名是 .csv 或 .xlsx。"""
    if kind not in EXPORTS:
        raise Refused(f"没有“{kind}”这种导出；可以导出：{'、'.join(EXPORTS)}。")
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
