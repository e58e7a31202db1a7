"""What is due at once is done at once: an act wakes the scheduler's job, wherever the act and the scheduler run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.district import District, address
from workflow.config import Config
from workflow.db import Database
from workflow.models import Tick
from workflow.running.job import Job, Run
from workflow.running.waking import Bell, due_now
from workflow.scheduler import run
from workflow.sweeps import Swept

SOON = 20
"""Seconds in which a loaded machine has long done it; the clock alone would take an hour."""


class Desk:
    """A scheduler with one job that is woken, and one that is not; both would come again in an hour only."""

    def __init__(self, district: District) -> None:
        self.office, self.database, self.config = district.office, Database(district.url), Config()
        self.woken, self.plain = threading.Semaphore(0), threading.Semaphore(0)
        self.plain_runs = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def refresh(self) -> None:
        """Nothing changes in this story."""

    def jobs(self) -> list[Job]:
        def wake(_run: Run) -> Swept:
            self.woken.release()
            return Swept()

        def plain(_run: Run) -> Swept:
            self.plain_runs += 1
            self.plain.release()
            return Swept()

        return [Job("woken", "一叫就到", 3600, wake, wakes=True), Job("plain", "按时", 3600, plain)]


@contextmanager
def scheduler(desk: Desk) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(desk, desk.jobs()), kwargs={"stop": stop})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def heard(desk: Desk) -> bool:
    return desk.woken.acquire(timeout=SOON)


@pytest.fixture
def on_postgres(request: pytest.FixtureRequest) -> Iterator[District]:
    made = District(address(request, "postgres"))
    yield made
    made.close()


def test_an_act_in_another_process_wakes_the_scheduler(on_postgres: District) -> None:
    desk = Desk(on_postgres)
    web = Database(on_postgres.url)
    web.bell = Bell(web.engine)
    with scheduler(desk):
        assert desk.plain.acquire(timeout=SOON)
        assert heard(desk)
        while desk.woken.acquire(timeout=1):
            """The runs of its start."""
        with web.acting() as conn:
            due_now(conn)
        assert heard(desk)
    with web.reading() as session:
        assert session.get(Tick, "woken") is not None
    web.close()
    assert desk.plain_runs == 1


def test_an_act_that_is_taken_back_or_has_nothing_due_rings_nothing() -> None:
    rung: list[int] = []

    class Counter:
        def ring(self) -> None:
            rung.append(1)

        def close(self) -> None:
            """Nothing is kept."""

    database = Database("sqlite://")
    database.bell = Counter()
    with database.acting() as conn:
        conn.exec_driver_sql("SELECT 1")
    with pytest.raises(ZeroDivisionError), database.acting() as conn:
        raise ZeroDivisionError
    assert rung == []
    with database.acting() as conn:
        due_now(conn)
    assert rung == [1]
    with database.acting() as conn:
        conn.exec_driver_sql("SELECT 1")
    assert rung == [1]
    database.close()


def test_a_job_of_the_scheduler_wakes_another_on_any_database(district: District) -> None:
    desk = Desk(district)
    with scheduler(desk):
        assert heard(desk)
        while desk.woken.acquire(timeout=1):
            """The runs of its start."""
        with desk.database.acting() as conn:
            due_now(conn)
        assert heard(desk)


def test_a_job_that_is_woken_while_the_scheduler_stops_does_not_keep_it(district: District) -> None:
    desk, stop, begun, lingering = Desk(district), threading.Event(), threading.Event(), threading.Event()

    def slow(run: Run) -> Swept:
        begun.set()
        stop.wait(SOON)
        lingering.wait(0.5)  # the scheduler waits for it by now
        return Swept()

    jobs = [Job("slow", "停止时还在办", 3600, slow, wakes=True)]
    thread = threading.Thread(target=run, args=(desk, jobs), kwargs={"stop": stop}, daemon=True)
    thread.start()
    assert begun.wait(SOON)
    bell = desk.database.bell
    assert bell is not None
    bell.ring()
    bell.ring()
    stop.set()
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_message_marks_its_act(quick: District) -> None:
    case = quick.bring(quick.application(), "accepted")
    rung: list[int] = []

    class Counter:
        def ring(self) -> None:
            rung.append(1)

        def close(self) -> None:
            """Nothing is kept."""

    quick.database.bell = Counter()
    try:
        from workflow.entries import read
        from workflow.telling import tell

        with quick.database.acting() as conn:
            found, _ = read(quick.office, conn, case)
            tell(conn, found, "urged", quick.now, user_id=1, facts={"words": "快"})
    finally:
        quick.database.bell = None
    assert rung == [1]


def test_a_bell_that_cannot_ring_stops_no_act_and_rings_again_later(on_postgres: District) -> None:
    wrong = Database(
        on_postgres.url.rsplit("/", 1)[0]
        + "/no-such-database"
        + ("?" + on_postgres.url.partition("?")[2] if "?" in on_postgres.url else "")
    )
    bell = Bell(wrong.engine)
    bell.ring()
    bell.close()
    bell.ring()
    bell.close()
