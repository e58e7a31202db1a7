"""Extending a limit: one asks, with one of the edition's reasons; another confirms before it ends."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from web import context, kept
from web.cases.page import find_case
from web.duties import require
from web.problems import status_of
from workflow.errors import FormRefused, NotFound, Refused, Unmet
from workflow.extensions import ASKERS, CONFIRMERS, ask_extension, confirm_extension
from workflow.models import Case, Deadline, Extension
from workflow.policy import may_read, scope_of
from workflow.vocabulary import Span

bp = Blueprint("extensions", __name__, template_folder="templates")
_SPAN = "span:"


class Extendable(NamedTuple):
    """A limit the reader may ask to extend, and where."""

    label: str
    url: str


def extendable(case: Case, limit: Deadline) -> str:
    """Where the reader may ask to extend this limit, "" where he may not, it was done, or law does not let it be."""
    actor = context.actor()
    spans = context.edge().office.catalogue.of(case).spans
    span = spans.get(limit.kind.removeprefix(_SPAN)) if limit.kind.startswith(_SPAN) else None
    if (
        span is None
        or span.extension is None
        or limit.state != "open"
        or limit.extended_from
        or limit.due_on < context.today()
    ):
        return ""
    if not any(actor.holds(role, scope_of(role, case.area_code)) for role in ASKERS):
        return ""
    asked = context.session().scalar(select(Extension.id).where(Extension.deadline_id == limit.id))
    return "" if asked else url_for("extensions.ask", number=case.number, span=span.code)


def extensions_for(case: Case, limits: list[Deadline]) -> list[Extendable]:
    """The limits of a case that the reader may ask to extend."""
    return [Extendable(limit.label, url) for limit in limits if (url := extendable(case, limit))]


@bp.route("/cases/<number>/extension/<span>", methods=["GET", "POST"])
@kept.reshows
def ask(number: str, span: str) -> ResponseReturnValue:
    """Ask to extend a limit, with one of the edition's reasons and the facts of the case."""
    require(*ASKERS)
    case = find_case(context.session(), number, context.actor())
    found = context.edge().office.catalogue.of(case).spans.get(span)
    limit = context.session().scalar(
        select(Deadline).where(
            Deadline.case_id == case.id, Deadline.kind == f"span:{span}", Deadline.state == "open"
        )
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
            kept.discard(conn, context.actor().id or 0, request.path)
    except FormRefused as refused:
        return _extension_form(case, found, limit, typed, errors=refused.errors), 422
    except Refused as refused:
        return _extension_form(case, found, limit, typed, message=refused.message), status_of(refused)[0]
    flash(_("延期申请已提出，须由另一人在期限届满前确认。"))
    return redirect(url_for("cases.show", number=number), 303)


def _extension_form(
    case: Case,
    span: Span,
    limit: Deadline,
    typed: MultiDict[str, str],
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
) -> str:
    assert span.extension is not None
    draft = (
        kept.draft(context.session(), context.actor().id or 0, request.path)
        if request.method == "GET"
        else None
    )
    kept_before, saved_at = draft or (typed, None)
    due = span.extension.to.due(limit.started_on, context.edge().office.calendar)
    return render_template(
        "board/extend.html",
        case=case,
        span=span,
        limit=limit,
        due=due,
        typed=kept_before,
        saved_at=saved_at,
        place=request.path,
        errors=errors or {},
        message=message,
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
