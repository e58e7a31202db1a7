"""What the forecast says beforehand against what the simulated district then really does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from definitions import CATALOGUE
from definitions.rehearsal.play import Plan, prepare
from tests.simulation.conftest import fresh
from web.jobs import JOBS
from workflow.config import Config
from workflow.forecast.ahead import HORIZONS, Band, forecast
from workflow.forecast.queue import Holder
from workflow.forecast.reading import read_world
from workflow.models import Task
from workflow.periods import local_date
from workflow.roles import TOWN_REVIEWER
from workflow.rungs import ESCALATION
from workflow.simulation.changes import Off, send_away

FIRST, EVE = date(2016, 9, 5), date(2016, 12, 16)
MARGIN = 4
"""Tasks: beyond what nine of ten runs of the forecast lie between."""


def missed(database, days: list[date]) -> dict[int, int]:
    """How many tasks really passed their last day undone within the first so many of these days."""
    with database.reading() as session:
        rows = (
            session.execute(select(Task).where(Task.definition != ESCALATION, Task.due_on.is_not(None)))
            .scalars()
            .all()
        )
    ended = [(t.due_on, t.closed_at and local_date(t.closed_at), t.state) for t in rows]
    after = days[-1] + timedelta(days=9)
    return {
        h: sum(
            days[0] <= due <= days[h - 1] and (closed or after) > due and state != "cancelled"
            for due, closed, state in ended
        )
        for h in HORIZONS
    }


def told_and_came(template, path, away: bool = False) -> tuple[dict[int, Band], dict[int, int]]:
    """Run a district for some months, ask what will be late, and run it on to see; from then on without reviewers, or not."""
    database, office = fresh(template, path)
    plan = Plan(FIRST, EVE + timedelta(days=40), 20, 11, {}, arriving=(1, 1))
    simulation = prepare(plan, office, database, Config(database.url), JOBS)
    simulation.run(FIRST, EVE)
    with database.reading() as session:
        world = read_world(session, CATALOGUE, office.calendar, EVE + timedelta(days=1))
    if away:
        gone = {
            who: replace(one, away=frozenset(range(len(world.days)))) if reviews(one) else one
            for who, one in world.holders.items()
        }
        world = replace(world, holders=gone)
        off = Off(TOWN_REVIEWER.code, EVE + timedelta(days=1), world.days[-1])
        send_away(simulation.desk.roster, [off], plan.first, plan.last)
    told = forecast(world, "told")
    simulation.run(EVE + timedelta(days=1), world.days[-1])
    return {h: told.total(h) for h in HORIZONS}, missed(database, list(world.days))


def reviews(one: Holder) -> bool:
    return any(role == TOWN_REVIEWER.code for (role, _area), _first, _last in one.posts)


def test_what_comes_lies_about_where_the_forecast_said(template, tmp_path):
    told, came = told_and_came(template, tmp_path / "district.db")
    for days, band in told.items():
        assert band.low - MARGIN <= came[days] <= band.high + MARGIN, days


@pytest.mark.soak
def test_where_the_forecast_sees_more_late_more_is_late(template, tmp_path):
    told, came = told_and_came(template, tmp_path / "usual.db")
    told_away, came_away = told_and_came(template, tmp_path / "away.db", away=True)
    last = max(HORIZONS)
    assert told_away[last].expected > told[last].expected
    assert came_away[last] > came[last]
