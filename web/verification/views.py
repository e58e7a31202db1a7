"""An order as a grid of sources and people, its report as page and PDF, and a raw answer for a reason. Every look is logged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from definitions.letters.case_facts import authority
from definitions.verification import papers
from definitions.verification.compiling import compiled, kept_answers
from definitions.verification.reports import correct, versions
from definitions.verification.sources import CONCLUSIONS, RESPONSIBLE, SOURCES, STATES, TRANSPORTS
from notifications.bureaus.settings import on_paper
from notifications.letters import render
from web import context
from web.cases.page import find_case
from web.problems import status_of
from workflow.areas import ancestor
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused
from workflow.models import AccessLog, Answer, Area, Case, CheckReport, Person, Query
from workflow.policy import scope_of
from workflow.roles import AUDITOR, VERIFIER
from workflow.verification.answers import raw_text

CODE = "verification"
REASONS = {"handling": "核对本案", "objection": "处理对核对结果的异议", "audit": "监督检查"}
"""Why somebody may look at what a source sent."""
TONES = {
    "answered": "ok",
    "no_data": "plain",
    "superseded": "plain",
    "failed": "soon",
    "mismatch": "soon",
    "silent": "soon",
}

bp = Blueprint("verification", __name__, template_folder="templates")


@dataclass(frozen=True)
class Cell:
    """One query of the grid and the newest answer to it."""

    query: Query
    answer: Answer | None

    @property
    def responsible(self) -> str:
        """Who moves it on; "" where it has ended."""
        return RESPONSIBLE.get(self.query.state, "")


def find_order(number: str) -> Case:
    """The order of this number. Raises NotFound where there is none or the reader may not know of it."""
    case = find_case(context.session(), number, context.actor())
    if case.definition != CODE:
        raise NotFound
    return case


def verifies(case: Case) -> bool:
    """Whether the reader answers for this check."""
    actor = context.actor()
    return actor.holds(VERIFIER, scope_of(VERIFIER, case.area_code), CODE) and actor.id not in case.barred


def log_look(case: Case, what: str, reason: str = "") -> None:
    """Write down who looked at what. Where that fails, nothing is shown."""
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(
                at=context.now(), user_id=context.actor().id, what=what, case_id=case.id,
                household_id=case.subject_id, reason=reason[:200],
            )
        )  # fmt: skip
        writing.flush()


@bp.get("/cases/<number>/verification")
def order(number: str) -> ResponseReturnValue:
    """The grid, what has come in so far, and the versions of the report."""
    case = find_order(number)
    log_look(case, "verification")
    session = context.session()
    rows = session.execute(
        select(Query, Person).join(Person, Person.id == Query.person_id).where(Query.case_id == case.id).order_by(Query.id)
    ).all()  # fmt: skip
    answers: dict[int, Answer] = {}
    for answer in session.scalars(
        select(Answer).where(Answer.query_id.in_([q.id for q, _p in rows])).order_by(Answer.id)
    ):
        answers[answer.query_id] = answer
    cells = {(query.source, person.id): Cell(query, answers.get(query.id)) for query, person in rows}
    people = list({person.id: person for _q, person in rows}.values())
    asked = {query.source for query, _p in rows}
    return render_template(
        "verification/order.html", case=case, people=people, cells=cells, states=STATES, tones=TONES,
        sources={code: label for code, label in SOURCES.items() if code in asked}, transports=TRANSPORTS, reasons=REASONS,
        lines=compiled(session, case, context.now())["lines"] if rows and not case.closed_at else [], papers=papers,
        reports=versions(session, case.id), may_open=verifies(case) or AUDITOR.code in context.actor().roles,
        conclusions=CONCLUSIONS, may_write=verifies(case) and case.closed_at is None, written=on_paper(session),
    )  # fmt: skip


def _report(number: str, report_id: int) -> tuple[Case, CheckReport]:
    case = find_order(number)
    found = context.session().get(CheckReport, report_id)
    if found is None or found.case_id != case.id:
        raise NotFound
    return case, found


def office_for(case: Case) -> str:
    """The county's office, which checks."""
    return authority(context.session().get_one(Area, ancestor(case.area_code, "county")))


@bp.get("/cases/<number>/verification/reports/<int:report_id>")
def report(number: str, report_id: int) -> ResponseReturnValue:
    """A report as it was signed, and the form that corrects it."""
    return _show(*_report(number, report_id))


def _show(case: Case, found: CheckReport, errors: dict[str, str] | None = None, message: str = "") -> str:
    log_look(case, "check_report", f"{case.number}/{found.version}")
    later = context.session().scalar(select(CheckReport).where(CheckReport.supersedes_id == found.id))
    late = kept_answers(context.session(), case.id) - set(found.body["answers"])
    return render_template(
        "verification/report.html", case=case, report=found, body=found.body, papers=papers, conclusions=CONCLUSIONS,
        later=later, later_case=context.session().get_one(Case, later.case_id) if later else None, late=bool(late),
        may_correct=later is None and verifies(case), errors=errors or {}, message=message, typed=request.form,
    )  # fmt: skip


@bp.get("/cases/<number>/verification/reports/<int:report_id>.pdf")
def report_pdf(number: str, report_id: int) -> ResponseReturnValue:
    """The same on paper."""
    case, found = _report(number, report_id)
    log_look(case, "check_report", f"{case.number}/{found.version} PDF")
    answer = make_response(render(papers.sheet(found.body, office_for(case)), context.edge().config))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{case.number}-{found.version}.pdf"'
    return answer


@bp.post("/cases/<number>/verification/reports/<int:report_id>/correct")
def correct_report(number: str, report_id: int) -> ResponseReturnValue:
    """A corrected version, signed by a verifier."""
    case, found = _report(number, report_id)
    try:
        with context.acting() as conn:
            made = correct(
                context.edge().office, conn, found.id, conclusion=request.form.get("conclusion", ""),
                note_=request.form.get("note", "").strip(), reason=request.form.get("reason", ""), actor=context.actor(),
                now=context.now(),
            ).id  # fmt: skip
    except FormRefused as refused:
        return _show(case, found, errors=refused.errors), 422
    except NotPermitted:
        raise
    except Refused as refused:
        return _show(case, found, message=refused.message), status_of(refused)[0]
    flash(_("已出具更正后的核对报告。"))
    return redirect(url_for("verification.report", number=number, report_id=made), 303)


@bp.post("/cases/<number>/verification/answers/<int:answer_id>")
def raw(number: str, answer_id: int) -> ResponseReturnValue:
    """What a source sent, as it came: for the verifier and the auditor, for a reason from the list, written down."""
    case = find_order(number)
    if not (verifies(case) or AUDITOR.code in context.actor().roles):
        raise NotPermitted("原始答复由信息核对员和审计查看，您没有这个岗位或应当回避。")
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        raise FormRefused({"reason": "请选一个查看原始答复的理由，查看会留下记录。"})
    answer, query, text = raw_text(context.session(), context.edge().office.vault, answer_id)
    if query.case_id != case.id:
        raise NotFound
    log_look(case, "raw_answer", f"{answer.id} {reason}")
    shown: dict[str, Any] = json.loads(text)
    return render_template(
        "verification/raw.html", case=case, answer=answer, query=query, reason=REASONS[reason],
        text=json.dumps(shown, ensure_ascii=False, indent=2), source=SOURCES[query.source], transports=TRANSPORTS,
        person=context.session().get_one(Person, query.person_id),
    )  # fmt: skip
