"""`run`: web and scheduler together, for one machine."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

import click
from sqlalchemy import select

from web.cli import main
from web.cli.base import Tool, pass_tool
from web.cli.demo import fill, sign_ins
from web.cli.serving import check_port
from workflow.errors import Refused
from workflow.models import User

STOP_WITHIN = 4
"""Seconds the two processes have to end before they are made to: all is over within five."""
HOST = "127.0.0.1"
_EVERY = 0.1


@main.command()
@pass_tool
def run(tool: Tool) -> None:
    """升级数据库，空库装入样例区，启动网页和定时任务。按 Ctrl-C 停止。"""
    from migrations import schema

    check_port(HOST, tool.config.port)
    with tool.raw_database.acting() as conn:
        schema.upgrade(conn)
    with tool.database.reading() as session:
        empty = session.scalar(select(User.id).limit(1)) is None
    if empty:
        click.echo("数据库是空的，正在装入样例区（约一分钟）…")
        for line in sign_ins(fill(tool)):
            click.echo(line)
    tool.database.close()
    click.echo(f"请打开 http://{HOST}:{tool.config.port}　（按 Ctrl-C 停止）")
    _supervise([_command("serve"), _command("scheduler")])


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "web.cli", name]


def _supervise(commands: Sequence[list[str]]) -> None:
    """Run the processes until a signal comes or one of them ends; then end all. Raises Refused where one failed."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    children = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own commands
    try:
        while not asked and all(child.poll() is None for child in children):
            time.sleep(_EVERY)
        ended = [
            command[-1] for command, child in zip(commands, children, strict=True) if child.poll() is not None
        ]
    finally:
        _end(children)
    if not asked:
        raise Refused(f"{'、'.join(ended)} 意外停止，已全部停止；原因见上面的输出。")


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + STOP_WITHIN
    for child in children:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
