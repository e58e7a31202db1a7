"""How a date came about: each counted and skipped day with its reason; the last of them is the date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.calendar import Calendar
from workflow.clocks import Fixed, begun, ends, next_rung, read_rule
from workflow.ladders import Ladder
from workflow.models import Deadline
from workflow.periods import Step
from workflow.rungs import words_of


@dataclass(frozen=True)
class Reckoning:
    """The way from the start of a limit to its last day. `agrees` is False where the calendar was changed after the
    limit had ended: an ended limit keeps its date, so the steps then lead to another day (`due`).
    """

    rule: str
    steps: list[Step]
    due: date
    agrees: bool
    fixed: bool

    @property
    def counted(self) -> int:
        """How many days of the way were counted."""
        return sum(step.counted for step in self.steps)


def reckon(row: Deadline, calendar: Calendar) -> Reckoning:
    """How this deadline is counted, by this calendar."""
    rule = read_rule(row.rule)
    counted = rule.count(begun(row), calendar)
    return Reckoning(
        rule.label, counted.steps, counted.due, counted.due == row.due_on, isinstance(rule, Fixed)
    )


@dataclass(frozen=True)
class Coming:
    """A rung of a limit's ladder: what happens, whom it tells, when, and whether it has been."""

    says: str
    tells: str
    at: datetime | None
    done: bool


def rungs_of(row: Any, ladder: Ladder, calendar: Calendar) -> list[Coming]:
    """The ladder of a limit with its moments; rungs that this limit does not have are left out."""
    found = []
    for place, rung in enumerate(ladder.rungs):
        position, moment = next_rung(
            Ladder(ladder.code, (rung,)), 0, read_rule(row.rule), begun(row), ends(row), calendar
        )
        if position == 0 and moment is not None:
            found.append(Coming(words_of(rung), rung.tells, moment, place < row.rung))
    return found
