"""Short runs of the district, each in a database of its own."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from definitions import CATALOGUE
from definitions.rehearsal.play import Plan, report, run
from migrations import schema
from web.jobs import JOBS
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import SeededEntropy
from workflow.office import Office

FIRST, LAST = date(2016, 9, 5), date(2017, 1, 31)


@dataclass
class Played:
    """A database after a run, and the figures."""

    database: Database
    office: Office
    plan: Plan
    figures: dict[str, Any]

    def again(self) -> None:
        """Run once more in the same database."""
        run(self.plan, self.office, self.database, Config(self.database.url), JOBS)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulation") / "template.db"
    database = Database(f"sqlite:///{path}")
    with database.acting() as conn:
        schema.upgrade(conn)
    database.close()
    return path


def fresh(template: Path, path: Path) -> tuple[Database, Office]:
    """A new district without cases, and its office."""
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    office = Office(CATALOGUE, SeededEntropy(0))
    with database.reading() as session:
        office.refresh(session)
    return database, office


Play = Callable[..., Played]


@pytest.fixture(scope="session")
def play(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """`play(households=, seed=, ...)`: a run in a new database."""

    def _play(
        households: int = 10, seed: int = 1, first: date = FIRST, last: date = LAST, **numbers: int
    ) -> Played:
        database, office = fresh(template, tmp_path_factory.mktemp("run") / "district.db")
        plan = Plan(first, last, households, seed, numbers)
        run(plan, office, database, Config(database.url), JOBS)
        with database.reading() as session:
            figures = report(session.connection(), office)
        return Played(database, office, plan, figures)

    return _play


@pytest.fixture(scope="session")
def played(play: Play) -> Played:
    """One run that many tests look at."""
    return play(households=14, seed=5)
