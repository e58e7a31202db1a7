"""What a migration makes of a case: moved with its rows and its line of the effect sheet, or left with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from workflow import statements as sql
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.facts import CaseState
from workflow.journal import make_entry
from workflow.migration.plan import KEEP, ClockWord, Plan, clock_words
from workflow.sending import Write
from workflow.vocabulary import Part

MIGRATE, TAKE_BACK = "migrate", "migrate_back"
"""The engine's own acts in the journal."""


@dataclass(frozen=True)
class Ways:
    """A plan with both definitions, read once for all cases."""

    plan: Plan
    old: Blueprint
    new: Blueprint
    made: dict[tuple[str, date, str], dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def clocks(self) -> dict[str, ClockWord]:
        """The clocks of the new edition."""
        return clock_words(self.new)

    @cached_property
    def former(self) -> dict[str, ClockWord]:
        """The clocks of the old edition."""
        return clock_words(self.old)

    @cached_property
    def actions(self) -> list[str]:
        """The actions that begin or end a span of the new edition: what the journal is asked for."""
        return sorted({a for span in self.new.spans.values() for a in (*span.since, *span.until)})


@dataclass
class Stays:
    """A case that is not moved, and why."""

    number: str
    stage: str
    reason: str
    area_code: str = ""


@dataclass
class Move:
    """A case as it will stand, the rows to write, the linked cases to open, and its line of the effect sheet."""

    case: CaseState
    seen_seq: int
    writes: list[Write]
    opens: list[Part]
    sheet: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)


def entered(
    moved: Move,
    *,
    migration_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    says: str,
    action: str = MIGRATE,
) -> None:
    """Add the entry, the form with what was before, and the case's own row to the writes of a move."""
    case, body = moved.case, {"migration": migration_id, "sheet": moved.sheet, "before": moved.before}
    articles = dict.fromkeys(
        line["article"]
        for line in (*moved.sheet.get("clocks", ()), *moved.sheet.get("begun", ()))
        if line.get("article") and line["how"] != KEEP
    )
    entry = make_entry(
        case, actor=actor, now=now, action=action, from_stage=moved.sheet["old_stage"], says=says, reason=reason,
        source="；".join(articles), origin=f"迁移 {migration_id}", form=body,
    )  # fmt: skip
    moved.writes.append((sql.ADD_ENTRY, entry))
    moved.writes.append((sql.ADD_FORM, {"case_id": case.id, "seq": case.seq, "action": action, "body": body}))
    row: dict[str, Any] = {f"new_{name}": getattr(case, name) for name in sql.MOVED}
    moved.writes.append((sql.MOVE_CASE, row | {"case": case.id, "seen_seq": moved.seen_seq}))
