"""Where the time comes from. Only the edge (web, command line, scheduler) asks a clock; below it `now` is passed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved, for tests and simulation."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._now = now

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._now

    def move(self, to: datetime | timedelta) -> datetime:
        """Set it to a moment, or on by a span; it never goes back. The new time."""
        moment = self._now + to if isinstance(to, timedelta) else to
        if moment < self._now:
            raise ValueError(f"the clock cannot go back from {self._now} to {moment}")
        self._now = moment
        return moment
