"""Might we be entitled? A computation by the district's own rules, as advice only; nothing is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from definitions.editions.sources import cite
from definitions.rules.calc import calculate
from definitions.shared.assessment import standards_of
from web import context
from web.fields import questions, read_form
from web.public.base import bp, county, page
from workflow.errors import FormRefused, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Form, Money, Rows, Whole, YesNo
from workflow.households import SETTINGS, Asked
from workflow.households.words import ADULT_AGE, ELDERLY_AGE

PENSION = "base_pension"
FIRST = 3


class Family(Form):
    """What the computation asks: nobody's name, nobody's number."""

    setting = Choice("户籍在城镇还是农村", SETTINGS)
    members = Rows(
        "一起生活的家人",
        {
            "age": Whole("年龄（岁）", at_most=130),
            "wage": Money("每月工资、打工收入（元）", required=False),
            "business": Money("每月种养、做生意收入（元）", required=False),
            "pension": Money("每月养老金等其他收入（元）", required=False),
            "disabled": YesNo("一、二级残疾", required=False),
            "ill": YesNo("重病", required=False),
        },
        at_least=1,
    )
    savings = Money("全家存款等（元）", required=False)
    vehicles = Whole("汽车（辆）", at_most=20, required=False)
    premises = Whole("店面、办公用房（处）", at_most=20, required=False)
    dwellings = Whole("住房（套）", at_most=20, required=False)


@bp.route("/calculator", methods=["GET", "POST"])
def calculator() -> ResponseReturnValue:
    """The form, and beneath it what the rules make of it."""
    typed = MultiDict(request.form)
    if request.method == "GET":
        typed = MultiDict({f"members-{number}-age": "" for number in range(FIRST)})
        return _page(typed)
    if typed.get("do", "").startswith("add:"):
        return _page(typed)
    try:
        form = Family.clean(read_form(Family, typed), _asked())
        found = calculate(
            "means",
            _document(form, context.today()),
            standards=standards_of(context.session(), county().code),
        )
    except FormRefused as refused:
        return _page(typed, errors=refused.errors), 422
    except Refused as refused:
        return _page(typed, message=refused.message), 422
    found["steps"] = [step | {"source": cite(step["source"])} for step in found["steps"]]
    return _page(typed, found=found)


def _asked() -> Facts:
    from workflow.actors import Actor

    return cast("Facts", Asked(context.session(), Actor(None, ""), context.now()))


def _page(
    typed: MultiDict[str, str], *, errors: dict[str, str] | None = None, message: str = "", found: Any = None
) -> str:
    return page(
        "calculator",
        q={q.name: q for q in questions(Family, _asked(), typed, errors or {})},
        errors=errors or {},
        message=message,
        found=found,
    )


def _document(form: dict[str, Any], today: date) -> dict[str, Any]:
    """The answers as the rule reads them."""
    members = []
    for number, row in enumerate(form["members"], 1):
        incomes = [(row["wage"], "wage"), (row["business"], "business"), (row["pension"], "transfer")]
        reasons = {
            "elderly": row["age"] >= ELDERLY_AGE, "minor": row["age"] < ADULT_AGE, "severe_disability": row["disabled"], "serious_illness": row["ill"],
        }  # fmt: skip
        members.append({
            "id": f"m{number}", "relation": "head" if number == 1 else "other", "birth": f"{today.year - row['age']:04d}-01-01",
            "incomes": [{"category": category, "monthly": f"{Decimal(text):.2f}"} for text, category in incomes if text],
            "supplement_reasons": [reason for reason, holds in reasons.items() if holds],
        })  # fmt: skip
    owned = {
        "monetary": f"{Decimal(form['savings'] or '0'):.2f}", "vehicles": form["vehicles"] or 0,
        "commercial_premises": form["premises"] or 0, "dwellings": form["dwellings"] or 0,
    }  # fmt: skip
    edition = context.edge().office.edition_on(today)
    return {
        "edition": edition,
        "as_of": today.isoformat(),
        "setting": form["setting"],
        "members": members,
        "property": owned,
    }
