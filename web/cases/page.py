"""Everything a case page shows, gathered once: a view model without HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.letters.case_facts import with_names
from web.departments.case_part import Told, told_of
from workflow.actors import Actor
from workflow.catalogue import Blueprint
from workflow.errors import NotFound, NotPermitted, Refused
from workflow.facts import CaseState, Facts, OpenTask
from workflow.households import Difference, differences
from workflow.models import (
    Area,
    Case,
    Deadline,
    Document,
    Entitlement,
    Extension,
    JournalEntry,
    Membership,
    Person,
    Task,
    User,
)
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import HANDS, may_read
from workflow.timing.explained import Coming, Reckoning, reckon, rungs_of
from workflow.timing.intervals import Stay, Workload, stays, workload
from workflow.vocabulary import Action

JOURNAL_SHOWN = 60
SOURCES = {"declared": "申报", "verified": "核对", "surveyed": "入户"}
"""The columns of what is said about means."""


def find_case(session: Session, number: str, actor: Actor) -> Case:
    """The case of this number. Raises NotFound where there is none or the actor may not know of it."""
    found = session.scalar(select(Case).where(Case.number == number))
    if found is None or not may_read(actor, found):
        raise NotFound
    return found


def facts_of(office: Office, session: Session, case: Case, actor: Actor, now: Any) -> Facts:
    """What guards and fields look at, for asking only."""
    state = CaseState(**{name: getattr(case, name) for name in CaseState.__dataclass_fields__})
    return Facts(office, session.connection(), office.catalogue.of(case), state, actor, now)


@dataclass(frozen=True)
class Offer:
    """An action the actor's roles allow here, and what still stands against it."""

    action: Action
    against: Refused | None

    @property
    def hidden(self) -> bool:
        """Not for this person at all (four eyes, recusal, somebody else's task)."""
        return isinstance(self.against, NotPermitted)


@dataclass(frozen=True)
class Clock:
    """A limit as it is shown: how it was counted, and how much of it is gone."""

    row: Deadline
    how: Reckoning
    ladder: list[Coming]
    gone: int
    whole: int
    extension: Extension | None
    late: bool


@dataclass(frozen=True)
class Member:
    """A member of the household and what each source says of his incomes (yuan a year)."""

    membership: Membership
    age: int
    incomes: list[Difference]

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.membership.person


@dataclass
class CasePage:
    """One case for one reader. Each part is read when the page asks for it."""

    office: Office
    session: Session
    case: Case
    actor: Actor
    now: Any
    blueprint: Blueprint = field(init=False)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.blueprint, self.today = self.office.catalogue.of(self.case), local_date(self.now)

    @cached_property
    def area(self) -> Area:
        """Where it belongs."""
        return self.session.get_one(Area, self.case.area_code)

    @cached_property
    def tasks(self) -> list[tuple[Task, str]]:
        """The open tasks and the names of those who took them."""
        rows = self.session.execute(
            select(Task, User.name).outerjoin(User, User.id == Task.assignee_id)
            .where(Task.case_id == self.case.id, Task.state == "open").order_by(Task.part)
        )  # fmt: skip
        return [(task, name or "") for task, name in rows]

    def label_of(self, task: Task) -> str:
        """What the task asks to be done."""
        stage = self.blueprint.stages[task.stage]
        part = next((part for part in stage.parts if part.code == task.part.partition(".")[0]), None)
        return part.todo if part else stage.todo or stage.label

    @cached_property
    def offers(self) -> list[Offer]:
        """The actions for this actor, in the definition's order."""
        facts = facts_of(self.office, self.session, self.case, self.actor, self.now)
        by_part = {
            task.part: OpenTask(task.id, task.role, task.assignee_id, task.owner_id) for task, _ in self.tasks
        }
        return [Offer(word, against) for word, against in self.blueprint.open_actions(facts, by_part)]

    @property
    def _awaited(self) -> list[Offer]:
        """What the stage still waits for: its main actions, those of finished parts left out."""
        waiting = {task.part for task, _ in self.tasks}
        return [
            o
            for o in self.offers
            if o.action.primary and (not o.action.completes or o.action.completes in waiting)
        ]

    @property
    def next_action(self) -> Offer | None:
        """The one green button: what the stage waits for, if this actor may do it now."""
        able = [offer for offer in self.offers if offer.against is None]
        only = (
            able[0] if len(able) == 1 and able[0].action.moves[self.case.stage] != self.case.stage else None
        )
        return next((offer for offer in self._awaited if offer.against is None), only)

    @property
    def blocked_action(self) -> Offer | None:
        """What the stage waits for where something is still missing for it."""
        return next(
            (offer for offer in self._awaited if offer.against is not None and not offer.hidden), None
        )

    @property
    def other_actions(self) -> list[Offer]:
        """The other open actions."""
        chosen = self.next_action
        return [
            o
            for o in self.offers
            if o.against is None and (chosen is None or o.action.code != chosen.action.code)
        ]

    @property
    def blocked_actions(self) -> list[Offer]:
        """Actions of this actor's roles that are not open now, with the reason."""
        return [
            offer for offer in self.offers if offer.against is not None and not offer.action.straight_back
        ]

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """All limits, the running ones first, then the latest."""
        rows = self.session.scalars(select(Deadline).where(Deadline.case_id == self.case.id)).all()
        running = sorted(
            (row for row in rows if row.state == "open"), key=lambda row: (row.minimum, row.due_on)
        )
        return running + sorted((row for row in rows if row.state != "open"), key=lambda row: -row.id)

    @cached_property
    def legal(self) -> Deadline | None:
        """The limit that matters now: the running one that ends first."""
        running = [
            row
            for row in self.deadlines
            if row.state == "open" and not row.minimum and row.ladder != "silent"
        ]
        return min(running, key=lambda row: row.due_on, default=None)

    @cached_property
    def clocks(self) -> list[Clock]:
        """Every limit with its counting."""
        asked = {
            row.deadline_id: row
            for row in self.session.scalars(select(Extension).where(Extension.case_id == self.case.id))
        }
        return [self._clock(row, asked.get(row.id)) for row in self.deadlines]

    def _clock(self, row: Deadline, extension: Extension | None) -> Clock:
        calendar = self.office.calendar
        end = row.met_on or min(self.today, row.due_on)
        whole = max(calendar.working_days_between(row.started_on, row.due_on), 1)
        gone = min(max(calendar.working_days_between(row.started_on, end), 0), whole)
        ended = row.due_at < self.now if row.due_at else row.due_on < self.today
        late = row.state == "late" or (row.state == "open" and not row.minimum and ended)
        ladder = rungs_of(row, self.office.ladders.named(row.ladder), calendar) if row.state == "open" else []
        return Clock(row, reckon(row, calendar), ladder, whole if late else gone, whole, extension, late)

    @cached_property
    def journal(self) -> list[JournalEntry]:
        """The latest entries, newest first."""
        return list(
            self.session.scalars(
                select(JournalEntry)
                .where(JournalEntry.case_id == self.case.id)
                .order_by(JournalEntry.seq.desc())
                .limit(JOURNAL_SHOWN)
            )
        )

    @cached_property
    def passages(self) -> list[tuple[str, Any, Any]]:
        """Each stay in a stage: its code, from when, until when (None: still there)."""
        return [(stay.stage, stay.since, stay.until) for stay in self.stays]

    @cached_property
    def stays(self) -> list[Stay]:
        """The same, with the edition of each."""
        return stays(self.session, self.case.id)

    @cached_property
    def left_on(self) -> dict[str, date]:
        """When each stage was last left."""
        return {stage: local_date(until) for stage, _since, until in self.passages if until is not None}

    @property
    def steps(self) -> list[tuple[str, str, date | None]]:
        """The main line for the band: label, done / now / later, and the day it was done."""
        path = self.blueprint.cls.steps
        if not path:
            return []
        been = [path.index(stage) for stage, _since, _until in self.passages if stage in path]
        here = path.index(self.case.stage) if self.case.stage in path else (been[-1] if been else -1)
        ended = local_date(self.case.closed_at) if self.case.closed_at else None

        def stands(place: int, code: str) -> tuple[str, date | None]:
            if code == self.case.stage:
                return ("done", ended) if ended else ("now", None)
            passed = place <= here
            return "done" if passed and code in self.left_on else "later", self.left_on.get(
                code
            ) if passed else None

        return [(self.blueprint.stages[code].label, *stands(place, code)) for place, code in enumerate(path)]

    @property
    def been(self) -> set[str]:
        """The stages the case has gone through."""
        return set(self.left_on) - {self.case.stage}

    @cached_property
    def workload(self) -> Workload:
        """Working days the offices have had the case, and the stays left out because it waited for somebody else."""
        return workload(self.blueprint, self.stays, self.office.calendar, self.today)

    @cached_property
    def in_hand(self) -> list[tuple[Task, str, date, int]]:
        """The tasks somebody has taken: his name, since when, and for how many working days he has had them."""
        calendar = self.office.calendar
        return [
            (task, name, day := local_date(task.taken_at), calendar.working_days_between(day, self.today))
            for task, name in self.tasks if name and task.taken_at is not None
        ]  # fmt: skip

    @cached_property
    def told(self) -> Told | None:
        """Its dealings with a department."""
        return told_of(self.session, self.case)

    @cached_property
    def members(self) -> list[Member]:
        """The household today, the head first, with incomes by source: not for a department, whose case is all it needs."""
        household = self.household_id
        if household is None or not self.actor.reads(self.case.area_code, self.case.definition):
            return []
        on = self.today
        memberships = sorted(
            (
                m for m in self.session.scalars(select(Membership).where(Membership.household_id == household))
                if m.from_date <= on and (m.to_date is None or on <= m.to_date)
            ),
            key=lambda m: (m.relation != "head", m.id),
        )  # fmt: skip
        return [
            Member(m, _age(m.person.birth, on), [d for d in self.means if d.person_id == m.person_id])
            for m in memberships
        ]

    @cached_property
    def means(self) -> list[Difference]:
        """Incomes of the members and property of the household, source by source."""
        return differences(self.session, self.household_id, self.today) if self.household_id else []

    @property
    def belongings(self) -> list[Difference]:
        """What belongs to the household as a whole."""
        return [item for item in self.means if item.person_id is None]

    @property
    def household_id(self) -> int | None:
        """The household the case is about, if it is about one."""
        if self.case.subject_kind == "household":
            return self.case.subject_id
        found = self.case.facts.get("household_id")
        return int(found) if found else None

    @cached_property
    def derivation(self) -> dict[str, Any] | None:
        """How the amount was computed: that of the grant in force, else of the assessment under way."""
        grant = self.session.scalar(
            select(Entitlement)
            .where(Entitlement.case_id == self.case.id)
            .order_by(Entitlement.from_month.desc())
            .limit(1)
        )
        if grant is not None:
            return {"total": grant.amount, "base": grant.base, "supplement": grant.supplement, "steps": self._named(grant.derivation),
                    "from": grant.from_month, "to": grant.to_month, "decided_by": grant.decided_by}  # fmt: skip
        found = self.case.facts.get("assessment")
        return {**found, "steps": self._named(found["steps"])} if found else None

    def _named(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return with_names(self.session, self.household_id, steps) if self.household_id else steps

    @cached_property
    def documents(self) -> list[tuple[Document, str]]:
        """The papers and who handed them in."""
        rows = self.session.execute(
            select(Document, User.name).join(User, User.id == Document.uploaded_by)
            .where(Document.case_id == self.case.id).order_by(Document.id)
        )  # fmt: skip
        return [(document, name) for document, name in rows]

    @cached_property
    def linked(self) -> list[Case]:
        """The case this one came from and those that came from it, which the reader may see."""
        parent = self.session.get(Case, self.case.parent_id) if self.case.parent_id else None
        children = self.session.scalars(select(Case).where(Case.parent_id == self.case.id).order_by(Case.id))
        return [row for row in (parent, *children) if row is not None and may_read(self.actor, row)]

    @property
    def pins(self) -> dict[str, Any]:
        """What the case was bound to: law, definition, forms, software."""
        return self.office.pins.of(self.case)

    @cached_property
    def hands(self) -> list[tuple[str, str]]:
        """Who had which hand in the case: what four eyes looks at."""
        ids = {user for users in self.case.hands.values() for user in users}
        names = {
            row.id: row.name
            for row in self.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
        }
        return [
            (HANDS.get(hand, hand), "、".join(names.get(user, str(user)) for user in users))
            for hand, users in self.case.hands.items() if users
        ]  # fmt: skip


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
