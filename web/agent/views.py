"""The village agent's desk, made for a phone: families, visits, notices, entrusted applications, things reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select, tuple_

from web import context
from web.agent import bag
from web.agent.packages import waiting
from web.duties import codes, reserve
from web.menu import Entry
from web.notices.posters import posting_stages
from workflow.models import Area, Case, Household, Notice, Task
from workflow.policy import area_filter, readable_areas
from workflow.roles import VILLAGE_AGENT

SHOWN = 60

MENU = (Entry("代理窗口", "agent.desk", 12, codes(VILLAGE_AGENT)),)
bp = Blueprint("agent", __name__, template_folder="templates", url_prefix="/agent")
reserve(bp, VILLAGE_AGENT)


@bp.app_template_global()
def field_worker() -> bool:
    """Whether the reader takes work out of the office, so that his phone may hold something not handed in."""
    return bool(context.actor().roles & codes(*bag.FIELD_ROLES))


@bp.get("/")
def desk() -> ResponseReturnValue:
    """Everything of the village in one column."""
    areas, session = readable_areas(context.actor()), context.session()
    names = session.scalars(select(Area.name).where(Area.code.in_(areas)).order_by(Area.code)).all()
    return render_template(
        "agent/desk.html", villages=names, held=waiting(), notices=_notices(areas), visits=_cases(areas, _visited()),
        to_post=_cases(areas, [(*stage, "") for stage in posting_stages()]), drafts=_drafts(areas), families=_families(areas),
    )  # fmt: skip


def _seen(rows: Any) -> list[Any]:
    """Rows with a case the reader need not keep out of."""
    return [row for row in rows if context.actor().id not in row.Case.barred]


def _visited() -> list[tuple[str, str, str]]:
    """(definition, stage, part) of every home visit."""
    return [
        (one.code, stage, part.code)
        for one in context.edge().office.catalogue
        for stage, said in one.stages.items()
        for part in said.parts
        if part.code == "visit"
    ]


def _cases(areas: list[str], work: list[tuple[str, str, str]]) -> list[Any]:
    """The open tasks of these kinds in the village, with case and household."""
    wanted = (
        select(Task, Case, Household)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Household, (Case.subject_kind == "household") & (Household.id == Case.subject_id))
        .where(Task.state == "open", area_filter(Task.area_code, areas),
               tuple_(Task.definition, Task.stage, Task.part).in_(sorted(set(work))))
        .order_by(Task.due_on.nulls_last(), Task.id).limit(SHOWN)
    )  # fmt: skip
    return _seen(context.session().execute(wanted))


def _notices(areas: list[str]) -> dict[str, list[Any]]:
    """What hangs: ended, and still hanging."""
    wanted = (
        select(Notice, Case).join(Case, Case.id == Notice.case_id)
        .where(area_filter(Notice.area_code, areas), Notice.taken_down_on.is_(None))
        .order_by(Notice.until, Notice.id).limit(SHOWN)
    )  # fmt: skip
    rows, today = _seen(context.session().execute(wanted)), context.today()
    return {
        "ended": [row for row in rows if row.Notice.until < today],
        "hanging": [row for row in rows if row.Notice.until >= today],
    }


def _stages(action: str) -> Iterator[tuple[str, str]]:
    for one in context.edge().office.catalogue:
        if action in one.actions:
            yield from ((one.code, stage) for stage in one.actions[action].moves)


def _of_stages(areas: list[str], stages: list[tuple[str, str]]) -> Select[Any]:
    return (
        select(Case).where(area_filter(Case.area_code, areas), tuple_(Case.definition, Case.stage).in_(stages))
        .order_by(Case.id.desc()).limit(SHOWN)
    )  # fmt: skip


def _drafts(areas: list[str]) -> list[Any]:
    """Applications begun here and not handed in."""
    return _seen(context.session().execute(_of_stages(areas, sorted(set(_stages("submit"))))))


def _families(areas: list[str]) -> list[Any]:
    """Families on benefit, of whom changes are reported."""
    return _seen(context.session().execute(_of_stages(areas, sorted(set(_stages(bag.CHANGES[0]))))))
