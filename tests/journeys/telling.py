"""At the end of a session it is told how much of every definition the journeys go through, whichever processes ran them.

A run of all of them fails where an action or a stage is left out.
"""

from typing import Any

import pytest

from definitions import CATALOGUE
from tests.district import District
from tests.journeys.coverage import HERE, Coverage, has_all

COVERAGE = Coverage()
WHOLE: set[bool] = set()
"""What the processes said: whether they were given all journeys."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Function) -> None:
    """Read the journals before the district is closed."""
    if item.path.is_relative_to(HERE):
        for made in item.funcargs.values():
            if isinstance(made, District):
                COVERAGE.note(made)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was gone through to the process that tells it; fail a run of all journeys that leaves something out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {"journeys": COVERAGE.packed(), "whole": has_all(session)}
        return
    whole = WHOLE or {has_all(session)}
    if whole == {True} and not session.testsfailed and COVERAGE.missing(CATALOGUE):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of the processes has ended."""
    if "journeys" in (told := getattr(node, "workeroutput", {})):
        COVERAGE.add(told["journeys"])
        WHOLE.add(told["whole"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much of every definition the journeys have gone through."""
    if COVERAGE.acts:
        terminalreporter.section("definitions the journeys went through")
        for line in COVERAGE.lines(CATALOGUE):
            terminalreporter.write_line(line, red="  not: " in line)
