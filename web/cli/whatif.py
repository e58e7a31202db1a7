"""`whatif`: two scenarios side by side, each run with the same seeds in databases of their own that are thrown away."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table
from web.cli.copying import SQLITE, copy
from web.cli.simulate import HOUSEHOLDS, seldom_collecting
from workflow.db import Database
from workflow.errors import Refused

RUNS = 5


@main.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option(
    "--runs",
    type=click.IntRange(1, 100),
    default=RUNS,
    show_default=True,
    help="每个方案模拟几次，每次换一个种子。",
)
@click.option("--seed", type=int, default=1, show_default=True, help="第一个种子。")
@click.option(
    "--copy-of", "source", metavar="URL", help="两个方案都从这个数据库的副本接着模拟；原数据库只读。"
)
@pass_tool
def whatif(tool: Tool, a: Path, b: Path, runs: int, seed: int, source: str | None) -> Answer:
    """并排比较两个方案（时限、人员、走向）：哪些法定时限会逾期、多少次，附多次模拟的范围。方案是 JSON 文件。"""
    from definitions.rehearsal.compare import compare
    from definitions.rehearsal.scenario import plan_of

    usual = HOUSEHOLDS if source is None else 0
    documents = [_document(path) for path in (a, b)]
    plans = [plan_of(one, households=usual, first=tool.today() if source else None) for one in documents]
    names = [str(one.get("name") or path.stem) for one, path in zip(documents, (a, b), strict=True)]
    with _template(tool, source) as template, seldom_collecting():
        pairs = []
        for number in range(seed, seed + runs):
            first, second = (
                _ended(tool, replace(plan, seed=number), template, source is not None) for plan in plans
            )
            pairs.append((first, second))
    found = compare(pairs)
    document = {
        "a": names[0], "b": names[1], "runs": runs, "seed": seed,
        "total": found[0].as_dict(), "limits": [one.as_dict() for one in found[1:]],
    }  # fmt: skip
    return Answer(document, _lines(names, runs, found))


def _document(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"读不出 {path}：{error.strerror}。") from None
    except ValueError as error:
        raise Refused(f"{path} 不是 JSON：{error}。") from None
    if not isinstance(found, dict):
        raise Refused(f"{path} 应是一个 JSON 对象。")
    return found


@contextmanager
def _template(tool: Tool, source: str | None) -> Iterator[Path]:
    """The database from which every run starts: a new district, or a copy of the live one."""
    from migrations import schema

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        database = Database(f"{SQLITE}{path}")
        try:
            if source is None:
                with database.acting() as conn:
                    schema.upgrade(conn)
            else:
                copy(source, database, tool.now())
        finally:
            database.close()
        yield path


def _ended(tool: Tool, plan: Any, template: Path, onwards: bool) -> dict[str, dict[str, int]]:
    """One run: which limits ended in it, and how many in time."""
    from definitions.rehearsal import onward, play
    from web.edge import Edge
    from web.jobs import JOBS
    from workflow.simulation.figures import on_time

    path = template.with_name("run.db")
    shutil.copyfile(template, path)
    config = replace(tool.config, database_url=f"{SQLITE}{path}")
    edge = Edge.open(config, clock=tool.clock)
    try:
        if onwards:
            plan = replace(plan, first=onward.first_day(edge.database, plan.first))
            onward.run(plan, edge.office, edge.database, config, JOBS)
        else:
            play.run(plan, edge.office, edge.database, config, JOBS)
        with edge.database.reading() as session:
            return on_time(session.connection(), plan.first)
    finally:
        edge.database.close()
        for left in path.parent.glob("run.db*"):
            left.unlink()


def _lines(names: list[str], runs: int, found: list[Any]) -> list[str]:
    def words(band: Any) -> str:
        return f"{band.expected:.1f}（{band.low}–{band.high}）"

    rows = [("时限", f"甲 到期 {names[0]}", "甲 逾期", f"乙 到期 {names[1]}", "乙 逾期", "乙比甲")]
    rows += [
        (
            one.limit or "合计", f"{one.ended[0].expected:.1f}", words(one.missed[0]), f"{one.ended[1].expected:.1f}",
            words(one.missed[1]), f"{one.change.expected:+.1f}（{one.change.low}–{one.change.high}）",
        )
        for one in found
    ]  # fmt: skip
    return [f"每个方案模拟 {runs} 次，平均每次的件数，括号里是各次的范围", *table(rows)]
