"""A durable act against the floor: the same rows by the raw driver in one transaction, in turns in one process.

Floor: read case and task; update the case with version check, insert a journal row, close the task, insert the next
task, insert an outbox row. The act does the same with all columns, and more: role, guard, four eyes, the library's
engine, hash chain, a deadline closed and one set.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median, quantiles
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from migrations import schema
from workflow.actors import Actor
from workflow.acts import act, open_case
from workflow.calendar import seeded_calendar
from workflow.catalogue import Catalogue
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.facts import CaseState
from workflow.models import User
from workflow.office import Office
from workflow.periods import Workdays
from workflow.roles import TOWN_REVIEWER, WINDOW
from workflow.telling import tell
from workflow.vocabulary import Definition, Limit, Stage, action

TOWN, VILLAGE = "330212001000", "330212001005"
NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)


def tell_next(session: Session, case: CaseState, _form: object, _actor: Actor, now: datetime) -> None:
    """A message with every act."""
    role = WINDOW if case.stage == "there" else TOWN_REVIEWER
    tell(session.get_bind(), case, "passed", now, role=role.code, scope=TOWN, key=str(case.seq + 1))


class Relay(Definition):
    """Two desks that pass a case to and fro, with holder, limit, form, hand, four eyes and a message."""

    code, editions, title, prefix = "relay", ("NB2016",), "传递", "BM"
    opened_by = (WINDOW,)

    here = Stage("窗口", held_by=WINDOW, todo="传出", limit=Limit(Workdays(5), "bench"), initial=True)
    there = Stage("审核", held_by=TOWN_REVIEWER, todo="传回", limit=Limit(Workdays(10), "bench"))
    over = Stage("结束", final=True, result="over")

    pass_on = action(
        "传出", here.to(there), by=WINDOW, says="传出", source="bench", hand="intake", effects=(tell_next,)
    )
    give_back = action(
        "传回", there.to(here), by=TOWN_REVIEWER, says="传回", source="bench", apart_from=("intake",),
        effects=(tell_next,),
    )  # fmt: skip
    end = action("结束", here.to(over), by=WINDOW, says="结束", source="bench")


@dataclass
class Desk:
    """A migrated database with one town, two people, and cases to act on."""

    database: Database
    office: Office
    actors: tuple[Actor, Actor]

    @classmethod
    def open(cls, url: str) -> Desk:
        database = Database(url)
        with database.acting() as conn:
            schema.upgrade(conn)
        office = Office(
            Catalogue((Relay,)), SeededEntropy(1), seeded_calendar(), ((date(2010, 1, 1), None, "NB2016"),)
        )
        with database.acting() as conn, Session(conn) as session:
            session.add_all(User(login=f"u{i}", name=f"经办{i}", created_at=NOW) for i in (1, 2))
            session.flush()
        actors = (
            Actor(1, "经办1", frozenset({("window_clerk", TOWN)})),
            Actor(2, "经办2", frozenset({("town_reviewer", TOWN)})),
        )
        return cls(database, office, actors)

    def case(self) -> int:
        """A fresh case."""
        with self.database.acting() as conn:
            return open_case(
                self.office,
                conn,
                "relay",
                subject=("household", 1),
                area_code=VILLAGE,
                actor=self.actors[0],
                now=NOW,
            ).id

    def acts(self, case_id: int, count: int) -> None:
        """Pass one case to and fro, an act a transaction."""
        version = 1
        for number in range(count):
            word, actor = ("pass_on", self.actors[0]) if number % 2 == 0 else ("give_back", self.actors[1])
            with self.database.acting() as conn:
                version = act(self.office, conn, case_id, word, actor=actor, seen=version, now=NOW).version


def floor_sqlite(path: str, case_id: int, count: int) -> None:
    """The floor on SQLite: the driver alone."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA synchronous=FULL")
    _floor(conn.execute, "?", case_id, count, conn)
    conn.close()


def floor_postgres(url: str, case_id: int, count: int) -> None:
    """The floor on PostgreSQL: the driver alone, a statement a round trip."""
    conn = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    _floor(conn.execute, "%s", case_id, count, conn)
    conn.close()


def _floor(execute: Callable[..., Any], mark: str, case_id: int, count: int, conn: Any) -> None:
    read = f"SELECT c.id, c.stage, c.version, c.seq, t.id FROM \"case\" c LEFT JOIN task t ON t.case_id = c.id AND t.state = 'open' WHERE c.id = {mark}"
    move = f'UPDATE "case" SET stage = {mark}, seq = {mark} WHERE id = {mark} AND seq = {mark}'
    entry = (
        "INSERT INTO journal_entry (case_id, seq, at, actor_name, action, from_stage, to_stage, visit, version, edition, says, "
        f"reason, source, origin, form_digest, state_digest, prev_hash, hash) VALUES ({', '.join([mark] * 18)})"
    )
    close = f"UPDATE task SET state = 'done' WHERE id = {mark}"
    task = (
        "INSERT INTO task (case_id, visit, stage, part, definition, role, scope, area_code, state, opened_at) "
        f"VALUES ({', '.join([mark] * 10)})"
    )
    message = (
        "INSERT INTO outbox_message (key, topic, case_id, role, scope, facts, state, error, created_at) "
        f"VALUES ({', '.join([mark] * 9)})"
    )
    stage, digest, at = "there", "0" * 64, "2016-09-05T01:00:00Z"
    for _ in range(count):
        execute("BEGIN IMMEDIATE" if mark == "?" else "BEGIN")
        row = execute(read, (case_id,)).fetchone()
        seq = row[3] + 1
        stage = "there" if row[1] == "here" else "here"
        execute(move, (stage, seq, case_id, row[3]))
        execute(
            entry,
            (
                case_id,
                seq,
                at,
                "经办",
                "pass",
                row[1],
                stage,
                1,
                1,
                "NB2016",
                "传递",
                "",
                "",
                "",
                "",
                digest,
                digest,
                digest,
            ),
        )
        execute(close, (row[4],))
        execute(task, (case_id, 1, stage, "", "relay", "window_clerk", TOWN, VILLAGE, "open", at))
        execute(message, (f"{case_id}:{seq}", "task", case_id, "window_clerk", TOWN, "{}", "waiting", "", at))
        execute("COMMIT")


def compare(url: str, floor: Callable[[int, int], None], turns: int = 60, size: int = 40) -> dict[str, float]:
    """Median seconds of an act and of a floor, in turns; how many times one costs the other, with the quartiles."""
    desk = Desk.open(url)
    desk.acts(desk.case(), size)
    times: dict[str, list[float]] = {"act": [], "floor": []}
    for number in range(turns):
        for name in ("floor", "act") if number % 2 else ("act", "floor"):
            case_id = desk.case()
            start = time.perf_counter()
            if name == "act":
                desk.acts(case_id, size)
            else:
                floor(case_id, size)
            times[name].append((time.perf_counter() - start) / size)
    desk.database.close()
    ratios = [act / floor for act, floor in zip(times["act"], times["floor"], strict=True)]
    low, ratio, high = quantiles(ratios, n=4)
    return {name: median(values) for name, values in times.items()} | {
        "low": low,
        "ratio": ratio,
        "high": high,
    }
