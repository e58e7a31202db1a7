"""`backup`, `restore`, `journal verify`, `verify`."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool
from workflow.errors import Refused


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_tool
def backup(tool: Tool, file: Path) -> Answer:
    """把整个数据库备份成一个文件；系统运行时也可以备份。备份含个人信息，请妥善保管。"""
    from migrations import head_revision
    from workflow.backup import back_up

    made = back_up(tool.database, file, head_revision(), tool.now())
    document = {"file": str(file), "revision": made.revision, "made_at": made.made_at, "rows": made.rows}
    return Answer(document, [f"已备份 {made.rows} 行到 {file}。"])


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_tool
def restore(tool: Tool, file: Path) -> Answer:
    """把备份恢复到空的数据库，并核对日志；待发的消息先留着，等人看过再发。"""
    from migrations import schema
    from workflow import journal
    from workflow.backup import read_manifest
    from workflow.backup import restore as fill

    manifest = read_manifest(file)
    with tool.raw_database.acting() as conn:
        schema.bring_to(conn, manifest.revision)
        fill(conn, file, manifest, tool.now())
        schema.bring_to(conn, "head")
        verdict = journal.verify(conn)
        if not verdict.ok:
            raise Refused(f"备份里的办理日志不完整，没有恢复：{verdict.first_broken}。")
    document = {"rows": manifest.rows, "made_at": manifest.made_at, "journal_entries": verdict.entries}
    return Answer(
        document,
        [
            f"已恢复 {manifest.made_at} 的备份：{manifest.rows} 行，办理日志 {verdict.entries} 条，完整。",
            "恢复前可能已发出过的消息暂不发送，请管理员核对后放行。",
        ],
    )


@main.group("journal")
def journal_group() -> None:
    """办理日志。"""


@journal_group.command("verify")
@pass_tool
def journal_verify(tool: Tool) -> Answer:
    """核对办理日志的哈希链和检查点，指出第一处问题。"""
    from workflow.journal import verify as walk

    with tool.database.snapshot() as conn:
        verdict = walk(conn)
    document = {"entries": verdict.entries, "ok": verdict.ok, "first_broken": verdict.first_broken}
    if verdict.ok:
        return Answer(document, [f"办理日志 {verdict.entries} 条，完整。"])
    return Answer(document, fault=f"办理日志已被改动：{verdict.first_broken}。")


@main.command()
@pass_tool
def verify(tool: Tool) -> Answer:
    """核对数据库能显示的每一条不变量，列出不符合的行。"""
    from workflow.verify import invariants

    catalogue = tool.edge.office.catalogue
    with tool.database.snapshot() as conn:
        found = invariants(conn, catalogue)
    broken = {name: rows for name, rows in found.items() if rows}
    lines = [f"{name}：{row}" for name, rows in broken.items() for row in rows]
    fault = f"有 {len(broken)} 条不变量不成立，共 {len(lines)} 处。" if broken else ""
    return Answer(found, lines or [f"{len(found)} 条不变量都成立。"], fault)
