"""The clocks of a case on one page: how each date was counted day by day, whose time went by, and what the ladder does."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web import context
from web.cases.page import CasePage, find_case

bp = Blueprint("clocks", __name__, template_folder="templates")


@bp.get("/cases/<number>/clocks")
def show(number: str) -> ResponseReturnValue:
    """Every limit, minimum, stay and desk of a case, with its start, rule, source and counting."""
    case = find_case(context.session(), number, context.actor())
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    return render_template("cases/clocks.html", page=page, case=case, extensible=_extensible(page))


def _extensible(page: CasePage) -> dict[str, tuple[str, str]]:
    """Kind of a limit -> the longer limit the edition allows for it, and its source."""
    return {
        f"span:{span.code}": (span.extension.to.label, span.extension.source)
        for span in page.blueprint.spans.values()
        if span.extension is not None
    }
