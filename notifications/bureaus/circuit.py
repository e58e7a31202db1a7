"""The circuit of a source: after some failures on end it is left alone for a while, then one try goes through.

closed -> open (enough failures) -> half_open (one try is out) -> closed, or open again. It stands in the source's row and
moves by single statements, so that all processes share one circuit and only one of them makes the try.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, literal, select, update

from workflow.models import VerificationSource as Source

TRIAL = timedelta(minutes=5)
"""How long the one try may be out: whoever made it has died when it has said nothing by then."""


def admits(conn: Connection, code: str, now: datetime) -> bool:
    """Whether the source may be asked now. Where its circuit was open, this takes the one try for the caller."""
    if conn.execute(select(Source.circuit).where(Source.code == code)).scalar_one() == "closed":
        return True
    waited = (Source.code == code, Source.circuit != "closed", Source.try_at <= now)
    tried = conn.execute(update(Source).where(*waited).values(circuit="half_open", try_at=now + TRIAL))
    return bool(tried.rowcount)


def succeeded(conn: Connection, code: str, now: datetime) -> None:
    """The source answered, whatever it said: the circuit is closed."""
    conn.execute(
        update(Source)
        .where(Source.code == code)
        .values(circuit="closed", failures=0, try_at=None, last_success_at=now, last_error="")
    )


def failed(conn: Connection, code: str, now: datetime, error: str, *, rest: timedelta) -> bool:
    """The source did not answer; whether its circuit is open now. `rest` is how long it is left alone then."""
    broken = (Source.circuit != "closed") | (Source.failures + 1 >= Source.breaker_failures)
    conn.execute(
        update(Source)
        .where(Source.code == code)
        .values(
            failures=Source.failures + 1,
            circuit=case((broken, "open"), else_="closed"),
            try_at=case((broken, literal(now + rest, Source.try_at.type))),
            last_failure_at=now,
            last_error=error[:2000],
        )
    )
    return bool(conn.execute(select(Source.circuit).where(Source.code == code)).scalar_one() == "open")
