"""`simulate`: the district on a simulated clock, through the same acts and sweeps as the live system."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, read_day, table
from web.cli.copying import copy, new_file
from workflow.errors import Refused

COLLECT = (50_000, 20, 100)
"""A run makes many small objects that live for one act: looking for cycles seldom saves an eighth of the time."""


HOUSEHOLDS = 60


@main.command()
@click.option("--from", "first", required=True, metavar="DATE", help="第一天；在副本上可以写 today。")
@click.option("--to", "last", required=True, metavar="DATE", help="最后一天。")
@click.option(
    "--households",
    type=int,
    help=f"家庭数，每户至少申请一次，默认 {HOUSEHOLDS}；在副本上默认按最近几周的来件。",
)
@click.option("--seed", type=int, default=1, show_default=True, help="种子；同一个种子得到同样的结果。")
@click.option("--staff", multiple=True, metavar="ROLE=N", help="某个角色在每个地方的人数，可以写多个。")
@click.option(
    "--off",
    multiple=True,
    metavar="ROLE=WHEN",
    help="谁不在岗：角色（或 all）=日期..日期，或 =fri，可以写多个。",
)
@click.option("--arrivals", default="1", metavar="FACTOR", help="来件倍数，如 1.5。")
@click.option("--flood", metavar="N/D[@DATE]", help="D 天里另有 N 户集中申请，从第一天或某日起。")
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="PLACE=RULE",
    help="改一项时限，如 dibao.county_review=10wd，可以写多个。",
)
@click.option(
    "--copy-of", "source", metavar="URL", help="先复制这个数据库，再从副本接着往后模拟；原数据库只读。"
)
@click.option(
    "--into", type=click.Path(path_type=Path), help="副本写进这个新的 SQLite 文件；不写就用 DATABASE_URL。"
)
@pass_tool
def simulate(
    tool: Tool, first: str, last: str, households: int | None, seed: int, staff: tuple[str, ...], off: tuple[str, ...],
    arrivals: str, flood: str | None, limits: tuple[str, ...], source: str | None, into: Path | None,
) -> Answer:  # fmt: skip
    """在模拟的时钟上运行一个区：家庭申请，人员办理，时限到期，到期复核；最后给出数字并核对不变量。

    在 DATABASE_URL 指明的数据库里运行并留下结果；已有案件的数据库不能用，除非用 --copy-of 先复制一份，从副本接着运行。
    """
    from definitions.rehearsal import onward, play
    from definitions.rehearsal.scenario import factor
    from web.jobs import JOBS
    from workflow.simulation.changes import Flood, Off

    if into is not None and source is None:
        raise Refused("--into 只和 --copy-of 一起用。")
    begins = tool.today() if source and first.strip() == "today" else read_day(first, "开始日期")
    usual = HOUSEHOLDS if source is None else 0
    plan = play.Plan(
        begins, read_day(last, "结束日期"), usual if households is None else households, seed, _numbers(staff),
        arrivals=factor(arrivals), off=tuple(map(Off.parse, off)), flood=Flood.parse(flood) if flood else None,
        limits=_pairs(limits, "--limit", "dibao.county_review=10wd"),
    )  # fmt: skip
    begun = time.monotonic()
    if source is not None:
        if into is not None:
            tool.config = replace(tool.config, database_url=new_file(into))
        copy(source, tool.raw_database, tool.now())
        plan = replace(plan, first=onward.first_day(tool.database, plan.first))
    edge = tool.edge
    with progress(plan.first, plan.last) as tell, seldom_collecting():
        if source is None:
            play.run(plan, edge.office, tool.database, tool.config, JOBS, tell)
            with tool.database.reading() as session:
                found = play.report(session.connection(), edge.office)
        else:
            found = onward.figures(
                onward.run(plan, edge.office, tool.database, tool.config, JOBS, tell), plan
            )
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
    for role, number in _pairs(texts, "--staff", "investigator=4").items():
        if not number.isascii() or not number.isdigit():
            raise Refused(f"--staff 请写成 角色=人数，例如 investigator=4，现在是“{role}={number}”。")
        numbers[role] = int(number)
    return numbers


def _pairs(texts: tuple[str, ...], option: str, example: str) -> dict[str, str]:
    """NAME=VALUE pairs. Raises Refused."""
    pairs = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise Refused(f"{option} 请写成 {example} 的样子，现在是“{text}”。")
        pairs[name] = value
    return pairs


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
    unplayed = [
        f"{words}：" + "，".join(f"{place} {number}" for place, number in found[name].items())
        for name, words in (("refused", "没有办成、过几天再办的"), ("unrehearsed", "没有排练、放着未办的"))
        if found.get(name)
    ]
    return [
        f"办理 {found['acts']} 步，案件 {cases['opened']} 件，办结 {cases['closed']} 件（{results}）",
        f"发放 {payments['count']} 笔，{payments['total']} 元；提醒 {found['reminders']} 次，督办 {found['escalations']} 件",
        *table(stages),
        *unplayed,
        f"不变量：{held} 项成立，{len(found['invariants']) - held} 项被破坏",
        f"日志摘要 {found['digest']}",
        f"用时 {found['seconds']} 秒",
    ]
