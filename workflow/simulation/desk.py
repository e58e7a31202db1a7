"""Doing the work: every step through the same public acts as a page's, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from workflow import tasks
from workflow.actors import Actor
from workflow.acts import act
from workflow.catalogue import Blueprint
from workflow.clock import FixedClock
from workflow.db import Database
from workflow.documents import add_document
from workflow.entries import read
from workflow.entropy import Entropy
from workflow.errors import Refused
from workflow.facts import CaseState, Facts, OpenTask
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import missing_documents, scope_of
from workflow.roles import LINKED, SYSTEM, Role
from workflow.simulation.roster import Roster
from workflow.simulation.scene import Behaviour, Later, Scene, Step, Work
from workflow.simulation.urns import Urns
from workflow.vocabulary import Action

Paper = Callable[[str], tuple[str, bytes]]
"""Name and bytes of a paper of a kind."""


class Nobody(Exception):  # noqa: N818 - no failure: the work waits for somebody
    """Nobody who may do it is there today."""


class Unrehearsed(Exception):  # noqa: N818 - the message tells it
    """A step that was refused: the rehearsal does not fit the definition."""


@dataclass
class Desk:
    """The world as behaviours find it: office, clock, people, chance, and the diary of what will happen.

    `memory` is what people remember of a case, `lore` what a household knows of itself; neither stands in the database.
    A `lenient` desk goes on from somebody else's work: papers that are missing turn up when they are needed.
    """

    office: Office
    database: Database
    clock: FixedClock
    roster: Roster
    entropy: Entropy
    urns: Urns
    paper: Paper
    memory: dict[int, dict[str, Any]] = field(default_factory=dict)
    lore: dict[int, Any] = field(default_factory=dict)
    diary: dict[date, list[Callable[[Desk], None]]] = field(default_factory=dict)
    pause: timedelta = timedelta(minutes=5)
    lenient: bool = False

    @property
    def now(self) -> datetime:
        """The simulated moment."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The simulated local date."""
        return local_date(self.now)

    def on(self, day: date, what: Callable[[Desk], None]) -> None:
        """Let something happen on a day, or on the working day after it."""
        when = max(day, self.today + timedelta(days=1))
        if not self.office.calendar.is_working(when):
            when = self.office.calendar.next_working(when)
        self.diary.setdefault(when, []).append(what)

    def after(self, days: int, what: Callable[[Desk], None]) -> None:
        """Let something happen so many days from today."""
        self.on(self.today + timedelta(days=days), what)

    @contextmanager
    def acting(self) -> Iterator[Connection]:
        """A transaction, some minutes after the one before."""
        self.clock.move(self.pause)
        with self.database.acting() as conn:
            yield conn

    def play(
        self, case_id: int, behaviour: Behaviour, *, work: Work | None = None, actor: Actor | None = None
    ) -> Step | Later | None:
        """Let somebody turn to a case; what he answers is done. Raises Nobody, Unrehearsed.

        Nothing happens where the task has been closed meanwhile.
        """
        with self.acting() as conn:
            case, rows = read(self.office, conn, case_id)
            if work is not None and all(row.task_id != work.task_id for row in rows):
                return None
            blueprint = self.office.catalogue.of(case)
            facts = Facts(self.office, conn, blueprint, case, actor or _NOBODY, self.now)
            with self._as_if_not(case):
                answer = behaviour(Scene(self, case, blueprint, facts, work))
                if not isinstance(answer, Step):
                    return answer
                word = blueprint.actions[answer.action]
                row = next((r for r in rows if r.task_part == word.completes), None)
                task = OpenTask(row.task_id, row.task_role, row.task_assignee) if row else None
                facts.actor = actor or self._who(conn, blueprint, word, case, task, answer.by)
                self._do(conn, facts, word, answer, task)
            self.roster.count(facts.actor)
        for days, what in answer.then:
            self.after(days, partial(_happen, case_id=case_id, behaviour=what))
        return answer

    @contextmanager
    def _as_if_not(self, case: CaseState) -> Iterator[None]:
        """Where nobody was there to do it, nobody remembers having meant to."""
        memory = self.memory.setdefault(case.id, {})
        known = self.lore.get(case.subject_id) if case.subject_kind == "household" else None
        before, knew = dict(memory), dict(vars(known)) if known is not None else {}
        try:
            yield
        except Nobody:
            self.memory[case.id] = before
            if known is not None:
                vars(known).update(knew)
            raise

    def _do(self, conn: Connection, facts: Facts, word: Action, step: Step, task: OpenTask | None) -> None:
        case, actor = facts.case, facts.actor
        facts.action, facts.task = word.code, task
        try:
            form = dict(step.form) if step.whole else {**word.form.example(facts), **step.form}
            papers = dict.fromkeys([*step.papers, *(missing_documents(word, facts) if self.lenient else ())])
            for kind in papers:
                name, body = self.paper(kind)
                add_document(facts.session, case, kind=kind, name=name, body=body, actor=actor, now=self.now)
            act(
                self.office, conn, case.id, word.code, actor=actor, form=form, seen=case.version, now=self.now
            )
        except (Refused, LookupError) as error:
            where = f"{case.number} {case.definition}.{case.stage}.{word.code}"
            raise Unrehearsed(f"{self.today} {where}: {type(error).__name__}: {error}") from error

    def _who(
        self,
        conn: Connection,
        blueprint: Blueprint,
        word: Action,
        case: CaseState,
        task: OpenTask | None,
        by: Role | None,
    ) -> Actor:
        """Who does it: whoever has taken the task, else the least busy of those who may. Raises Nobody."""
        apart = {user for hand in word.apart_from for user in case.hands.get(hand, ())} | set(case.barred)
        roles = [by] if by else sorted(word.by, key=lambda role: task is None or role.code != task.role)
        if task and task.assignee_id is not None and any(role.code == task.role for role in roles):
            if task.assignee_id not in apart:
                if not self.roster.is_free(task.assignee_id, self.today):
                    raise Nobody
                return self.roster.by_id[task.assignee_id].actor(self.today)
            holder = self.roster.by_id[task.assignee_id].actor(self.today)
            tasks.release(self.office, conn, task.id, actor=holder, now=self.now)
            case.version += 1
            case.seq += 1
        posts = [(r.code, scope_of(r, case.area_code)) for r in roles if r not in (SYSTEM, LINKED)]
        for found in self.roster.free(posts, self.today):
            if found.id not in apart:
                return found
        raise Nobody

    def claim(self, work: Work) -> None:
        """Somebody takes the task, to do it some day."""
        with self.acting() as conn:
            case, _ = read(self.office, conn, work.case_id)
            apart = {user for users in case.hands.values() for user in users} | set(case.barred)
            for found in self.roster.free([(work.role, work.scope)], self.today):
                if found.id not in apart:
                    tasks.claim(self.office, conn, work.task_id, actor=found, now=self.now)
                    return


_NOBODY = Actor(None, "")


def _happen(desk: Desk, case_id: int, behaviour: Behaviour) -> None:
    """Something happens on a case; where nobody is there to take it down, it is taken down a day later."""
    try:
        answer = desk.play(case_id, behaviour)
    except Nobody:
        answer = Later()
    if isinstance(answer, Later):
        desk.after(answer.days, partial(_happen, case_id=case_id, behaviour=behaviour))
