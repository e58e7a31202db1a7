"""Rules about what definitions stand on together: decision tables without gap or overlap, numbers with their source."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workflow.decision_tables import Table
from workflow.decision_tables.checks import DEAD, GAP, OVERLAP, found_in

Place = tuple[str, str, str, int, str]
"""Edition, table or number, file, line, and what is wrong with its mend."""


@dataclass(frozen=True)
class Laid:
    """A table as an edition has it, and the function that lays it out."""

    edition: str
    table: Table
    maker: Callable[..., Table]


@dataclass(frozen=True)
class Figure:
    """A number of an edition, and where it is written."""

    edition: str
    name: str
    source: str
    file: str
    line: int


@dataclass(frozen=True)
class Law:
    """The tables and numbers there are."""

    tables: tuple[Laid, ...] = ()
    figures: tuple[Figure, ...] = ()


LawRule = Callable[[Law], Iterator[Place]]


def table_answers_every_case(law: Law) -> Iterator[Place]:
    """Some row fits whatever the inputs are: a guard by table leaves no hole."""
    yield from _tables(law, GAP)


def table_answers_once(law: Law) -> Iterator[Place]:
    """Where one row is to decide, two never fit: guards by table do not overlap."""
    yield from _tables(law, OVERLAP)


def table_row_counts(law: Law) -> Iterator[Place]:
    """No row is hidden behind those before it."""
    yield from _tables(law, DEAD)


def number_has_source(law: Law) -> Iterator[Place]:
    """Every number of the law says on which text it stands."""
    for one in law.figures:
        if not one.source.strip():
            yield one.edition, one.name, one.file, one.line, "数值没有依据；请写 source=。"


def _tables(law: Law, kind: str) -> Iterator[Place]:
    told: set[Any] = set()
    for laid in law.tables:
        for found, message in found_in(laid.table):
            if found == kind and (laid.edition, message) not in told:
                told.add((laid.edition, message))
                code = laid.maker.__code__
                file = inspect.getsourcefile(laid.maker) or laid.maker.__module__
                yield laid.edition, laid.table.code, file, code.co_firstlineno, message


RULES: tuple[LawRule, ...] = (
    table_answers_every_case,
    table_answers_once,
    table_row_counts,
    number_has_source,
)
