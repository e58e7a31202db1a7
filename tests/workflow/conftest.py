"""A migrated district for each test: reference data and nobody in it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migrations import schema
from workflow.db import Database

NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)


def migrate(url: str) -> None:
    database = Database(url)
    with database.acting() as conn:
        schema.upgrade(conn)
    database.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("district") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def district(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database of its own."""
    shutil.copy(migrated_file, tmp_path / "district.db")
    database = Database(f"sqlite:///{tmp_path / 'district.db'}")
    yield database
    database.close()


@pytest.fixture
def session(district: Database) -> Iterator[Session]:
    """An act's session; nothing is committed."""
    with district.acting() as conn:
        yield Session(conn, expire_on_commit=False)


@pytest.fixture
def postgres_district(fresh_postgres: Callable[..., str]) -> Iterator[Database]:
    """The same on PostgreSQL."""
    url = fresh_postgres()
    migrate(url)
    database = Database(url)
    yield database
    database.close()
