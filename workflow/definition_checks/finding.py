"""A fault of a definition, and where its author finds it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from workflow.catalogue import Blueprint, Catalogue

Fault = tuple[str, str]
"""The stage, part, span or action at fault ("" for the definition as a whole), and what is wrong with its mend."""


@dataclass(frozen=True)
class World:
    """What a definition stands among: the other definitions, the editions there are and the texts that are translated.

    None: not asked.
    """

    catalogue: Catalogue
    editions: Collection[str] | None = None
    translated: Collection[str] | None = None


Rule = Callable[[Blueprint, World], Iterator[Fault]]


@dataclass(frozen=True)
class Finding:
    """One fault: which rule, where, and in Chinese what is wrong and how to mend it."""

    rule: str
    definition: str
    edition: str
    place: str
    file: str
    line: int
    message: str

    @classmethod
    def of(cls, blueprint: Blueprint, rule: str, place: str, message: str) -> Finding:
        """The fault with file and line, which are looked up only now that there is one."""
        file, line = _source_of(blueprint, place)
        return cls(rule, blueprint.code, "、".join(blueprint.editions), place, file, line, message)

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.definition, self.edition, self.place)))
        return f"{self.file}:{self.line}: {where}：{self.message} [{self.rule}]"


def _source_of(blueprint: Blueprint, place: str) -> tuple[str, int]:
    """File and line where the stage or action is assigned, else where its name is first written as text."""
    file, first, assigned, written = _names_in(blueprint.cls)
    return file, first + assigned.get(place, written.get(place, 1)) - 1


@lru_cache(maxsize=32)
def _names_in(cls: type) -> tuple[str, int, dict[str, int], dict[str, int]]:
    """File and first line of a class, and the lines in it of names assigned and of texts."""
    try:
        lines, first = inspect.getsourcelines(cls)
        file = inspect.getsourcefile(cls) or cls.__module__
    except (OSError, TypeError):
        return cls.__module__, 1, {}, {}
    assigned: dict[str, int] = {}
    written: dict[str, int] = {}
    for node in ast.walk(ast.parse(textwrap.dedent("".join(lines)))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assigned.setdefault(node.id, node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            written[node.value] = min(node.lineno, written.get(node.value, node.lineno))
    return file, first, assigned, written
