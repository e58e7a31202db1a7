"""What a guard, an effect or a form reads and writes down, seen in its source without running it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from workflow.forms import Form

FORM = "form"
"""What effects call the answers, and guards `facts.form`."""


@dataclass(frozen=True)
class Uses:
    """The answers a function cannot do without, and those it puts on the form itself."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def __or__(self, other: Uses) -> Uses:
        return Uses(self.reads | other.reads, self.writes | other.writes)


@lru_cache(maxsize=2048)
def uses(function: Callable[..., Any]) -> Uses:
    """What it and the functions of its module to which it hands the form use; nothing where there is no source."""
    found, seen = Uses(), set[Any]()
    todo = [inspect.unwrap(getattr(function, "__func__", function))]
    while todo:
        one = todo.pop()
        if one in seen or not inspect.isfunction(one):
            continue
        seen.add(one)
        tree = _tree(one)
        found |= Uses(frozenset(_named(tree, ast.Load)), frozenset(_named(tree, ast.Store)))
        todo += [one.__globals__.get(name) for name in _handed_to(tree)]
    return found


def added_by_clean(form: type[Form]) -> frozenset[str]:
    """The keys that a form's own `clean` adds to the answers."""
    nodes = ast.walk(_tree(form.clean.__func__))  # type: ignore[attr-defined]
    return frozenset(
        key.value
        for node in nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )


def texts_in(function: Any, seen: set[str] | None = None) -> Iterator[tuple[str, CodeType]]:
    """The texts in a function, in those inside it and in those of its module that it calls, with the code they stand in."""
    seen = set() if seen is None else seen
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or function.__qualname__ in seen:
        return
    seen.add(function.__qualname__)
    inside = [code]
    while inside:
        one = inside.pop()
        inside += [part for part in one.co_consts if isinstance(part, CodeType)]
        yield from ((text, one) for text in one.co_consts if isinstance(text, str))
        for name in one.co_names:
            called = function.__globals__.get(name)
            if getattr(called, "__module__", None) == function.__module__:
                yield from texts_in(called, seen)
    for cell in getattr(function, "__closure__", None) or ():
        if isinstance(cell.cell_contents, str):
            yield cell.cell_contents, code


def _tree(function: Any) -> ast.AST:
    """The function as it is written; where two begin on one line, the line. Nothing where there is no source."""
    try:
        file = inspect.getsourcefile(function) or ""
        return _by_line(file).get(function.__code__.co_firstlineno, _NOTHING)
    except (OSError, TypeError, SyntaxError):
        return _NOTHING


@lru_cache(maxsize=128)
def _by_line(file: str) -> dict[int, ast.AST]:
    """The functions of a file by the line on which they, or their first decorator, begin."""
    found: dict[int, ast.AST] = {}
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            decorators = getattr(node, "decorator_list", [])
            found.setdefault(min([node.lineno, *(one.lineno for one in decorators)]), node)
    return found


_NOTHING = ast.Module([], [])


def _named(tree: ast.AST, context: type[ast.expr_context]) -> Iterator[str]:
    """The constants by which the form is asked."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, context)
            and _is_form(node.value)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            yield node.slice.value


def _handed_to(tree: ast.AST) -> Iterator[str]:
    """The functions that are given the form as it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and any(map(_is_form, node.args)):
            yield node.func.id


def _is_form(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == FORM) or (
        isinstance(node, ast.Attribute) and node.attr == FORM
    )
