"""`doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from definitions.editions.catalogue import InForce, NoEdition
from definitions.editions.ending import ending
from definitions.editions.standards import KINDS as STANDARD_KINDS
from web.cli import main
from web.cli.base import Answer, Tool, first_line, pass_tool
from workflow import health
from workflow.errors import BadConfiguration, Refused
from workflow.health import Finding
from workflow.models import EditionPeriod
from workflow.running import backlog

_MARKS = {"fine": "正常", "look": "留意", "wrong": "有误"}


@main.command()
@click.option("--production", is_flag=True, help="按正式使用的要求检查。")
@pass_tool
def doctor(tool: Tool, production: bool) -> Answer:
    """检查这个安装：哪里不对，怎么办。"""
    findings = list(_all(tool, production=production))
    lines = [
        f"［{_MARKS[f.state]}］{f.name}：{f.message}{f'　→ {f.remedy}' if f.remedy else ''}" for f in findings
    ]
    wrong = sum(f.state == "wrong" for f in findings)
    fault = f"有 {wrong} 处需要处理。" if wrong else ""
    return Answer({"ok": not wrong, "findings": [vars(f) for f in findings]}, lines, fault)


def _all(tool: Tool, *, production: bool) -> Iterator[Finding]:
    yield from health.installation()
    yield _font(tool)
    try:
        database = tool.database
    except OperationalError as error:
        yield Finding(
            "数据库", "wrong", f"连接不上：{first_line(error.orig)}。", "请检查 DATABASE_URL 和数据库服务。"
        )
        return
    except BadConfiguration as refused:
        yield Finding("数据库", "wrong", refused.message, "请运行 jiuzhu db upgrade。")
        return
    yield from health.durability(database)
    with database.reading() as session:
        yield from health.calendar(session, tool.today())
        yield from health.standards(session, tool.today(), STANDARD_KINDS)
        yield from _law(session, tool.today())
        yield from health.scheduler(session, tool.now(), _periods())
        yield from health.messages(session, tool.config, tool.now())
        yield from backlog.findings(session, tool.now())
        yield from health.people(session)
        if production:
            yield from health.production(session, database, tool.config, tool.now())


def _law(session: Session, today: date) -> Iterator[Finding]:
    """No number of the law in force ends within 60 days without one to follow it."""
    timetable = [InForce(r.edition, r.from_date, r.to_date) for r in session.scalars(select(EditionPeriod))]
    try:
        found = [f"{name}到 {last}" for name, last in ending(timetable, today, health.STANDARD_NOTICE)]
    except NoEdition as refused:
        yield Finding("规则版本", "wrong", refused.message, "请排定今天起施行的规则版本。")
        return
    if found:
        yield Finding(
            "规则版本",
            "look",
            f"60 天内到期：{'、'.join(found)}。",
            "请确认以后的规定，更新规则版本后再作新的决定。",
        )


def _periods() -> dict[str, int]:
    from web.jobs import JOBS

    return {job.id: job.every for job in JOBS}


def _font(tool: Tool) -> Finding:
    from notifications.fonts import find_font

    try:
        found = find_font(tool.config)
    except Refused as refused:
        return Finding("字体", "wrong", refused.message, "运行 make setup，或用 FONT_PATH 指定中文字体。")
    return Finding("字体", "fine", f"{found.family}（{found.path}）")
