"""Starting, reaching, killing and stopping the processes of the service."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60
"""Seconds after which waiting for the service is a failure."""


def wait_until(true: Callable[[], Any], what: str, patience: float = PATIENCE, every: float = 0.01) -> None:
    """Look again and again until it is so. Fails by name after some time."""
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, f"waited {patience} s: {what}"
        threading.Event().wait(every)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(url: str, port: int = 0) -> dict[str, str]:
    """What the commands are told by the environment."""
    return {"DATABASE_URL": url, "PYTHONWARNINGS": "default"} | ({"PORT": str(port)} if port else {})


@dataclass(frozen=True)
class Answer:
    """What came back: the document is None where the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    document: Any
    text: str


class Client:
    """One connection to one web, opened anew where it broke."""

    def __init__(self, port: int, patience: float = PATIENCE / 2) -> None:
        self.port, self.patience = port, patience
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request. Raises OSError or HTTPException where no whole answer came: the outcome is unknown."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        document = json.loads(text) if "json" in answer.headers.get("Content-Type", "") else None
        return Answer(answer.status, answer.headers, document, text)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def answers(port: int, within: float = PATIENCE / 2) -> bool:
    """Whether a web answers there."""
    with (
        contextlib.suppress(OSError, http.client.HTTPException),
        contextlib.closing(Client(port, within)) as client,
    ):
        return client.ask("GET", "/healthz").status == 200
    return False


@dataclass(frozen=True)
class Running:
    """A process group of the service."""

    pid: int

    def alive(self) -> bool:
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to the whole group; back when nothing of it is left."""
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self.alive(), "the killed processes to be gone")

    def workers(self) -> list[int]:
        """The processes forked by the first one."""
        try:
            return [
                int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        except FileNotFoundError:
            return []


class Nursery:
    """Forks commands of the service from a process that has imported it."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self.log = process, log

    def start(self, *arguments: str, url: str, port: int = 0, plant: str = "") -> Running:
        """`jiuzhu` with these arguments."""
        asked = {
            "arguments": arguments,
            "environment": environment(url, port),
            "log": str(self.log),
            "plant": plant,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Running(int(self._process.stdout.readline()))

    def said(self) -> str:
        """What the processes wrote."""
        return self.log.read_text("utf-8") if self.log.exists() else ""


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """A nursery; whatever it forked is gone afterwards."""
    command = [sys.executable, "-m", "tests.faults.processes.nursery"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield Nursery(process, folder / "service.log")
        finally:
            process.kill()


@contextmanager
def command(*arguments: str, url: str, port: int = 0, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command `jiuzhu` in a process of its own, ended afterwards with all it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments], cwd=ROOT, env=os.environ | environment(url, port),
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
