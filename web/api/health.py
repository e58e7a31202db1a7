"""What a machine may ask without sign-in: is the process there, can it work, how much is there of what, what is the API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Response, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from web.api.openapi import describe
from web.api.problems import Problem
from web.api.routes import blueprint, the_edge
from workflow.models import Case, Deadline, OutboxMessage, Task, Tick, canonical

FRESH = 15
"""For so many seconds figures are given again: nobody can load the database by asking."""


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return _json('{"status":"ok"}')


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database is reached and migrated."""
    try:
        the_edge().database.check_migrated()
    except SQLAlchemyError as error:
        raise Problem("not-ready", "数据库连接不上，请检查 DATABASE_URL 和数据库服务。") from error
    return _json('{"status":"ready"}')


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


def _counts(session: Session, name: str, title: str, *labels: object, where: object = True) -> Iterator[str]:
    yield f"# HELP {name} {title}"
    yield f"# TYPE {name} gauge"
    query = select(*labels, func.count()).group_by(*labels).order_by(*labels)  # type: ignore[call-overload]
    for *values, count in session.execute(query.where(where)):
        named = ",".join(f'{label.key}="{value}"' for label, value in zip(labels, values, strict=True))  # type: ignore[attr-defined]
        yield f"{name}{{{named}}} {count}" if named else f"{name} {count}"
