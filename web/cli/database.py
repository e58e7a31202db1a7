"""`db upgrade` and `db check`."""

from __future__ import annotations

from web.cli import main
from web.cli.base import Answer, Tool, pass_tool


@main.group()
def db() -> None:
    """数据库：升级、核对。"""


@db.command()
@pass_tool
def upgrade(tool: Tool) -> Answer:
    """建立或升级数据表，补齐基础数据（区划、日历、规则版本、样例标准）；重复运行没有影响。"""
    from migrations import head_revision, schema

    with tool.raw_database.acting() as conn:
        schema.upgrade(conn)
    return Answer({"revision": head_revision()}, [f"数据库已是最新版本（{head_revision()}）。"])


@db.command()
@pass_tool
def check(tool: Tool) -> Answer:
    """核对数据表与程序是否一致。"""
    from migrations import schema

    with tool.database.reading() as session:
        found = schema.differences(session.connection())
    fault = f"数据表与程序有 {len(found)} 处不一致，请运行 jiuzhu db upgrade 或从备份恢复。" if found else ""
    return Answer({"differences": found}, found or ["数据表与程序一致。"], fault)
