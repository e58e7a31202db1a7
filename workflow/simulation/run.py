"""The district on a simulated clock: each day the sweeps of the live system, then what happens and what is worked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import or_, select

from workflow.config import Config
from workflow.models import Case, Task
from workflow.periods import at_local
from workflow.running.job import Job, Run, run_job
from workflow.simulation.desk import Desk, Nobody, Unrehearsed
from workflow.simulation.scene import Behaviour, Later, Step, Work

OPENING, CLOSING, MIDNIGHT = 9, 17, 0
"""Local hours: the office opens and closes. All jobs run after midnight, those of every minute at the opening too."""
REFUSED_AGAIN = 5
"""Working days after which a step that was refused is tried again."""
OFTEN = 60
"""Seconds: a job that runs at least so often."""


@dataclass(frozen=True)
class Pace:
    """How a task will be dealt with: after so many working days, or left lying so many beyond its last day."""

    days: int
    lying: int = 0
    claimed: bool = False


class Players(Protocol):
    """What people do; knows the law that the engine does not."""

    def pace(self, work: Work) -> Pace:
        """How fast this task will be dealt with."""
        ...

    def waits(self, work: Work) -> bool:
        """Whether it cannot be done yet, because other work of the case is not finished."""
        ...

    def behaviour(self, work: Work) -> Behaviour:
        """What is done with this task."""
        ...


@dataclass
class Simulation:
    """Runs the days one after the other. `players` act on tasks, the desk's diary holds everything else."""

    desk: Desk
    players: Players
    jobs: Sequence[Job]
    config: Config
    agenda: dict[int, date] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def run(self, first: date, last: date, tell: Callable[[date], None] = lambda day: None) -> None:
        """All days from the first to the last. Raises Unrehearsed where a step or a sweep fails.

        A lenient desk counts steps that are refused and turns to them again some days later.
        """
        day = first
        while day <= last:
            ends = day == last
            nightly = [job for job in self.jobs if ends or not job.proves]
            self._sweep(nightly, at_local(day, MIDNIGHT) + timedelta(minutes=5), record=ends)
            often = [job for job in self.jobs if job.every <= OFTEN]
            self._sweep(often, at_local(day, OPENING), record=ends)
            if self.desk.office.calendar.is_working(day):
                self._work(day)
            tell(day)
            day += timedelta(days=1)

    def _sweep(self, jobs: Sequence[Job], now: datetime, *, record: bool) -> None:
        """The jobs of the scheduler. Their ticks are recorded on the last day only: nobody looks at them before."""
        run = Run(self.desk.office, self.desk.database, self.config, self.desk.clock.move(now))
        for job in jobs:
            swept = run_job(job, run) if record else job.run(run)
            if swept.failed:
                raise Unrehearsed(f"{now} {job.title}: {swept.error or swept.failed}")

    def _work(self, day: date) -> None:
        """The working day: what the diary holds for it, then the tasks whose turn it is, the most urgent first."""
        happenings = self.desk.diary.pop(day, [])
        turns = self._turns(day)
        hours = timedelta(hours=CLOSING - OPENING)
        self.desk.pause = hours / (2 * (len(happenings) + len(turns)) + 40)
        self.desk.pause -= timedelta(microseconds=self.desk.pause.microseconds)
        for happening in happenings:
            try:
                happening(self.desk)
            except Unrehearsed:
                self._put_off("diary")
        for work in turns:
            self._turn(work, day)

    def _turns(self, day: date) -> list[Work]:
        """The open tasks to be worked today; tasks not seen before are put on the agenda."""
        found = self._open_tasks()
        seen, self.agenda = self.agenda, {}
        turns = []
        for work in found:
            planned = seen.get(work.task_id) or self._plan(work, day)
            self.agenda[work.task_id] = planned
            if planned <= day and not self.players.waits(work):
                turns.append(work)
        return sorted(turns, key=lambda work: (work.due_on or date.max, work.task_id))

    def _open_tasks(self) -> list[Work]:
        wanted = (
            select(
                Task.id, Task.case_id, Task.definition, Task.stage, Task.part, Task.role, Task.scope, Task.opens_on,
                Task.due_on, Task.assignee_id, Case.parent_id,
            )
            .join(Case, Case.id == Task.case_id)
            .where(Task.state == "open")
            .order_by(Task.id)
        )  # fmt: skip
        with self.desk.database.reading() as session:
            rows = session.execute(wanted).all()
        parts: dict[int, set[str]] = {}
        children: dict[int, set[str]] = {}
        for row in rows:
            parts.setdefault(row.case_id, set()).add(row.part)
            if row.parent_id is not None:
                children.setdefault(row.parent_id, set()).add(row.definition)
        return [
            Work(
                row.id, row.case_id, row.definition, row.stage, row.part, row.role, row.scope, row.opens_on, row.due_on,
                row.assignee_id, frozenset(parts[row.case_id]), frozenset(children.get(row.case_id, ())),
            )
            for row in rows
        ]  # fmt: skip

    def _plan(self, work: Work, day: date) -> date:
        """When a new task will be dealt with."""
        calendar, pace = self.desk.office.calendar, self.players.pace(work)
        if pace.claimed and work.assignee_id is None:
            self.desk.claim(work)
        if pace.lying and work.due_on:
            return calendar.add_working_days(max(work.due_on, day), pace.lying)
        turn = calendar.add_working_days(day, pace.days) if pace.days else day
        if work.opens_on and turn <= work.opens_on:
            turn = calendar.next_working(work.opens_on + timedelta(days=1))
        return turn

    def _turn(self, work: Work, day: date) -> None:
        calendar = self.desk.office.calendar
        try:
            answer = self.desk.play(work.case_id, self.players.behaviour(work), work=work)
        except Nobody:
            answer = Later()
        except Unrehearsed:
            answer = self._put_off(work.place)
        wait = answer.days if isinstance(answer, Later) else answer.again if isinstance(answer, Step) else 1
        self.agenda[work.task_id] = calendar.add_working_days(day, wait)
        if isinstance(answer, Step) and answer.hurries is not None:
            self._hurry(answer.hurries, calendar.add_working_days(day, 1))

    def _put_off(self, place: str) -> Later:
        """A refused step waits, where that is allowed; else the run ends with it."""
        if not self.desk.lenient:
            raise  # noqa: PLE0704 - called while the refusal is handled
        self.refused[place] += 1
        return Later(REFUSED_AGAIN)

    def _hurry(self, case_id: int, turn: date) -> None:
        """Work of a case that was put off is put first; what waits for its time (a notice on the board) still waits."""
        wanted = select(Task.id).where(
            Task.case_id == case_id, Task.state == "open", or_(Task.opens_on.is_(None), Task.opens_on < turn)
        )
        with self.desk.database.reading() as session:
            for task_id in session.scalars(wanted):
                if self.agenda.get(task_id, turn) > turn:
                    self.agenda[task_id] = turn
