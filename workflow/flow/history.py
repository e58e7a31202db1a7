"""What a case has gone through, read from its journal: what was passed, what stands, what was sent back and not answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, select

from workflow.catalogue import Blueprint, Catalogue
from workflow.facts import CaseState
from workflow.models import Case, JournalEntry

ENGINE = ("open", "migrate", "migrate_back")
"""What the engine itself enters of a case's way: it began, or was moved to another definition; none is taken back."""
TAKE_BACK = "take_back"
"""The entry by which the last act is taken back; the one engine entry that moves a case."""


@dataclass(frozen=True)
class Step:
    """An act of the definition, as its journal entry tells it. `visit` and `version` are those after it."""

    seq: int
    at: datetime
    actor_id: int | None
    action: str
    from_stage: str
    to_stage: str
    visit: int
    version: int
    edition: str
    moved: bool


class History:
    """The acts that stand, oldest first; one taken back is not among them, nor is its taking back."""

    def __init__(self, catalogue: Catalogue, definition: str, rows: list[JournalEntry | Step]) -> None:
        self._catalogue, self._definition = catalogue, definition
        self.acts: list[Step] = []
        visit = 0
        for row in rows:
            moved, visit = row.visit != visit, row.visit
            step = Step(row.seq, row.at, row.actor_id, row.action, row.from_stage, row.to_stage, row.visit, row.version,
                        row.edition, moved)  # fmt: skip
            if row.action == TAKE_BACK:
                self.acts.pop()
            elif row.action in ENGINE or row.action in self._blueprint(step).actions:
                self.acts.append(step)

    @classmethod
    def of(cls, conn: Connection, catalogue: Catalogue, case: Case | CaseState) -> History:
        """Read it from the journal."""
        entry = JournalEntry
        rows = conn.execute(
            select(entry.seq, entry.at, entry.actor_id, entry.action, entry.from_stage, entry.to_stage, entry.visit, entry.version,
                   entry.edition).where(entry.case_id == case.id).order_by(entry.seq)
        ).all()  # fmt: skip
        return cls(catalogue, case.definition, list(rows))  # type: ignore[arg-type]

    def _blueprint(self, step: Step) -> Blueprint:
        return self._catalogue.get(self._definition, step.edition)

    @property
    def last(self) -> Step:
        """The last act that stands."""
        return self.acts[-1]

    @cached_property
    def passed(self) -> set[str]:
        """The stages the case has left behind it at some time."""
        return {step.from_stage for step in self.acts if step.moved and step.from_stage}

    def last_visit(self, stage: str) -> int | None:
        """The number of the last visit of a stage."""
        return next(
            (step.visit for step in reversed(self.acts) if step.moved and step.to_stage == stage), None
        )

    @cached_property
    def sent_back(self) -> list[Step]:
        """What was sent back and is not answered yet, the latest last: answered by going straight back or the ordinary way."""
        open_: list[Step] = []
        for step in self.acts:
            word = self._blueprint(step).actions.get(step.action)
            if word is None or not step.moved:
                continue
            if word.sends_back:
                open_.append(step)
            elif open_ and step.from_stage == open_[-1].to_stage:
                open_.pop()
        return open_

    def returned_from(self, stage: str) -> Step | None:
        """The return by which the case came to this stage and which is not answered, if there is one."""
        found = self.sent_back[-1] if self.sent_back else None
        return found if found is not None and found.to_stage == stage else None

    def clocks_before(self, step: Step) -> set[str]:
        """The spans that ran before an act."""
        running: set[str] = set()
        for one in self.acts:
            if one.seq >= step.seq:
                break
            for span in self._blueprint(one).spans.values():
                if one.action in span.until:
                    running.discard(span.code)
                if one.action in span.since:
                    running.add(span.code)
        return running
