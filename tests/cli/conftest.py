"""The command in this process, on a district of its own and a clock that stands still."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrations import schema
from web.cli import main
from web.cli.base import Tool
from workflow.clock import FixedClock
from workflow.db import Database

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@dataclass
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Jiuzhu = Callable[..., Said]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "template.db"
    database = Database(f"sqlite:///{path}")
    with database.acting() as conn:
        schema.upgrade(conn)
    database.close()
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jiuzhu:
    """`jiuzhu(*words, stdin=, now=)` where there is no database yet."""
    for name in ("SECRET_KEY", "PUBLIC_URL", "PORT", "SMTP_URL", "FONT_PATH", "PROXIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'district.db'}")
    monkeypatch.chdir(tmp_path)

    def call(*words: str, stdin: str | None = None, now: datetime = NOW) -> Said:
        tool = Tool(FixedClock(now))
        done = CliRunner().invoke(main, words, input=stdin, obj=tool)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture
def jiuzhu(bare: Jiuzhu, template: Path, tmp_path: Path) -> Jiuzhu:
    """The same on a migrated database."""
    shutil.copy(template, tmp_path / "district.db")
    return bare
