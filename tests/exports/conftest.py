"""The journals of simulated districts, one an edition, each in a database of its own."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from definitions import CATALOGUE
from definitions.rehearsal.play import Plan, run
from migrations import schema
from web.jobs import JOBS
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.models import EditionPeriod
from workflow.office import Office

PLAYED = {
    "NB2016": Plan(date(2016, 9, 5), date(2017, 3, 31), 6, 3, {}),
    "NAT2021": Plan(date(2021, 9, 1), date(2022, 1, 15), 4, 3, {}),
    "NAT2021-DELEGATED": Plan(date(2024, 12, 2), date(2025, 8, 31), 4, 3, {}),
}


def play(folder: Path, edition: str) -> Database:
    """A district in which this edition alone is in force."""
    database = Database(f"sqlite:///{folder / edition}.db")
    with database.acting() as conn:
        schema.upgrade(conn)
        conn.execute(update(EditionPeriod).values(edition=edition))
    office = Office(CATALOGUE, SeededEntropy(0))
    with database.reading() as session:
        office.refresh(session)
    run(PLAYED[edition], office, database, Config(database.url), JOBS)
    return database


@pytest.fixture(scope="session")
def districts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Database]:
    folder = tmp_path_factory.mktemp("districts")
    return {edition: play(folder, edition) for edition in PLAYED}
