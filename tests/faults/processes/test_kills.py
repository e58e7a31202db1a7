"""Real web and scheduler processes are killed at random moments under load: nothing acknowledged is lost or doubled."""

import contextlib
import os
import random
import signal
import sys
import threading
from collections import Counter

import pytest

from tests.district import prepare
from tests.faults.processes.load import Load
from tests.faults.processes.rig import Nursery, answers, free_port, wait_until
from tests.faults.processes.scene import RUNGS, Scene

SEED = 20260923
WEB = ("serve", "--workers", "2")
FRESH = 40
"""So many cases come late whenever a scheduler starts with nothing due."""
A_ROUND = 150
"""Seconds within which a scheduler that met a busy database has begun the next round, and one after it."""


class Siege:
    """Webs and schedulers on one database, started, killed and started again."""

    def __init__(
        self, home: Nursery, scene: Scene, plant: str = "", *, webs: int = 1, schedulers: int = 1
    ) -> None:
        self._home, self._scene, self._plant = home, scene, plant
        self.ports, self._heard = [free_port() for _ in range(webs)], len(home.said())
        self.kills = Counter[str]()
        self.webs = [self._start_web(port) for port in self.ports]
        self._begun_at = scene.rungs()
        self.schedulers = [self._start_scheduler() for _ in range(schedulers)]
        for port in self.ports:
            wait_until(lambda port=port: answers(port), "the web to answer")

    def _start_web(self, port: int):
        return self._home.start(*WEB, url=self._scene.url, port=port, plant=self._plant)

    def _start_scheduler(self):
        return self._home.start("scheduler", url=self._scene.url, plant=self._plant)

    def kill(self, victim: str, moment: float, which: int = 0) -> None:
        """SIGKILL after a moment, and a new start at once; one of the web's workers is started anew by the web itself.

        "scheduler" is one of them, "schedulers" all at one blow.
        """
        if victim.startswith("scheduler") and self._scene.due():
            wait_until(
                lambda: self._scene.rungs() > self._begun_at, "a scheduler to begin with what is due", A_ROUND
            )
            self.kills["in the sweep"] += 1
        threading.Event().wait(moment)
        self.kills[victim] += 1
        if victim == "scheduler":
            self._kill_schedulers([which % len(self.schedulers)])
        elif victim == "schedulers":
            self._kill_schedulers(range(len(self.schedulers)))
        elif victim == "worker" and (workers := self.webs[which % len(self.webs)].workers()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)
        else:
            self.webs[which % len(self.webs)].kill()
            self.webs[which % len(self.webs)] = self._start_web(self.ports[which % len(self.ports)])

    def _kill_schedulers(self, which) -> None:
        for one in which:
            self.schedulers[one].signal(signal.SIGKILL)
        for one in which:
            self.schedulers[one].kill()
        if not self._scene.due():
            self._scene.more_late(FRESH)
        self._begun_at = self._scene.rungs()
        for one in which:
            self.schedulers[one] = self._start_scheduler()

    def said(self) -> str:
        """What the processes wrote."""
        return self._home.said()[self._heard :]

    def settle(self) -> None:
        """Let what is due take its effect, then ask all to stop."""
        wait_until(lambda: not self._scene.due(), "everything due to take effect", 240, every=0.1)
        for one in (*self.webs, *self.schedulers):
            one.signal(signal.SIGTERM)
        wait_until(
            lambda: not any(one.alive() for one in (*self.webs, *self.schedulers)), "all processes to stop"
        )


def besiege(home: Nursery, url: str, kills: int, late: int, *, webs: int = 1, schedulers: int = 1) -> None:
    chance = random.Random(SEED)
    scene = Scene.furnish(url, late=late, published=False)
    siege = Siege(home, scene, webs=webs, schedulers=schedulers)
    victims = ("web", "worker", "scheduler", *(("scheduler", "schedulers") if schedulers > 1 else ()))
    with Load(scene, siege.ports, SEED) as load:
        for _ in range(kills):
            load.moved_on(chance.randint(1, 4))
            victim = chance.choice(victims)
            siege.kill(victim, chance.uniform(0.0, 0.08), chance.randrange(webs * schedulers))
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
    sys.stdout.write(f"{kills} kills {dict(siege.kills)}: {len(load.acts)} acts, {load.in_doubt} requests in doubt, "
                     f"{len(scene.late) * len(RUNGS)} effects of deadlines, each once\n")  # fmt: skip


@pytest.mark.timeout(900)
def test_kills_lose_and_double_nothing(home, sqlite_url):
    besiege(home, sqlite_url, kills=50, late=200)


@pytest.mark.timeout(900)
def test_kills_over_three_schedulers_and_two_webs_lose_and_double_nothing(home, fresh_postgres):
    besiege(home, fresh_postgres(prepare), kills=50, late=200, webs=2, schedulers=3)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_many_kills_lose_and_double_nothing(home, sqlite_url):
    besiege(home, sqlite_url, kills=300, late=600)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_thousand_kills_over_three_schedulers_and_two_webs_lose_and_double_nothing(home, fresh_postgres):
    besiege(home, fresh_postgres(prepare), kills=1000, late=600, webs=2, schedulers=3)
