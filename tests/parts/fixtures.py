"""Fixtures for the parts around the product. A part that cannot be had is an error of the test, never a skip."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.parts.browser import launch_options
from tests.parts.postgres import Postgres, Prepare, server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """Address of one empty database, shared by the whole session."""
    return postgres.create()


@pytest.fixture
def fresh_postgres(postgres: Postgres) -> Iterator[Callable[..., str]]:
    """Give `fresh_postgres(prepare=None)`: the address of a new database, dropped after the test."""
    made: list[str] = []

    def fresh(prepare: Prepare | None = None) -> str:
        made.append(postgres.create(prepare))
        return made[-1]

    yield fresh
    for address in made:
        postgres.drop(address)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The session's headless Chromium; make a context for each test."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options())
        yield chromium
        chromium.close()
