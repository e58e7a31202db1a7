"""Rules of every test session: the parts' fixtures, and no skipped test passes for a good one."""

from pathlib import Path

import pytest
from hypothesis import configuration, settings

pytest_plugins = ["tests.parts.fixtures", "tests.journeys.telling"]

configuration.set_hypothesis_home_dir(Path(__file__).resolve().parents[1] / ".cache" / "hypothesis")
settings.register_profile("jiuzhu", deadline=None, print_blob=True)
settings.load_profile("jiuzhu")


KILLED = "tests/faults"
"""The folder whose processes need the machine for themselves as far as may be: one after the other."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests run in one process, in their order."""
    for item in items:
        file, *_ = item.nodeid.split("::")
        item.add_marker(pytest.mark.xdist_group(KILLED if file.startswith(KILLED) else file))


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the session when a test was skipped."""
    if session.exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the skipped tests."""
    for report in _skipped(config):
        terminalreporter.write_line(f"SKIPPED, which fails the session: {report.nodeid}", red=True)
