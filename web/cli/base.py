"""What all commands share: the tool they work with, how they answer, how a refusal leaves the process.

A command returns an `Answer`; plain text or, with `--json`, one JSON document goes to standard output. Exit 0 done,
1 refused (the reason on standard error), 2 unknown command or option.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from workflow.clock import Clock, SystemClock
from workflow.config import Config
from workflow.db import Database
from workflow.errors import BadConfiguration, Refused
from workflow.periods import CHINA, local_date

if TYPE_CHECKING:
    from web.edge import Edge

DONE, REFUSED, MISUSED, INTERRUPTED = 0, 1, 2, 130


@dataclass
class Tool:
    """Configuration, clock and database of this run; everything is opened when first asked for."""

    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def config(self) -> Config:
        """The settings from the environment."""
        try:
            return Config.from_env()
        except OSError as error:
            raise BadConfiguration(f"数据库所在目录不能写入：{error}。") from error

    @cached_property
    def raw_database(self) -> Database:
        """The database, migrated or not."""
        return Database(self.config.database_url)

    @cached_property
    def database(self) -> Database:
        """The migrated database. Raises NotMigrated, or BadConfiguration where it cannot be reached."""
        if self.database_missing:
            raise BadConfiguration("数据库还没有建立，请先运行 jiuzhu db upgrade。")
        self.raw_database.check_migrated()
        return self.raw_database

    @property
    def database_missing(self) -> bool:
        """Whether the SQLite file is not there; asking SQLite would make an empty one."""
        url = self.config.database_url
        return url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists()

    @cached_property
    def edge(self) -> Edge:
        """Database and engine together, for commands that act on cases."""
        from web.edge import Edge

        assert self.database
        return Edge.open(self.config, clock=self.clock)

    def close(self) -> None:
        """Give the connections back."""
        opened = vars(self)
        if "edge" in opened:
            self.edge.database.close()
        if "raw_database" in opened:
            self.raw_database.close()

    def now(self) -> datetime:
        """The moment of this command."""
        return self.clock.now()

    def today(self) -> date:
        """The local legal date of this command."""
        return local_date(self.now())


pass_tool = click.make_pass_decorator(Tool, ensure=True)


@dataclass
class Answer:
    """What a command found: a JSON document, lines for people, and what is wrong ("" where nothing is)."""

    document: Any
    lines: Sequence[str] = ()
    fault: str = ""


class Command(click.Command):
    """A command with `--json`, whose callback returns an Answer or, where it runs on, nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--json", "as_json"],
                is_flag=True,
                expose_value=False,
                help="输出一份 JSON。",
                callback=_keep,
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        try:
            answer = super().invoke(ctx)
        finally:
            ctx.ensure_object(Tool).close()
        if isinstance(answer, Answer):
            if ctx.meta.get("as_json"):
                click.echo(json.dumps(answer.document, ensure_ascii=False, indent=1, default=str))
            else:
                for line in answer.lines:
                    click.echo(line)
            if answer.fault:
                raise Refused(answer.fault)
        return None


def _keep(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta["as_json"] = value


class Group(click.Group):
    """A group whose commands answer with `Answer`, and whose refusals leave by the agreed exit codes."""

    command_class = Command
    group_class = type

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run and exit."""
        kwargs["standalone_mode"] = False
        try:
            super().main(*args, **kwargs)
        except click.MissingParameter as error:
            _leave(MISUSED, _usage(error))
        except click.BadParameter as error:
            _leave(REFUSED, error.format_message())
        except click.UsageError as error:
            _leave(MISUSED, _usage(error))
        except click.ClickException as error:
            _leave(REFUSED, error.format_message())
        except Refused as error:
            _leave(REFUSED, error.message)
        except OperationalError as error:
            _leave(REFUSED, f"数据库连接不上或不能写入：{first_line(error.orig)}。请检查 DATABASE_URL。")
        except (click.Abort, KeyboardInterrupt):
            _leave(INTERRUPTED, "已中断。")
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(REFUSED)
        sys.exit(DONE)


def _usage(error: click.UsageError) -> str:
    help_line = f"\n用法见 {error.ctx.command_path} --help" if error.ctx else ""
    return f"{error.format_message()}{help_line}"


def _leave(code: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def first_line(error: object) -> str:
    """The first line of a driver's message."""
    return next(iter(str(error).strip().splitlines()), "")


def table(rows: Iterable[Sequence[object]]) -> list[str]:
    """Rows as lines with their columns under one another; a Chinese character takes two places."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in texts
    ]


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def read_day(text: str, what: str = "日期") -> date:
    """An ISO date. Raises Refused."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{what}请写成 2016-09-05 这样的日期，现在是“{text}”。") from None


def read_moment(text: str, what: str = "时刻") -> datetime:
    """An ISO moment, in Chinese time where it names no zone. Raises Refused."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or "T" not in text.upper():
        raise Refused(f"{what}请写成 2016-09-05T14:30 这样的时刻，现在是“{text}”。")
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises Refused."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"写不进 {path}：{error.strerror}。") from None
