"""What happens as a limit runs out: the rungs of the ladder, as data. Each takes effect once; none decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from workflow.calendar import Calendar
from workflow.periods import Period, Workdays, at_local, half


@dataclass(frozen=True)
class Rung:
    """One step: `remind` the holder when half is gone, `overdue` when the limit has passed, `head` some days later.

    `after` counts from the last day of the limit, `hour` is local. `escalates` opens an escalation case.
    """

    code: Literal["remind", "overdue", "head"]
    hour: int
    after: Period | None = None
    escalates: bool = False

    def at(self, rule: Period, started: date, due: date, calendar: Calendar) -> datetime | None:
        """When this rung is due for a limit, or None where it has none (no reminder for one or two days)."""
        if self.code == "remind":
            day = half(rule, started, calendar)
            return None if day is None or day > due else at_local(day, self.hour)
        if self.code == "overdue":
            return at_local(due + timedelta(days=1), self.hour)
        assert self.after is not None
        return at_local(self.after.due(due, calendar), self.hour)


@dataclass(frozen=True)
class Ladder:
    """A named sequence of rungs."""

    code: str
    rungs: tuple[Rung, ...]

    def next(
        self, index: int, rule: Period, started: date, due: date, calendar: Calendar
    ) -> tuple[int, datetime | None]:
        """The first rung from `index` on that this limit has, and its moment; (number of rungs, None) at the top."""
        for position in range(index, len(self.rungs)):
            if (moment := self.rungs[position].at(rule, started, due, calendar)) is not None:
                return position, moment
        return len(self.rungs), None


_REMIND, _OVERDUE, _HEAD = Rung("remind", 9), Rung("overdue", 0, escalates=True), Rung("head", 9, Workdays(2))

ORDINARY = Ladder("ordinary", (_REMIND, _OVERDUE, _HEAD))
"""Reminder to the holder; overdue flag and escalation to the supervisor; head of department and bulletin."""
UNESCALATED = Ladder("unescalated", (_REMIND, Rung("overdue", 0), _HEAD))
"""For escalation cases themselves: an overdue escalation goes to the head and opens no further one."""
SILENT = Ladder("silent", ())
"""A clock that is shown and never escalates (receipt clock, minimum duration)."""

LADDERS = {ladder.code: ladder for ladder in (ORDINARY, UNESCALATED, SILENT)}
