"""The journal read as events: which piece of work an entry finished, assigned or merely touched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
from workflow.models import Case, CasePart, JournalEntry
from workflow.periods import at_local
from workflow.policy import area_filter
from workflow.vocabulary import Part

OPENING = "开办"
COMPLETE, START, WITHDRAW, ABORT, UNKNOWN = "complete", "start", "withdraw", "ate_abort", "unknown"
LIFECYCLE = {"open": START, "claim": "assign"} | dict.fromkeys(
    ("release", "assign", "delegate", "transfer", "reassign", "recall", "relieve"), "reassign"
)
"""Entries that are no action of a definition, by the standard transitions of IEEE 1849; all others are unknown to it."""
OWN_LABELS = ladders.CODES | {
    "open": OPENING, "claim": "签收", "release": "退回待办", "assign": "分派", "delegate": "委派", "transfer": "转办",
    "reassign": "改派", "recall": "收回委派", "relieve": "交接", "advise": "交回委派意见", "recuse": "回避", "urge": "催办",
    "ask_extension": "申请延期", "extend": "确认延期", "take_back": "撤回操作", "ask_suspend": "提出挂起",
    "confirm_suspend": "确认挂起", "decline_suspend": "不予挂起", "resume_case": "恢复办理", "ask_revoke": "提出撤销",
    "confirm_revoke": "确认撤销", "decline_revoke": "不予撤销", "copy": "抄送", "read_copy": "已阅抄送", "question": "询问",
    "answer": "答复", "pass_over": "跳过", "stranded": "无人可办", "appoint": "指定承办人", "raise_up": "报上级",
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

    def signed(self, case_id: int, visit: int) -> Collection[str]:
        """The parts of a visit that were done."""
        wanted = select(CasePart.code).where(
            CasePart.case_id == case_id, CasePart.visit == visit, CasePart.state == "done"
        )
        return set(self.session.scalars(wanted))


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
    found.events.extend(_events(case, entries, catalogue, names, others))
    return found


def _events(
    case: Case, entries: list[JournalEntry], catalogue: Catalogue, names: Pseudonyms, others: _Cases
) -> list[Event]:
    """The entries in order; before each one that leaves a stage, the parts that fall away with it."""
    found: list[Event] = []
    visit, entered, parts = 0, entries[0].at, list[Part]()
    for entry in entries:
        blueprint = catalogue.get(case.definition, entry.edition)
        event = replace(_event(entry, blueprint, names), visit=visit, entered=entered)
        moved = entry.visit != visit
        if event.lifecycle == COMPLETE and not moved:
            parts = [part for part in parts if part.label != event.activity]
        if moved:
            signed = others.signed(case.id, visit) if any(part.signing for part in parts) else ()
            for part in parts:
                if part.code not in signed or not _complete_last(found, part.label, visit):
                    found.append(
                        replace(event, activity=part.label, lifecycle=WITHDRAW, to_stage=event.from_stage)
                    )
            visit, entered, parts = entry.visit, entry.at, list(blueprint.stages[entry.to_stage].parts)
        found.append(event)
    return found


def _complete_last(events: list[Event], activity: str, visit: int) -> bool:
    """A part that several sign is complete with the last signature, which only what follows tells. False for none."""
    for place in range(len(events) - 1, -1, -1):
        if (events[place].activity, events[place].visit) == (activity, visit):
            events[place] = replace(events[place], lifecycle=COMPLETE)
            return True
    return False


def _event(entry: JournalEntry, blueprint: Blueprint, names: Pseudonyms) -> Event:
    word = blueprint.actions.get(entry.action)
    stage = blueprint.stages.get(entry.from_stage)
    activity = stage.label if stage else OPENING
    if word is None:
        lifecycle = LIFECYCLE.get(entry.action, UNKNOWN)
        if lifecycle == UNKNOWN and entry.from_stage != entry.to_stage:
            lifecycle = ABORT
    else:
        lifecycle = UNKNOWN if word.stays and not word.completes else COMPLETE
        if word.stays and word.works_on and stage is not None:
            activity = next((part.label for part in stage.parts if part.code == word.works_on), activity)
    role = word.by[0].title if word is not None and len(word.by) == 1 else ""
    system = entry.actor_id is None
    actor = "system" if system else names.of("staff", entry.actor_id, entry.actor_name)
    return Event(
        entry.seq, entry.at, activity, lifecycle, entry.action, _label(entry, blueprint), actor, role,
        entry.from_stage, entry.to_stage, entry.visit, entry.at,
    )  # fmt: skip


def _label(entry: JournalEntry, blueprint: Blueprint) -> str:
    """What was done, in words that hold no person's: the action's label, or the word of the engine's own entry."""
    if entry.action in blueprint.actions:
        return blueprint.label(entry.action)
    return OWN_LABELS.get(entry.action, entry.action)
