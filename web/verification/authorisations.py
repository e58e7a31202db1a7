"""Who of a household has allowed what: recorded from the signed paper, withdrawn, and the form to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from definitions.letters.case_facts import authority
from definitions.verification import papers
from definitions.verification.signing import PAPER, PURPOSES
from definitions.verification.sources import SOURCES
from notifications.letters import render
from web import context
from web.duties import READERS, require
from web.fields import questions, read_form
from web.households.asking import asked
from web.households.views import find, log
from web.problems import status_of
from workflow.actors import Actor
from workflow.areas import ancestor
from workflow.errors import FormRefused, NotFound, NotPermitted, Refused
from workflow.forms import Choice, Choices, Day, Form
from workflow.households import RELATIONS
from workflow.models import Area, Authorisation, Case, Document, Household, Person
from workflow.people_queries import household_members
from workflow.policy import scope_of
from workflow.roles import ROLES, VERIFIER, VILLAGE_AGENT, WINDOW
from workflow.verification.authorisations import of_household, sign, unsigned, withdraw

RECORDERS = (VILLAGE_AGENT, WINDOW, VERIFIER)
bp = Blueprint("authorisations", __name__, template_folder="templates")


def may_record(actor: Actor, household: Household) -> bool:
    """Whether somebody records authorisations of this household."""
    return any(actor.holds(role, scope_of(role, household.area_code)) for role in RECORDERS)


def check_record(actor: Actor, household: Household) -> None:
    """Raise NotPermitted where somebody does not."""
    if not may_record(actor, household):
        titles = "、".join(role.title for role in RECORDERS)
        raise NotPermitted(f"核对授权由{titles}登记，您没有这个岗位或不管这个区域。")


def signing_form(session: Session, household: Household, today: date) -> type[Form]:
    """What is asked when a signed paper is recorded: the members and papers of this household to choose from."""
    people = {str(p.id): p.name for p in household_members(session, household.id, today)}
    scans = session.scalars(
        select(Document)
        .join(Case, Case.id == Document.case_id)
        .where(Document.kind == PAPER, Case.subject_kind == "household", Case.subject_id == household.id)
        .order_by(Document.id.desc())
    )
    fields = {
        "person": Choice("授权人", people),
        "guardian": Choice("监护人（代签）", people, required=False, hint="未成年人和不能自己签字的人由监护人代签"),
        "signed_on": Day("签署日期", proposed=True),
        "valid_to": Day("有效期至", future=True, required=False, hint="不填：到救助终止为止"),
        "scope": Choices("同意查询的来源", SOURCES, hint="按授权书上勾选的填"),
        "document": Choice(
            "授权书扫描件", {str(d.id): f"{d.name}（{d.uploaded_at:%Y-%m-%d}）" for d in scans}, required=False,
            hint="先在办件里上传“核对授权书”",
        ),
    }  # fmt: skip
    return type("SigningForm", (Form,), fields | {"__doc__": "A signed authorisation."})


def take(
    session: Session, household: Household, form: dict[str, Any], actor: Actor, now: Any
) -> Authorisation:
    """Record what a cleaned form says. Raises FormRefused by its fields."""
    try:
        return sign(
            session, household_id=household.id, person_id=int(form["person"]), scope=form["scope"], purposes=PURPOSES,
            actor=actor, now=now, signed_on=date.fromisoformat(form["signed_on"]),
            valid_to=date.fromisoformat(form["valid_to"]) if form["valid_to"] else None,
            guardian_id=int(form["guardian"]) if form["guardian"] else None,
            document_id=int(form["document"]) if form["document"] else None,
        )  # fmt: skip
    except FormRefused as refused:
        names = {"person_id": "person", "guardian_id": "guardian", "document_id": "document"}
        raise FormRefused({names.get(field, field): text for field, text in refused.errors.items()}) from None


@bp.route("/households/<int:household_id>/authorisations", methods=["GET", "POST"])
def index(household_id: int) -> ResponseReturnValue:
    """All authorisations of a household, and the form for a new one."""
    require(*READERS)
    household = find(household_id)
    if request.method == "GET":
        log("authorisations", household.id)
        return _page(household)
    check_record(context.actor(), household)
    form = signing_form(context.session(), household, context.today())
    try:
        cleaned = form.clean(read_form(form, MultiDict(request.form)), asked())
        with context.acting() as conn:
            take(context.write(conn), household, cleaned, context.actor(), context.now())
    except FormRefused as refused:
        return _page(household, errors=refused.errors), 422
    flash(_("核对授权已登记。"))
    return redirect(url_for("authorisations.index", household_id=household.id), 303)


def _page(household: Household, errors: dict[str, str] | None = None, message: str = "") -> str:
    session, today = context.session(), context.today()
    rows = of_household(session, household.id)
    typed = MultiDict(request.form) or MultiDict([("scope", code) for code in SOURCES])
    form = signing_form(session, household, today)
    return render_template(
        "verification/authorisations.html", household=household, rows=rows, people=_people(session, rows), sources=SOURCES,
        missing=unsigned(session, household.id, today), errors=errors or {}, message=message,
        head=next(iter(household_members(session, household.id, today)), None),
        questions=questions(form, asked(), typed, errors or {}), may_record=may_record(context.actor(), household),
    )  # fmt: skip


def _people(session: Session, rows: Sequence[Authorisation]) -> dict[int, Person]:
    ids = {row.person_id for row in rows} | {
        row.signed_by_guardian_id for row in rows if row.signed_by_guardian_id
    }
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


@bp.post("/households/<int:household_id>/authorisations/<int:authorisation_id>/withdraw")
def take_back(household_id: int, authorisation_id: int) -> ResponseReturnValue:
    """The person takes it back, in writing."""
    household = find(household_id)
    check_record(context.actor(), household)
    row = context.session().get(Authorisation, authorisation_id)
    if row is None or row.household_id != household.id:
        raise NotFound
    try:
        with context.acting() as conn:
            withdraw(context.write(conn), row.id, request.form.get("reason", ""), now=context.now())
    except FormRefused as refused:
        return _page(household, errors=refused.errors), 422
    except Refused as refused:
        return _page(household, message=refused.message), status_of(refused)[0]
    flash(_("授权已撤回，有关查询已经停止。"))
    return redirect(url_for("authorisations.index", household_id=household.id), 303)


@bp.get("/households/<int:household_id>/authorisations/form.pdf")
def form_pdf(household_id: int) -> ResponseReturnValue:
    """The form to be signed, with the members of today on it."""
    require(*(role for role in ROLES.values() if role in RECORDERS))
    household = find(household_id)
    log("authorisation_form", household.id)
    members = household.members(context.today())
    people = [
        (m.person.name, f"{RELATIONS.get(m.relation, m.relation)}，{f'证件尾号 {m.person.id_tail}' if m.person.id_tail else '没有证件号'}")
        for m in members
    ]  # fmt: skip
    office = authority(context.session().get_one(Area, ancestor(household.area_code, "county")))
    letter = papers.consent(people, SOURCES, office, context.today(), household.address or "–")
    answer = make_response(render(letter, context.edge().config))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="authorisation-{household.id}.pdf"'
    return answer
