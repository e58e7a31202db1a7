"""No binary fraction comes near money."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MONEY_MODULES = ("*money*", "*ledger*", "*payment*", "*fund*", "*household*", "*standard*")
FILES = sorted(
    {
        *(ROOT / "definitions").rglob("*.py"),
        *(f for form in MONEY_MODULES for f in (ROOT / "workflow").rglob(f"{form}.py")),
    }
)


def floats(source):
    """The lines where a float is written or made."""
    found = []
    for node in ast.walk(ast.parse(source)):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        name = isinstance(node, ast.Name) and node.id == "float"
        call = isinstance(node, ast.Attribute) and node.attr in ("as_float", "fsum")
        if literal or name or call:
            found.append(node.lineno)
    return found


def test_there_is_something_to_look_at():
    assert len(FILES) > 25


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_float(path):
    assert floats(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["x = 0.5", "x = float(y)", "def f(x: float): ..."])
def test_a_float_would_be_found(line):
    assert floats(line) == [1]
