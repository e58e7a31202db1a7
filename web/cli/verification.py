"""`verification`: the roads to the bureaus, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.bureaus import settings
from notifications.bureaus.exporting import export_batch
from notifications.bureaus.importing import import_batches
from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table
from workflow.errors import NotFound, Refused
from workflow.models import VerificationSource
from workflow.running.job import Run

SHOWN = 30
"""So many faults are shown; all stand in the file beside the one that came in."""
ALL = "all"


@main.group()
def verification() -> None:
    """经济状况核对：来源部门的设置和批量文件。"""


@verification.command("sources")
@pass_tool
def sources_(tool: Tool) -> Answer:
    """列出来源部门：核对方式、线路、待发出和等答复的查询数。"""
    with tool.database.reading() as session:
        found = settings.standings(session, tool.config)
        rows = [
            (
                one.source.code, one.source.title, settings.TRANSPORTS[one.source.transport], one.source.address,
                settings.CIRCUITS[one.source.circuit], one.queued, one.waiting, one.by_hand, one.lacks,
            )
            for one in found
        ]  # fmt: skip
    head = ("代码", "来源", "核对方式", "地址", "线路", "待发出", "等答复", "转人工", "还缺")
    names = ("code", "title", "transport", "address", "circuit", "queued", "waiting", "by_hand", "lacks")
    return Answer([dict(zip(names, row, strict=True)) for row in rows], table([head, *rows]))


@verification.command("set")
@click.argument("source", metavar="SOURCE|all")
@click.option("--transport", type=click.Choice(list(settings.TRANSPORTS)), help="http、files 或 letter。")
@click.option("--address", help="网址、文件夹名或通信地址；{source} 换成代码。")
@click.option("--secret", "secret_name", help="密钥名称：密钥在环境变量 BUREAU_SECRET_名称 里。")
@click.option("--retry", "retry_seconds", help="失败后隔多久重试，秒数用空格分开。")
@click.option("--timeout", "timeout_seconds", help="每次等待的秒数。")
@click.option("--poll", "poll_seconds", help="对方受理后隔多少秒查询。")
@pass_tool
def set_(tool: Tool, /, source: str, **given: str | None) -> Answer:
    """设置一个或全部（all）来源部门怎样联通；没有写的保持不变。"""
    changed = {name: value for name, value in given.items() if value is not None}
    with tool.database.acting() as conn:
        session = Session(conn)
        found = _sources(session, None if source == ALL else source)
        for one in found:
            words = {name: value.replace("{source}", one.code) for name, value in changed.items()}
            settings.change(session, one.code, settings.typed(one) | words)
        done = [one.code for one in found]
    return Answer({"changed": done}, [f"已设置 {len(done)} 个来源：{'、'.join(done)}。"])


@verification.command("export-batch")
@click.argument("source", required=False)
@click.option("--another", is_flag=True, help="今天已经发过，再发一份。")
@pass_tool
def export_batch_(tool: Tool, source: str | None, another: bool) -> Answer:
    """把待发出的查询写成批量文件；不写 SOURCE 就是全部用批量文件的来源。"""
    run, made = _run(tool), []
    for one in _on_files(tool, source):
        file = export_batch(run, one, another=another)
        made.append({"source": one.code, "file": file.name if file else "", "rows": file.rows if file else 0})
    lines = [
        f"{one['source']}：{one['file']}，{one['rows']} 项查询"
        if one["file"]
        else f"{one['source']}：没有要发出的"
        for one in made
    ]
    return Answer(made, lines)


@verification.command("import-batch")
@click.argument("source", required=False)
@pass_tool
def import_batch_(tool: Tool, source: str | None) -> Answer:
    """读入各部门交来的答复文件；损坏的整份退回，有误的逐行列出。"""
    documents: list[dict[str, Any]] = []
    lines: list[str] = []
    for one in _on_files(tool, source):
        for found in import_batches(_run(tool), one):
            documents.append(
                {"source": one.code, "file": found.name, "rows": found.rows, "stored": found.stored,
                 "refused": found.refused, "whole": found.whole, "known": found.known,
                 "faults": [fault.as_json() for fault in found.faults]}
            )  # fmt: skip
            said = (
                "整份退回"
                if not found.whole
                else "以前收过"
                if found.known
                else f"收下 {found.stored} 行，退回 {found.refused} 行"
            )
            lines.append(f"{one.code} {found.name}：{said}")
            lines += [f"  {fault}" for fault in found.faults[:SHOWN]]
    bad = sum(1 for one in documents if one["faults"])
    return Answer(
        documents, lines or ["没有新的答复文件。"], f"{bad} 个文件有没有收下的内容，原因见上。" if bad else ""
    )


def _run(tool: Tool) -> Run:
    return Run(tool.edge.office, tool.database, tool.config, tool.now())


def _on_files(tool: Tool, code: str | None) -> Iterator[VerificationSource]:
    """The source named, or all that exchange files. Raises Refused where there is none."""
    with tool.database.reading() as session:
        found = [one for one in _sources(session, code) if one.transport == "files"]
    if not found:
        raise Refused("没有用批量文件的来源；请先用 jiuzhu verification set 或在管理页面设置。")
    yield from found


def _sources(session: Session, code: str | None) -> list[VerificationSource]:
    wanted = select(VerificationSource).order_by(VerificationSource.code)
    found = list(session.scalars(wanted if code is None else wanted.where(VerificationSource.code == code)))
    if not found:
        raise NotFound(f"没有“{code}”这个来源，可用的见 jiuzhu verification sources。")
    return found
