"""Real web and scheduler processes are killed at random moments under load: nothing acknowledged is lost or doubled."""

import contextlib
import os
import random
import signal
import threading
from collections import Counter

import pytest

from tests.faults.processes.load import Load
from tests.faults.processes.rig import Nursery, answers, free_port, wait_until
from tests.faults.processes.scene import Scene

SEED = 20260923
WEB = ("serve", "--workers", "2")


class Siege:
    """A web and a scheduler on one database, started, killed and started again."""

    def __init__(self, home: Nursery, scene: Scene, plant: str = "") -> None:
        self._home, self._scene, self._plant = home, scene, plant
        self.port, self._heard = free_port(), len(home.said())
        self.kills = Counter[str]()
        self.web, self.scheduler = self._start_web(), self._start_scheduler()
        wait_until(lambda: answers(self.port), "the web to answer")

    def _start_web(self):
        return self._home.start(*WEB, url=self._scene.url, port=self.port, plant=self._plant)

    def _start_scheduler(self):
        self._begun_at = self._scene.rungs()
        return self._home.start("scheduler", url=self._scene.url, plant=self._plant)

    def kill(self, victim: str, moment: float) -> None:
        """SIGKILL after a moment, and a new start at once; one of the web's workers is started anew by the web itself."""
        if victim == "scheduler" and self._scene.due():
            wait_until(
                lambda: self._scene.rungs() > self._begun_at, "the scheduler to begin with what is due"
            )
            self.kills["in the sweep"] += 1
        threading.Event().wait(moment)
        self.kills[victim] += 1
        if victim == "scheduler":
            self.scheduler.kill()
            self.scheduler = self._start_scheduler()
        elif victim == "worker" and (workers := self.web.workers()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)
        else:
            self.web.kill()
            self.web = self._start_web()

    def said(self) -> str:
        """What the processes wrote."""
        return self._home.said()[self._heard :]

    def settle(self) -> None:
        """Let what is due take its effect, then ask both to stop."""
        wait_until(lambda: not self._scene.due(), "everything due to take effect", 240, every=0.1)
        for one in (self.web, self.scheduler):
            one.signal(signal.SIGTERM)
        wait_until(lambda: not (self.web.alive() or self.scheduler.alive()), "both processes to stop")


def besiege(home: Nursery, url: str, kills: int, late: int) -> None:
    chance = random.Random(SEED)
    scene = Scene.furnish(url, late=late)
    siege = Siege(home, scene)
    with Load(scene, [siege.port], SEED) as load:
        for _ in range(kills):
            load.moved_on(chance.randint(1, 4))
            siege.kill(chance.choice(("web", "worker", "scheduler")), chance.uniform(0.0, 0.08))
        load.moved_on(10)
    siege.settle()
    assert (load.errors, load.not_once()) == ([], [])
    assert scene.effects_not_once() == []
    assert scene.doubled_messages() == []
    assert scene.broken() == {}
    assert "Traceback" not in siege.said(), siege.said()
    assert load.in_doubt > kills / 10, "the kills hit nobody"
    assert siege.kills["in the sweep"] > kills / 10, "the kills hit no sweep"
    scene.database.close()


def test_kills_lose_and_double_nothing(home, database_url):
    besiege(home, database_url, kills=50, late=200)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_many_kills_lose_and_double_nothing(home, database_url):
    besiege(home, database_url, kills=300, late=600)
