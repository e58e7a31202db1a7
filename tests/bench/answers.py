"""Answers of nine sources absorbed from batch files: checked, matched to their query, sealed, compared, stored."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select, update

from definitions import CATALOGUE
from definitions.verification.sources import SOURCES
from migrations import schema
from notifications.bureaus.folders import MANIFEST
from notifications.bureaus.importing import import_batches
from notifications.bureaus.sheets import COLUMNS
from tests.bench.pages import NOW, fill
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import Answer, Authorisation, Finding, Person, Query, VerificationSource
from workflow.office import Office
from workflow.running.job import Run
from workflow.verification.vault import Vault

BATCH = 5_000
ITEM = {
    "civil_affairs": ("transfer", "1200.00", "元/年"), "social_security": ("transfer", "6000.00", "元/年"),
    "public_security": ("vehicle", "1", "个"), "housing": ("dwelling", "1", "个"), "land": ("dwelling", "1", "个"),
    "market": ("business", "9000.00", "元/年"), "tax": ("wage", "24000.00", "元/年"),
    "finance": ("monetary", "120000", "分"), "city": ("wage", "24000.00", "元/年"),
}  # fmt: skip


def measure(url: str, folder: Path, families: int) -> float:
    """Answers a second: one file a source with one answer a family, every one stored with its finding."""
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    with database.acting() as conn:
        fill(conn, families, entries=0)
        ids = range(1, families + 1)
        day = date(2016, 9, 1)
        for first in range(0, families, BATCH):
            part = ids[first : first + BATCH]
            conn.execute(insert(Authorisation), [
                {"id": i, "number": f"SQ-2016-{i:06d}", "person_id": i, "household_id": i, "signed_on": day, "valid_from": day,
                 "scope": list(SOURCES), "purposes": "", "recorded_at": NOW} for i in part
            ])  # fmt: skip
            conn.execute(insert(Query), [
                {"key": f"{source}-{i}", "case_id": i, "person_id": i, "source": source, "authorisation_id": i, "state": "sent",
                 "asked_at": NOW, "sent_at": NOW, "attempts": 1, "due_on": date(2016, 10, 28), "note": ""}
                for i in part for source in SOURCES
            ])  # fmt: skip
        conn.execute(update(VerificationSource).values(transport="files", address=""))
        people = conn.execute(select(Person.id_number, Person.name).order_by(Person.id)).all()
    if not database.is_sqlite:
        with database.acting() as conn:
            conn.exec_driver_sql("ANALYZE")
    office = Office(CATALOGUE, SeededEntropy(1), vault=Vault("bench"))
    with database.reading() as session:
        office.refresh(session)
        sources = session.scalars(select(VerificationSource)).all()
    for source in SOURCES:
        _write(folder / source / "in", source, [tuple(person) for person in people])
    run = Run(office, database, Config(url, exchange_folder=str(folder)), NOW)
    start = time.perf_counter()
    done = [outcome for source in sources for outcome in import_batches(run, source)]
    seconds = time.perf_counter() - start
    wanted = families * len(SOURCES)
    assert sum(outcome.stored for outcome in done) == wanted
    with database.reading() as session:
        for table in (Answer, Finding):
            assert session.scalar(select(func.count()).select_from(table)) == wanted
    database.close()
    return wanted / seconds


def _write(place: Path, source: str, people: list[tuple[str, str]]) -> None:
    """A source's file about these people, in their order."""
    table = io.StringIO(newline="")
    rows = [
        (f"{source}-{n}", number, name, "有数据", "2016-08-31", *ITEM[source], "")
        for n, (number, name) in enumerate(people, 1)
    ]
    csv.writer(table).writerows([COLUMNS, *rows])
    content, name = table.getvalue().encode(), f"answers-{source}.csv"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    manifest = {
        "name": name,
        "source": source,
        "rows": len(rows),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (place / f"{name}{MANIFEST}").write_text(json.dumps(manifest))
