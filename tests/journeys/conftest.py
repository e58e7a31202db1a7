"""The district in which the stories happen: on SQLite, in the long run on PostgreSQL too, where it is not marked BOTH.

At the end of the session it is said how much of every definition the stories go through. A run of all of them fails
where an action or a stage is left out.
"""

from collections.abc import Callable
from functools import partial

import pytest

from definitions import CATALOGUE
from tests.district import District, address, district, prepared_sqlite, quick, sqlite_url
from tests.journey import Journey
from tests.journeys.coverage import Coverage, is_whole

COVERAGE = Coverage()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.soak)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh prepared database."""
    return address(request, request.param)


@pytest.fixture
def journey(quick: District) -> Callable[..., Journey]:
    """`journey("最低生活保障", on="2016-09-05", members=3)` opens a case and goes with it."""
    return partial(Journey.begin, quick)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Function) -> None:
    """Read the journals before the district is closed."""
    for made in item.funcargs.values():
        if isinstance(made, District):
            COVERAGE.note(made)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of all journeys that leaves something out."""
    if is_whole(session) and COVERAGE.missing(CATALOGUE):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much of every definition the journeys have gone through."""
    terminalreporter.section("definitions the journeys went through")
    for line in COVERAGE.lines(CATALOGUE):
        terminalreporter.write_line(line, red="  not: " in line)


__all__ = ["district", "prepared_sqlite", "quick", "sqlite_url"]
