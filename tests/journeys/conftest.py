"""The district in which the stories happen: on SQLite, in the long run on PostgreSQL too, where it is not marked BOTH."""

import pytest

from tests.district import address, district, prepared_sqlite, quick, sqlite_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.soak)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh prepared database."""
    return address(request, request.param)


__all__ = ["district", "prepared_sqlite", "quick", "sqlite_url"]
