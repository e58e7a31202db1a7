"""A decision table as Markdown, for officials to read and compare."""

from __future__ import annotations

from workflow.decision_tables.model import Column, Condition, OneOf, Policy, Range, Table, Value

POLICIES = {Policy.UNIQUE: "只有一行适用", Policy.FIRST: "取第一个适用的行", Policy.COLLECT: "取所有适用的行"}


def sheet(table: Table) -> str:
    """Conditions, results and source, a line a row."""
    head = ["行", *(c.label for c in table.inputs), *(f"→ {c.label}" for c in table.outputs), "依据"]
    lines = [f"# {table.title}（`{table.code}`）", "", f"{POLICIES[table.policy]}。", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for number, row in enumerate(table.rows, 1):
        cells = [str(number)]
        cells += [_condition(column, row.when.get(column.code, Condition())) for column in table.inputs]
        cells += [value_label(column, row.then[column.code]) for column in table.outputs]
        lines.append("| " + " | ".join([*cells, row.source]) + " |")
    return "\n".join(lines) + "\n"


def _condition(column: Column, condition: Condition) -> str:
    if isinstance(condition, OneOf):
        return "、".join(value_label(column, value) for value in condition.values)
    if isinstance(condition, Range):
        low, high = condition.low, condition.high
        if low is None or high is None:
            return f"≥ {low}" if high is None else f"≤ {high}"
        return f"{low} 至 {high}"
    return "—"


def value_label(column: Column, value: Value | None) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return column.choices.get(str(value), str(value))
