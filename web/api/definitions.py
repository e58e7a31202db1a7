"""The definitions that run here."""

from __future__ import annotations

from web.api import represent
from web.api.asking import LIMIT, filters_of, make_cursor, read_cursor
from web.api.routes import Answer, Call, operation


@operation("GET", "/definitions", "流程定义", "DefinitionPage", paged=True)
def list_definitions(call: Call) -> Answer:
    """Every definition with its editions, stages and actions."""
    catalogue = call.edge.office.catalogue
    start, limit = (read_cursor(call.query, int) or [0])[0], call.query.get("limit", LIMIT)
    shown = catalogue.codes[start : start + limit]
    more = start + limit < len(catalogue.codes)
    following = make_cursor([start + limit], filters_of(call.query)) if more else None
    return Answer(
        {"items": [represent.definition(catalogue.editions(code)) for code in shown], "next": following}
    )
