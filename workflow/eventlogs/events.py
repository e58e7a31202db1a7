"""The journal read as events: which piece of work an entry finished, assigned or merely touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import ladders
from workflow.areas import ancestor, level_of
from workflow.catalogue import Blueprint, Catalogue
from workflow.eventlogs.pseudonyms import Pseudonyms
from workflow.models import Case, JournalEntry
from workflow.periods import at_local
from workflow.policy import area_filter

OPENING = "开办"
COMPLETE, START, WITHDRAW, UNKNOWN = "complete", "start", "withdraw", "unknown"
LIFECYCLE = {"open": START, "claim": "assign"} | dict.fromkeys(
    ("release", "assign", "delegate", "transfer", "reassign", "recall", "relieve"), "reassign"
)
"""Entries that are no action of a definition, by the standard transitions of IEEE 1849; all others are unknown to it."""
OWN_LABELS = ladders.CODES | {
    "open": OPENING, "claim": "签收", "release": "退回待办", "assign": "分派", "delegate": "委派", "transfer": "转办",
    "reassign": "改派", "recall": "收回委派", "relieve": "交接", "advise": "交回委派意见", "recuse": "回避", "urge": "催办",
    "ask_extension": "申请延期", "extend": "确认延期",
}  # fmt: skip
"""What the engine's own entries are called."""
_AT_A_TIME = 2000


@dataclass(frozen=True)
class Chosen:
    """Which cases: of one definition, of one edition (that they have now), of these areas, opened in a period."""

    definition: str = ""
    edition: str = ""
    areas: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def wanted(self) -> list[Any]:
        """SQL over the case table."""
        found = [
            column == value
            for column, value in ((Case.definition, self.definition), (Case.edition, self.edition))
            if value
        ]
        found += [area_filter(Case.area_code, self.areas)] if self.areas else []
        found += [Case.opened_at >= at_local(self.first, 0)] if self.first else []
        found += [Case.opened_at < at_local(self.last + timedelta(days=1), 0)] if self.last else []
        return found


@dataclass(frozen=True)
class Event:
    """One entry of the journal. `activity` is the work it belongs to, `entered` since when that work was there to do.

    An entry that leaves a stage also withdraws each of its parts that is not done: an event of its own beside it.
    """

    seq: int
    at: datetime
    activity: str
    lifecycle: str
    action: str
    label: str
    actor: str
    role: str
    from_stage: str
    to_stage: str
    visit: int
    entered: datetime


@dataclass(frozen=True)
class Trace:
    """A case with its events. `area` is its town, or where it lies higher up; villages are few people."""

    id: str
    definition: str
    title: str
    edition: str
    area: str
    subject_kind: str
    subject: str
    parent: str
    result: str
    closed: bool
    events: list[Event] = field(default_factory=list)


def traces(session: Session, catalogue: Catalogue, chosen: Chosen, names: Pseudonyms) -> Iterator[Trace]:
    """The chosen cases in the order they were opened, a few at a time in memory."""
    wanted = (
        select(Case, JournalEntry)
        .join(JournalEntry, JournalEntry.case_id == Case.id)
        .where(*chosen.wanted())
        .order_by(Case.id, JournalEntry.seq)
        .execution_options(yield_per=_AT_A_TIME)
    )
    others = _Cases(session, names)
    for _case_id, rows in groupby(session.execute(wanted), key=lambda row: row[0].id):
        found = list(rows)
        yield _trace(found[0][0], [entry for _case, entry in found], catalogue, names, others)


class _Cases:
    """The names of cases that others belong to or are about."""

    def __init__(self, session: Session, names: Pseudonyms) -> None:
        self.session, self.names = session, names

    def of(self, case_id: int | None) -> str:
        """The name in the log of the case with this id, "" for none."""
        if case_id is None:
            return ""
        return self.names.of("case", self.session.scalar(select(Case.number).where(Case.id == case_id)))


def _trace(
    case: Case, entries: list[JournalEntry], catalogue: Catalogue, names: Pseudonyms, others: _Cases
) -> Trace:
    blueprint = catalogue.of(case)
    area = ancestor(case.area_code, "town") if level_of(case.area_code) == "village" else case.area_code
    kind = case.subject_kind
    subject = others.of(case.subject_id) if kind == "case" else names.of(kind, case.subject_id)
    found = Trace(
        names.of("case", case.number), case.definition, blueprint.title, case.edition, area, kind, subject,
        others.of(case.parent_id), case.result, case.closed_at is not None,
    )  # fmt: skip
    entered = entries[0].at
    parts: list[str] = []
    for entry in entries:
        at = catalogue.get(case.definition, entry.edition)
        event = _event(entry, at, names, entered)
        word = at.actions.get(entry.action)
        if event.activity in parts and event.lifecycle == COMPLETE:
            parts.remove(event.activity)
        if event.lifecycle == START or (word is not None and not word.stays):
            undone = replace(event, lifecycle=WITHDRAW, to_stage=event.from_stage)
            found.events.extend(replace(undone, activity=part) for part in parts)
            entered, parts = entry.at, [part.label for part in at.stages[entry.to_stage].parts]
        found.events.append(event)
    return found


def _event(entry: JournalEntry, blueprint: Blueprint, names: Pseudonyms, entered: datetime) -> Event:
    word = blueprint.actions.get(entry.action)
    stage = blueprint.stages.get(entry.from_stage)
    activity = stage.label if stage else OPENING
    lifecycle = LIFECYCLE.get(entry.action, UNKNOWN) if word is None else UNKNOWN
    if word is not None and not word.stays:
        lifecycle = COMPLETE
    elif word is not None and word.completes and stage is not None:
        activity = next((part.label for part in stage.parts if part.code == word.completes), activity)
        lifecycle = COMPLETE
    role = word.by[0].title if word is not None and len(word.by) == 1 else ""
    system = entry.actor_id is None
    actor = "system" if system else names.of("staff", entry.actor_id, entry.actor_name)
    return Event(
        entry.seq, entry.at, activity, lifecycle, entry.action, _label(entry, blueprint), actor, role,
        entry.from_stage, entry.to_stage, entry.visit, entered,
    )  # fmt: skip


def _label(entry: JournalEntry, blueprint: Blueprint) -> str:
    """What was done, in words that hold no person's: the action's label, or the word of the engine's own entry."""
    if entry.action in blueprint.actions:
        return blueprint.label(entry.action)
    return OWN_LABELS.get(entry.action, entry.action)
