"""The supervisor's board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from web import context
from web.board.extensions import extendable
from web.duties import area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from workflow import board
from workflow.extensions import CONFIRMERS
from workflow.models import Area
from workflow.periods import local_date
from workflow.roles import AUDITOR, HEAD, SUPERVISOR, TOWN_REVIEWER

ROLES = (SUPERVISOR, HEAD, AUDITOR, TOWN_REVIEWER)
"""Who sees the board: those who answer for the work of others, and the auditor."""
AHEAD = timedelta(days=7)
FILTERS = {"area": "区域", "programme": "项目", "stage": "环节"}

MENU = (Entry("督办", "board.show", 50, codes(*ROLES)),)
bp = Blueprint("board", __name__, template_folder="templates")


@dataclass(frozen=True)
class HeatRow:
    """One place of the heat table: a cell a column (None: nothing there), and its sum."""

    code: str
    name: str
    cells: list[board.Cell | None]
    open: int
    late: int


@bp.get("/board")
def show() -> ResponseReturnValue:
    """What is late, what will be, by place and stage and by person."""
    require(*ROLES)
    choices = {"area": area_choices("town", "village")} | stage_choices()
    given = given_filters(FILTERS, choices)
    session, today, actor = context.session(), context.today(), context.actor()
    areas = narrowed(given.get("area", ""))
    what = board.Narrowed(areas, given.get("programme", ""), given.get("stage", ""))
    by = "town" if any(code[6:] == "000000" for code in areas) else "village"
    columns, rows = _table(board.heat(session, what, today, by=by))
    return render_template(
        "board/board.html", given=given, names=FILTERS, choices=choices, by=by, columns=columns, rows=rows,
        late=board.limits_between(session, what, None, today - timedelta(days=1), actor.id),
        coming=board.limits_between(session, what, today, today + AHEAD, actor.id),
        loads=board.loads(session, what, today), unclaimed=board.unclaimed(session, what, today),
        escalations=board.escalations(session, what, actor.id), asked=board.asked_extensions(session, what, actor.id),
        age=lambda since: context.edge().office.calendar.working_days_between(local_date(since), today),
        extendable=extendable, may_confirm=bool(actor.roles & codes(*CONFIRMERS)),
    )  # fmt: skip


def stage_choices() -> dict[str, list[tuple[str, str]]]:
    """Programmes and stages to choose from."""
    catalogue = context.edge().office.catalogue
    stages = {code: stage.label for one in catalogue for code, stage in one.stages.items() if not stage.final}
    return {
        "programme": [
            (code, catalogue.editions(code)[-1].title) for code in catalogue.codes if code != board.ESCALATION
        ],
        "stage": list(stages.items()),
    }


def _table(cells: list[board.Cell]) -> tuple[list[tuple[str, str, str]], list[HeatRow]]:
    """Columns (definition, stage, label) in the order of the procedures, and a row a place, the latest first."""
    order: dict[tuple[str, str], str] = {}
    for one in context.edge().office.catalogue:
        for code, stage in one.stages.items():
            order.setdefault((one.code, code), stage.label)
    present = {(cell.definition, cell.stage) for cell in cells}
    columns = [
        (definition, stage, label)
        for (definition, stage), label in order.items()
        if (definition, stage) in present
    ]
    names = dict(
        context.session()
        .execute(select(Area.code, Area.name).where(Area.code.in_({cell.place for cell in cells})))
        .all()
    )
    by_place: dict[str, dict[tuple[str, str], board.Cell]] = {}
    for cell in cells:
        by_place.setdefault(cell.place, {})[cell.definition, cell.stage] = cell
    rows = [
        HeatRow(
            place, names.get(place, place), [found.get((definition, stage)) for definition, stage, _label in columns],
            sum(cell.open for cell in found.values()), sum(cell.late for cell in found.values()),
        )
        for place, found in by_place.items()
    ]  # fmt: skip
    return columns, sorted(rows, key=lambda row: (-row.late, -row.open, row.code))
