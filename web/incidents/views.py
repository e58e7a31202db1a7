"""The list of what failed too often, and its three buttons: again, leave out with a reason, give to a colleague."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from web import context
from web.duties import codes, reserve
from web.filters import key
from web.menu import Entry
from workflow.errors import Busy, FormRefused, NotFound, Refused
from workflow.models import Case, Incident, User
from workflow.roles import ADMINISTRATOR, SUPERVISOR
from workflow.running import mending
from workflow.running.incidents import PENDING
from workflow.running.job import Job, Run

STATES = {"retrying": "自动重试中", "open": "待处理", "done": "已办成", "skipped": "已跳过"}


def _open() -> int:
    return mending.waiting(context.session(), context.actor())


MENU = (Entry("运行异常", "incidents.index", 88, codes(ADMINISTRATOR), count=_open),)
"""Supervisors come from their board."""
bp = Blueprint("incidents", __name__, template_folder="templates", url_prefix="/incidents")
reserve(bp, ADMINISTRATOR, SUPERVISOR)


def _jobs() -> tuple[Job, ...]:
    from web.jobs import JOBS

    return JOBS


def _run() -> Run:
    edge = context.edge()
    return Run(edge.office, edge.database, edge.config, context.now())


@bp.get("/")
def index() -> ResponseReturnValue:
    """What is to be settled, or what was."""
    settled = request.args.get("settled") == "1"
    rows = mending.listed(context.session(), context.actor(), settled=settled)
    people = {one for row, _case in rows for one in (row.holder_id, row.settled_by) if one}
    return render_template(
        "incidents/index.html",
        rows=rows,
        settled=settled,
        states=STATES,
        titles=_titles(),
        names=_names(people),
    )


@bp.get("/<int:incident_id>")
def show(incident_id: int) -> ResponseReturnValue:
    """One of them, with what may be done."""
    return _page(incident_id)


@bp.post("/<int:incident_id>")
def settle(incident_id: int) -> ResponseReturnValue:
    """Try again, leave out, or give away: the button that was pressed."""
    run, actor, form = _run(), context.actor(), request.form
    try:
        if form.get("do") == "skip":
            mending.skip(run, _jobs(), incident_id, reason=form.get("reason", ""), actor=actor)
            flash(_("已跳过。"))
        elif form.get("do") == "reassign":
            mending.reassign(
                run, incident_id, to=key(form.get("to", "")) or 0, reason=form.get("reason", ""), actor=actor
            )
            flash(_("已转交。"))
        elif mending.retry(run, _jobs(), incident_id, actor=actor):
            flash(_("重试后已办成。"))
        else:
            return _page(incident_id, message=_("重试过了，还是没有办成，原因见下。")), 409
    except FormRefused as refused:
        return _page(incident_id, errors=refused.errors), 422
    except (NotFound, Busy):
        raise
    except Refused as refused:
        return _page(incident_id, message=refused.message), 409
    return redirect(url_for("incidents.index"), 303)


def _page(incident_id: int, *, message: str = "", errors: dict[str, str] | None = None) -> str:
    session = context.session()
    session.rollback()
    row, case = mending.find(session, incident_id, context.actor())
    mend = mending.mend_of(_jobs(), row)
    return render_template(
        "incidents/show.html", row=row, case=case, states=STATES, title=_titles().get(row.kind, row.kind),
        message=message, errors=errors or {}, typed=request.form, pending=row.state in PENDING and mend is not None,
        skippable=mend is not None and mend.skip is not None, colleagues=_colleagues(row, case),
        names=_names({one for one in (row.holder_id, row.settled_by) if one}),
    )  # fmt: skip


def _colleagues(row: Incident, case: Case | None) -> list[tuple[int, str]]:
    """Who else could settle it."""
    from workflow.people_queries import holders
    from workflow.policy import scope_of

    session, today = context.session(), context.today()
    found: dict[int, str] = {}
    for role, scope in context.actor().grants:
        if role == ADMINISTRATOR.code:
            found |= {user.id: user.name for user in holders(session, [ADMINISTRATOR], scope, today)}
    if case is not None:
        for duty in (ADMINISTRATOR, SUPERVISOR):
            area = scope_of(duty, case.area_code)
            found |= {user.id: user.name for user in holders(session, [duty], area, today)}
    found.pop(context.actor().id or 0, None)
    return sorted(found.items(), key=lambda one: one[1])


def _titles() -> dict[str, str]:
    return {job.id: job.title for job in _jobs()}


def _names(ids: set[int]) -> dict[int, str]:
    return dict(context.session().execute(select(User.id, User.name).where(User.id.in_(ids))).all())
