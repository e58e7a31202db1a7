"""A copy of a district at work, run on from its last day: the same acts and sweeps, at the pace its journal shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from definitions.rehearsal.arrivals import arrive
from definitions.rehearsal.habits import HABITS, District
from definitions.rehearsal.play import IDLE, Plan, chance, desk_of, flooded, report
from definitions.rehearsal.recalled import Recalled
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import Entropy
from workflow.errors import Refused
from workflow.forecast.pace import Pace as LearntPace
from workflow.forecast.reading import WEEKS, Axis, place_of, read_pace
from workflow.models import Case, JournalEntry, Person, Task
from workflow.office import Office
from workflow.periods import at_local, local_date
from workflow.running.job import Job
from workflow.simulation.backlog import FOR_GOOD
from workflow.simulation.changes import other_limits
from workflow.simulation.desk import Desk
from workflow.simulation.figures import on_time
from workflow.simulation.roster import Roster
from workflow.simulation.run import Pace, Simulation
from workflow.simulation.scene import Behaviour, Later, Scene, Step, Work
from workflow.simulation.staffing import change_numbers, registered_leave

CHANCES = 1_000_000
APPLICATIONS = "dibao"


@dataclass
class Learnt:
    """The people of the district: they do what the rehearsal says, when the life tables of the past weeks say.

    What nobody has rehearsed is left lying and counted.
    """

    district: District
    desk: Desk
    learnt: LearntPace
    lain: dict[int, int]
    unrehearsed: Counter[str] = field(default_factory=Counter)

    def pace(self, work: Work) -> Pace:
        """How many working days a task lies: drawn from the life table, beyond the days it has lain already."""
        if work.place not in HABITS:
            self.unrehearsed[work.place] += 1
            return Pace(FOR_GOOD)
        table = self.learnt.table(place_of(work.definition, work.stage, work.part), (work.role, work.scope))
        found_late = work.task_id not in self.lain  # on the morning after it arose
        lain, days, rates = self.lain.pop(work.task_id, 0), 0, table.rates()
        while days < FOR_GOOD:
            if self.desk.entropy.below(CHANCES) < rates[min(lain + days, len(rates) - 1)] * CHANCES:
                break
            days += 1
        return Pace(max(0, days - found_late))

    def waits(self, work: Work) -> bool:
        """As rehearsed."""
        return work.place in HABITS and self.district.waits(work)

    def behaviour(self, work: Work) -> Behaviour:
        """As rehearsed, or nothing."""
        return self.district.behaviour(work) if work.place in HABITS else _leave_lying


def _leave_lying(_scene: Scene) -> Step | Later | None:
    return Later(FOR_GOOD)


def first_day(database: Database, wanted: date) -> date:
    """The first day that can be run: the day wanted, or the one after the last entry of the journal."""
    with database.reading() as session:
        last = session.scalar(select(func.max(JournalEntry.at)))
    return wanted if last is None else max(wanted, local_date(last) + timedelta(days=1))


def prepare(
    plan: Plan, office: Office, database: Database, config: Config, jobs: Sequence[Job]
) -> Simulation:
    """The copy on the eve of the plan's first day. Where its `households` are 0, families come at the rate of the
    past weeks. Raises Refused where there is nothing to go on from.
    """
    replace(plan, households=max(plan.households, 1)).check()
    eve = plan.first - timedelta(days=1)
    office.entropy = chance(plan.seed, "office")
    with database.reading() as session:
        if session.scalar(select(Case.id).limit(1)) is None:
            raise Refused("副本里没有案件，无从接着模拟。")
        if plan.first <= (
            last := local_date(session.scalar(select(func.max(JournalEntry.at))) or at_local(eve))
        ):
            raise Refused(f"办理日志最后一条是 {last} 的，只能从它之后的一天开始模拟。")
        pace = read_pace(session, office.calendar, plan.first)
        taken = {number for number in session.scalars(select(Person.id_number)) if number}
    clock = FixedClock(at_local(eve, 23))
    with database.acting() as conn:
        change_numbers(office, conn, plan.numbers, chance(plan.seed, "staff"), clock.now(), eve)
    with database.reading() as session:
        roster = Roster.read(session, chance(plan.seed, "leave"), plan.first, plan.last)
        registered_leave(roster, session.connection())
    desk = desk_of(plan, office, database, clock, roster)
    desk.lenient, desk.lore = True, Recalled(database)
    _arrivals(desk, plan, taken, chance(plan.seed, "arrivals"))
    wanted = [job for job in jobs if job.id not in IDLE]
    return Simulation(desk, Learnt(District(desk), desk, pace, _lain(desk, pace, plan.first)), wanted, config)


def run(
    plan: Plan, office: Office, database: Database, config: Config, jobs: Sequence[Job],
    tell: Callable[[date], None] = lambda day: None,
) -> Simulation:  # fmt: skip
    """Run a copy on to the plan's last day."""
    simulation = prepare(plan, office, database, config, jobs)
    with other_limits(office.catalogue, plan.limits):
        simulation.run(plan.first, plan.last, tell)
    return simulation


def figures(simulation: Simulation, plan: Plan) -> dict[str, Any]:
    """The figures of the copy; `on_time` counts the limits that end in the run; `refused` and `unrehearsed` say by place
    which work could not be played.
    """
    with simulation.desk.database.reading() as session:
        conn = session.connection()
        found = report(conn, simulation.desk.office) | {"on_time": on_time(conn, plan.first)}
    assert isinstance(simulation.players, Learnt)
    played = {"refused": simulation.refused, "unrehearsed": simulation.players.unrehearsed}
    return found | {"from": plan.first, "to": plan.last} | {name: dict(n) for name, n in played.items()}


def _lain(desk: Desk, pace: LearntPace, today: date) -> dict[int, int]:
    """How many days of its own time each open task has lain."""
    axis = Axis.of(desk.office.calendar, today, WEEKS)
    wanted = select(Task.id, Task.role, Task.scope, Task.opened_at, Task.opens_on).where(Task.state == "open")
    with desk.database.reading() as session:
        return {
            row.id: pace.own_days((row.role, row.scope), axis.ready(row), axis.now)
            for row in session.execute(wanted)
        }


def _arrivals(desk: Desk, plan: Plan, taken: set[str], entropy: Entropy) -> None:
    """Families come as often, and where, as in the past weeks, or as many as the plan says in all."""
    calendar, length = desk.office.calendar, (plan.last - plan.first).days + 1
    since = at_local(plan.first - timedelta(weeks=WEEKS))
    wanted = select(Case.area_code, Case.opened_at).where(Case.definition == APPLICATIONS).order_by(Case.id)
    with desk.database.reading() as session:
        rows = session.execute(wanted).all()
    places = [row.area_code for row in rows if row.opened_at >= since] or [row.area_code for row in rows]
    recent = sum(row.opened_at >= since for row in rows)
    usual = plan.households or recent * length / (7 * WEEKS)
    offsets = [*(entropy.below(length) for _ in range(round(usual * plan.arrivals))), *flooded(plan, entropy)]
    if offsets and not places:
        raise Refused("副本里没有申请，推算不出家庭从哪里来。")
    for offset in sorted(offsets):
        coming = partial(arrive, village=entropy.choice(places), taken=taken)
        day = plan.first + timedelta(days=offset)
        if calendar.is_working(day) and day == plan.first:
            desk.diary.setdefault(day, []).append(coming)
        else:
            desk.on(day, coming)
