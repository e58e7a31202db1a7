"""On track, at risk, breached: by stage, place and person, down to the single case."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from web.board.views import ROLES, stage_choices
from web.duties import area_choices, narrowed, require
from web.filters import given_filters
from workflow.board import Narrowed
from workflow.models import Area, User
from workflow.timing.standing import NOBODY, STANDINGS, standings, tasks_standing
from workflow.worklist import Bounds

FILTERS = {"area": "区域", "programme": "项目", "stage": "环节", "person": "经办人", "standing": "进度"}
bp = Blueprint("standing", __name__, template_folder="templates")


@bp.get("/board/standing")
def show() -> ResponseReturnValue:
    """The three tables, and the tasks behind a figure where one is chosen."""
    require(*ROLES)
    people = _people()
    choices = stage_choices() | {
        "area": area_choices("town", "village"), "person": list(people.items()), "standing": list(STANDINGS.items())
    }  # fmt: skip
    given = given_filters(FILTERS, choices)
    session, today, actor = context.session(), context.today(), context.actor()
    what = Narrowed(narrowed(given.get("area", "")), given.get("programme", ""), given.get("stage", ""))
    soon = Bounds.of(today, context.edge().office.calendar).soon
    tables = {by: standings(session, what, today, soon, by) for by in ("stage", "place", "person")}
    places = session.execute(
        select(Area.code, Area.name).where(Area.code.in_({one.key for one in tables["place"]}))
    )
    lines, count = tasks_standing(
        session,
        what,
        today,
        soon,
        actor.persons,
        person=given.get("person", ""),
        standing=given.get("standing", ""),
    )
    return render_template(
        "board/standing.html", given=given, names=FILTERS, choices=choices, tables=tables, lines=lines, count=count,
        people=people, places=dict(places.all()), soon=soon, link=_link, label_of=label_of,
    )  # fmt: skip


def _link(name: str, key: str) -> dict[str, str]:
    """The filters behind a row's figure."""
    if name != "stage":
        return {name: key}
    programme, _colon, stage = key.partition(":")
    return {"programme": programme, "stage": stage}


def label_of(key: str) -> str:
    """What the stage of a row is called."""
    programme, _colon, stage = key.partition(":")
    return _(
        next(
            one.stages[stage].label
            for one in context.edge().office.catalogue.editions(programme)
            if stage in one.stages
        )
    )


def _people() -> dict[str, str]:
    """Everybody who could hold a task, and nobody."""
    rows = context.session().execute(
        select(User.id, User.name).where(User.disabled_at.is_(None)).order_by(User.id)
    )
    return {NOBODY: _("待签收")} | {str(row.id): row.name for row in rows}
