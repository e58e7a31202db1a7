"""`simulate`: the district on a simulated clock, through the same acts and sweeps as the live system."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, read_day, table
from workflow.errors import Refused

COLLECT = (50_000, 20, 100)
"""A run makes many small objects that live for one act: looking for cycles seldom saves an eighth of the time."""


@main.command()
@click.option("--from", "first", required=True, metavar="DATE", help="第一天。")
@click.option("--to", "last", required=True, metavar="DATE", help="最后一天。")
@click.option("--households", type=int, default=60, show_default=True, help="家庭数，每户至少申请一次。")
@click.option("--seed", type=int, default=1, show_default=True, help="种子；同一个种子得到同样的结果。")
@click.option("--staff", multiple=True, metavar="ROLE=N", help="某个角色在每个地方的人数，可以写多个。")
@pass_tool
def simulate(tool: Tool, first: str, last: str, households: int, seed: int, staff: tuple[str, ...]) -> Answer:
    """在模拟的时钟上运行一个区：家庭申请，人员办理，时限到期，到期复核；最后给出数字并核对不变量。

    在 DATABASE_URL 指明的数据库里运行并留下结果；已有案件的数据库不能用。
    """
    from definitions.rehearsal.play import Plan, report, run
    from web.jobs import JOBS

    plan = Plan(read_day(first, "开始日期"), read_day(last, "结束日期"), households, seed, _numbers(staff))
    begun = time.monotonic()
    edge = tool.edge
    with progress(plan.first, plan.last) as tell, seldom_collecting():
        run(plan, edge.office, tool.database, tool.config, JOBS, tell)
    with tool.database.reading() as session:
        found = report(session.connection(), edge.office)
    broken = found.pop("broken")
    found["seconds"] = round(time.monotonic() - begun, 1)
    fault = "不变量被破坏：\n" + "\n".join(broken[:20]) if broken else ""
    return Answer(found, _lines(found), fault)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for cycles of dead objects more seldom meanwhile."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _numbers(texts: tuple[str, ...]) -> dict[str, int]:
    """ROLE=N pairs. Raises Refused."""
    numbers = {}
    for text in texts:
        role, _, number = text.partition("=")
        if not number.isascii() or not number.isdigit():
            raise Refused(f"--staff 请写成 角色=人数，例如 investigator=4，现在是“{text}”。")
        numbers[role.strip()] = int(number)
    return numbers


@contextmanager
def progress(first: date, last: date) -> Iterator[Callable[[date], None]]:
    """A bar on standard error, where people look and no JSON is asked for: told each day as it ends."""
    if click.get_current_context().meta.get("as_json") or not sys.stderr.isatty():
        yield lambda day: None
        return
    length = (last - first).days + 1
    with click.progressbar(length=length, label="模拟", file=sys.stderr, item_show_func=str) as bar:
        yield lambda day: bar.update(1, day)


def _lines(found: dict[str, Any]) -> list[str]:
    cases, payments = found["cases"], found["payments"]
    results = "，".join(f"{name} {number}" for name, number in cases["by_result"].items())
    stages = [("时限", "件数", "按时", "按时率")]
    stages += [
        (stage, kept["n"], kept["on_time"], f"{100 * kept['on_time'] // kept['n']}%")
        for stage, kept in found["on_time"].items()
    ]
    held = sum(not number for number in found["invariants"].values())
    return [
        f"办理 {found['acts']} 步，案件 {cases['opened']} 件，办结 {cases['closed']} 件（{results}）",
        f"发放 {payments['count']} 笔，{payments['total']} 元；提醒 {found['reminders']} 次，督办 {found['escalations']} 件",
        *table(stages),
        f"不变量：{held} 项成立，{len(found['invariants']) - held} 项被破坏",
        f"日志摘要 {found['digest']}",
        f"用时 {found['seconds']} 秒",
    ]
