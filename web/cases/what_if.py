"""What if: the household of a case with a changed fact, another day or another edition, beside what holds today.

It reads and computes; nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from definitions.editions.catalogue import EDITIONS
from definitions.letters.case_facts import with_names
from definitions.rules.benefit import Assessment, benefit
from definitions.rules.household_document import read_household
from definitions.shared.assessment import as_facts, family_document, standards_of
from definitions.what_if import OWNED, added, alter, answers_of, compare
from web import context
from web.cases.page import find_case
from web.fields import questions, read_form
from workflow.errors import FormRefused, NotFound, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Choices, Day, Form, Money, Rows, Whole, YesNo
from workflow.households import INCOME_CATEGORIES, INCOME_KINDS, Asked
from workflow.models import Case, Household, Person

bp = Blueprint("what_if", __name__, template_folder="templates")
MOST_ADDED = 5


@dataclass(frozen=True)
class Computed:
    """One side: the outcome and its steps with people's names, or why it cannot be computed."""

    facts: dict[str, Any] | None
    steps: list[dict[str, Any]]
    refusal: str = ""


@bp.route("/cases/<number>/what-if", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    """The facts as a form, filled in with today's; beneath it the difference, line by line."""
    session = context.session()
    case = find_case(session, number, context.actor())
    household = case.subject_id if case.subject_kind == "household" else None
    if household is None:
        raise NotFound("这个案件不是一户家庭的，没有可以试算的家庭情况。")
    document = _document(session, case, household)
    form = _form(session, document)
    typed = MultiDict(request.form) if request.method == "POST" else _typed(answers_of(document))
    asked: dict[str, Any] | None = None
    errors: dict[str, str] = {}
    if request.method == "POST" and not typed.get("do", "").startswith("add:"):
        try:
            asked = form.clean(read_form(form, typed), _asker())
        except FormRefused as refused:
            errors = refused.errors
    before = _compute(session, case, household, document)
    after = _compute(session, case, household, alter(document, asked)) if asked else None
    page = render_template(
        "cases/what_if.html", case=case, typed=typed, errors=errors, before=before, after=after, asked=asked,
        q={q.name: q for q in questions(form, _asker(), typed, errors)},
        lines=compare(before.steps, after.steps) if after else [],
    )  # fmt: skip
    return page, 422 if errors or (after and after.refusal) else 200


def _asker() -> Facts:
    return Asked(context.session(), context.actor(), context.now())  # type: ignore[return-value]


def _document(session: Session, case: Case, household_id: int) -> dict[str, Any]:
    today = context.today()
    setting = case.facts.get("setting") or session.get_one(Household, household_id).setting
    document = family_document(session, household_id, case.edition, today)
    document |= {"edition": case.edition, "as_of": today.isoformat(), "setting": setting}
    return document | ({"deductions": case.facts["deductions"]} if case.facts.get("deductions") else {})


def _form(session: Session, document: dict[str, Any]) -> type[Form]:
    """The questions, with the members of this household to choose from."""
    people = {m["id"]: session.get_one(Person, int(m["id"])).name for m in document["members"]}
    everybody = people | {added(n): added(n) for n in range(1, MOST_ADDED + 1)}
    columns = {
        "person": Choice("成员", everybody), "category": Choice("类别", INCOME_CATEGORIES),
        "kind": Choice("细目", INCOME_KINDS, required=False), "annual": Money("年金额（元）"),
        "new_employment": YesNo("救助期间新就业", required=False),
    }  # fmt: skip
    fields = {
        "as_of": Day("按哪一天的标准计算", future=True),
        "edition": Choice("规则版本", {code: code for code in EDITIONS}),
        "members": Choices("算在内的成员", people),
        "more": Whole("另加几个人", required=False, at_most=MOST_ADDED),
        "incomes": Rows("收入", columns),
        "monetary": Money("存款等货币财产（元）", required=False),
        "vehicles": Whole("机动车辆、船舶（辆、艘）", required=False, at_most=99),
        "commercial_premises": Whole("商铺、办公楼等用房（处）", required=False, at_most=99),
        "dwellings": Whole("住房（套）", required=False, at_most=99),
    }
    assert set(OWNED) <= set(fields)
    return type("WhatIf", (Form,), fields)


def _typed(answers: dict[str, Any]) -> MultiDict[str, str]:
    """Today's facts as if they had been typed."""
    typed: MultiDict[str, str] = MultiDict()
    for name, value in answers.items():
        if name == "incomes":
            for number, row in enumerate(value):
                for key, cell in row.items():
                    typed[f"incomes-{number}-{key}"] = (
                        ("yes" if cell else "no") if isinstance(cell, bool) else cell
                    )
        elif isinstance(value, list):
            typed.setlist(name, value)
        else:
            typed[name] = str(value)
    return typed


def _compute(session: Session, case: Case, household_id: int, document: dict[str, Any]) -> Computed:
    try:
        found: Assessment = benefit(read_household(document), standards_of(session, case.area_code))
    except Refused as refused:
        return Computed(None, [], refused.message)
    facts = as_facts(found, context.today())
    return Computed(facts, with_names(session, household_id, facts["steps"]))
