"""The changes of standards and the list of each: every benefit whose amount changes, before and after it is carried out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from definitions.editions.standards import KINDS
from definitions.standard_change import checking
from definitions.standard_change.judging import OUTCOMES
from definitions.standard_change.listing import effects_of, totals
from web import context
from web.cases.page import find_case
from web.duties import codes, require
from web.menu import Entry
from workflow.acts import open_case
from workflow.errors import NotFound
from workflow.households import SETTINGS
from workflow.models import Case, Setting, Standard
from workflow.roles import AUDITOR, COUNTY_APPROVER, COUNTY_REVIEWER, FINANCE, HEAD

READERS = (COUNTY_REVIEWER, COUNTY_APPROVER, FINANCE, HEAD, AUDITOR)
STATES = {
    "listed": "待发布", "planned": "到日执行", "adjusted": "已调整", "redecided": "按签发后的新核定调整", "reviewed": "已启动复核",
    "fresh": "已按新标准核定",
}  # fmt: skip

MENU = (Entry("救助标准", "standards.index", 55, codes(*READERS)),)
bp = Blueprint("standards", __name__, template_folder="templates")


@bp.get("/standards")
def index() -> ResponseReturnValue:
    """The amounts in force and to come, and the changes with where they stand."""
    require(*READERS)
    session, today = context.session(), context.today()
    rows = session.scalars(
        select(Standard)
        .where(Standard.to_date >= today)
        .order_by(Standard.kind, Standard.setting, Standard.from_date)
    ).all()
    changes = session.scalars(
        select(Case).where(Case.definition == "standard_change").order_by(Case.id.desc())
    ).all()
    return render_template(
        "standards/index.html", rows=rows, changes=changes, kinds=KINDS, settings=SETTINGS,
        may_open=COUNTY_REVIEWER.code in context.actor().roles,
    )  # fmt: skip


@bp.post("/standards/changes")
def draw_up() -> ResponseReturnValue:
    """Open a change and go on to its form."""
    require(COUNTY_REVIEWER)
    with context.acting() as conn:
        district = context.write(conn).get_one(Setting, "district").value
        change = open_case(
            context.edge().office, conn, "standard_change", subject=("standards", int(district[:6])), area_code=district,
            actor=context.actor(), now=context.now(),
        )  # fmt: skip
    return redirect(url_for("actions.do", number=change.number, action="draw_up"), 303)


@bp.get("/standards/changes/<number>")
def listing(number: str) -> ResponseReturnValue:
    """The list of a change: old, new and difference of each benefit, and what became of it."""
    require(*READERS)
    session = context.session()
    case = find_case(session, number, context.actor())
    if case.definition != "standard_change":
        raise NotFound
    done = case.stage in ("released", "settled")
    return render_template(
        "standards/list.html", case=case, rows=list(effects_of(session, case.id)), totals=totals(session, case.id),
        outcomes=OUTCOMES, states=STATES, kinds=KINDS, settings=SETTINGS, done=done,
        waiting=checking.waiting(session, case.id) if done else 0,
        faults=checking.faults(session, case.id) if case.stage == "settled" else [],
    )  # fmt: skip
