"""A copy of a district at work is run on: the live one is only read, and the scenario is what happens."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from definitions import CATALOGUE
from definitions.rehearsal import onward
from definitions.rehearsal.play import Plan
from definitions.rehearsal.scenario import plan_of
from web.cli.copying import copy, new_file
from web.jobs import JOBS
from workflow.backup import BACKED_UP
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.models import Case, Deadline, JournalEntry, RoleAssignment, Setting
from workflow.office import Office
from workflow.periods import local_date
from workflow.simulation.changes import Flood, Off, other_limits
from workflow.simulation.figures import digest

EVE, FIRST, LAST = date(2016, 11, 11), date(2016, 11, 12), date(2016, 12, 2)
NOW = datetime(2016, 11, 11, 15, tzinfo=UTC)
FRIDAY = 4


@pytest.fixture(scope="module")
def live(play):
    """A district at work."""
    return play(households=7, seed=3, last=EVE).database


@pytest.fixture(scope="module")
def carry(live, tmp_path_factory):
    """`carry(**scenario)`: a copy run on, with its figures and what the copy started from."""

    def _carry(**words) -> tuple[Database, dict]:
        plan = plan_of({"from": "today", "to": LAST.isoformat()} | words, households=0, first=FIRST)
        database = Database(new_file(tmp_path_factory.mktemp("copy") / "copy.db"))
        copy(live.url, database, NOW)
        office = Office(CATALOGUE, SeededEntropy(0))
        with database.reading() as session:
            office.refresh(session)
        simulation = onward.run(replace(plan, seed=9), office, database, Config(database.url), JOBS)
        return database, onward.figures(simulation, plan)

    return _carry


@pytest.fixture(scope="module")
def usual(carry):
    return carry()


def entries(database) -> list:
    with database.reading() as session:
        return list(
            session.execute(select(JournalEntry.at, JournalEntry.actor_id, JournalEntry.action)).all()
        )


def test_the_copy_goes_on_lawfully_and_the_live_database_is_only_read(live, usual):
    database, figures = usual
    assert figures["broken"] == []
    with live.reading() as session:
        before = digest(session.connection())
        assert session.get(Setting, BACKED_UP) is None
    assert figures["digest"] != before
    old, new = entries(live), entries(database)
    assert len(new) == figures["acts"] > len(old)
    assert {local_date(at) for at, _actor, _action in set(new) - set(old)} <= {
        date.fromordinal(n) for n in range(EVE.toordinal(), LAST.toordinal() + 1)
    }
    assert sum(kept["n"] for kept in figures["on_time"].values()) > 0


def test_the_same_seed_gives_the_same_copy(carry, usual):
    assert carry()[1] == usual[1]


def test_nobody_works_on_fridays(carry):
    database, figures = carry(off=["all=fri"])
    days = Counter(
        local_date(at).weekday() for at, actor, _a in entries(database) if actor and local_date(at) >= FIRST
    )
    assert days[FRIDAY] == 0 < days[FRIDAY - 1]
    assert figures["broken"] == []


def test_a_flood_and_other_numbers_of_people_and_limits(carry, usual):
    database, figures = carry(
        flood="12/2@2016-11-14",
        arrivals="0",
        staff={"investigator": 2, "county_reviewer": 7},
        limits={"dibao.submitted": "3wd"},
    )
    assert figures["broken"] == []
    with database.reading() as session:
        came = [
            local_date(at)
            for at in session.scalars(select(Case.opened_at).where(Case.definition == "dibao"))
            if local_date(at) >= FIRST
        ]
        held = Counter(
            row.area_code
            for row in session.scalars(
                select(RoleAssignment).where(
                    RoleAssignment.role == "investigator", RoleAssignment.to_date.is_(None)
                )
            )
        )
        rules = set(
            session.scalars(
                select(Deadline.rule).where(Deadline.kind == "stage:submitted", Deadline.started_on >= FIRST)
            )
        )
    assert len(came) >= 12
    assert min(came) == date(2016, 11, 14)
    assert set(held.values()) == {2}
    assert rules == {"3wd"}
    assert CATALOGUE.get("dibao", "NB2016").stages["submitted"].limit.rule != "3wd"


def test_the_copy_is_never_the_live_database_nor_an_old_file(live, tmp_path):
    with pytest.raises(Refused, match="原数据库"):
        copy(live.url, live, NOW)
    link = tmp_path / "link.db"
    link.symlink_to(Path(live.url.removeprefix("sqlite:///")))
    with pytest.raises(Refused, match="原数据库"):
        copy(live.url, Database(f"sqlite:///{link}"), NOW)
    with pytest.raises(Refused, match="已经存在"):
        new_file(link)


def test_time_does_not_run_backwards(live, carry):
    assert onward.first_day(live, date(2016, 10, 1)) == FIRST
    with pytest.raises(Refused, match="办理日志最后一条"):
        carry(**{"from": "2016-10-03"})


def test_limits_are_as_they_were_afterwards_also_after_a_mistake():
    before = {
        place: CATALOGUE.get(*place).stages["submitted"].limit
        for place in [("dibao", "NB2016"), ("dibao", "NAT2021")]
    }
    span = CATALOGUE.get("dibao", "NAT2021").spans["overall"]
    with other_limits(CATALOGUE, {"dibao.submitted": "9wd", "dibao.overall": "20wd"}):
        assert {str(CATALOGUE.get(*place).stages["submitted"].limit.rule) for place in before} == {"9wd"}
        assert str(CATALOGUE.get("dibao", "NAT2021").spans["overall"].rule) == "20wd"
    with (
        pytest.raises(Refused, match="nowhere"),
        other_limits(CATALOGUE, {"dibao.submitted": "9wd", "dibao.nowhere": "1d"}),
    ):
        pass
    assert {place: CATALOGUE.get(*place).stages["submitted"].limit for place in before} == before
    assert CATALOGUE.get("dibao", "NAT2021").spans["overall"] is span


@pytest.mark.parametrize("text", ["mayor=fri", "all", "all=monday", "all=2016-11-05..2016-11-01"])
def test_an_absence_that_cannot_be_read_is_refused(text):
    with pytest.raises(Refused):
        Off.parse(text)


@pytest.mark.parametrize("text", ["800", "0/3", "800/0", "a/3", "8/3@soon"])
def test_a_flood_that_cannot_be_read_is_refused(text):
    with pytest.raises(Refused):
        Flood.parse(text)


@pytest.mark.parametrize(
    "words, told",
    [
        ({"colour": 1}, "colour"), ({"arrivals": "-1"}, "来件倍数"), ({"staff": {"investigator": "2"}}, "staff.investigator"),
        ({"routing": {"county": [1]}}, "county"), ({"from": "soon"}, "soon"), ({"limits": []}, "limits"),
    ],
)  # fmt: skip
def test_a_scenario_is_refused_by_the_word_that_is_wrong(words, told):
    with pytest.raises(Refused, match=told):
        plan_of({"from": "2016-09-05", "to": "2016-10-05"} | words, households=1)


def test_a_scenario_says_what_is_different():
    text = """{"from": "2016-09-05", "to": "2016-10-05", "off": ["all=fri"], "flood": "8/3", "routing": {"county": {"go": 1}}}"""
    plan: Plan = plan_of(json.loads(text), households=4)
    assert (plan.households, plan.off, plan.flood) == (4, (Off("all", weekday=FRIDAY),), Flood(8, 3))
    assert plan.routing == {"county": {"go": 1}}
