"""Where a clerk counts somebody of a family against the rule, and says why."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web import context
from web.duties import require
from web.households.asking import REGISTRARS
from web.households.views import find
from workflow.changes.away import count_apart
from workflow.errors import Refused
from workflow.models import Household

bp = Blueprint("counting", __name__, template_folder="templates")
ANSWERS: dict[str, bool | None] = {"yes": True, "no": False, "rule": None}


@bp.post("/households/<int:household_id>/counting")
def decide(household_id: int) -> ResponseReturnValue:
    """Counted, not counted, or as the rule says again; with the reason."""
    require(*REGISTRARS)
    household, person = find(household_id), request.form.get("person", type=int)
    answer = request.form.get("counted", "")
    if person is None or answer not in ANSWERS:
        raise Refused("请选择成员和认定结果。")
    with context.acting() as conn:
        session = context.write(conn)
        count_apart(
            session, session.get_one(Household, household.id), person, counted=ANSWERS[answer],
            reason=request.form.get("reason", ""), actor=context.actor(), now=context.now(),
        )  # fmt: skip
    flash(_("已保存认定，计算时按此计入家庭人数。"))
    return redirect(url_for("households.show", household_id=household.id), 303)
