"""Pages, API and commands: the only room that knows Flask, and the place where everything is put together.

Flask is loaded with the application, not with the room: most commands do without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.edge import Edge
    from workflow.config import Config


def create_app(config: Config, edge: Edge | None = None) -> Flask:
    """The WSGI application. Raises BadConfiguration where it cannot work, NotMigrated before `jiuzhu db upgrade`."""
    from web import application

    return application.create_app(config, edge)
