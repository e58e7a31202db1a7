"""A town's register of thirty families, imported by the command as it is installed."""

import csv
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.register import FAMILIES, families, register, with_faults, write


@pytest.fixture
def jiuzhu(sqlite_url: str, tmp_path: Path):
    """The installed command on a district of its own."""
    program = Path(sys.executable).with_name("jiuzhu")
    environment = {**os.environ, "DATABASE_URL": sqlite_url, "PYTHONUTF8": "1"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def stored(url: str) -> tuple[int, int]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        return tuple(
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("household", "person")
        )


def test_a_register_is_imported_whole_or_not_at_all(jiuzhu, sqlite_url, tmp_path):
    rows = register(families())
    spoilt, told = with_faults(rows)

    refused = jiuzhu(
        "import", "households", str(write(tmp_path / "登记表.csv", spoilt)), "--report", "错误.csv"
    )
    assert refused.returncode == 1
    assert "有 5 行不能导入，什么都没有导入" in refused.stderr
    named = {
        int(re.match(r"第 (\d+) 行", line)[1]): line
        for line in refused.stdout.splitlines()
        if line.startswith("第")
    }
    assert sorted(named) == sorted(told)
    for line, (column, reason) in told.items():
        assert f"“{column}”" in named[line]
        assert reason in named[line]
    with (tmp_path / "错误.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sorted(int(row["行"]) for row in csv.DictReader(file)) == sorted(told)
    assert stored(sqlite_url) == (0, 0)

    corrected = jiuzhu("import", "households", str(write(tmp_path / "登记表.csv", rows)))
    assert (corrected.returncode, corrected.stderr) == (0, "")
    assert f"已导入：{len(rows)} 行" in corrected.stdout
    assert stored(sqlite_url) == (FAMILIES, len(rows))
