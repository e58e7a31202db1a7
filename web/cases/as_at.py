"""The case as it stood at the end of a day that has passed."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web import context
from web.cases.page import SOURCES, find_case
from web.cases.views import document_kinds
from workflow.households import COUNTED_ASSETS, RELATIONS
from workflow.models import AccessLog, Case
from workflow.periods import local_date
from workflow.running.as_at import as_at

bp = Blueprint("as_at", __name__, template_folder="templates")


@bp.get("/cases/<number>/as-at")
def show(number: str) -> ResponseReturnValue:
    """Stage, tasks, limits, family, forms and papers of that day; nothing in it can be acted on."""
    session = context.session()
    case = find_case(session, number, context.actor())
    day = _asked(case)
    past = as_at(session, context.edge().office.catalogue, case, day)
    _log(case, day)
    return render_template(
        "cases/as_at.html", case=case, day=day, past=past, kinds=document_kinds(), relations=RELATIONS, sources=SOURCES,
        counted=COUNTED_ASSETS, opened=local_date(case.opened_at),
        before=day - timedelta(days=1), after=day + timedelta(days=1) if day < context.today() else None,
    )  # fmt: skip


def _asked(case: Case) -> date:
    """The day of the address; yesterday for none, today for one to come, the first day for one before it."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = context.today() - timedelta(days=1)
    return max(min(day, context.today()), local_date(case.opened_at))


def _log(case: Case, day: date) -> None:
    """It shows personal data: who looked is written down."""
    household = case.subject_id if case.subject_kind == "household" else None
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(AccessLog(at=context.now(), user_id=context.actor().id, what="case_as_at", case_id=case.id,
                              household_id=household, reason=day.isoformat()))  # fmt: skip
        writing.flush()
