"""Server time of the worklist and of a case's page, with few and with many cases in the database."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, select, update

from definitions import CATALOGUE
from migrations import schema
from web import create_app
from web.auth import KEY, sessions
from web.edge import Edge
from workflow.actors import grant
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import (
    Area,
    Case,
    Deadline,
    Household,
    JournalEntry,
    Membership,
    Person,
    Task,
    User,
)
from workflow.office import Office
from workflow.roles import TOWN_REVIEWER

NOW = datetime(2016, 10, 17, 1, tzinfo=UTC)
BATCH = 5_000
DIGEST = "0" * 64
TAKEN_DAYS = 30
DESK = 200
"""Open cases of the reader's own town, the same however many there are in all."""


def measure(url: str, count: int, rounds: int = 40) -> dict[str, float]:
    """Median seconds of the two pages with `count` open cases spread over all villages."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        town, user = fill(conn, count)
    edge = Edge(
        Config(database_url=url, secret_key="bench"),
        database,
        Office(CATALOGUE, SeededEntropy(1)),
        FixedClock(NOW),
    )
    edge.refresh()
    app = create_app(edge.config, edge)
    client = app.test_client()
    with database.acting() as conn:
        key = sessions.begin(conn, edge.office.entropy, user, device="bench", now=NOW)
        number = conn.execute(
            select(Case.number).where(Case.area_code.between(town[:9] + "000", town[:9] + "999")).limit(1)
        ).scalar_one()
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ANALYZE")
    with client.session_transaction() as session:
        session[KEY] = key
    found = {}
    for name, path in (("worklist", "/"), ("case", f"/cases/{number}")):
        times = []
        for turn in range(rounds + 3):
            start = time.perf_counter()
            answer = client.get(path)
            if turn >= 3:
                times.append(time.perf_counter() - start)
            assert answer.status_code == 200, (path, answer.status_code)
        found[name] = median(times)
    database.close()
    return found


def fill(conn: Connection, count: int, entries: int = 6) -> tuple[str, int]:
    """Open cases in the opinion stage with household, person, task, deadline and journal entries each."""
    villages = conn.execute(
        select(Area.code, Area.parent_code).where(Area.level == "village").order_by(Area.code)
    ).all()
    town = villages[0].parent_code
    from sqlalchemy.orm import Session

    session = Session(conn)
    user = User(login="bench", name="经办", created_at=NOW)
    session.add(user)
    session.flush()
    grant(session, user, TOWN_REVIEWER, town, date(2010, 1, 1))
    session.flush()
    for first in range(1, count + 1, BATCH):
        _fill_batch(conn, range(first, min(first + BATCH, count + 1)), villages, entries)
    return town, user.id


def _fill_batch(conn: Connection, ids: range, villages: Any, entries: int) -> None:
    own = [village for village in villages if village.parent_code == villages[0].parent_code]
    others = villages[len(own) :]
    places = {i: own[i % len(own)] if i <= DESK else others[i % len(others)] for i in ids}
    conn.execute(insert(Household), [
        {"id": i, "area_code": places[i].code, "setting": "rural", "address": "", "phone": "", "created_at": NOW} for i in ids
    ])  # fmt: skip
    conn.execute(insert(Person), [
        {"id": i, "id_number": f"{i:018d}", "name": f"人{i}", "pinyin": "", "birth": date(1960, 1, 1), "sex": "M"} for i in ids
    ])  # fmt: skip
    conn.execute(insert(Membership), [
        {"id": i, "household_id": i, "person_id": i, "relation": "head", "from_date": date(2016, 1, 1)} for i in ids
    ])  # fmt: skip
    conn.execute(insert(Case), [
        {
            "id": i, "number": f"DB-2016-{i:06d}", "definition": "dibao", "edition": "NB2016", "stage": "opinion", "visit": 5,
            "version": 6, "seq": 6, "head_hash": DIGEST, "area_code": places[i].code, "subject_kind": "household", "subject_id": i,
            "title": f"人{i}", "facts": {"applicant_id": i, "setting": "rural"}, "hands": {}, "barred": [], "clocks": {},
            "progress_code": "X", "opened_at": NOW, "result": "",
        }
        for i in ids
    ])  # fmt: skip
    dues = {i: date(2016, 10, 1) + timedelta(days=i % TAKEN_DAYS) for i in ids}
    conn.execute(insert(Task), [
        {
            "id": i, "case_id": i, "visit": 5, "stage": "opinion", "part": "", "definition": "dibao", "role": TOWN_REVIEWER.code,
            "scope": places[i].parent_code, "area_code": places[i].code, "state": "open", "due_on": dues[i], "opened_at": NOW,
        }
        for i in ids
    ])  # fmt: skip
    conn.execute(insert(Deadline), [
        {
            "id": i, "case_id": i, "visit": 1, "kind": "span:town", "label": "镇级审核", "stage": "accepted", "part": "",
            "role": TOWN_REVIEWER.code, "scope": places[i].parent_code, "started_on": date(2016, 9, 19), "rule": "15wd",
            "due_on": dues[i], "source": "ZJ-11", "minimum": False, "provisional": False, "ladder": "ordinary", "state": "open",
            "rung": 0, "next_at": NOW + timedelta(days=1), "overdue": False,
        }
        for i in ids
    ])  # fmt: skip
    if not entries:
        return
    conn.execute(insert(JournalEntry), [
        {
            "case_id": i, "seq": seq, "at": NOW, "actor_name": "经办", "action": "submit", "from_stage": "draft", "to_stage": "opinion",
            "visit": seq, "version": seq, "edition": "NB2016", "says": "办理", "state_digest": DIGEST, "prev_hash": DIGEST, "hash": DIGEST,
        }
        for i in ids for seq in range(1, entries + 1)
    ])  # fmt: skip


def measure_sweep(url: str, rows: int, due: int) -> dict[str, float]:
    """Seconds a due deadline costs the sweep among `rows`, and the same four rows by plain SQL in a transaction each."""
    from workflow.sweeps import sweep_deadlines

    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        fill(conn, rows)
        conn.execute(update(Deadline).values(next_at=NOW + timedelta(days=9), due_on=date(2016, 12, 1)))
        conn.execute(update(Deadline).where(Deadline.id <= due).values(next_at=NOW - timedelta(minutes=1)))
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ANALYZE")
    office = Office(CATALOGUE, SeededEntropy(1))
    with database.reading() as session:
        office.refresh(session)
    start = time.perf_counter()
    swept = sweep_deadlines(office, database, NOW)
    found = {"sweep": (time.perf_counter() - start) / due}
    assert swept.done == due, swept
    sample = min(due, 2_000)
    start = time.perf_counter()
    for i in range(due + 1, due + 1 + sample):
        _plain(database, i)
    found["floor"] = (time.perf_counter() - start) / sample
    database.close()
    return found


def _plain(database: Database, i: int) -> None:
    """The rows of one reminder by plain SQL: case, journal, outbox, deadline."""
    mark = "?" if database.is_sqlite else "%s"
    with database.acting() as conn:
        execute = conn.exec_driver_sql
        execute(f'SELECT seq FROM "case" WHERE id = {mark}', (i,))
        execute(f'UPDATE "case" SET seq = 7 WHERE id = {mark}', (i,))
        execute(
            "INSERT INTO journal_entry (case_id, seq, at, actor_name, action, from_stage, to_stage, visit, version, edition, says, "
            "reason, source, origin, form_digest, state_digest, prev_hash, hash) "
            f"VALUES ({mark}, 7, '', '', '', '', '', 1, 1, '', '', '', '', '', '', '', '', '')", (i,),
        )  # fmt: skip
        execute(
            "INSERT INTO outbox_message (key, topic, case_id, role, scope, facts, state, error, created_at) "
            f"VALUES ({mark}, '', {mark}, '', '', '{{}}', 'waiting', '', '')", (f"plain:{i}", i),
        )  # fmt: skip
        execute(f"UPDATE deadline SET rung = 1 WHERE id = {mark}", (i,))
