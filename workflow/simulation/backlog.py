"""A backlog: from some day on, one task in so many is left lying, so that a district shows late work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rungs import ESCALATION
from workflow.simulation.desk import Desk
from workflow.simulation.run import Pace, Players
from workflow.simulation.scene import Behaviour, Work

FOR_GOOD = 200
"""Working days beyond its last day: longer than any run goes on."""


@dataclass(frozen=True)
class Backlog:
    """People who, from `since` on, leave every `one_in`-th new task lying."""

    players: Players
    desk: Desk
    since: date
    one_in: int

    def pace(self, work: Work) -> Pace:
        """As the people do, or not at all; escalations are all left to be looked at."""
        if self.desk.today >= self.since:
            escalation = work.definition == ESCALATION
            if escalation or self.desk.urns.one_in("left lying", self.one_in):
                return Pace(0, lying=FOR_GOOD)
        return self.players.pace(work)

    def waits(self, work: Work) -> bool:
        """As the people do."""
        return self.players.waits(work)

    def behaviour(self, work: Work) -> Behaviour:
        """As the people do."""
        return self.players.behaviour(work)
