"""Income a family is taken to have, reckoned at the desk: support by those who live apart, wages of those who could work.

It reads and computes; the clerk enters the result as a statement of income. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from definitions.editions.standards import Standards
from definitions.rules.imputed import HINDRANCES, LABOUR, Wage, imputed_wage
from definitions.rules.support import Support, support_payment
from definitions.shared.assessment import standards_of
from web import context
from web.fields import questions, read_form
from web.households.views import find
from workflow.errors import FormRefused, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Form, Money, Whole
from workflow.households import Asked
from workflow.models import Household

bp = Blueprint("reckoning", __name__, template_folder="templates")


class SupportAsked(Form):
    """One supporter's own family, or what was agreed or ordered."""

    family_income = Money("赡养义务人一家的月收入（元）")
    family_size = Whole("赡养义务人一家的人数", at_least=1, at_most=30)
    agreed = Money("协议或裁判文书定的每月数额（元）", required=False)


class LabourAsked(Form):
    """One member who can work."""

    labour = Choice("劳动能力", LABOUR)
    stated = Money("申报的月工资性收入（元）")
    hindered = Choice("不能就业的实际情形", HINDRANCES, required=False)


FORMS: dict[str, type[Form]] = {"support": SupportAsked, "labour": LabourAsked}


@bp.route("/households/<int:household_id>/reckoning")
def show(household_id: int) -> ResponseReturnValue:
    """Both forms, empty."""
    return _page(find(household_id))


@bp.post("/households/<int:household_id>/reckoning/support")
def support(household_id: int) -> ResponseReturnValue:
    """What a supporter who lives apart is taken to give."""

    def reckoned(form: dict[str, Any], law: Law) -> Support:
        agreed = Decimal(form["agreed"]) if form["agreed"] else None
        return support_payment(
            law.edition, law.day, family_income=Decimal(form["family_income"]), family_size=form["family_size"],
            agreed=agreed, setting=law.setting, standards=law.standards,
        )  # fmt: skip

    return _answer(household_id, "support", reckoned)


@bp.post("/households/<int:household_id>/reckoning/labour")
def labour(household_id: int) -> ResponseReturnValue:
    """What a member who can work is taken to earn."""

    def reckoned(form: dict[str, Any], law: Law) -> Wage:
        return imputed_wage(
            law.edition, law.day, labour=form["labour"], stated=Decimal(form["stated"]),
            hindered=form["hindered"] or None, setting=law.setting, standards=law.standards,
        )  # fmt: skip

    return _answer(household_id, "labour", reckoned)


class Law(NamedTuple):
    """What is in force where the household lives."""

    edition: str
    day: date
    setting: str
    standards: Standards


def _answer(
    household_id: int, kind: str, reckoned: Callable[[dict[str, Any], Law], Support | Wage]
) -> ResponseReturnValue:
    household, today = find(household_id), context.today()
    typed = MultiDict(request.form)
    standards = standards_of(context.session(), household.area_code)
    law = Law(context.edge().office.edition_on(today), today, household.setting, standards)
    try:
        found = reckoned(FORMS[kind].clean(read_form(FORMS[kind], typed), _asker()), law)
    except FormRefused as refused:
        return _page(household, kind, typed, errors=refused.errors), 422
    except Refused as refused:
        return _page(household, kind, typed, message=refused.message), 422
    return _page(household, kind, typed, found=_shown(found))


def _shown(found: Support | Wage) -> dict[str, Any]:
    why = found.derivation
    return {
        "total": found.monthly,
        "label": "每月计入收入",
        "steps": [step.as_json() for step in why.steps],
        "reasons": [reason.as_json() for reason in why.reasons],
        "year": found.monthly * 12,
    }


def _asker() -> Facts:
    return Asked(context.session(), context.actor(), context.now())  # type: ignore[return-value]


def _page(
    household: Household,
    kind: str = "",
    typed: MultiDict[str, str] | None = None,
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    found: dict[str, Any] | None = None,
) -> str:
    def asked(name: str) -> list[Any]:
        if kind != name or typed is None:
            return questions(FORMS[name], _asker(), MultiDict(), {})
        return questions(FORMS[name], _asker(), typed, errors or {})

    return render_template(
        "households/reckoning.html", household=household, members=household.members(context.today()), kind=kind,
        forms={name: asked(name) for name in FORMS}, errors=errors or {}, message=message, found=found,
    )  # fmt: skip
