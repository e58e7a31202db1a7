"""docs/add-a-programme.md, followed to the letter in a copy of the rooms."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-programme.md").read_text(encoding="utf-8")
ROOMS = ("workflow", "definitions", "notifications", "web", "migrations")
TESTS = ("__init__.py", "conftest.py", "district.py", "journey.py", "parts", "journeys")


def blocks(kind: str = "python") -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_a_programme_is_one_file_and_one_name(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    programme, import_line, entry, run, journeys = blocks()
    (tmp_path / "definitions" / "winter_coat.py").write_text(programme, encoding="utf-8")
    init = tmp_path / "definitions" / "__init__.py"
    text = init.read_text(encoding="utf-8")
    text = text.replace("from workflow.catalogue import", f"{import_line}from workflow.catalogue import")
    init.write_text(text.replace("DEFINITIONS = (\n", f"DEFINITIONS = (\n{entry}"), encoding="utf-8")
    (tmp_path / "run.py").write_text(run, encoding="utf-8")
    url = f"sqlite:///{tmp_path}/coats.db"

    def python(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "DATABASE_URL": url},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    python("-m", "web.cli", "definitions", "check")
    assert "冬衣发放" in python("-m", "web.cli", "definitions", "show", "winter_coat", "--format", "md")
    python("-m", "web.cli", "definitions", "new", "meal_card", "--title", "助餐卡")
    python("-m", "web.cli", "definitions", "check")
    assert "助餐卡" in python("-m", "web.cli", "definitions", "show", "meal_card", "--format", "text")
    python("-m", "web.cli", "db", "upgrade")
    assert "meal_card:NB2016" in python("-m", "web.cli", "definitions", "releases")
    assert python("-c", f"import run; print(run.walk({url!r}))").strip() == "approved"
    python("-m", "web.cli", "verify")

    for part in TESTS:
        source, target = ROOT / "tests" / part, tmp_path / "tests" / part
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "journeys" / "test_winter_coat.py").write_text(journeys, encoding="utf-8")
    for old in (tmp_path / "tests" / "journeys" / "tables").iterdir():
        old.unlink()
    (tmp_path / "tests" / "journeys" / "tables" / "coats.csv").write_text(*blocks("csv"), encoding="utf-8")
    files = re.findall(r"tests/journeys/\w+\.py", blocks("sh")[-1])
    told = python("-m", "pytest", "-q", *files)
    assert re.search(r"winter_coat .* actions 3/3  stages 4/4", told)
