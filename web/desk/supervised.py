"""What the supervisor sees of the desks: who was urged, what was passed over, and what nobody may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint
from sqlalchemy import Row, select

from web import context
from workflow.desk import rights
from workflow.models import Case, Nudge, Skip, Task, User
from workflow.policy import area_filter, may_read, readable_areas
from workflow.roles import HEAD, SUPERVISOR
from workflow.running.mending import waiting

LOOKS_BACK = timedelta(days=7)
SHOWN = 50
bp = Blueprint("supervised", __name__, template_folder="templates")


@bp.app_template_global()
def supervised() -> dict[str, Any]:
    """For the board: rows of nudges, skips and stranded tasks in the reader's areas, and whether he leads."""
    session, actor = context.session(), context.actor()
    inside, since = area_filter(Case.area_code, readable_areas(actor)), context.today() - LOOKS_BACK
    nudges = session.execute(
        select(Nudge, Case, User.name).join(Case, Case.id == Nudge.case_id).outerjoin(User, User.id == Nudge.by_id)
        .where(Nudge.day >= since, inside).order_by(Nudge.id.desc()).limit(SHOWN)
    )  # fmt: skip
    skips = session.execute(
        select(Skip, Case, User.name).join(Task, Task.id == Skip.task_id).join(Case, Case.id == Task.case_id)
        .join(User, User.id == Skip.user_id).where(Skip.day >= since, inside).order_by(Skip.id.desc()).limit(SHOWN)
    )  # fmt: skip
    stranded = session.execute(
        select(Task, Case).join(Case, Case.id == Task.case_id)
        .where(Task.state == "open", Task.stranded.is_(True), inside).order_by(Task.due_on.nulls_last()).limit(SHOWN)
    )  # fmt: skip
    return {
        "nudges": _seen(nudges), "skips": _seen(skips), "stranded": _seen(stranded),
        "leads": any(rights.leads(actor, area) for area in readable_areas(actor)),
        "incidents": waiting(context.session(), actor) if SUPERVISOR.code in actor.roles else None,
        "orders": bool(actor.roles & {SUPERVISOR.code, HEAD.code}),
    }  # fmt: skip


def _seen(rows: Any) -> list[Row[Any]]:
    return [row for row in rows if may_read(context.actor(), row.Case)]
