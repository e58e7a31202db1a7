"""`serve`, `scheduler` and `run` as real processes: they answer, they stop, they leave nothing running."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds for what may take long: filling an empty district on a loaded machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A command under way, with its output in a file."""

    def __init__(self, folder: Path, port: int, *words: str) -> None:
        self.port, self.log = port, folder / f"{'-'.join(words)}-{port}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "web.cli", *words],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'district.db'}", "PORT": str(port)},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            self.pause()

    def pause(self) -> None:
        try:
            self.process.wait(0.1)
        except subprocess.TimeoutExpired:
            return

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def answers(self) -> bool:
        return self.get("/healthz") == 200

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), time.monotonic() - begun

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def group_is_gone(self) -> bool:
        """Whether nothing of it runs any more; what has ended and waits to be collected does not run."""
        for found in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, group = found.read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if group == str(self.process.pid) and state != "Z":
                return False
        return True


def nothing_is_left_of(running: Running) -> bool:
    """A worker killed with its master needs a moment to go."""
    end = time.monotonic() + PATIENCE
    while not running.group_is_gone() and time.monotonic() < end:
        os.sched_yield()
    return running.group_is_gone()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    made: list[Running] = []

    def begin(*words: str, port: int = 0) -> Running:
        made.append(Running(tmp_path, port or free_port(), *words))
        return made[-1]

    yield begin
    for running in made:
        if not running.group_is_gone():
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


def rows(folder: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "district.db")) as db:
        return db.execute(query).fetchall()


def ticks(folder: Path) -> int:
    return int(rows(folder, "SELECT count(*) FROM tick")[0][0])


def staff(folder: Path) -> list[str]:
    return [login for (login,) in rows(folder, "SELECT login FROM staff ORDER BY id")]


def test_run_makes_everything_starts_both_and_stops_both(start, tmp_path):
    running = start("run")
    running.until(running.answers)
    running.until(lambda: ticks(tmp_path) > 0)
    assert len(running.children()) == 2
    code, took = running.stop()
    assert (code, took < 5.5) == (0, True)
    assert nothing_is_left_of(running)
    before = staff(tmp_path)
    again = start("run")
    again.until(again.answers)
    assert again.stop(signal.SIGINT)[0] == 0
    assert staff(tmp_path) == before
    assert nothing_is_left_of(again)


def test_run_ends_where_one_of_the_two_dies(start):
    running = start("run")
    running.until(running.answers)
    os.kill(running.children()[1], signal.SIGKILL)
    assert running.process.wait(PATIENCE) == 1
    assert "scheduler" in running.log.read_text()
    assert nothing_is_left_of(running)


def test_a_port_in_use_is_told_in_one_line(start, jiuzhu):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for words in (("serve",), ("run",)):
            running = start(*words, port=port)
            assert running.process.wait(PATIENCE) == 1
            said = running.log.read_text().strip().splitlines()
            assert len(said) == 1
            assert str(port) in said[0]


def test_the_access_log_tells_neither_case_nor_secret(start, jiuzhu):
    running = start("serve", "--workers", "1")
    running.until(running.answers)
    for path in (
        "/cases/DB-2026-000001?name=secret1",
        "/password/secret2",
        "/public/progress/secret3",
        "/api/v1/cases/secret4",
    ):
        running.get(path)
    assert running.stop()[0] == 0
    log = running.log.read_text()
    assert "GET /cases/… " in log
    assert "secret" not in log
    assert "000001" not in log
    assert "127.0.0.1 " not in log


def test_two_schedulers_run_beside_one_another_and_stop(start, jiuzhu, tmp_path):
    pair = [start("scheduler"), start("scheduler")]
    for one in pair:
        one.until(lambda: ticks(tmp_path) > 0)
        one.until(lambda one=one: "started" in one.log.read_text())
    assert [one.stop()[0] for one in pair] == [0, 0]
    assert all("Traceback" not in one.log.read_text() for one in pair)
