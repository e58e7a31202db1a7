"""Is every case answered, and answered once? Asked of every combination of inputs that the rows tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product

from workflow.decision_tables.model import Column, Condition, OneOf, Policy, Range, Table, Value

MOST = 100_000
"""Combinations of one table; more are not looked through in the time of a check."""


def combinations(table: Table) -> Iterator[dict[str, Value | None]]:
    """One set of inputs for every region that the rows' conditions cut out. Raises ValueError where there are too many."""
    axes = [points(table, column) for column in table.inputs]
    count = 1
    for axis in axes:
        count *= len(axis)
    if count > MOST:
        raise ValueError(f"{table.code}: {count}")
    codes = [column.code for column in table.inputs]
    return (dict(zip(codes, values, strict=True)) for values in product(*axes))


def points(table: Table, column: Column) -> list[Value]:
    """A value for each part of this column that the rows tell apart, between all bounds and beyond them."""
    if column.kind == "yesno":
        return [False, True]
    if column.choices:
        return list(column.choices)
    bounds: set[Value] = set()
    for row in table.rows:
        bounds |= set(_bounds(column, row.when.get(column.code, Condition())))
    return sorted(bounds) or [0 if column.kind == "whole" else date(2000, 1, 1)]


def _bounds(column: Column, condition: Condition) -> Iterator[Value]:
    named: tuple[Value | None, ...] = ()
    if isinstance(condition, OneOf):
        named = condition.values
    elif isinstance(condition, Range):
        named = (condition.low, condition.high)
    for bound in named:
        if isinstance(bound, date):
            yield from (bound - timedelta(days=1), bound, bound + timedelta(days=1))
        elif isinstance(bound, int):
            yield from (bound - 1, bound, bound + 1)


GAP, OVERLAP, DEAD = "gap", "overlap", "dead"
"""What can be wrong with a table: no row fits, several fit where one must, a row never counts."""


def found_in(table: Table) -> Iterator[tuple[str, str]]:
    """Every fault by its kind, each once, with table and row, in Chinese. A collecting table may have gaps."""
    found: dict[tuple[str, str], None] = {}
    counted: set[int] = set()
    for inputs in combinations(table):
        fitting = [number for number, row in enumerate(table.rows, 1) if row.fits(inputs)]
        counted |= set(fitting if table.policy is Policy.COLLECT else fitting[:1])
        if not fitting and table.policy is not Policy.COLLECT:
            told = f"{_told(table, inputs)}，没有一行适用，请在第 {len(table.rows)} 行后补上。"
            found[GAP, f"决策表 {table.code}：{told}"] = None
        if len(fitting) > 1 and table.policy is Policy.UNIQUE:
            rows = "、".join(map(str, fitting))
            told = f"{_told(table, inputs)}时同时适用，只能有一行。"
            found[OVERLAP, f"决策表 {table.code} 第 {rows} 行：{told}"] = None
    for number in range(1, len(table.rows) + 1):
        if number not in counted and table.policy is not Policy.UNIQUE:
            found[DEAD, f"决策表 {table.code} 第 {number} 行：前面的行已经包括，永远不会适用。"] = None
    yield from found


def faults(table: Table) -> list[str]:
    """Gaps, overlaps and rows that never count."""
    return [message for _, message in found_in(table)]


def _told(table: Table, inputs: Mapping[str, Value | None]) -> str:
    words = []
    for column in table.inputs:
        value = inputs[column.code]
        shown = (
            {True: "是", False: "否"}[value]
            if isinstance(value, bool)
            else column.choices.get(str(value), value)
        )
        words.append(f"{column.label}为“{shown}”")
    return "，".join(words)
