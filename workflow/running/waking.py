"""Waking the schedulers when something is due at once: an act rings a bell, PostgreSQL carries it to every scheduler.

The act itself pays for a flag on its connection and for nothing else: NOTIFY inside its transaction would make all
commits of the database wait for each other. A thread of the process rings after the commit, at most a few times a
second however many acts there are. What is lost (a process that dies in between) waits for the next round of the clock.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)

CHANNEL = "jiuzhu_due"
DUE = "due at once"
"""The mark on the connection of an act that has written something due now."""
GATHER = 0.2
"""Seconds between two rings of one process: what comes meanwhile goes with the next."""
LISTEN_FOR = 1.0
RECONNECT_AFTER = 5.0


def due_now(conn: Connection) -> None:
    """Mark the act under way: something it writes is to be carried out at once."""
    conn.info[DUE] = True


class Bell:
    """Rings on PostgreSQL's channel, in a thread that begins with the first ring in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rung, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def ring(self) -> None:
        """Something is due. Costs nothing: the thread does the rest."""
        self._rung.set()
        if self._thread is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._closed.clear()
            self._thread = threading.Thread(target=self._work, name="bell", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread and its connection; the next ring begins anew."""
        thread, self._thread = self._thread, None
        if thread is not None and self._pid == os.getpid():
            self._closed.set()
            self._rung.set()
            thread.join()

    def _work(self) -> None:
        raw: Any = None
        while True:
            self._rung.wait()
            self._rung.clear()
            if self._closed.is_set():
                break
            try:
                raw = raw or _connect(self._engine)
                raw.execute(f"NOTIFY {CHANNEL}")
            except Exception:  # the schedulers' own clock finds what is due
                log.warning("could not ring", exc_info=True)
                raw = _shut(raw)
            self._closed.wait(GATHER)
        _shut(raw)


def listen(engine: Engine, heard: Callable[[], None], stop: threading.Event) -> None:
    """Call `heard` whenever somebody has rung, until `stop`. A lost connection is made again."""
    raw: Any = None
    while not stop.is_set():
        try:
            if raw is None:
                raw = _connect(engine)
                raw.execute(f"LISTEN {CHANNEL}")
                heard()
            if any(True for _ in raw.notifies(timeout=LISTEN_FOR, stop_after=1)):
                heard()
        except Exception:  # the clock goes on without
            log.warning("not listening", exc_info=True)
            raw = _shut(raw)
            stop.wait(RECONNECT_AFTER)
    _shut(raw)


def _connect(engine: Engine) -> Any:
    import psycopg

    args, options = engine.dialect.create_connect_args(engine.url)
    return psycopg.connect(*args, **options, autocommit=True)


def _shut(raw: Any) -> Any:
    """Close what is open; None, for the connection that is there no more."""
    if raw is not None:
        raw.close()
    return None
