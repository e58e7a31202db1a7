"""The roads to the bureaus, with the simulator at the other end in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.district import District
from tests.faults.processes.rig import ROOT
from workflow.config import Config
from workflow.models import VerificationSource
from workflow.running.job import Run

SECRET = "shared by both sides"
LOCAL = ("127.0.0.0/8",)


@dataclass(frozen=True)
class Bureaus:
    """The simulator from outside."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def seen(self) -> dict[str, Any]:
        """What it was asked."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("GET", "/seen")
        found = json.loads(line.getresponse().read())
        line.close()
        return found  # type: ignore[no-any-return]


@contextmanager
def simulator(*faults: str, folder: Path | None = None, delay: float = 0.2) -> Iterator[Bureaus]:
    """All bureaus in a process of its own, gone afterwards."""
    words = ["--port", "0", "--secret", SECRET, "--faults", ",".join(faults), "--delay", str(delay)]
    words += ["--folder", str(folder)] if folder else []
    command = [sys.executable, "-m", "tests.bureaus", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)
    try:
        assert process.stdout is not None
        yield Bureaus(int(process.stdout.readline().rpartition(":")[2]))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


class Roads:
    """A district joined to bureaus: its sources' settings, and the jobs that use them."""

    def __init__(self, district: District, folder: Path) -> None:
        self.district, self.folder = district, folder
        self.config = Config(
            secret_key="only for tests",
            bureau_secrets={"ALL": SECRET},
            bureau_networks=LOCAL,
            exchange_folder=str(folder),
        )

    def join(self, transport: str, address: str = "", only: tuple[str, ...] = (), **settings: Any) -> None:
        """Put sources (all, or `only` these) on a road."""
        values = {
            "transport": transport, "address": address, "secret_name": "ALL", "timeout_seconds": 1,
            "retry_seconds": [60, 300], "active": True,
        } | settings  # fmt: skip
        with self.district.database.acting() as conn:
            for code in only or self.codes():
                place = {"address": f"{address}/{code}"} if transport == "http" else {"address": code}
                conn.execute(
                    update(VerificationSource)
                    .where(VerificationSource.code == code)
                    .values(**(values | place))
                )

    def codes(self) -> list[str]:
        return [row.code for row in self.district.rows(VerificationSource)]

    def source(self, code: str) -> VerificationSource:
        return next(row for row in self.district.rows(VerificationSource) if row.code == code)

    def run(self, **more: Any) -> Run:
        """What a job is given now."""
        return Run(self.district.office, self.district.database, self.config, self.district.now, **more)

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.district.clock.move(timedelta(seconds=seconds))


@pytest.fixture
def roads(district: District, tmp_path: Path) -> Roads:
    return Roads(district, tmp_path / "exchange")


@pytest.fixture
def quick_roads(quick: District, tmp_path: Path) -> Roads:
    return Roads(quick, tmp_path / "exchange")


@pytest.fixture
def bureaus() -> Iterator[Callable[..., Bureaus]]:
    """`bureaus("late", "wrong")`: the simulator with these faults."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda *faults, **more: stack.enter_context(simulator(*faults, **more))
