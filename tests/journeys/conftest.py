"""The district in which the stories happen: on SQLite, in the long run on PostgreSQL too, where it is not marked BOTH."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.district import District, address, district, prepared_sqlite, quick, sqlite_url
from tests.journey import Journey


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.soak)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh prepared database."""
    return address(request, request.param)


@pytest.fixture
def journey(quick: District) -> Callable[..., Journey]:
    """`journey("最低生活保障", on="2016-09-05", members=3)` opens a case and goes with it."""
    return partial(Journey.begin, quick)


__all__ = ["district", "prepared_sqlite", "quick", "sqlite_url"]
