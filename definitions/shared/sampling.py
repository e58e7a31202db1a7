"""County house-visit sampling: a recorded seed, forced cases apart, three of every block of ten (M220-26; M57-20).

Every case that reaches the county takes the next place in its month. A permutation of each block of ten places,
made from the month's published seed, says which places are visited, so that an outsider can repeat the draw.
Near-relative, reported and doubtful cases are always visited and take no place. At the month's end the open block
is rounded up: what is then still missing is picked, and visited afterwards where it is decided already [design].
Where the town decides (M57-2) only forced cases are visited before; the month's share is picked when it is over.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.shared.guards import month_of
from definitions.tables import ALWAYS, county_visit
from workflow import settings
from workflow.actors import Actor
from workflow.areas import ancestor
from workflow.decision_tables import keep
from workflow.entropy import seeded_permutation
from workflow.facts import CaseState
from workflow.models import Case, Draw, ScheduledAct, Setting
from workflow.office import office_of
from workflow.periods import local_date
from workflow.running.job import Job, Run
from workflow.sweeps import Swept

BLOCK = 10
CLOSED = "sampling_closed:"
"""Settings that start so name the months whose draw is finished."""


def draw(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Give the case its place on arrival at the county and say whether it is visited. A case sent up again keeps its own."""
    kept = session.get(Draw, case.id)
    today = local_date(now)
    decision = county_visit(case.edition, today).decide(
        {"near_relative": bool(case.facts.get("near_relative")), "doubt": bool(case.facts.get("doubt"))}
    )
    keep(case, decision)
    forced = str(decision.outputs["why"]) if decision.outputs["visit"] == ALWAYS else ""
    if kept is not None:
        if forced and not kept.picked:
            kept.picked, kept.forced = True, forced
        case.facts["sampled"] = kept.picked
        return
    county, month = ancestor(case.area_code, "county"), month_of(today)
    seed = month_seed(session, county, month)
    place, picked = None, bool(forced)
    if not forced:
        place = 1 + (
            session.scalar(select(func.max(Draw.place)).where(Draw.area_code == county, Draw.month == month))
            or 0
        )
        rate = Fraction(str(decision.outputs["rate"]))
        picked = place in picked_places(seed, place, rate, closed=False)
    session.add(
        Draw(
            case_id=case.id,
            area_code=county,
            month=month,
            place=place,
            forced=forced,
            picked=picked,
            seed=seed,
            drawn_at=now,
        )
    )
    case.facts |= {"sampled": picked, "sampled_why": forced or ("随机抽中" if picked else "")}


def _rate(code: str, today: date, *names: str) -> Fraction:
    """The share of ordinary cases visited; an edition without such a rule visits none of them."""
    found = next((n for name in names if (n := edition(code).find(name, today)) is not None), None)
    return Fraction(str(found.value)) if found is not None else Fraction(0)


def month_seed(session: Session, county: str, month: str) -> str:
    """The month's seed, drawn once when its first case arrives and published with the list.

    Its row is locked until the act ends: cases that arrive at the same moment take their places one after the other.
    """
    name = f"sampling:{county}:{month}"
    locked = select(Setting.value).where(Setting.name == name).with_for_update()
    if (seed := session.scalar(locked)) is not None:
        return seed
    settings.put_first(session.connection(), name, office_of(session).entropy.token(16))
    return session.scalars(locked).one()


def picked_places(seed: str, count: int, rate: Fraction, *, closed: bool) -> set[int]:
    """The places visited among the first `count`: of each block of ten the first `rate` of its permutation.

    While the month runs, a place is picked if its block's permutation puts it among the visited. When the month is
    `closed`, the open block is rounded up: ceil(rate x size) of its own places, in the order of the permutation.
    """
    picked: set[int] = set()
    for start in range(0, count, BLOCK):
        order = [start + 1 + i for i in seeded_permutation(f"{seed}:{start // BLOCK}", BLOCK)]
        visited = order[: ceil(rate * BLOCK)]
        present = [place for place in order if place <= count]
        picked |= {place for place in visited if place <= count}
        if closed and len(present) < BLOCK:
            missing = ceil(rate * len(present)) - len(picked & set(present))
            rest = [place for place in present if place not in picked]
            picked |= set(rest[: max(missing, 0)])
    return picked


def close_months(run: Run) -> Swept:
    """Round the open block of every month that is over, once; the cases picked then hear of it by the sweep."""
    today, swept = local_date(run.now), Swept()
    with run.database.reading() as session:
        over = session.execute(
            select(Draw.area_code, Draw.month).where(Draw.month < month_of(today)).distinct()
        ).all()
        closed = set(session.scalars(select(Setting.name).where(Setting.name.startswith(CLOSED))))
    for county, month in sorted((row.area_code, row.month) for row in over):
        if f"{CLOSED}{county}:{month}" in closed:
            continue
        if run.stopped():
            break
        with run.database.acting() as conn:
            if not settings.put_first(conn, f"{CLOSED}{county}:{month}", today.isoformat()):
                continue
            session = run.office.session(conn)
            swept.done += close_month(session, county, month, today)
            session.flush()
    return swept


def close_month(session: Session, county: str, month: str, today: date) -> int:
    """Pick what the open block still lacks and plan the visits. Returns how many cases were picked."""
    rows = session.scalars(
        select(Draw)
        .where(Draw.area_code == county, Draw.month == month, Draw.place.is_not(None))
        .order_by(Draw.place)
    ).all()
    if not rows:
        return 0
    edition_code = session.get_one(Case, rows[-1].case_id).edition
    rate = _rate(edition_code, today, "sampling_rate", "sampling_afterwards_rate")
    wanted = picked_places(rows[-1].seed, len(rows), rate, closed=True)
    added = [row for row in rows if row.place in wanted and not row.picked]
    for row in added:
        row.picked, row.forced = True, "月末补抽"
        if session.get_one(Case, row.case_id).closed_at is None:
            session.add(
                ScheduledAct(
                    case_id=row.case_id, action="draw_afterwards", on_date=today, form={}, state="planned",
                    decided_by=f"抽样 {county} {month}",
                )
            )  # fmt: skip
    return len(added)


def mark_afterwards(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Picked at the month's end: visited before the county's opinion where that is still open, by a re-check where not."""
    case.facts |= {"sampled": True, "sampled_why": "月末补抽"}


JOBS = (Job("sampling", "月末补抽", 600, close_months),)
