"""One case on trial under its new edition: what the pieces of a move work on together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from workflow.facts import CaseState
from workflow.migration.caseload import Flight
from workflow.migration.outcome import Ways
from workflow.office import Office
from workflow.periods import local_date
from workflow.sending import Write
from workflow.vocabulary import Part, Stage


@dataclass
class Trial:
    """A working copy of the case, the rows to write, and in `before` what they were.

    `running` gives the row of every clock that runs in the new edition, by its kind there.
    """

    office: Office
    ways: Ways
    flight: Flight
    stage: Stage
    now: datetime
    writes: list[Write] = field(default_factory=list)
    opens: list[Part] = field(default_factory=list)
    running: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=lambda: {"clocks": [], "tasks": [], "parts": []})

    @property
    def was(self) -> CaseState:
        """The case as it stands."""
        return self.flight.case

    @cached_property
    def today(self) -> date:
        """The local day of the move."""
        return local_date(self.now)

    @property
    def changes_stage(self) -> bool:
        """Whether the stage has another name in the new edition: the case then enters it anew."""
        return self.stage.id != self.was.stage

    @cached_property
    def case(self) -> CaseState:
        """The case as it will stand."""
        was = self.was
        return replace(
            was, stage=self.stage.id, edition=self.ways.plan.target, visit=was.visit + self.changes_stage,
            version=was.version + 1,
        )  # fmt: skip
