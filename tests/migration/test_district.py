"""The long run: two thousand cases from 2016 to 2021, killed half way, resumed, one batch taken back; the books proved after each."""

import signal
import subprocess
import sys
import time

import pytest

from tests.district import BOTH, District
from tests.migration import caseload as load
from workflow.migration import running
from workflow.migration.plan import Plan
from workflow.migration.sheet import dry_run, totals
from workflow.models import JournalEntry, MigrationCase

ROUNDS = 134
PROCESS = """
from tests.district import District
from tests.migration import caseload as load
district = District({url!r})
district.day(load.MOVING_DAY)
load.carry_out(district, {number})
"""
"""What the process that is killed runs."""


@pytest.mark.soak
@pytest.mark.timeout(3600)
@BOTH
def test_a_districts_cases_are_brought_to_the_new_edition_killed_resumed_and_partly_taken_back(
    district: District,
):
    cases = [case for _stage, case in load.many(district, load.STAGES * ROUNDS)]
    assert len(cases) >= 2000
    with district.database.reading() as session:
        foretold = totals(dry_run(district.office, session, load.plan(district), district.now))
    assert (foretold["cases"], foretold["stays"]) == (len(cases), ROUNDS)
    made = load.signed(district)
    assert made.effects == foretold
    assert district.broken() == {}

    killed = subprocess.Popen(
        [sys.executable, "-c", PROCESS.format(url=district.url, number=made.id)], stderr=subprocess.DEVNULL
    )
    while load.tally(district, made.id)["done"] < len(cases) // 3:
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    half = load.tally(district, made.id)
    assert half["waiting"] > 0
    assert sum(half.values()) == len(cases)
    assert district.broken() == {}

    load.carry_out(district, made.id)
    whole = load.tally(district, made.id)
    assert whole == {"done": len(cases) - ROUNDS, "skipped": ROUNDS, "failed": 0, "waiting": 0}
    entries = [entry.case_id for entry in district.rows(JournalEntry, action="migrate")]
    assert len(entries) == len(set(entries)) == whole["done"]
    assert district.broken() == {}

    back = load.take_back(district, made.id, batch=3)
    taken = [row.case_id for row in district.rows(MigrationCase, migration_id=back, state="done")]
    assert {district.case(case).edition for case in taken} == {"NB2016"}
    assert 0 < len(taken) <= running.BATCH
    assert district.broken() == {}
    with district.database.reading() as session:
        again = totals(dry_run(district.office, session, Plan.from_json(made.plan), district.now))
    assert again["moves"] == len(taken)
