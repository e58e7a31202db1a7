"""Processes killed at random moments lose nothing, double nothing, and leave the journal whole."""

import random
from collections import Counter
from datetime import datetime

import pytest

from tests.district import District
from tests.faults.killing import Log, Say, begin, kill_at_random, one_act, perform, problems, sweeper, writer
from workflow import acts, entries
from workflow import statements as sql
from workflow.db import Database
from workflow.ladders import ORDINARY
from workflow.models import Case, Deadline, JournalEntry
from workflow.office import Office
from workflow.periods import CHINA
from workflow.sweeps import Swept

OVERDUE = datetime(2016, 9, 13, 0, 0, tzinfo=CHINA)
"""When a limit of five working days from Monday, 2016-09-05, has passed."""
COUNTS = [pytest.param(50, id="50"), pytest.param(300, id="300", marks=pytest.mark.soak)]


@pytest.fixture
def at_work(district: District) -> tuple[District, list[int], list[int]]:
    """A district with cases under investigation and families without one, its connections closed for the fork."""
    cases = [district.bring(district.application(), "investigating") for _ in range(4)]
    households = [district.family() for _ in range(4)]
    district.database.close()
    return district, cases, households


@pytest.mark.parametrize("kills", COUNTS)
def test_writers_killed_at_random_lose_and_double_nothing(at_work, kills: int) -> None:
    district, cases, households = at_work
    log = Log()
    kill_at_random(writer(cases, households, district.now), district.url, log, kills, random.Random(kills))
    assert log.kills >= kills
    assert len(log.acknowledged) > kills
    assert problems(district, log) == []


@pytest.mark.parametrize(
    "kills", [pytest.param(15, id="15"), pytest.param(100, id="100", marks=pytest.mark.soak)]
)
def test_sweeps_killed_midway_do_each_deadline_once(district: District, kills: int) -> None:
    cases = [district.application() for _ in range(kills * 2)]
    for case in cases:
        district.do(case, "submit")
    district.database.close()
    log, dice = Log(), random.Random(kills)
    _sweep_and_kill(sweeper(OVERDUE), district.url, log, dice, kills)
    finish(sweeper(OVERDUE), district.url)
    assert log.kills >= 3
    assert _not_once(district, cases) == []
    assert district.broken() == {}


def _sweep_and_kill(work, url: str, log: Log, dice: random.Random, kills: int) -> None:
    """Start sweeps and kill each a few milliseconds in, until there is nothing left to sweep."""
    for _ in range(kills):
        child = begin(work, url)
        assert child.hear(20) == "try sweep"
        ended = child.hear(dice.random() / 30)
        child.kill()
        child.drain()
        log.kills += not ended


def finish(work, url: str) -> None:
    """One more sweep, undisturbed."""
    child = begin(work, url)
    assert "try sweep" in child.hear(20)
    child.hear(60)
    child.kill()
    child.drain()


def _not_once(district: District, cases: list[int]) -> list[str]:
    """Deadlines whose reminder, overdue mark or escalation is missing or doubled."""
    done = Counter(
        (row.case_id, row.action)
        for row in district.rows(JournalEntry)
        if row.action in ("remind", "overdue")
    )
    raised = Counter(row.parent_id for row in district.rows(Case, definition="escalation"))
    wrong = [
        f"{case} {word} {done[case, word]}"
        for case in cases
        for word in ("remind", "overdue")
        if done[case, word] != 1
    ]
    return wrong + [f"{case} escalated {raised[case]}" for case in cases if raised[case] != 1]


# Planted faults: the checks above must see them.


def acknowledge_early(
    database: Database, office: Office, dice, cases, households, now, token: str, say: Say
) -> None:
    """The fault: `ok` is said inside the transaction."""
    say(f"try {token}")
    with database.acting() as conn:
        perform(office, conn, dice, cases[:1], households, now, token)
        say(f"ok {token}")


def test_an_act_acknowledged_before_its_commit_is_found(at_work) -> None:
    district, cases, households = at_work
    log, work = Log(), writer(cases, households, district.now, acknowledge_early)
    for _ in range(60):
        child = begin(work, district.url)
        while "ok" not in (lines := child.hear(10)):
            log.take(lines)
        child.kill()
        log.take(lines)
        log.take(child.drain())
        if found := problems(district, log):
            assert any(line.startswith("acknowledged and lost") for line in found)
            return
        district.database.close()
    pytest.fail("sixty kills between acknowledgement and commit, and no loss was seen")


def without_entry(
    database: Database, office: Office, dice, cases, households, now, token: str, say: Say
) -> None:
    """The fault: the act is done and its journal entry left out. The child's own copy of the engine is changed."""
    whole = acts.send
    acts.send = lambda conn, writes: whole(conn, [w for w in writes if w[0] is not sql.ADD_ENTRY])
    try:
        one_act(database, office, dice, cases, households, now, token, say)
    finally:
        acts.send = whole


def test_an_act_without_its_journal_entry_is_found(at_work) -> None:
    district, cases, households = at_work
    log = Log()
    kill_at_random(
        writer(cases, households, district.now, without_entry), district.url, log, 2, random.Random(3)
    )
    assert any(line.startswith("journal_whole") for line in problems(district, log))


def effect_apart(office: Office, database: Database, now: datetime) -> Swept:
    """The fault: the effect is committed first, the mark that it was done afterwards."""
    from sqlalchemy import select, update

    from workflow.actors import SYSTEM_ACTOR

    with database.reading() as session:
        due = session.execute(
            select(Deadline.id, Deadline.case_id).where(Deadline.next_at <= now).order_by(Deadline.id)
        ).all()
    for row in due:
        with database.acting() as conn:
            case, _ = entries.read(office, conn, row.case_id)
            entries.note(conn, case, actor=SYSTEM_ACTOR, now=now, action="remind", says="提醒", stales=False)
        with database.acting() as conn:
            top = len(ORDINARY.rungs)
            conn.execute(update(Deadline).where(Deadline.id == row.id).values(rung=top, next_at=None))
    return Swept(len(due))


def test_an_effect_outside_the_transaction_that_claims_it_is_found(district: District) -> None:
    cases: list[int] = []
    dice = random.Random(5)
    for _ in range(60):
        if not any(row.next_at and row.next_at <= OVERDUE for row in district.rows(Deadline)):
            fresh = [district.application() for _ in range(12)]
            for case in fresh:
                district.do(case, "submit")
            cases += fresh
        district.database.close()
        _sweep_and_kill(sweeper(OVERDUE, effect_apart), district.url, Log(), dice, 1)
        if any("remind 2" in line for line in _not_once(district, cases)):
            return
    pytest.fail("sixty kills between effect and mark, and no doubled effect was seen")
