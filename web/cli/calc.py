"""`calc RULE FILE` and `calc deadline START RULE`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from definitions.editions.catalogue import edition as edition_of
from definitions.editions.samples import SAMPLE_STANDARDS
from definitions.editions.standards import Standards
from definitions.rules.calc import RULES, calculate
from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, read_day, read_moment
from workflow.calendar import Calendar, seeded_calendar
from workflow.db import Database
from workflow.errors import NotMigrated, Refused
from workflow.models import Setting
from workflow.office import read_calendar
from workflow.periods import CHINA, Hours, parse_rule

MOST_BYTES = 4_000_000
_YES_NO = {True: "是", False: "否", None: "—"}


@main.command()
@click.argument("rule", metavar="RULE")
@click.argument("words", nargs=-1, required=True, metavar="FILE | START PERIOD")
@click.option("--edition", default=None, help="规则版本（只用于 deadline）。")
@pass_tool
def calc(tool: Tool, rule: str, words: tuple[str, ...], edition: str | None) -> Answer:
    """按一条规则计算，给出结果、推导步骤和依据。

    RULE 是 benefit、means、temporary、medical、selfcare、rigid、recovery、review、payment 之一，FILE 是 JSON 文件
    （- 为标准输入）；或 deadline START PERIOD：从 START 起算 10wd（工作日）、7d（天）、3m（个月）的末日，
    或从 2016-09-05T14:30 起算 24h（小时）的时刻。
    """
    if rule == "deadline":
        start, period = _exactly(words, 2, "deadline 后面要写起算日期和期限，例如 2016-09-05 5wd")
        return _deadline(tool, start, period, edition)
    if rule not in RULES:
        raise Refused(f"没有计算规则“{rule}”；可用的：{'、'.join([*RULES, 'deadline'])}。")
    if edition is not None:
        raise click.UsageError("--edition 只用于 deadline；其他规则在资料里写 edition。")
    (name,) = _exactly(words, 1, "请只写一个文件")
    answer = calculate(rule, _read(name), standards=_standards(tool))
    return Answer(answer, list(_words(answer)))


def _exactly(words: tuple[str, ...], n: int, message: str) -> tuple[str, ...]:
    if len(words) != n:
        raise click.UsageError(message)
    return words


def _deadline(tool: Tool, start: str, period: str, edition: str | None) -> Answer:
    if edition is not None:
        edition_of(edition)
    rule = parse_rule(period)
    begins = read_moment(start, "起算时刻") if isinstance(rule, Hours) else read_day(start, "起算日期")
    counted = rule.count(begins, _calendar(tool))
    due = (
        _told(rule.ends(begins))
        if isinstance(rule, Hours) and isinstance(begins, datetime)
        else counted.due.isoformat()
    )
    document = {
        "due": due,
        "start": _told(begins) if isinstance(begins, datetime) else begins.isoformat(),
        "rule": str(counted.rule),
        "provisional": counted.provisional,
        "skipped": [{"day": step.day.isoformat(), "why": step.reason} for step in counted.skipped],
        "steps": [{"day": s.day.isoformat(), "counted": s.counted, "why": s.reason} for s in counted.steps],
    }
    if counted.provisional:
        click.echo("当年放假安排尚未公布，结果是暂定的。", err=True)
    return Answer(document, [due])


def _told(moment: datetime) -> str:
    """A moment as it is said in China, to the minute."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")


def _read(name: str) -> Any:
    """The JSON of a file or of standard input. Raises Refused."""
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if name == "-" else _file(Path(name))
        if len(raw) > MOST_BYTES:
            raise Refused("资料太大，一份资料只写一个家庭。")
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise Refused(f"读不出 {name}：{error.strerror}。") from None
    except UnicodeDecodeError:
        raise Refused(f"{name} 不是 UTF-8 编码，请转换后再用。") from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} 不是 JSON：{error}。") from None


def _file(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's keys, each at most once: of two values for one key nobody could say which was meant."""
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Refused(f"同一项写了两次：{'、'.join(twice)}，请只留一项。")
    return dict(pairs)


def _standards(tool: Tool) -> Standards:
    """The district's released amounts; without a migrated database the shipped sample."""
    from definitions.shared.assessment import standards_of

    database = _database(tool)
    if database is None:
        return SAMPLE_STANDARDS
    with database.reading() as session:
        return standards_of(session, session.get_one(Setting, "district").value)


def _calendar(tool: Tool) -> Calendar:
    """The district's calendar; without a migrated database the shipped one."""
    database = _database(tool)
    if database is None:
        return seeded_calendar()
    with database.reading() as session:
        return read_calendar(session)


def _database(tool: Tool) -> Database | None:
    if tool.database_missing:
        return None
    try:
        return tool.database
    except NotMigrated:
        return None


def _words(answer: dict[str, Any]) -> list[str]:
    lines = [f"{key}: {_plain(value)}" for key, value in answer.items() if key not in ("reasons", "steps")]
    lines += [f"· {reason['text']}" for reason in answer["reasons"]]
    lines += [
        f"{step['id']} {step['what']} = {step['value']}　{step['formula']}　［{step['source']}］"
        for step in answer["steps"]
    ]
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{key} {_plain(item)}" for key, item in value.items())
    return _YES_NO[value] if value is None or isinstance(value, bool) else str(value)
