"""Thousands of deadlines due at once, two schedulers and two writers on one PostgreSQL: each effect once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from tests.district import TOWN, District, prepare
from tests.faults.killing import Log, begin, problems, sweeper, writer
from workflow.models import Case, Deadline, JournalEntry, OutboxMessage
from workflow.periods import CHINA

NOW = datetime(2016, 9, 13, 0, 0, tzinfo=CHINA)
REMINDERS, OVERDUE = 90, 10
"""So many limits to remind of, and so many that have passed, has each case."""


@pytest.fixture(params=[pytest.param(10, id="1000"), pytest.param(50, id="5000", marks=pytest.mark.soak)])
def crowded(fresh_postgres: Callable[..., str], request: pytest.FixtureRequest) -> Iterator[District]:
    """A district on PostgreSQL whose cases have far more limits than any law gives them."""
    district = District(fresh_postgres(prepare))
    cases = [district.bring(district.application(), "investigating") for _ in range(request.param)]
    rows = [
        {
            "case_id": case, "visit": district.case(case).visit, "kind": f"many:{n}", "label": f"时限{n}", "stage": "investigating",
            "part": "", "role": "window_clerk", "scope": TOWN, "started_on": date(2016, 9, 5),
            "rule": "=2016-12-01" if n < REMINDERS else "=2016-09-12", "due_on": date(2016, 12, 1) if n < REMINDERS else date(2016, 9, 12),
            "source": "test", "minimum": False, "provisional": False, "ladder": "ordinary", "state": "open",
            "rung": 0 if n < REMINDERS else 1, "next_at": NOW, "overdue": False,
        }
        for case in cases for n in range(REMINDERS + OVERDUE)
    ]  # fmt: skip
    with district.database.acting() as conn:
        conn.execute(Deadline.__table__.insert(), rows)
    yield district
    district.close()


def test_thousands_due_at_once_take_effect_once_each(crowded: District) -> None:
    district, log = crowded, Log()
    cases = [row.id for row in district.rows(Case, definition="dibao")]
    households = [district.family() for _ in range(4)]
    before = Counter(row.action for row in district.rows(JournalEntry))
    district.database.close()

    schedulers = [begin(sweeper(NOW), district.url) for _ in range(2)]
    writers = [begin(writer(cases, households, district.now), district.url) for _ in range(2)]
    for scheduler in schedulers:
        heard = ""
        while "ok sweep" not in heard:
            for child in writers:
                log.take(child.hear(0))
            said = scheduler.hear(1)
            heard += said
            assert "ok sweep" in heard or _alive(scheduler.pid), (
                "a scheduler ended without finishing its sweep"
            )
    for child in (*writers, *schedulers):
        child.kill()
        if child in writers:
            log.take(child.drain())
    child = begin(sweeper(NOW), district.url)  # rows a writer held at the moment are left to the next run
    while "ok sweep" not in child.hear(60):
        pass
    child.kill()

    done = Counter((row.case_id, row.action) for row in district.rows(JournalEntry))
    own = Counter(
        row.case_id for row in district.rows(Deadline) if row.overdue and not row.kind.startswith("many:")
    )
    assert all(done[case, "overdue"] == OVERDUE + own[case] for case in cases)
    assert all(done[case, "remind"] >= REMINDERS for case in cases)
    many = [row for row in district.rows(Deadline) if row.kind.startswith("many:")]
    assert len(many) == len(cases) * (REMINDERS + OVERDUE)
    assert {row.rung for row in many if row.due_on.month == 12} == {1}
    assert {row.rung for row in many if row.due_on.month == 9} == {2}
    told = Counter(
        row.facts.get("label", "")
        for row in district.rows(OutboxMessage)
        if row.topic in ("remind", "overdue")
    )
    assert {told[f"时限{n}"] for n in range(REMINDERS + OVERDUE)} == {len(cases)}
    raised = Counter(row.facts["label"] for row in district.rows(Case, definition="escalation"))
    assert {raised[f"时限{n}"] for n in range(REMINDERS, REMINDERS + OVERDUE)} == {len(cases)}
    assert len(log.acknowledged) > 0
    assert before["remind"] == 0
    assert problems(district, log) == []


def _alive(pid: int) -> bool:
    import os

    return os.waitpid(pid, os.WNOHANG) == (0, 0)
