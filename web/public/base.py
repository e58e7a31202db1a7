"""The blueprint of the public pages, and the mode with larger type."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import context
from web.auth import open_to_all
from workflow.models import Area, Setting

ELDER = "elder"
YEAR = 365 * 86400

bp = open_to_all(Blueprint("public", __name__, template_folder="templates", url_prefix="/public"))


def page(name: str, **shown: Any) -> str:
    """A public page."""
    return render_template(
        f"public/{name}.html", elder=request.cookies.get(ELDER) == "yes", county=county(), **shown
    )


def county() -> Area:
    """The district itself: its office and telephone stand at the foot of every public page."""
    session = context.session()
    return session.get_one(Area, session.get_one(Setting, "district").value)


@bp.post("/elder")
def elder() -> ResponseReturnValue:
    """Larger type on or off, kept in the browser."""
    back = request.form.get("back", "")
    fine = back.startswith("/public/") and "//" not in back and "\\" not in back
    answer = redirect(back if fine else url_for("public.home"), 303)
    on = request.form.get("elder") == "yes"
    answer.set_cookie(
        ELDER,
        "yes" if on else "",
        max_age=YEAR if on else 0,
        samesite="Lax",
        httponly=True,
        secure=context.edge().config.secure,
    )
    return answer
