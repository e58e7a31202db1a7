"""`export journal FILE`, `export case NUMBER FILE`, `journal checker`: what others verify without the service."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.base import Answer, Tool
from web.cli.keeping import journal_group
from workflow.errors import Refused


def write_journal(tool: Tool, file: Path) -> Answer:
    """The whole journal as JSON lines, whole or not at all. Raises Refused."""
    from workflow.running.journal_export import journal_lines

    part, lines = file.with_name(f"{file.name}.part"), 0
    try:
        with tool.database.snapshot() as conn, part.open("w", encoding="utf-8") as stream:
            for line in journal_lines(conn, tool.now()):
                stream.write(line)
                lines += 1
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"写不进 {file}：{error.strerror}。") from None
    return Answer(
        {"file": str(file), "lines": lines, "bytes": file.stat().st_size},
        [f"已导出 {lines} 行到 {file}。", "用 jiuzhu journal checker 得到核对程序：python checker.py 文件。"],
    )


@journal_group.command("checker")
def checker() -> None:
    """打印独立的核对程序（一个文件，只用 Python 标准库）：jiuzhu journal checker > checker.py。"""
    from workflow import checker as program

    click.echo(Path(program.__file__).read_text(encoding="utf-8"), nl=False)
