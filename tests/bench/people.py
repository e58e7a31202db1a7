"""Server time of the search for people, by each way of asking, and of 查重, with very many people on file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from migrations import schema
from tests.workflow.families import number
from tests.workflow.people.test_population import BORN_DAYS, BORN_FROM, GIVEN, SURNAMES, VILLAGES
from workflow.actors import Actor
from workflow.db import Database
from workflow.models import Household, Membership, Person
from workflow.people.lookalikes import asked_of, lookalikes
from workflow.people.search import find_people
from workflow.spelling import initials_of, pinyin_of

NOW = datetime(2016, 10, 17, 1, tzinfo=UTC)
BATCH = 20_000
TOWN = "330212101000"
COLUMNS = (
    "id", "id_number", "id_kind", "id_note", "name", "pinyin", "initials", "id_tail", "birth", "sex", "phone", "hukou_area", "labour",
    "occupation", "student", "disability_kind", "disability_grade", "serious_illness", "bank_account",
)  # fmt: skip


def measure(url: str, count: int, rounds: int = 60) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile seconds of each way, asked by a village agent, a town's clerk and the county."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        fill(conn, count)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
    readers = {
        "village": Actor(3, "代理员", frozenset({("village_agent", VILLAGES[0])})),
        "town": Actor(1, "窗口", frozenset({("window_clerk", TOWN)})),
        "county": Actor(2, "核对", frozenset({("verification_officer", "330212000000")})),
    }
    chance = Random(7)
    found = {}
    with database.reading() as session:
        for whose, reader in readers.items():
            for way, words in WAYS.items():
                times = []
                for _ in range(rounds):
                    person = session.get_one(Person, chance.randrange(count) + 1)
                    typed = words(person)
                    start = time.perf_counter()
                    find_people(session, reader, typed)
                    times.append(time.perf_counter() - start)
                    session.expunge_all()
                found[f"{way}, {whose}"] = median(times), sorted(times)[rounds * 95 // 100]
        times = []
        for _ in range(rounds):
            person = session.get_one(Person, chance.randrange(count) + 1)
            start = time.perf_counter()
            lookalikes(session, [asked_of(person)])
            times.append(time.perf_counter() - start)
            session.expunge_all()
        found["lookalikes"] = median(times), sorted(times)[rounds * 95 // 100]
    database.close()
    return found


WAYS: dict[str, Callable[[Person], str]] = {
    "number": lambda person: person.id_number or "",
    "last four": lambda person: person.id_tail,
    "name": lambda person: person.name,
    "beginning of a name": lambda person: person.name[:2],
    "surname": lambda person: person.name[:1],
    "pinyin": lambda person: person.pinyin,
    "beginning of pinyin": lambda person: person.pinyin[:5],
    "initials": lambda person: person.initials,
    "a name nobody has": lambda person: person.name + "铁柱",
}


def fill(conn: Connection, count: int) -> None:
    """So many people in households of three, spread over all villages: COPY on PostgreSQL, many rows at once on SQLite."""
    chance = Random(count)
    spelled = {c: (pinyin_of(c), initials_of(c)) for c in SURNAMES + GIVEN}
    if conn.dialect.name == "postgresql":
        raw = conn.connection.cursor()
        with raw.copy(f"COPY person ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _people(chance, count, spelled):
                copy.write_row(row)
        with raw.copy(
            "COPY household (id, area_code, setting, address, phone, created_at) FROM STDIN"
        ) as copy:
            for home in range(1, count // 3 + 2):
                copy.write_row((home, _village(home), "rural", "和平路", "", NOW.isoformat()[:19] + "Z"))
        with raw.copy(
            "COPY membership (household_id, person_id, relation, from_date, share_forfeited) FROM STDIN"
        ) as copy:
            for person in range(1, count + 1):
                copy.write_row((_home(person), person, _relation(person), date(2010, 1, 1), False))
        return
    session = Session(conn)
    rows: list[dict[str, object]] = []
    homes = range(1, count // 3 + 2)
    for row in _people(chance, count, spelled):
        rows.append(dict(zip(COLUMNS, row, strict=True)))
        if len(rows) == BATCH:
            session.execute(insert(Person), rows)
            rows = []
    if rows:
        session.execute(insert(Person), rows)
    for start in range(0, len(homes), BATCH):
        session.execute(insert(Household), [
            {"id": home, "area_code": _village(home), "setting": "rural", "created_at": NOW} for home in homes[start : start + BATCH]
        ])  # fmt: skip
    for start in range(1, count + 1, BATCH):
        session.execute(insert(Membership), [
            {"household_id": _home(p), "person_id": p, "relation": _relation(p), "from_date": date(2010, 1, 1)}
            for p in range(start, min(start + BATCH, count + 1))
        ])  # fmt: skip
    session.flush()


def _home(person: int) -> int:
    return (person - 1) // 3 + 1


def _village(home: int) -> str:
    return VILLAGES[home % len(VILLAGES)]


def _relation(person: int) -> str:
    return ("head", "spouse", "child")[(person - 1) % 3]


def _people(chance: Random, count: int, spelled: dict[str, tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    """Rows in the order of COLUMNS; a day of birth and an order number are given out once."""
    for n in range(count):
        birth = BORN_FROM + timedelta(days=n % BORN_DAYS)
        name = chance.choice(SURNAMES) + "".join(
            chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2)))
        )
        order = n // BORN_DAYS
        card = number(birth, order)
        pinyin, initials = ("".join(spelled[c][part] for c in name) for part in (0, 1))
        yield (
            n + 1, card, "citizen", "", name, pinyin, initials, card[-4:], birth, "M" if order % 2 else "F", "",
            _village(_home(n + 1)), "able", "", False, "", 0, False, "",
        )  # fmt: skip
