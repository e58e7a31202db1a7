"""The command `jiuzhu`: one file for each group of commands."""

from __future__ import annotations

import click

from web.cli.base import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="jiuzhu", prog_name="jiuzhu")
def main() -> None:
    """救助：社会救助办理系统的命令。

    用 DATABASE_URL 指明数据库，先运行 jiuzhu db upgrade。
    """


from web.cli import (  # noqa: E402 - each module adds its commands to `main`
    calc,  # noqa: F401
    database,  # noqa: F401
    decisions,  # noqa: F401
    demo,  # noqa: F401
    doctor,  # noqa: F401
    exchange,  # noqa: F401
    keeping,  # noqa: F401
    law,  # noqa: F401
    migrating,  # noqa: F401
    releasing,  # noqa: F401
    running,  # noqa: F401
    serving,  # noqa: F401
    simulate,  # noqa: F401
    users,  # noqa: F401
    verification,  # noqa: F401
    whatif,  # noqa: F401
)
