"""The JSON API under /api/v1 (OpenAPI 3.1), and what machines ask without sign-in.

`routes` is the table and what stands around every view; each subject has a module of views; `represent` says how
things look; `problems` how refusals do.
"""

from flask import Response, request
from werkzeug.exceptions import MethodNotAllowed

from web.api import (  # noqa: F401 - fill the route table
    authorisations,
    cases,
    definitions,
    documents,
    health,
    households,
    ledger,
    people,
    problems,
    tasks,
)
from web.api.problems import Problem
from web.api.routes import blueprint
from web.auth import csrf, open_to_all

__all__ = ["blueprint"]

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

open_to_all(blueprint)
csrf.exempt(blueprint)
blueprint.register_error_handler(Exception, problems.answer)


@blueprint.route("/api/<path:rest>", methods=METHODS, provide_automatic_options=False)
def nowhere(rest: str) -> Response:
    """Any other address, and any other method on an address there is, as a problem document too."""
    allowed = sorted(_allowed())
    if allowed:
        raise Problem(
            "method-not-allowed",
            f"这个地址只能用 {'、'.join(allowed)}。",
            headers={"Allow": ", ".join(allowed)},
        )
    raise Problem("not-found", f"没有 /api/{rest} 这个地址，请看 /api/v1/openapi.json。")


def _allowed() -> set[str]:
    """The methods with which this address is something."""
    from flask import current_app

    found = set()
    adapter = current_app.url_map.bind("")
    for method in ("GET", "HEAD", "POST"):
        try:
            endpoint, _ = adapter.match(request.path, method)
        except MethodNotAllowed:
            continue
        if endpoint != request.endpoint:
            found.add(method)
    return found
