"""Finding and entering a household, and its page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from definitions.clue import ClueCase
from web import context, kept
from web.duties import READERS, codes, require
from web.filters import cursor, given_filters
from web.households.asking import FIRST_CARD, REGISTRARS, household_questions, may_register, read_household
from web.households.history import told
from web.menu import Entry
from web.people.base import DECIDERS, RECORDERS, alike, holds
from web.problems import status_of
from workflow.acts import open_case
from workflow.errors import FormRefused, NotFound, Refused
from workflow.households import (
    ASSET_KINDS,
    COUNTED_ASSETS,
    LABOUR,
    RELATIONS,
    SETTINGS,
    SOURCES,
    differences,
    find_households,
    register,
)
from workflow.models import AccessLog, Area, Case, Household
from workflow.people.lookalikes import of_household
from workflow.policy import may_read

PER_PAGE = 30

MENU = (Entry("家庭", "households.index", 15, codes(*READERS)),)
bp = Blueprint("households", __name__, template_folder="templates")


def find(household_id: int) -> Household:
    """The household. Raises NotFound where there is none or the reader may not know of it."""
    found = context.session().get(Household, household_id)
    if found is None or not context.actor().reads(found.area_code):
        raise NotFound
    return found


def log(what: str, household_id: int | None = None, reason: str = "") -> None:
    """Write down who looked at what."""
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(
                at=context.now(),
                user_id=context.actor().id,
                what=what,
                household_id=household_id,
                reason=reason,
            )
        )
        writing.flush()


def _listed(found: list[Household], text: str = "", more: int | None = None) -> str:
    names = dict(
        context.session()
        .execute(select(Area.code, Area.name).where(Area.code.in_({h.area_code for h in found})))
        .all()
    )
    return render_template(
        "households/index.html", found=found, text=text, more=more, villages=names, on=context.today(),
        may_enter=bool(context.actor().roles & codes(*REGISTRARS)),
    )  # fmt: skip


@bp.get("/households")
def index() -> ResponseReturnValue:
    """The households of the reader's areas, the newest first."""
    require(*READERS)
    given_filters({}, {}, "cursor")
    found = list(find_households(context.session(), context.actor(), limit=PER_PAGE + 1, before=cursor()))
    return _listed(found[:PER_PAGE], more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None)


@bp.post("/households/find")
def search() -> ResponseReturnValue:
    """By a member's name, pinyin or number, or by village: always posted, so that no name stands in an address."""
    require(*READERS)
    text = request.form.get("q", "").strip()
    if not text:
        return redirect(url_for("households.index"), 303)
    found = list(find_households(context.session(), context.actor(), text, limit=PER_PAGE))
    log("search", reason=str(len(found)))
    return _listed(found, text)


@bp.route("/households/new", methods=["GET", "POST"])
@kept.reshows
def enter() -> ResponseReturnValue:
    """One form for the family, its incomes and property. Whatever goes wrong, nothing typed is lost."""
    require(*REGISTRARS)
    reader = context.actor()
    if request.method == "GET":
        draft = kept.draft(context.session(), reader.id or 0, request.path)
        typed, saved_at = draft or (FIRST_CARD, None)
        return _form(typed, saved_at=saved_at)
    typed = MultiDict(request.form)
    if (message := kept.only_show()) or typed.get("do", "").startswith("add:"):
        return _form(typed, message=message)
    try:
        with context.acting() as conn:
            made = register(context.write(conn), read_household(typed), actor=reader, now=context.now()).id
            kept.discard(conn, reader.id or 0, request.path)
    except FormRefused as refused:
        return _form(typed, errors=refused.errors), 422
    except Refused as refused:
        return _form(typed, message=refused.message), status_of(refused)[0]
    flash(_("家庭已登记。可以接着申请低保。"))
    return redirect(url_for("households.show", household_id=made), 303)


def _form(
    typed: MultiDict[str, str],
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    saved_at: Any = None,
) -> str:
    asked, placed = household_questions(typed, errors or {})
    return render_template(
        "households/form.html", q=asked, errors=placed, message=message, saved_at=saved_at, place=request.path
    )


@bp.get("/households/<int:household_id>")
def show(household_id: int) -> ResponseReturnValue:
    """One household: members, what each source says of its means, its cases. Every look is written down."""
    household = find(household_id)
    log("household", household.id)
    today, session = context.today(), context.session()
    rows = session.scalars(
        select(Case)
        .where(Case.subject_kind == "household", Case.subject_id == household.id)
        .order_by(Case.id.desc())
    )
    cases = [case for case in rows if may_read(context.actor(), case)]
    items = differences(session, household.id, today)
    return render_template(
        "households/show.html", household=household, area=session.get_one(Area, household.area_code), cases=cases,
        members=household.members(today), past=[m for m in household.memberships if m.to_date and m.to_date < today],
        incomes=[item for item in items if item.person_id is not None], assets=[item for item in items if item.person_id is None],
        names={m.person_id: m.person.name for m in household.memberships}, sources=SOURCES, relations=RELATIONS, labour=LABOUR,
        settings=SETTINGS, counted={ASSET_KINDS[kind] for kind in COUNTED_ASSETS}, may_change=may_register(household.area_code),
        running=next((case for case in cases if case.definition == "dibao" and case.closed_at is None), None), on=today,
        flags=(flags := of_household(session, household, today)), may_record=holds(*RECORDERS), may_decide=holds(*DECIDERS),
        **alike([found for _, found in flags]), **told(household, cases), may_report=holds(*ClueCase.opened_by),
    )  # fmt: skip


@bp.post("/households/<int:household_id>/apply")
def apply(household_id: int) -> ResponseReturnValue:
    """Open a dibao application for the household: a draft, filled in on the case page."""
    require(*REGISTRARS)
    household = find(household_id)
    members = household.members(context.today())
    if not members:
        raise Refused("这个家庭现在没有成员，不能申请；请先登记家庭成员。")
    with context.acting() as conn:
        case = open_case(
            context.edge().office, conn, "dibao", subject=("household", household.id), area_code=household.area_code,
            actor=context.actor(), now=context.now(), title=members[0].person.name,
        )  # fmt: skip
    flash(_("申请已开办，请提交申请。"))
    return redirect(url_for("cases.show", number=case.number), 303)
