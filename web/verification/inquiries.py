"""The letter to a source: printed as PDF, and noted as posted; the verifier types in what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.verification.inquiry import inquiry
from definitions.verification.sources import SOURCES
from notifications.letters import render
from web import context
from web.verification.views import find_order, log_look, office_for, verifies
from workflow.areas import ancestor
from workflow.errors import NotFound, NotPermitted, Unmet
from workflow.models import Area, Case, Query
from workflow.verification.queries import by_letter, wanted

OPEN, POSTED = ("waiting", "sent", "failed"), "by_letter"
bp = Blueprint("inquiries", __name__)


def _case(number: str) -> Case:
    case = find_order(number)
    if not verifies(case):
        raise NotPermitted
    return case


def _queries(session: Session, case: Case, source: str, *states: str) -> Sequence[Query]:
    """What the letter asks. Raises NotFound, Unmet."""
    if source not in SOURCES:
        raise NotFound
    found = session.scalars(
        select(Query)
        .where(Query.case_id == case.id, Query.source == source, Query.state.in_(states))
        .order_by(Query.id)
    ).all()
    if not found:
        raise Unmet("向这个来源的查询都已有结果，不用再发函。")
    return found


@bp.get("/cases/<number>/verification/letters/<bureau>")
def letter(number: str, bureau: str) -> ResponseReturnValue:
    """The letter as PDF, about everybody whom this source has not answered for."""
    case, session = _case(number), context.session()
    asked = [wanted(session, query) for query in _queries(session, case, bureau, *OPEN, POSTED)]
    county = session.get_one(Area, ancestor(case.area_code, "county"))
    log_look(case, "inquiry", bureau)
    made = inquiry(
        asked, source=SOURCES[bureau], number=case.number, office=office_for(case), phone=county.phone,
        signed_on=context.today(),
    )  # fmt: skip
    answer = make_response(render(made, context.edge().config))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{case.number}-{bureau}.pdf"'
    return answer


@bp.post("/cases/<number>/verification/letters/<bureau>")
def posted(number: str, bureau: str) -> ResponseReturnValue:
    """The letter is out: the source is asked by no machine any more."""
    case = _case(number)
    with context.acting() as conn:
        session = context.write(conn)
        for query in _queries(session, case, bureau, *OPEN):
            with suppress(Unmet):  # withdrawn this moment: it has ended as superseded
                by_letter(session, query, context.now())
    flash(_("已登记向%(name)s发函，收到回函后请登记答复。", name=_(SOURCES[bureau])))
    return redirect(url_for("verification.order", number=number), 303)
