"""What the check of all definitions is asked about here: the tables and numbers of every edition."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from definitions import editions
from definitions.editions.catalogue import EDITIONS
from definitions.tables import TABLES, every_table
from workflow.definition_checks import Figure, Laid, Law


def law() -> Law:
    """Every table of every edition on each day on which a number begins, and every number and kind."""
    tables = tuple(Laid(one.edition, one.table, TABLES[one.table.code]) for one in every_table())
    return Law(tables, tuple(_figures()))


def _figures() -> Iterator[Figure]:
    for edition in EDITIONS.values():
        named = [(number.name, number.source) for number in edition.numbers]
        named += [(kind.code, kind.source) for kind in (*edition.excluded_incomes, *edition.deductions)]
        for name, source in named:
            yield Figure(edition.code, name, source, *_place(name))


@cache
def _place(name: str) -> tuple[str, int]:
    """File and line where a number is first written."""
    for file, lines in _files(editions).items():
        for number, line in enumerate(lines, 1):
            if f'"{name}"' in line:
                return file, number
    return str(inspect.getsourcefile(editions)), 1


@cache
def _files(package: ModuleType) -> dict[str, list[str]]:
    """The files of the package by path, those of editions before the names of numbers."""
    paths = sorted(
        Path(str(package.__path__[0])).glob("*.py"), key=lambda path: (path.name == "names.py", path.name)
    )
    return {str(path): path.read_text(encoding="utf-8").splitlines() for path in paths}
