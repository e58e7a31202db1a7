"""Inserts that meet a row already there, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from workflow.db import Database
from workflow.inserting import add_once, put
from workflow.models import Setting


@pytest.fixture(params=["district", "postgres_district"])
def conn(request: pytest.FixtureRequest) -> Iterator[Connection]:
    database: Database = request.getfixturevalue(request.param)
    with database.acting() as conn:
        yield conn


def test_a_row_is_added_once(conn: Connection) -> None:
    assert [add_once(conn, Setting, name="colour", value=value) for value in ("red", "blue")] == [True, False]
    assert value(conn) == "red"


def test_a_row_put_again_has_the_later_values(conn: Connection) -> None:
    for each in ("red", "blue"):
        put(conn, Setting, {"name": "colour"}, value=each)
    assert value(conn) == "blue"


def value(conn: Connection) -> str:
    return conn.execute(select(Setting.value).where(Setting.name == "colour")).scalar_one()
