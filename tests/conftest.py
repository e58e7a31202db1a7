"""Rules of every test session: the parts' fixtures, and no skipped test passes for a good one."""

from pathlib import Path

import pytest
from hypothesis import configuration, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["tests.parts.fixtures", "tests.journeys.telling"]

configuration.set_hypothesis_home_dir(Path(__file__).resolve().parents[1] / ".cache" / "hypothesis")
settings.register_profile("jiuzhu", deadline=None, print_blob=True)
settings.load_profile("jiuzhu")


KILLED = "tests/faults"
"""The folder whose processes need the machine for themselves as far as may be: its files run one after the other."""


class ByFile(LoadFileScheduling):
    """A file's tests run in one process, in their order."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return KILLED if file.startswith(KILLED) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """How the tests are shared out where several processes run them."""
    return ByFile(config, log)


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
