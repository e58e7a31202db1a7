"""Income a family is taken to have, reckoned at the desk: support by those who live apart, wages of those who could work.

It reads and computes; the clerk enters the result as a statement of income. Nothing is stored here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from definitions.rules.imputed import HINDRANCES, LABOUR, imputed_wage
from definitions.rules.support import support_payment
from definitions.shared.assessment import standards_of
from web import context
from web.fields import questions, read_form
from web.households.views import find
from workflow.errors import FormRefused, NotFound, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Form, Money, Whole
from workflow.households import Asked
from workflow.models import Household

bp = Blueprint("reckoning", __name__, template_folder="templates")


class Support(Form):
    """One supporter's own family, or what was agreed or ordered."""

    family_income = Money("赡养义务人一家的月收入（元）")
    family_size = Whole("赡养义务人一家的人数", at_least=1, at_most=30)
    agreed = Money("协议或裁判文书定的每月数额（元）", required=False)


class Labour(Form):
    """One member who can work."""

    labour = Choice("劳动能力", LABOUR)
    stated = Money("申报的月工资性收入（元）")
    hindered = Choice("不能就业的实际情形", HINDRANCES, required=False)


FORMS: dict[str, type[Form]] = {"support": Support, "labour": Labour}


@bp.route("/households/<int:household_id>/reckoning")
def show(household_id: int) -> ResponseReturnValue:
    """Both forms, empty."""
    return _page(find(household_id))


@bp.route("/households/<int:household_id>/reckoning/<kind>", methods=["POST"])
def reckon(household_id: int, kind: str) -> ResponseReturnValue:
    """What the rule makes of the answers, with its derivation."""
    household = find(household_id)
    if kind not in FORMS:
        raise NotFound
    typed = MultiDict(request.form)
    try:
        form = FORMS[kind].clean(read_form(FORMS[kind], typed), _asker())
        found = _reckoned(kind, household, form)
    except FormRefused as refused:
        return _page(household, kind, typed, errors=refused.errors), 422
    except Refused as refused:
        return _page(household, kind, typed, message=refused.message), 422
    return _page(household, kind, typed, found=found)


def _reckoned(kind: str, household: Household, form: dict[str, Any]) -> dict[str, Any]:
    today = context.today()
    law = {"setting": household.setting, "standards": standards_of(context.session(), household.area_code)}
    edition = context.edge().office.edition_on(today)
    if kind == "support":
        found: Any = support_payment(
            edition, today, family_income=Decimal(form["family_income"]), family_size=form["family_size"],
            agreed=Decimal(form["agreed"]) if form["agreed"] else None, **law,
        )  # fmt: skip
    else:
        found = imputed_wage(
            edition, today, labour=form["labour"], stated=Decimal(form["stated"]),
            hindered=form["hindered"] or None, **law,
        )  # fmt: skip
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
        mine = kind == name and typed is not None
        return questions(FORMS[name], _asker(), typed if mine else MultiDict(), (errors or {}) if mine else {})

    return render_template(
        "households/reckoning.html", household=household, members=household.members(context.today()), kind=kind,
        forms={name: asked(name) for name in FORMS}, errors=errors or {}, message=message, found=found,
    )  # fmt: skip
