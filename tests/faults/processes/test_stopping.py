"""How the processes end: soon, in order, with what was begun done, and with one line where they cannot start."""

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.district import prepare
from tests.faults.processes.rig import Client, Nursery, answers, command, free_port, wait_until
from tests.faults.processes.scene import Scene
from workflow.models import Case, Task

WITHIN = 5
LATE = 400
"""Limits that have passed, three rungs each: more than a sweep does before the signal has reached it."""


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    return True


@contextlib.contextmanager
def running(url: str, port: int, log: Path):
    """`jiuzhu run`, answering."""
    with command("run", url=url, port=port, log=log) as process:
        wait_until(lambda: process.poll() is not None or answers(port), "the web to answer")
        assert process.poll() is None, log.read_text("utf-8")
        yield process


def test_run_ends_both_within_five_seconds_and_a_second_run_keeps_the_data(tmp_path):
    url, port, log = f"sqlite:///{tmp_path}/jiuzhu.db", free_port(), tmp_path / "run.log"
    prepare(url)
    scene = Scene.furnish(url, late=LATE)
    opened = scene.count(Case)
    with running(url, port, log) as process:
        wait_until(lambda: scene.rungs() > 0, "the scheduler to be at work")
        both = children(process.pid)
        assert len(both) == 2
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(WITHIN + 1) == 0
        assert time.monotonic() - began < WITHIN
        assert all(gone(pid) for pid in both)
    done = scene.rungs()
    assert 0 < done < 3 * LATE, "the sweep did not stop between two rows"
    assert scene.broken() == {}
    with running(url, port, log):
        wait_until(lambda: not scene.due(), "the second run to do the rest")
    assert scene.effects_not_once() == []
    assert scene.count(Case, Case.definition != "escalation") == opened
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")
    scene.database.close()


@pytest.mark.parametrize("name", ["serve", "run"])
def test_a_port_in_use_is_told_in_one_line(name, sqlite_url, tmp_path):
    log = tmp_path / "refused.log"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with command(name, url=sqlite_url, port=port, log=log) as process:
            assert process.wait(60) == 1
    assert log.read_text("utf-8").splitlines() == [f"端口 {port} 已被占用，请用 --port 或 PORT 换一个。"]


def test_a_web_asked_to_stop_finishes_the_request_under_way(home: Nursery, fresh_postgres):
    url, port = fresh_postgres(prepare), free_port()
    scene = Scene.furnish(url, late=0)
    web = home.start("serve", "--workers", "1", url=url, port=port)
    wait_until(lambda: answers(port), "the web to answer")
    task, found = scene.free[0], []

    def claim() -> None:
        with contextlib.closing(Client(port)) as client:
            headers = {"Authorization": f"Bearer {scene.tokens['window_clerk1']}", "Idempotency-Key": "one"}
            found.append(
                client.ask(
                    "POST",
                    f"/api/v1/tasks/{task}/claim",
                    b"{}",
                    **headers,
                    **{"Content-Type": "application/json"},
                )
            )

    clerk = threading.Thread(target=claim)
    with scene.database.acting() as conn:  # the case is being acted on by somebody else: the web waits for it
        conn.execute(
            text('SELECT id FROM "case" WHERE id = (SELECT case_id FROM task WHERE id = :task) FOR UPDATE'),
            {"task": task},
        )
        clerk.start()
        wait_until(lambda: waiting(scene), "the request to be under way")
        os.kill(web.pid, signal.SIGTERM)
        wait_until(lambda: not answers(port, within=0.3), "the web to take no more")
    clerk.join()
    wait_until(lambda: not web.alive(), "the web to end", WITHIN)
    assert [answer.status for answer in found] == [200]
    assert [one["assignee"]["name"] for one in found[0].document["tasks"]] == ["窗口受理员1"]
    assert scene.count(Task, Task.id == task, Task.assignee_id.is_not(None)) == 1
    scene.database.close()


def waiting(scene: Scene) -> bool:
    """Whether somebody waits for a lock in this database."""
    with scene.database.reading() as session:
        return bool(
            session.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            )
        )
