"""What a release binds beside the definition: the letters' layouts and words, and each edition's numbers."""

from __future__ import annotations

import ast
from dataclasses import asdict
from functools import cache

from definitions.editions.catalogue import EDITIONS
from definitions.letters import LAYOUTS
from workflow.pictures import digest_of
from workflow.releases.release import Bound


@cache
def bound() -> Bound:
    """The fingerprints of this program's letters and numbers."""
    numbers = {code: digest_of(_plain(asdict(edition))) for code, edition in EDITIONS.items()}
    return Bound(_letters(), numbers)


def _letters() -> str:
    """Over all layouts and all words of the letters: a comment or a name in the code is no change, a word is."""
    layouts = {path.name: path.read_text(encoding="utf-8") for path in sorted(LAYOUTS.glob("*.typ"))}
    words = {
        path.name: list(_texts(path.read_text(encoding="utf-8"))) for path in sorted(LAYOUTS.glob("*.py"))
    }
    return digest_of([layouts, words])


def _texts(code: str) -> list[str]:
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    texts = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [str(node.value) for node in texts if id(node) not in docs]


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
