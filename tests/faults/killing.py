"""Child processes that work on the district until they are killed, and the log of what they said was done.

A child says `try TOKEN` before an act and `ok TOKEN` after it was committed; the token stands in what the act records.
"""

from __future__ import annotations

import os
import random
import select as wait
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from definitions import CATALOGUE
from tests.district import TOWN, VILLAGE, District
from workflow.actors import Actor
from workflow.acts import act, open_case
from workflow.db import Database
from workflow.entropy import SystemEntropy
from workflow.errors import Busy, ChangedMeanwhile
from workflow.models import Case, CaseForm
from workflow.office import Office
from workflow.sweeps import sweep_deadlines

Say = Callable[[str], None]
CLERK = Actor(
    1,
    "窗口受理员",
    frozenset(
        {("window_clerk", TOWN), ("town_reviewer", TOWN), ("investigator", TOWN), ("village_agent", VILLAGE)}
    ),
)


@dataclass
class Log:
    """What the children said: tokens tried, tokens acknowledged, and how many children were killed."""

    tried: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    kills: int = 0

    def take(self, lines: str) -> None:
        for line in lines.splitlines():
            word, _, token = line.partition(" ")
            (self.acknowledged if word == "ok" else self.tried).add(token)


@dataclass
class Child:
    """A process doing `work(url, say)`, and the end of the pipe on which it speaks."""

    pid: int
    ear: int
    rest: str = ""

    def hear(self, seconds: float) -> str:
        """The whole lines said within so many seconds; "" where nothing was."""
        if not wait.select([self.ear], [], [], seconds)[0]:
            return ""
        said = self.rest + os.read(self.ear, 65536).decode()
        lines, _, self.rest = said.rpartition("\n")
        return lines

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def drain(self) -> str:
        """Everything it said before it died."""
        said = self.rest
        while heard := os.read(self.ear, 65536):
            said += heard.decode()
        os.close(self.ear)
        return said.rpartition("\n")[0]


def begin(work: Callable[[str, Say], Any], url: str) -> Child:
    """Start a child. Nothing of the parent's connections may be open."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid:
        os.close(mouth)
        return Child(pid, ear)
    status = 1
    try:
        os.close(ear)
        work(url, lambda line: os.write(mouth, f"{line}\n".encode()) and None)
        status = 0
    finally:
        os._exit(status)


def kill_at_random(
    work: Callable[[str, Say], Any], url: str, log: Log, kills: int, dice: random.Random, together: int = 2
) -> None:
    """Let `together` children work at a time and kill each at a random moment, so many in all."""
    while log.kills < kills:
        children = [begin(work, url) for _ in range(together)]
        for child in children:
            log.take(lines := child.hear(20))
            assert lines, "the child never said anything"
            for _ in range(dice.randint(1, 30)):
                log.take(child.hear(0.02))
            wait.select([], [], [], dice.random() / 200)  # up to five milliseconds into whatever comes next
        for child in children:
            child.kill()
            log.take(child.drain())
            log.kills += 1


def office_of(url: str) -> tuple[Database, Office]:
    """A process's own connections."""
    database, office = Database(url), Office(CATALOGUE, SystemEntropy())
    with database.reading() as session:
        office.refresh(session)
    return database, office


def writer(
    cases: Sequence[int], households: Sequence[int], now: datetime, once: Callable[..., None] | None = None
) -> Callable[[str, Say], None]:
    """Acts through the public functions, one after the other, for ever."""

    def work(url: str, say: Say) -> None:
        database, office = office_of(url)
        dice = random.Random()
        for number in range(10**9):
            token = f"{os.getpid()}-{number}"
            (once or one_act)(database, office, dice, cases, households, now, token, say)

    return work


def one_act(
    database: Database, office: Office, dice: random.Random, cases: Sequence[int], households: Sequence[int], now: datetime,
    token: str, say: Say,
) -> None:  # fmt: skip
    """One act, acknowledged when it is committed."""
    say(f"try {token}")
    try:
        with database.acting() as conn:
            perform(office, conn, dice, cases, households, now, token)
    except (ChangedMeanwhile, Busy):
        return
    say(f"ok {token}")


def perform(
    office: Office, conn: Connection, dice: random.Random, cases: Sequence[int], households: Sequence[int], now: datetime, token: str
) -> None:  # fmt: skip
    """Open a case, register a relation, or note a visit in vain, with the token in it."""
    chance = dice.random()
    if chance < 0.25:
        open_case(
            office,
            conn,
            "dibao",
            subject=("household", dice.choice(households)),
            area_code=VILLAGE,
            actor=CLERK,
            now=now,
            title=token,
        )
        return
    case = dice.choice(cases)
    seen = conn.execute(select(Case.version).where(Case.id == case)).scalar_one()
    action, form = (
        ("declare", {"staff_name": token, "relation": "child"}) if chance < 0.6 else
        ("no_contact", {"tried_on": "2016-09-05", "how": token})
    )  # fmt: skip
    act(office, conn, case, action, actor=CLERK, form=form, seen=seen, now=now)


def sweeper(
    now: datetime, sweep: Callable[[Office, Database, datetime], Any] = sweep_deadlines
) -> Callable[[str, Say], None]:
    """One sweep from beginning to end."""

    def work(url: str, say: Say) -> None:
        database, office = office_of(url)
        say("try sweep")
        swept = sweep(office, database, now)
        assert not swept.failed, swept.error
        say("ok sweep")

    return work


def recorded(district: District) -> Counter[str]:
    """Every token in the database, and how often."""
    found = Counter(row.title for row in district.rows(Case) if "-" in row.title)
    for form in district.rows(CaseForm):
        found.update(value for key, value in form.body.items() if key in ("staff_name", "how"))
    return found


def problems(district: District, log: Log) -> list[str]:
    """What a kill did that it must not: acts lost, doubled, made up, a broken journal, broken invariants."""
    found = recorded(district)
    told = [f"acknowledged and lost: {token}" for token in sorted(log.acknowledged - found.keys())]
    told += [f"done {count} times: {token}" for token, count in found.items() if count > 1]
    told += [f"done and never tried: {token}" for token in sorted(found.keys() - log.tried)]
    return told + [f"{name}: {rows[0]}" for name, rows in district.broken().items()]
