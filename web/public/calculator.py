"""Might we be entitled? A computation by the district's own rules, as advice only; nothing is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from definitions.editions.sources import cite
from definitions.matcher import PAPERS, Match, fact_in_words, match
from definitions.matcher.needs import EMERGENCIES, HOUSING, SCHOOLS, SUPPORTERS
from definitions.rules.calc import calculate
from definitions.shared.assessment import standards_of
from definitions.shared.materials import MATERIALS
from web import context, throttle
from web.fields import questions, read_form
from web.public.base import bp, county, page
from workflow.errors import FormRefused, Refused
from workflow.facts import Facts
from workflow.forms import Choice, Form, Money, Rows, Whole, YesNo
from workflow.households import DISABILITIES, GRADES, SETTINGS, Asked
from workflow.households.words import ADULT_AGE, ELDERLY_AGE

PENSION = "base_pension"
SEVERE = ("1", "2")
VERDICTS = {
    "can": "可能可以享受",
    "unknown": "还要知道一些情况才能判断",
    "cannot": "按填写的情况不能享受",
}
FIRST = 3
MOST = 20
PER_PLACE = 120
"""Computations an address may ask for in a quarter of an hour: a hall full of families behind one address, no machine."""


AT_WORK: dict[str, tuple[str, dict[str, str]]] = {
    "employed": ("有工作", {"work": "employed"}),
    "unemployed": ("能劳动，没有工作", {"work": "unemployed", "labour": "able"}),
    "partial": ("部分能劳动，没有工作", {"work": "unemployed", "labour": "partial"}),
    "retired": ("退休", {"work": "retired"}),
    "unable": ("不能劳动", {"work": "none", "labour": "none"}),
}
"""How somebody stands to work -> the words for it, and what the matcher reads."""
GRADE = {"0": "没有"} | {str(grade): f"{label}残疾" for grade, label in GRADES.items()}


class Family(Form):
    """What the computation asks: nobody's name, nobody's number. What is left empty is not known."""

    setting = Choice("户籍在城镇还是农村", SETTINGS)
    hukou_here = YesNo("有家人的户口在本区", required=False)
    members = Rows(
        "一起生活的家人",
        {
            "age": Whole("年龄（岁）", at_most=130),
            "wage": Money("每月工资、打工收入（元）", required=False),
            "business": Money("每月种养、做生意收入（元）", required=False),
            "pension": Money("每月养老金等其他收入（元）", required=False),
            "disability": Choice("残疾等级", GRADE, required=False),
            "kind": Choice("残疾类别", DISABILITIES, required=False),
            "ill": YesNo("重病", required=False),
            "school": Choice("上学", SCHOOLS, required=False),
            "work": Choice("工作", {code: label for code, (label, _) in AT_WORK.items()}, required=False),
        },
        at_least=1,
    )
    savings = Money("全家存款等（元）", required=False)
    vehicles = Whole("汽车（辆）", at_most=20, required=False)
    premises = Whole("店面、办公用房（处）", at_most=20, required=False)
    dwellings = Whole("住房（套）", at_most=20, required=False)
    bill = Money("近 12 个月看病总费用（元）", required=False)
    insured = Money("其中医保等已付（元）", required=False)
    loss = Money("急难造成的损失（元）", required=False)
    housing = Choice("住房情况", HOUSING, required=False)
    emergency = Choice("最近遇到急难", EMERGENCIES, required=False)
    supporters = Choice("有没有不住在一起的子女等赡养、抚养人", SUPPORTERS, required=False)
    disaster = YesNo("最近遭受自然灾害", required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """A family, not a list to keep the machine busy with."""
        return {"members": f"最多填 {MOST} 人"} if len(form["members"]) > MOST else {}


@bp.route("/calculator", methods=["GET", "POST"])
def calculator() -> ResponseReturnValue:
    """The form, and beneath it what the rules make of it."""
    typed = MultiDict(request.form)
    if request.method == "GET":
        typed = MultiDict({f"members-{number}-age": "" for number in range(FIRST)})
        return _page(typed)
    if typed.get("do", "").startswith("add:"):
        return _page(typed)
    place = f"calculator:@{request.remote_addr or ''}"[:120]
    try:
        throttle.check(context.session(), context.now(), {place: PER_PLACE})
    except throttle.TooManyTries as busy:
        return _page(typed, message=busy.message), 429
    with context.acting() as conn:
        throttle.fail(conn, context.now(), place)
    try:
        form = Family.clean(read_form(Family, typed), _asked())
        today, standards = context.today(), standards_of(context.session(), county().code)
        document = _document(form, today)
        found = calculate("means", document, standards=standards)
        found["items"] = match(
            _with_needs(document, form), edition=document["edition"], as_of=today, standards=standards
        )
    except FormRefused as refused:
        return _page(typed, errors=refused.errors), 422
    except Refused as refused:
        return _page(typed, message=refused.message), 422
    found["steps"] = [step | {"source": cite(step["source"])} for step in found["steps"]]
    return _page(typed, found=found)


def _wanting(items: tuple[Match, ...]) -> dict[str, str]:
    """The facts that are missing (path -> words), in the order in which the items miss them."""
    paths = dict.fromkeys(path for one in items if one.verdict == "unknown" for path in one.missing)
    return {path: fact_in_words(path) for path in paths}


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
        verdicts=VERDICTS,
        facts=_wanting(found["items"]) if found else {},
        papers={**MATERIALS, **PAPERS},
    )


def _document(form: dict[str, Any], today: date) -> dict[str, Any]:
    """The answers as the rule reads them."""
    members = []
    for number, row in enumerate(form["members"], 1):
        incomes = [(row["wage"], "wage"), (row["business"], "business"), (row["pension"], "transfer")]
        reasons = {
            "elderly": row["age"] >= ELDERLY_AGE, "minor": row["age"] < ADULT_AGE, "severe_disability": row["disability"] in SEVERE, "serious_illness": row["ill"],
        }  # fmt: skip
        members.append({
            "id": f"第{number}人", "relation": "head" if number == 1 else "other", "birth": f"{today.year - row['age']:04d}-01-01",
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


def _with_needs(document: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """The same family with what it may need help with; what was left empty stays unknown."""
    members = [member | _needs(row) for member, row in zip(document["members"], form["members"], strict=True)]
    told: dict[str, Any] = {
        key: form[key]
        for key in ("hukou_here", "housing", "supporters", "disaster")
        if form[key] not in (None, "")
    }
    if form["bill"]:
        told["bill"] = {"total": form["bill"], "insurance": form["insured"] or "0"}
    if form["emergency"]:
        told["emergency"] = {"kind": form["emergency"]} | ({"amount": form["loss"]} if form["loss"] else {})
    return document | {"members": members} | told


def _needs(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = dict(AT_WORK[row["work"]][1]) if row["work"] else {}
    if row["school"]:
        told["school"] = row["school"]
    if row["disability"]:
        kind = {"kind": row["kind"]} if row["kind"] else {}
        told["disability"] = kind | {"grade": int(row["disability"])}
    if row["ill"] is not None:
        told["illness"] = row["ill"]
    return told
