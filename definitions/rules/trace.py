"""The derivation of a result: exact quantities, and a step for everything done with them.

A step is for two readers. A citizen reads `what`, `formula` (the numbers in words) and `source`. A program replays
`op` on `inputs` (a literal, or the id of an earlier step) and must find `exact`. Numbers are fractions until
`Trace.rounded`, so each amount is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

YUAN, COUNT, RATE = "yuan", "count", "rate"
ROUNDINGS: dict[str, str] = {
    "fen": "四舍五入到分",
    "yuan_half_up": "四舍五入到元",
    "yuan_ceil": "见角分进到元",
}
"""Rounding of an amount -> its name."""
_COMPARISONS = {"<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于", "==": "等于"}


class Quantity(NamedTuple):
    """An exact number with its name, as it is shown, and the step that made it."""

    what: str
    exact: Fraction
    unit: str
    text: str
    step: str

    @property
    def money(self) -> Decimal:
        """Yuan with two decimals, half up."""
        return rounded(self.exact)

    def __str__(self) -> str:
        return self.text


class Step(NamedTuple):
    """One line of a derivation."""

    id: str
    what: str
    formula: str
    value: str
    source: str
    op: str
    inputs: tuple[str, ...]
    exact: str

    def as_json(self) -> dict[str, object]:
        """The step as a JSON object."""
        return {
            "id": self.id, "what": self.what, "formula": self.formula, "value": self.value, "source": self.source,
            "op": self.op, "inputs": list(self.inputs), "exact": self.exact,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a result is as it is. A failed condition names its limit, the household's own value and what would help."""

    code: str
    text: str
    limit: str | None = None
    value: str | None = None
    change: str | None = None

    def as_json(self) -> dict[str, object]:
        """The reason as a JSON object; a failed condition has `limit`, `value` and `change` beside code and text."""
        facts = {"limit": self.limit, "value": self.value, "change": self.change}
        return {"code": self.code, "text": self.text, **{k: v for k, v in facts.items() if v is not None}}


def rounded(exact: Fraction, how: str = "fen") -> Decimal:
    """An amount that is not negative, rounded once, with two decimals."""
    if how == "fen":
        return yuan(_half_up(exact, 100))
    return yuan(100 * (ceil(exact) if how == "yuan_ceil" else _half_up(exact, 1)))


def _half_up(exact: Fraction, scale: int) -> int:
    """The nearest whole number of parts of which `scale` make one."""
    parts, of = exact.as_integer_ratio()
    return (2 * scale * parts + of) // (2 * of)


def yuan(fen: int) -> Decimal:
    """Integer fen as yuan with two decimals."""
    return Decimal(decimals(fen, 2))


def decimals(scaled: int, places: int) -> str:
    """An integer number of units of the last place, written with that many decimals."""
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}d}"


def show(exact: Fraction, unit: str = YUAN) -> str:
    """An exact number for readers: money with two decimals, and the fraction too where two decimals are not all."""
    parts, of = exact.as_integer_ratio()
    if unit == COUNT and of == 1:
        return str(parts)
    if unit == RATE and 10**6 % of == 0:
        text = decimals(parts * 10**6 // of, 6).rstrip("0")
        return text + "0" if text.endswith(".") else text
    places = 4 if unit == RATE else 2
    text = decimals(_half_up(exact, 10**places), places)
    return text if 10**places % of == 0 else f"{parts}/{of}（约{text}）"


class Trace:
    """Computes and writes down. Every method appends one step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def given(
        self, what: str, value: Fraction | Decimal | int, source: str, unit: str = YUAN, why: str = ""
    ) -> Quantity:
        """A number from the facts or the law."""
        exact = Fraction(value)
        text = show(exact, unit)
        ident = self._add("given", what, why or f"取 {text}", text, source, (str(exact),), str(exact))
        return Quantity(what, exact, unit, text, ident)

    def total(self, what: str, parts: Iterable[Quantity], source: str, unit: str = YUAN) -> Quantity:
        """The sum; of nothing, zero."""
        parts = tuple(parts)
        words = " + ".join(map(_named, parts)) or "没有，计 0"
        return self._number(
            "sum", what, words, sum((p.exact for p in parts), Fraction(0)), _ids(parts), source, unit
        )

    def minus(self, what: str, left: Quantity, *taken: Quantity, source: str) -> Quantity:
        """Left less what is taken, but not below zero."""
        exact = max(Fraction(0), left.exact - sum(t.exact for t in taken))
        words = " − ".join(map(_named, (left, *taken))) + "，不低于 0"
        return self._number("minus", what, words, exact, _ids((left, *taken)), source, left.unit)

    def times(self, what: str, left: Quantity, *factors: Quantity, source: str) -> Quantity:
        """The product, in the unit of the first."""
        exact = left.exact
        for factor in factors:
            exact *= factor.exact
        words = " × ".join(map(_named, (left, *factors)))
        return self._number("times", what, words, exact, _ids((left, *factors)), source, left.unit)

    def over(
        self, what: str, left: Quantity, right: Quantity, source: str, unit: str | None = None
    ) -> Quantity:
        """The quotient, kept exact."""
        words = f"{_named(left)} ÷ {_named(right)}"
        exact = left.exact / right.exact
        return self._number("over", what, words, exact, _ids((left, right)), source, unit or left.unit)

    def least(self, what: str, parts: Iterable[Quantity], source: str) -> Quantity:
        """The smallest."""
        parts = tuple(parts)
        words = "取最小：" + "、".join(map(_named, parts))
        return self._number(
            "least", what, words, min(p.exact for p in parts), _ids(parts), source, parts[0].unit
        )

    def greatest(self, what: str, parts: Iterable[Quantity], source: str) -> Quantity:
        """The greatest."""
        parts = tuple(parts)
        words = "取最高：" + "、".join(map(_named, parts))
        return self._number(
            "greatest", what, words, max(p.exact for p in parts), _ids(parts), source, parts[0].unit
        )

    def twelfth(self, what: str, year: Quantity, source: str) -> Quantity:
        """A month's part of a year's amount, kept exact."""
        return self._number(
            "over", what, f"{_named(year)} ÷ 12", year.exact / 12, (year.step, "12"), source, YUAN
        )

    def rounded(self, what: str, amount: Quantity, how: str, source: str) -> Quantity:
        """The one rounding of an amount."""
        exact = Fraction(rounded(amount.exact, how))
        words = f"{_named(amount)}，{ROUNDINGS[how]}"
        return self._number("round", what, words, exact, (amount.step, how), source, YUAN)

    def holds(self, what: str, left: Quantity, sign: str, right: Quantity, source: str) -> bool:
        """A comparison of exact values."""
        order = (left.exact > right.exact) - (left.exact < right.exact)
        yes = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "==": order == 0}[sign]
        words = f"{_named(left)} {'' if yes else '并不'}{_COMPARISONS[sign]} {_named(right)}"
        self._add(
            sign, what, words, "是" if yes else "否", source, _ids((left, right)), "true" if yes else "false"
        )
        return yes

    def noted(self, what: str, formula: str, value: str | date, source: str) -> None:
        """A finding that is no arithmetic: a word, a date."""
        self._add("note", what, formula, str(value), source, (str(value),), str(value))

    def day(
        self, op: str, what: str, formula: str, inputs: tuple[str, ...], value: str | date, source: str
    ) -> None:
        """A step of calendar arithmetic, its inputs dates and counts of months."""
        self._add(op, what, formula, str(value), source, inputs, str(value))

    def _number(
        self, op: str, what: str, words: str, exact: Fraction, inputs: tuple[str, ...], source: str, unit: str
    ) -> Quantity:
        text = show(exact, unit)
        ident = self._add(op, what, words, text, source, inputs, str(exact))
        return Quantity(what, exact, unit, text, ident)

    def _add(
        self, op: str, what: str, formula: str, value: str, source: str, inputs: tuple[str, ...], exact: str
    ) -> str:
        ident = f"s{len(self.steps) + 1}"
        self.steps.append(Step(ident, what, formula, value, source, op, inputs, exact))
        return ident


def _named(quantity: Quantity) -> str:
    return f"{quantity.what} {quantity}"


def _ids(parts: Iterable[Quantity]) -> tuple[str, ...]:
    return tuple(p.step for p in parts)
