"""变化链: recording what happens in a family. One page a kind: asked, shown what it does, confirmed; undone on error."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from definitions import changes as law
from web import context, kept
from web.duties import require
from web.fields import questions, read_form
from web.households.asking import REGISTRARS, may_register
from web.households.views import find, log
from web.problems import status_of
from workflow.changes import EVENTS, FORMS, About, Paper
from workflow.changes.telling import Move
from workflow.errors import ChangedMeanwhile, FormRefused, NotFound, NotPermitted, Refused
from workflow.facts import Facts
from workflow.models import DocumentContent, Household, LifeEvent

bp = Blueprint("events", __name__, template_folder="templates")
DOUBT = ("same_as", "not_same")
"""Questions that are put only where somebody on file looks like the one entered."""


def _changeable(household_id: int) -> Household:
    require(*REGISTRARS)
    household = find(household_id)
    if not may_register(household.area_code):
        raise NotPermitted("家庭变化由其所在乡镇（街道）的窗口受理员或村级代理员登记，您不管这个区域。")
    return household


@bp.get("/households/<int:household_id>/events")
def index(household_id: int) -> ResponseReturnValue:
    """What has happened? One line a kind."""
    household = _changeable(household_id)
    meanings = {kind: law.MEANINGS[kind] for kind in EVENTS}
    return render_template("households/events.html", household=household, kinds=EVENTS, meanings=meanings)


@bp.route("/households/<int:household_id>/events/new/<event>", methods=["GET", "POST"])
@kept.reshows
def record(household_id: int, event: str) -> ResponseReturnValue:
    """Ask; show what it does to the family, its benefit and its cases; then, confirmed, do it."""
    household, kind = _changeable(household_id), event
    if kind not in FORMS:
        raise NotFound
    if request.method == "GET" or kept.only_show():
        return _page(household, kind, message=kept.only_show())
    raw, actor, now = read_form(FORMS[kind], MultiDict(request.form)), context.actor(), context.now()
    office = context.edge().office
    try:
        _check_seen(context.session(), household.id)
        if request.form.get("do") != "confirm":
            shown = law.preview(
                context.edge().database, office, household.id, kind, raw, actor=actor, now=now
            )
            return _page(household, kind, shown=shown)
        with context.acting() as conn:
            recorded = law.record(office, conn, household.id, kind, raw, actor=actor, now=now, paper=_paper())
            started = law.started_of(recorded)
            kept.discard(conn, actor.id or 0, request.path)
    except FormRefused as refused:
        return _page(household, kind, errors=refused.errors), 422
    except Refused as refused:
        if isinstance(refused, ChangedMeanwhile):
            context.session().rollback()
        return _page(household, kind, message=refused.message), status_of(refused)[0]
    flash(_("已登记：%(what)s。", what=_(EVENTS[kind])))
    for one in started:
        flash(f"{one.number} {_(one.says)}".strip())
    return redirect(url_for("households.show", household_id=household.id), 303)


@bp.post("/households/<int:household_id>/events/<int:event_id>/undo")
def undo(household_id: int, event_id: int) -> ResponseReturnValue:
    """The last event was recorded in error: everything as before, and who works on it is told."""
    household = _changeable(household_id)
    _of_household(event_id, household.id)
    with context.acting() as conn:
        law.undo(
            context.edge().office, conn, event_id, reason=request.form.get("reason", ""), actor=context.actor(),
            now=context.now(),
        )  # fmt: skip
    flash(_("已撤销，家庭恢复到登记以前。"))
    return redirect(url_for("households.show", household_id=household.id), 303)


@bp.get("/households/<int:household_id>/events/<int:event_id>/paper")
def paper(household_id: int, event_id: int) -> ResponseReturnValue:
    """The certificate an event was recorded by. Every look is written down."""
    household = find(household_id)
    event = _of_household(event_id, household.id)
    if event.document_sha256 is None:
        raise NotFound
    log("event_paper", household.id, reason=str(event.id))
    body = context.session().get_one(DocumentContent, event.document_sha256).body
    return send_file(
        BytesIO(body), mimetype=event.document_type, as_attachment=True, download_name=event.document_name
    )


def _of_household(event_id: int, household_id: int) -> LifeEvent:
    event = context.session().get(LifeEvent, event_id)
    if event is None or household_id not in {place.household_id for place in event.places}:
        raise NotFound
    return event


def _paper() -> Paper | None:
    file = request.files.get("paper")
    return Paper(file.filename or "", file.read()) if file is not None and file.filename else None


def _stamp(session: Session, household_id: int) -> str:
    """The chain as it stood when the form was first shown."""
    newest = session.scalar(select(func.max(LifeEvent.id)).where(LifeEvent.household_id == household_id))
    return str(newest or 0)


def _check_seen(session: Session, household_id: int) -> None:
    seen = request.form.get("stamp")
    if seen and seen != _stamp(session, household_id):
        raise ChangedMeanwhile("这户在您填写期间登记了别的变化。您填写的内容已保留，请核对后再提交。")


def _page(
    household: Household,
    kind: str,
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    shown: law.Shown | None = None,
) -> str:
    draft = (
        kept.draft(context.session(), context.actor().id or 0, request.path)
        if request.method == "GET"
        else None
    )
    typed, saved_at = draft or (MultiDict(request.form), None)
    about = About(context.session(), context.actor(), context.now(), household)
    asked = questions(FORMS[kind], cast("Facts", about), typed, errors or {})
    doubt = any(question.name in DOUBT and (question.error or question.value) for question in asked)
    asked = [question for question in asked if doubt or question.name not in DOUBT]
    names = {question.name for question in asked}
    seen: tuple[Move, ...] = shown.moves if shown is not None else ()
    return render_template(
        "households/event.html", household=household, kind=kind, title=EVENTS[kind], questions=asked, message=message,
        errors={name: text for name, text in (errors or {}).items() if name in names},
        others=[text for name, text in (errors or {}).items() if name not in names], shown=shown, moves=seen,
        meaning=law.MEANINGS[kind], saved_at=saved_at, place=request.path, stamp=_stamp(context.session(), household.id),
    )  # fmt: skip
