"""The WSGI application: every page, the API, and what stands around them."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web.edge import Edge
from workflow.config import Config
from workflow.documents import MAX_BYTES
from workflow.running.waking import Bell
from workflow.settings import shared_secret

PAGES = (
    "web.auth.views", "web.kept", "web.worklist.views", "web.cases.views", "web.cases.actions", "web.cases.verbs", "web.cases.filling", "web.cases.handover",
    "web.me.views",
    "web.window.views", "web.window.handouts",
    "web.households.views", "web.people.views", "web.people.recording", "web.people.deciding", "web.people.mine", "web.households.changes", "web.households.events", "web.households.counting", "web.households.reckoning", "web.households.file", "web.clues.views", "web.reviews.views", "web.notices.views", "web.board.views", "web.board.extensions",
    "web.cases.clocks", "web.cases.as_at", "web.cases.what_if", "web.bulletin.views", "web.board.standing", "web.board.forecast", "web.mining.views",
    "web.desk.hand", "web.desk.talk", "web.desk.away", "web.desk.bulk", "web.desk.supervised",
    "web.payments.views", "web.inbox.views", "web.departments.views", "web.incidents.views", "web.audit.views", "web.desk.choosing", "web.admin.views", "web.releases.views", "web.standards.views", "web.missed.views", "web.public.views",
    "web.verification.views", "web.verification.inquiries", "web.verification.authorisations",
    "web.agent.views", "web.agent.phone", "web.agent.packages", "web.agent.shell",
)  # fmt: skip
"""The modules with a blueprint `bp` and, where they have entries in the navigation, a `MENU`."""


def create_app(config: Config, edge: Edge | None = None) -> Flask:
    """The WSGI application. Raises BadConfiguration where it cannot work, NotMigrated before `jiuzhu db upgrade`."""
    from web import assets_url, auth, context, counting, headers, language, menu, problems, show, standing

    edge = edge or Edge.open(config)
    if not edge.database.is_sqlite:
        edge.database.bell = Bell(edge.database.engine)
    app = Flask("web", static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key or shared_secret(edge.database, "form_secret", edge.office.entropy),
        MAX_CONTENT_LENGTH=MAX_BYTES + 512 * 1024,
    )
    app.extensions["edge"] = edge
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if config.proxies:
        trusted = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)
        app.wsgi_app = trusted  # type: ignore[method-assign]
    context.init_app(app)
    headers.init_app(app, secure=config.secure)
    assets_url.init_app(app)
    auth.init_app(app, secure=config.secure)
    language.init_app(app)
    show.init_app(app)
    standing.init_app(app)
    counting.init_app(app)
    problems.init_app(app)
    app.jinja_env.globals["menu"] = menu.entries
    for name in PAGES:
        module = import_module(name)
        app.register_blueprint(module.bp)
        menu.add(app, getattr(module, "MENU", ()))
    app.register_blueprint(import_module("web.api").blueprint)
    return app
