"""What a machine may ask without sign-in: is the process there, can it work, how much is there of what, what is the API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from flask import Response, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from web.api.openapi import describe
from web.api.problems import Problem
from web.api.routes import blueprint, the_edge
from web.counting import counted
from workflow.models import Case, Deadline, OutboxMessage, Task, Tick, canonical
from workflow.running.backlog import ALARM, figures, oldest

_HELP = {
    "due_backlog": "Deadlines with a step due and messages not handed out.",
    "oldest_deadline_age_seconds": "Since when the oldest due deadline waits.",
    "outbox_age_seconds": "Since when the oldest message waits.",
    "incidents_open": "Rows that failed too often and wait for a person.",
    "incidents_retrying": "Rows that failed and are tried again.",
    "calendar_days_left": "Days until the published holidays end.",
    "lock_waits": "Statements that wait for a lock now.",
}
FRESH = 15
"""For so many seconds figures are given again: nobody can load the database by asking."""


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return _json('{"status":"ok"}')


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database is reached and migrated; how the scheduler does is told, but serving pages does not depend on it."""
    try:
        the_edge().database.check_migrated()
    except SQLAlchemyError as error:
        raise Problem("not-ready", "数据库连接不上，请检查 DATABASE_URL 和数据库服务。") from error
    now = the_edge().now()
    with the_edge().database.reading() as session:
        found = oldest(session, now)
    silent = found.ticked is None or now - found.ticked > ALARM
    return _json(
        canonical(
            {
                "status": "ready",
                "scheduler": "silent" if silent else "late" if found.waiting(now) > ALARM else "ok",
            }
        )
    )


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The description of this API, made from its route table and the forms of the definitions."""
    if "api_description" not in current_app.extensions:
        current_app.extensions["api_description"] = canonical(describe(the_edge().office.catalogue))
    return _json(current_app.extensions["api_description"])


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts in the text format of Prometheus."""
    edge, kept = the_edge(), current_app.extensions.get("api_metrics")
    now = edge.now()
    if kept is None or not 0 <= (now - kept[0]).total_seconds() < FRESH:
        with edge.database.reading() as session:
            kept = now, "\n".join(_lines(session, now)) + "\n"
        current_app.extensions["api_metrics"] = kept
    return Response(kept[1], content_type="text/plain; version=0.0.4; charset=utf-8")


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _lines(session: Session, now: datetime) -> Iterator[str]:
    """Counts by kind, never by person or place."""
    yield from _counts(session, "jiuzhu_cases", "Cases by definition and stage.", Case.definition, Case.stage)
    yield from _counts(
        session, "jiuzhu_tasks_open", "Open tasks by role.", Task.role, where=Task.state == "open"
    )
    yield from _counts(session, "jiuzhu_deadlines", "Deadlines by state.", Deadline.state)
    yield from _counts(
        session,
        "jiuzhu_deadlines_overdue",
        "Open deadlines that are missed.",
        where=Deadline.overdue & (Deadline.state == "open"),
    )
    yield from _counts(session, "jiuzhu_outbox", "Messages by state.", OutboxMessage.state)
    yield "# HELP jiuzhu_tick_age_seconds Seconds since each sweep last ran: a silent scheduler shows here."
    yield "# TYPE jiuzhu_tick_age_seconds gauge"
    for tick in session.scalars(select(Tick).order_by(Tick.name)):
        yield f'jiuzhu_tick_age_seconds{{name="{tick.name}"}} {max(0, int((now - tick.at).total_seconds()))}'
    yield "# HELP jiuzhu_sweep_milliseconds How long the last run of each sweep took."
    yield "# TYPE jiuzhu_sweep_milliseconds gauge"
    for tick in session.scalars(select(Tick).order_by(Tick.name)):
        yield f'jiuzhu_sweep_milliseconds{{name="{tick.name}"}} {tick.milliseconds}'
    for name, value in (figures(session, now) | {"lock_waits": _lock_waits(session)}).items():
        yield f"# HELP jiuzhu_{name} {_HELP[name]}"
        yield f"# TYPE jiuzhu_{name} gauge"
        yield f"jiuzhu_{name} {value}"
    yield "# HELP jiuzhu_acts_total Acts by how they ended, since this process began."
    yield "# TYPE jiuzhu_acts_total counter"
    for result, number in counted().items():
        yield f'jiuzhu_acts_total{{result="{result}",process="{os.getpid()}"}} {number}'


def _lock_waits(session: Session) -> int:
    """How many statements wait for a lock now; SQLite has one lock, and who waits too long is told busy."""
    if session.get_bind().dialect.name != "postgresql":
        return 0
    return int(session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def _counts(session: Session, name: str, title: str, *labels: object, where: object = True) -> Iterator[str]:
    yield f"# HELP {name} {title}"
    yield f"# TYPE {name} gauge"
    query = select(*labels, func.count()).group_by(*labels).order_by(*labels)  # type: ignore[call-overload]
    for *values, count in session.execute(query.where(where)):
        named = ",".join(f'{label.key}="{value}"' for label, value in zip(labels, values, strict=True))  # type: ignore[attr-defined]
        yield f"{name}{{{named}}} {count}" if named else f"{name} {count}"
