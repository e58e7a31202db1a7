"""The month's payment lists by town, one list with its lines, and carrying failed lines into the action's form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from web import context, kept
from web.cases.page import CasePage, find_case
from web.duties import READERS, area_choices, codes, narrowed, require
from web.filters import cursor, given_filters
from web.menu import Entry
from workflow.areas import ancestor
from workflow.errors import FormRefused, NotFound, NotPermitted
from workflow.models import AccessLog, Area, Case, Membership, PaymentLine, Person
from workflow.policy import area_filter
from workflow.roles import FINANCE, VILLAGE_AGENT

LIST = "payment"
STATES = {"due": "待发", "paid": "已发", "failed": "失败", "cancelled": "取消"}
ROLES = tuple(role for role in READERS if role is not VILLAGE_AGENT)
FILTERS = {"area": "镇街", "month": "月份", "stage": "状态"}
PER_PAGE = 60
FAILING = {"some_failed", "failed_again"}

MENU = (Entry("发放", "payments.index", 60, codes(*ROLES)),)
bp = Blueprint("payments", __name__, template_folder="templates")


@dataclass(frozen=True)
class Line:
    """One line of a list as it is shown."""

    row: PaymentLine
    case_number: str
    person: Person
    head: str


@bp.get("/payments")
def index() -> ResponseReturnValue:
    """The lists the reader may see, the newest first."""
    require(*ROLES)
    choices = _choices()
    given = given_filters(FILTERS, choices, "cursor")
    wanted = [Case.definition == LIST, area_filter(Case.area_code, narrowed(given.get("area", "")))]
    if "stage" in given:
        wanted.append(Case.stage == given["stage"])
    if (before := cursor()) is not None:
        wanted.append(Case.id < before)
    if "month" in given:
        wanted.append(Case.subject_id % 1_000_000 == int(given["month"].replace("-", "")))
    found = list(
        context.session().scalars(select(Case).where(*wanted).order_by(Case.id.desc()).limit(PER_PAGE + 1))
    )
    lists = [case for case in found[:PER_PAGE] if context.actor().id not in case.barred]
    return render_template(
        "payments/index.html", lists=lists, sums=_sums([case.id for case in lists]), given=given, names=FILTERS, choices=choices,
        more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None, towns=dict(choices["area"]),
        total=sum((Decimal(case.facts["total"]) for case in lists), Decimal(0)),
    )  # fmt: skip


def _choices() -> dict[str, list[tuple[str, str]]]:
    months = context.session().scalars(
        select(PaymentLine.month).distinct().order_by(PaymentLine.month.desc()).limit(36)
    )
    stages = context.edge().office.catalogue.editions(LIST)[-1].stages
    return {
        "area": area_choices("town"),
        "month": [(month, month) for month in months],
        "stage": [(code, stage.label) for code, stage in stages.items()],
    }


def _sums(lists: list[int]) -> dict[int, dict[str, tuple[int, Decimal]]]:
    """By list and state: how many lines, and their sum."""
    rows = context.session().execute(
        select(PaymentLine.list_id, PaymentLine.state, func.count(), func.sum(PaymentLine.amount))
        .where(PaymentLine.list_id.in_(lists))
        .group_by(PaymentLine.list_id, PaymentLine.state)
    )
    found: dict[int, dict[str, tuple[int, Decimal]]] = {}
    for list_id, state, count, amount in rows:
        found.setdefault(list_id, {})[state] = (count, Decimal(amount))
    return found


def _find(number: str) -> Case:
    require(*ROLES)
    case = find_case(context.session(), number, context.actor())
    if case.definition != LIST:
        raise NotFound
    return case


@bp.get("/payments/<number>")
def show(number: str) -> ResponseReturnValue:
    """One list: every line with its state, and the sums, which must agree with the list's own."""
    return _show(_find(number))


def _show(case: Case, message: str = "") -> str:
    session = context.session()
    with context.acting() as conn:
        writing = context.write(conn)
        writing.add(
            AccessLog(at=context.now(), user_id=context.actor().id, what="payment_list", case_id=case.id)
        )
        writing.flush()
    page = CasePage(context.edge().office, session, case, context.actor(), context.now())
    failing = next(
        (offer for offer in page.offers if offer.against is None and offer.action.code in FAILING), None
    )
    lines, sums = _lines(case), _sums([case.id]).get(case.id, {})
    return render_template(
        "payments/show.html", case=case, page=page, lines=lines, sums=sums, states=STATES, failing=failing, message=message,
        town=session.get_one(Area, ancestor(case.area_code, "town")), total=sum((line.row.amount for line in lines), Decimal(0)),
        declared=Decimal(case.facts["total"]),
    )  # fmt: skip


def _lines(case: Case) -> list[Line]:
    head = (
        select(Membership.household_id, Person.name)
        .join(Person)
        .where(Membership.relation == "head", Membership.to_date.is_(None))
        .subquery()
    )
    rows = context.session().execute(
        select(PaymentLine, Case.number, Person, head.c.name)
        .join(Case, Case.id == PaymentLine.case_id)
        .join(Person, Person.id == PaymentLine.person_id)
        .outerjoin(head, head.c.household_id == PaymentLine.household_id)
        .where(PaymentLine.list_id == case.id)
        .order_by(PaymentLine.household_id, PaymentLine.month, PaymentLine.id)
    )
    return [Line(row, number, person, name or "") for row, number, person, name in rows]


@bp.post("/payments/<number>/failed")
def failed(number: str) -> ResponseReturnValue:
    """Carry the ticked lines into the form of the action that records them, where the reason is added and handed in."""
    case = _find(number)
    require(FINANCE)
    page = CasePage(context.edge().office, context.session(), case, context.actor(), context.now())
    offer = next(
        (offer for offer in page.offers if offer.against is None and offer.action.code in FAILING), None
    )
    if offer is None:
        raise NotPermitted("这张清册现在不能登记发放失败，或者不由您登记。")
    open_lines = {str(line.row.id) for line in _lines(case) if line.row.state in {"due", "failed"}}
    ticked = [line for line in request.form.getlist("line") if line in open_lines]
    if not ticked:
        raise FormRefused({"line": _("请先勾选发放失败的明细，再登记。")})
    why = request.form.get("why", "").strip()[:200]
    place = url_for("actions.do", number=number, action=offer.action.code)
    values = [
        pair
        for place_, line in enumerate(ticked)
        for pair in ((f"failed-{place_}-line", line), (f"failed-{place_}-why", why))
    ]
    with context.acting() as conn:
        kept.save(
            conn,
            context.actor().id or 0,
            place,
            [("paid_on", context.today().isoformat()), *values],
            context.now(),
        )
    return redirect(place, 303)
