"""What a request works with: the edge, the moment, a reading session, and who acts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from web.edge import Edge
from workflow.actors import Actor
from workflow.periods import local_date


def init_app(app: Flask) -> None:
    """Close the request's reading session when the answer is made."""

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        if (session := g.pop("reading", None)) is not None:
            session.__exit__(None, None, None)


def edge() -> Edge:
    """The composition root this application was made with."""
    return cast("Edge", current_app.extensions["edge"])


def now() -> datetime:
    """The moment of this request: the clock is read once."""
    if "now" not in g:
        g.now = edge().now()
    return cast("datetime", g.now)


def today() -> date:
    """The legal date of this request."""
    return local_date(now())


def session() -> Session:
    """The request's session for reading; nothing done in it is kept."""
    if "reading" not in g:
        reading = edge().database.reading()
        g.reading_session, g.reading = reading.__enter__(), reading
    return cast("Session", g.reading_session)


def acting() -> AbstractContextManager[Connection]:
    """One write transaction, committed at the end of the block."""
    return edge().database.acting()


def write(conn: Connection) -> Session:
    """An ORM session on the connection of a write transaction; flush before the block ends."""
    return edge().office.session(conn)


def actor() -> Actor:
    """Who is signed in, with the roles he holds today."""
    return cast("Actor", current_user.actor)
