"""Choosing cases by definition, stage, edition, age and area, for one act on all of them: previewed and done in `bulk`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row, func, select

from web import context
from web.duties import area_choices, reserve
from web.filters import given_filters
from workflow.desk import bulk
from workflow.desk.eligible import in_office
from workflow.models import Case, RoleAssignment, Task, User
from workflow.policy import area_filter, may_read
from workflow.roles import HEAD, SUPERVISOR

LEADERS = (SUPERVISOR, HEAD)
FILTERS = {"programme": "项目", "stage": "环节", "edition": "规则版本", "age": "开办已满", "area": "区域"}
AGES = {"30": "30 天", "60": "60 天", "90": "90 天", "180": "半年", "365": "一年"}
VERBS = {"assign": "分派", "urge": "催办", "suspend": "提出挂起"}

bp = Blueprint("choosing", __name__, template_folder="templates", url_prefix="/bulk")
reserve(bp, *LEADERS)


@bp.get("/find")
def find() -> ResponseReturnValue:
    """The open tasks of the cases chosen, ticked; nothing is done before the preview."""
    choices = _choices()
    given = given_filters(FILTERS, choices)
    rows, whole = _found(given) if given else ([], 0)
    return render_template(
        "desk/find.html", names=FILTERS, choices=choices, given=given, rows=rows, whole=whole, verbs=VERBS,
        receivers=_receivers(rows), most=bulk.MOST,
    )  # fmt: skip


def _choices() -> dict[str, list[tuple[str, str]]]:
    catalogue = context.edge().office.catalogue
    return {
        "programme": [(code, catalogue.editions(code)[-1].title) for code in catalogue.codes],
        "stage": list(
            {code: stage.label for blueprint in catalogue for code, stage in blueprint.stages.items()}.items()
        ),
        "edition": [
            (one, one) for one in dict.fromkeys(e for blueprint in catalogue for e in blueprint.editions)
        ],
        "age": [(days, _("%(age)s以上", age=_(label))) for days, label in AGES.items()],
        "area": area_choices("town", "village"),
    }


def _scopes() -> list[str]:
    led = {role.code for role in LEADERS}
    return sorted({scope for role, scope in context.actor().grants if role in led})


def _found(given: dict[str, str]) -> tuple[list[Row[Any]], int]:
    """The first of them, the most urgent first, and how many there are in all."""
    wanted = [Task.state == "open", Case.closed_at.is_(None), area_filter(Case.area_code, _scopes())]
    for name, column in (("programme", Case.definition), ("stage", Case.stage), ("edition", Case.edition)):
        if name in given:
            wanted.append(column == given[name])
    if "area" in given:
        wanted.append(area_filter(Case.area_code, [given["area"]]))
    if "age" in given:
        wanted.append(Case.opened_at <= context.now() - timedelta(days=int(given["age"])))
    session = context.session()
    whole = session.scalar(
        select(func.count()).select_from(Task).join(Case, Case.id == Task.case_id).where(*wanted)
    )
    rows = session.execute(
        select(Task, Case, User.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(*wanted)
        .order_by(Task.due_on.nulls_last(), Task.id)
        .limit(bulk.MOST)
    )
    seen: list[Any] = [row for row in rows if may_read(context.actor(), row.Case)]
    return seen, whole or 0


def _receivers(rows: list[Row[Any]]) -> list[User]:
    """Who holds one of their posts now."""
    found: dict[int, User] = {}
    for role, scope in sorted({(row.Task.role, row.Task.scope) for row in rows}):
        people = context.session().scalars(
            select(User).join(RoleAssignment)
            .where(RoleAssignment.role == role, RoleAssignment.area_code == scope, *in_office(context.today())).distinct()
        )  # fmt: skip
        found |= {user.id: user for user in people}
    return sorted(found.values(), key=lambda user: user.name)
