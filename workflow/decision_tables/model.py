"""Columns with typed conditions, rows with outputs and a source, and what a table decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from workflow.errors import Misdefined, Refused
from workflow.facts import CaseState
from workflow.journal import digest
from workflow.models import canonical

Value = str | bool | int | Decimal | date
KINDS = {"choice": str, "yesno": bool, "whole": int, "number": Decimal, "date": date}
"""What a column holds -> its type. Inputs are no `number`: bounds of money are law's own and never meet in a point."""


class Policy(Enum):
    """Which rows count where several fit: exactly one may, the first does, all do."""

    UNIQUE = "U"
    FIRST = "F"
    COLLECT = "C"


@dataclass(frozen=True)
class Condition:
    """Anything fits, an unknown value too."""

    def fits(self, value: Value | None) -> bool:
        """Whether this value does."""
        return True


ANY = Condition()


@dataclass(frozen=True)
class OneOf(Condition):
    """One of these values."""

    values: tuple[Value, ...]

    def __init__(self, *values: Value) -> None:
        object.__setattr__(self, "values", values)

    def fits(self, value: Value | None) -> bool:
        """Whether it is among them."""
        return value in self.values


@dataclass(frozen=True)
class Range(Condition):
    """From one value to another, both included; None is open."""

    low: int | date | None = None
    high: int | date | None = None

    def fits(self, value: Any) -> bool:
        """Whether it lies between them."""
        return (
            value is not None
            and (self.low is None or self.low <= value)
            and (self.high is None or value <= self.high)
        )


@dataclass(frozen=True)
class Column:
    """An input or output. `choices` are the codes of a choice with their labels."""

    code: str
    label: str
    kind: str = "choice"
    choices: Mapping[str, str] = field(default_factory=dict)

    def holds(self, value: Any) -> bool:
        """Whether a value is of this column's kind."""
        if self.kind == "whole" and isinstance(value, bool):
            return False
        return isinstance(value, KINDS[self.kind]) and (not self.choices or value in self.choices)


@dataclass(frozen=True)
class Row:
    """When the conditions fit, these are the outputs. A column not named fits anything. `source` is the article."""

    when: Mapping[str, Condition]
    then: Mapping[str, Value]
    source: str

    def fits(self, inputs: Mapping[str, Value | None]) -> bool:
        """Whether all conditions do."""
        return all(condition.fits(inputs.get(code)) for code, condition in self.when.items())


@dataclass(frozen=True)
class Decision:
    """What a table said: the rows that fired, counted from 1, what went in and what came out."""

    table: Table
    inputs: Mapping[str, Value | None]
    rows: tuple[int, ...]

    @property
    def outputs(self) -> Mapping[str, Value]:
        """The outputs of the row that counts."""
        return self.table.rows[self.rows[0] - 1].then

    @property
    def source(self) -> str:
        """The article behind the row that counts."""
        return self.table.rows[self.rows[0] - 1].source

    def collected(self, output: str) -> list[Value]:
        """One output of every row that fired."""
        return [self.table.rows[number - 1].then[output] for number in self.rows]

    def as_json(self) -> dict[str, Any]:
        """What is kept: the table with its digest, the rows by number, inputs, outputs and sources."""
        fired = [self.table.rows[number - 1] for number in self.rows]
        return {
            "table": self.table.code,
            "digest": self.table.digest,
            "rows": list(self.rows),
            "inputs": {code: plain(value) for code, value in self.inputs.items()},
            "outputs": [{code: plain(value) for code, value in row.then.items()} for row in fired],
            "sources": [row.source for row in fired],
        }


@dataclass(frozen=True)
class Table:
    """A decision table. Raises Misdefined where a row speaks of a column or value there is not."""

    code: str
    title: str
    policy: Policy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        inputs = {column.code: column for column in self.inputs}
        outputs = {column.code: column for column in self.outputs}
        for number, row in enumerate(self.rows, 1):
            place = f"决策表 {self.code} 第 {number} 行"
            if unknown := row.when.keys() - inputs.keys():
                raise Misdefined(f"{place}：没有条件栏“{'、'.join(sorted(unknown))}”。")
            if row.then.keys() != outputs.keys():
                raise Misdefined(f"{place}：结果栏应为“{'、'.join(outputs)}”。")
            if not row.source:
                raise Misdefined(f"{place}：没有写依据。")
            named = [(inputs[code], value) for code, c in row.when.items() for value in _values(c)]
            for column, value in (*named, *((outputs[code], value) for code, value in row.then.items())):
                if not column.holds(value):
                    raise Misdefined(f"{place}：“{column.label}”不能是“{value}”。")

    @property
    def digest(self) -> str:
        """SHA-256 over everything the table lays down."""
        rows = [
            [{code: written(c) for code, c in row.when.items()},
             {code: plain(value) for code, value in row.then.items()}, row.source]
            for row in self.rows
        ]  # fmt: skip
        columns = [[c.code, c.kind, list(c.choices)] for c in (*self.inputs, *self.outputs)]
        return digest(canonical([self.code, self.policy.value, columns, rows]))

    def find(self, inputs: Mapping[str, Value | None]) -> Decision | None:
        """What the table says of these inputs, or None where no row fits. Raises Misdefined where two of a unique table do."""
        fitting = tuple(number for number, row in enumerate(self.rows, 1) if row.fits(inputs))
        if self.policy is Policy.UNIQUE and len(fitting) > 1:
            rows = "、".join(map(str, fitting))
            raise Misdefined(f"决策表 {self.code}：第 {rows} 行同时适用，只能有一行。")
        if not fitting:
            return None
        return Decision(self, dict(inputs), fitting if self.policy is Policy.COLLECT else fitting[:1])

    def decide(self, inputs: Mapping[str, Value | None]) -> Decision:
        """What the table says of these inputs. Raises Refused where no row fits."""
        found = self.find(inputs)
        if found is None:
            given = "，".join(f"{column.label} {inputs.get(column.code)}" for column in self.inputs)
            raise Refused(f"决策表“{self.title}”没有适用的行：{given}。请核对案件事实。", table=self.code)
        return found


def keep(case: CaseState, decision: Decision) -> None:
    """Let the row that fired and its inputs stand on the case; the last word of a table replaces its earlier one."""
    kept = case.facts.get("decisions", {})
    case.facts["decisions"] = kept | {decision.table.code: decision.as_json()}


def plain(value: Value | None) -> Any:
    """A value as JSON holds it."""
    return str(value) if isinstance(value, Decimal | date) else value


def written(condition: Condition) -> Any:
    """A condition as JSON holds it."""
    if isinstance(condition, OneOf):
        return [plain(value) for value in condition.values]
    if isinstance(condition, Range):
        return {"from": plain(condition.low), "to": plain(condition.high)}
    return None


def _values(condition: Condition) -> tuple[Any, ...]:
    if isinstance(condition, OneOf):
        return condition.values
    if isinstance(condition, Range):
        return tuple(bound for bound in (condition.low, condition.high) if bound is not None)
    return ()
