"""A district put together for a run: places, people, families, and the days one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from definitions.rehearsal.arrivals import arrive
from definitions.rehearsal.habits import District
from definitions.rehearsal.papers import paper
from workflow.areas import is_community
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import Entropy, SeededEntropy
from workflow.errors import Refused
from workflow.models import Area, Case, JournalEntry
from workflow.office import Office
from workflow.periods import at_local
from workflow.running.job import Job
from workflow.simulation.backlog import Backlog
from workflow.simulation.changes import Flood, Off, other_limits, send_away
from workflow.simulation.departments import hire_departments
from workflow.simulation.desk import Desk
from workflow.simulation.figures import figures, paths
from workflow.simulation.roster import ACTS_A_DAY, Roster, headcount, hire
from workflow.simulation.run import Players, Simulation
from workflow.simulation.urns import Urns
from workflow.verify import invariants

JIANGSHAN, ZHONGHE = "330212110000", "330212005000"
TOWNS = (JIANGSHAN, ZHONGHE)
"""A town of villages and a street of communities: both standards and all intervals of review occur."""
VILLAGES = (9, 3)
"""Villages that take part, of the first town and of each other."""
IDLE = ("sessions", "deliver_mail", "idempotency")
"""Jobs with nothing to do in a run: nobody signs in, and no mail leaves."""


@dataclass(frozen=True)
class Plan:
    """What is to be run: `first_town` is the share in ten of families that live in the first town, `arriving` the part
    of the time (numerator, denominator) in which families come. `backlog` is for how many days before the end one task
    in so many is left lying. `arrivals` multiplies the number of families; `flood` comes on top. `limits` are other legal
    limits, `routing` other shares of the ways that are gone, `acts` what one person gets done a day.
    """

    first: date
    last: date
    households: int
    seed: int
    numbers: Mapping[str, int]
    towns: Sequence[str] = TOWNS
    villages: Sequence[int] = VILLAGES
    first_town: int = 9
    arriving: tuple[int, int] = (3, 4)
    backlog: tuple[int, int] = (0, 1)
    arrivals: Fraction = Fraction(1)
    off: Sequence[Off] = ()
    flood: Flood | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
    routing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    acts: int = ACTS_A_DAY

    def check(self) -> None:
        """Raise Refused where this cannot be run."""
        if self.last < self.first:
            raise Refused(f"结束日期 {self.last} 早于开始日期 {self.first}。")
        if self.households < 1:
            raise Refused(f"家庭数应是正整数，现在是 {self.households}。")
        if self.arrivals < 0 or self.acts < 1:
            raise Refused("来件倍数不能小于 0，每人每天办理的步数应是正整数。")


def check_empty(session: Session) -> None:
    """Raise Refused where the database holds cases: a run stands alone, or its figures say nothing."""
    if session.scalar(select(Case.id).limit(1)) is not None:
        raise Refused(
            "数据库里已经有案件，模拟只能在没有案件的数据库里运行；请用 DATABASE_URL 指向另一个数据库。"
        )


def chance(seed: int, purpose: str) -> SeededEntropy:
    """The run's only source of chance, one stream for each purpose."""
    return SeededEntropy(seed).fork(purpose)


def run(
    plan: Plan, office: Office, database: Database, config: Config, jobs: Sequence[Job],
    tell: Callable[[date], None] = lambda day: None,
) -> Desk:  # fmt: skip
    """Run the district from the first day to the last. Raises Refused for a database with cases or an unknown role."""
    simulation = prepare(plan, office, database, config, jobs)
    with other_limits(office.catalogue, plan.limits):
        simulation.run(plan.first, plan.last, tell)
    return simulation.desk


def prepare(
    plan: Plan, office: Office, database: Database, config: Config, jobs: Sequence[Job]
) -> Simulation:
    """The district on the eve of the first day: places, people, and the diary of who will come."""
    plan.check()
    numbers = headcount(plan.numbers)
    with database.reading() as session:
        check_empty(session)
    office.entropy = chance(plan.seed, "office")
    eve = plan.first - timedelta(days=1)
    clock = FixedClock(at_local(eve, 20))
    with database.acting() as conn:
        session = Session(conn)
        villages = _places(session, plan)
        everywhere = [*_counties(session), *plan.towns, *(v for group in villages for v in group)]
        _telephones(session, everywhere)
        hire(session, everywhere, numbers, chance(plan.seed, "staff"), clock.now(), eve)
        deciding = {one.cls.department for one in office.catalogue} - {""}
        hire_departments(
            session, _counties(session), deciding, numbers, chance(plan.seed, "departments"), clock.now(), eve
        )
        session.flush()
    with database.reading() as session:
        roster = Roster.read(session, chance(plan.seed, "leave"), plan.first, plan.last)
    desk = desk_of(plan, office, database, clock, roster)
    _arrivals(desk, plan, villages, chance(plan.seed, "arrivals"))
    wanted = [job for job in jobs if job.id not in IDLE]
    players: Players = District(desk)
    days, one_in = plan.backlog
    if days:
        players = Backlog(players, desk, plan.last - timedelta(days=days), one_in)
    return Simulation(desk, players, wanted, config)


def desk_of(plan: Plan, office: Office, database: Database, clock: FixedClock, roster: Roster) -> Desk:
    """The desk of a run: people away and at the pace of the plan, packs with its shares."""
    send_away(roster, plan.off, plan.first, plan.last)
    for colleague in roster.by_id.values():
        colleague.acts_a_day = plan.acts
    urns = Urns(chance(plan.seed, "urns"), plan.routing)
    return Desk(office, database, clock, roster, chance(plan.seed, "life"), urns, paper)


def _counties(session: Session) -> list[str]:
    return list(session.scalars(select(Area.code).where(Area.level == "county").order_by(Area.code)))


def _places(session: Session, plan: Plan) -> list[list[str]]:
    """The villages that take part, town by town, spread over each. Raises Refused for an unknown town."""
    chosen = []
    for place, town in enumerate(plan.towns):
        villages = session.scalars(
            select(Area.code).where(Area.parent_code == town).order_by(Area.code)
        ).all()
        if not villages:
            raise Refused(
                f"没有代码为 {town} 的乡镇（街道），或它没有村（社区）；请先运行 jiuzhu db upgrade。"
            )
        wanted = min(len(villages), plan.villages[min(place, len(plan.villages) - 1)])
        rural = sorted(villages, key=lambda code: (is_community(code), code))
        chosen.append([rural[number * len(rural) // wanted] for number in range(wanted)])
    return chosen


def _telephones(session: Session, codes: Sequence[str]) -> None:
    """A notice on the board names a telephone: sample numbers where none is set (012 is no area code)."""
    for number, code in enumerate(codes, 1):
        area = session.get_one(Area, code)
        area.phone = area.phone or f"012-{88000000 + number}"
        area.office = area.office or f"{area.name}{_OFFICES[area.level]}"
        area.address = area.address or f"{area.name}便民服务中心（样例）"


_OFFICES = {"county": "民政局", "town": "社会救助窗口", "village": "社会救助代理窗口"}


def _arrivals(desk: Desk, plan: Plan, villages: list[list[str]], entropy: Entropy) -> None:
    """When and where families come: evenly over the first part of the time."""
    part, whole = plan.arriving
    days = max(1, ((plan.last - plan.first).days + 1) * part // whole)
    taken: set[str] = set()
    families = round(plan.households * plan.arrivals)
    for offset in sorted([*(entropy.below(days) for _ in range(families)), *flooded(plan, entropy)]):
        first = len(villages) == 1 or entropy.below(10) < plan.first_town
        group = villages[0] if first else villages[entropy.between(1, len(villages) - 1)]
        coming = partial(arrive, village=entropy.choice(group), taken=taken)
        desk.on(plan.first + timedelta(days=offset), coming)


def flooded(plan: Plan, entropy: Entropy) -> list[int]:
    """On which days of the run, counted from its first, the families of a flood come."""
    if plan.flood is None:
        return []
    since = ((plan.flood.since or plan.first) - plan.first).days
    if not 0 <= since <= (plan.last - plan.first).days:
        raise Refused("集中申请的日期不在模拟的起止日期之内。")
    return [since + entropy.below(plan.flood.days) for _ in range(plan.flood.families)]


def report(conn: Connection, office: Office) -> dict[str, Any]:
    """The figures of a run, its results by the words of the procedure, and its invariants."""
    found = figures(conn)
    found["cases"]["by_result"] = results(conn)
    broken = invariants(conn, office.catalogue)
    return found | {
        "paths": paths(conn),
        "reviews": reviews(conn),
        "invariants": {name: len(rows) for name, rows in broken.items()},
        "broken": [f"{name}：{row}" for name, rows in broken.items() for row in rows],
    }


def results(conn: Connection) -> dict[str, int]:
    """How procedures ended: approved counts decisions, stopped the benefits that have ended since."""
    ended = (
        select(Case.result, func.count())
        .where(Case.definition == "dibao", Case.closed_at.is_not(None))
        .group_by(Case.result)
    )
    approved = (
        select(func.count())
        .select_from(JournalEntry)
        .join(Case, Case.id == JournalEntry.case_id)
        .where(Case.definition == "dibao", JournalEntry.action == "approve")
    )
    rows = {
        "approved": conn.execute(approved).scalar_one(),
        **{row[0]: row[1] for row in conn.execute(ended)},
    }
    return dict(sorted(rows.items()))


def reviews(conn: Connection) -> dict[str, int]:
    """How re-checks ended."""
    ended = (
        select(Case.result, func.count())
        .where(Case.definition == "dynamic_review", Case.closed_at.is_not(None))
        .group_by(Case.result)
        .order_by(Case.result)
    )
    return {row[0]: row[1] for row in conn.execute(ended)}
