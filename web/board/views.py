"""The supervisor's board, and extending a limit: one asks, another confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases.page import find_case
from web.duties import area_choices, codes, narrowed, require
from web.filters import given_filters
from web.menu import Entry
from web.problems import status_of
from workflow import board
from workflow.catalogue import Blueprint as Definition
from workflow.errors import FormRefused, NotFound, Refused, Unmet
from workflow.extensions import ASKERS, CONFIRMERS, ask_extension, confirm_extension
from workflow.models import Area, Case, Deadline, Extension
from workflow.periods import local_date
from workflow.policy import may_read
from workflow.roles import AUDITOR, HEAD, SUPERVISOR, TOWN_REVIEWER
from workflow.vocabulary import Span

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
    choices = _choices()
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
        extendable=_extendable, may_ask=bool(actor.roles & codes(*ASKERS)), may_confirm=bool(actor.roles & codes(*CONFIRMERS)),
    )  # fmt: skip


def _choices() -> dict[str, list[tuple[str, str]]]:
    catalogue = context.edge().office.catalogue
    stages = {code: stage.label for one in catalogue for code, stage in one.stages.items() if not stage.final}
    return {
        "area": area_choices("town", "village"),
        "programme": [(code, catalogue.editions(code)[-1].title) for code in catalogue.codes if code != board.ESCALATION],
        "stage": list(stages.items()),
    }


def _table(cells: list[board.Cell]) -> tuple[list[tuple[str, str, str]], list[HeatRow]]:
    """Columns (definition, stage, label) in the order of the procedures, and a row a place, the latest first."""
    order: dict[tuple[str, str], str] = {}
    for one in context.edge().office.catalogue:
        for code, stage in one.stages.items():
            order.setdefault((one.code, code), stage.label)
    present = {(cell.definition, cell.stage) for cell in cells}
    columns = [(definition, stage, label) for (definition, stage), label in order.items() if (definition, stage) in present]
    names = dict(
        context.session().execute(select(Area.code, Area.name).where(Area.code.in_({cell.place for cell in cells}))).all()
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


def _span(definition: Definition, limit: Deadline) -> Span | None:
    """The span of a limit where the edition lets it be extended."""
    span = definition.spans.get(limit.kind.removeprefix("span:")) if limit.kind.startswith("span:") else None
    return span if span is not None and span.extension is not None else None


def _extendable(line: board.DueLine) -> bool:
    """Whether somebody may still ask to extend this limit."""
    fresh = line.deadline.extended_from is None and not line.extension_asked and line.deadline.due_on >= context.today()
    return fresh and _span(context.edge().office.catalogue.of(line.case), line.deadline) is not None


@bp.route("/cases/<number>/extension/<span>", methods=["GET", "POST"])
@kept.reshows
def extend(number: str, span: str) -> ResponseReturnValue:
    """Ask to extend a limit, with one of the edition's reasons and the facts of the case."""
    require(*ASKERS)
    case = find_case(context.session(), number, context.actor())
    found = context.edge().office.catalogue.of(case).spans.get(span)
    limit = context.session().scalar(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == f"span:{span}", Deadline.state == "open")
    )
    if found is None or found.extension is None or limit is None:
        raise Unmet("按本案的规则版本，这项时限不能延期，或者没有在计时。")
    typed = MultiDict(request.form)
    if request.method == "GET" or kept.only_show():
        return _extension_form(case, found, limit, typed, message=kept.only_show())
    try:
        with context.acting() as conn:
            ask_extension(context.edge().office, conn, case.id, span, code=typed.get("code", ""), reason=typed.get("reason", ""),
                          actor=context.actor(), now=context.now())  # fmt: skip
    except FormRefused as refused:
        return _extension_form(case, found, limit, typed, errors=refused.errors), 422
    except Refused as refused:
        return _extension_form(case, found, limit, typed, message=refused.message), status_of(refused)[0]
    flash(_("延期申请已提出，须由另一人在期限届满前确认。"))
    return redirect(url_for("cases.show", number=number), 303)


def _extension_form(
    case: Case, span: Span, limit: Deadline, typed: MultiDict[str, str], *, errors: dict[str, str] | None = None, message: str = ""
) -> str:
    assert span.extension is not None
    due = span.extension.to.due(limit.started_on, context.edge().office.calendar)
    return render_template(
        "board/extend.html", case=case, span=span, limit=limit, due=due, typed=typed, errors=errors or {}, message=message
    )


@bp.post("/extensions/<int:extension_id>/confirm")
def confirm(extension_id: int) -> ResponseReturnValue:
    """The second person confirms; the limit moves."""
    require(*CONFIRMERS)
    row = context.session().get(Extension, extension_id)
    case = context.session().get(Case, row.case_id) if row is not None else None
    if row is None or case is None or not may_read(context.actor(), case):
        raise NotFound
    with context.acting() as conn:
        confirm_extension(context.edge().office, conn, extension_id, actor=context.actor(), now=context.now())
    flash(_("已确认延期，时限改为 %(day)s。", day=row.due_on.isoformat()))
    return redirect(url_for("board.show"), 303)
