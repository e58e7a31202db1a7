"""What a rule other than the household's answers: named results beside their derivation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from definitions.rules.trace import Reason, Step, Trace


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps and reasons every answer carries."""

    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]


def derivation(trace: Trace, reasons: list[Reason]) -> Derivation:
    """Close a trace."""
    return Derivation(tuple(trace.steps), tuple(reasons))


def plain(value: object) -> object:
    """A result as JSON has it: money as a string with two decimals, dates as ISO strings, the rest as it is."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value)
