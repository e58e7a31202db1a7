"""The needs assessment: asks what the household's file does not know and some kind of help depends on, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.intake.proposals import UNKNOWN, matches
from definitions.matcher.needs import EMERGENCIES, HOUSING, SCHOOLS, SUPPORTERS, WORK
from definitions.rules.rigid import SPENDING
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Field, Form, LongText, Member, Members, Money, Rows, YesNo
from workflow.people_queries import household_members

OLDEST_STUDENT = 30
"""Who is older is shown as out of school to begin with; the clerk may say otherwise."""

FIELDS_OF: dict[str, tuple[str, ...]] = {
    "hukou_here": ("hukou_here",),
    "bill": ("bill_total", "bill_insurance"),
    "housing": ("housing",),
    "emergency": ("emergency", "emergency_amount"),
    "disaster": ("disaster",),
    "supporters": ("supporters",),
    "spending": ("spending",),
    "school": ("schooling",),
    "work": ("working",),
    "incomes": ("no_income",),
    "property": ("no_property",),
    "disability": ("no_disability",),
    "illness": ("no_illness",),
}
"""Fact of the matcher -> the questions that find it out."""


class Assessment(Form):
    """What the clerk asks the family. A question left open stays unknown: nothing is guessed."""

    hukou_here = YesNo("申请人户籍在本区", required=False)
    bill_total = Money("最近 12 个月的医疗总费用（元）", required=False)
    bill_insurance = Money("其中医保和保险已报销（元）", required=False)
    housing = Choice("住房", HOUSING, required=False)
    emergency = Choice("突发事件", EMERGENCIES, required=False)
    emergency_amount = Money("突发事件造成的支出（元）", required=False)
    disaster = YesNo("近期遭受自然灾害", required=False)
    supporters = Choice("赡养、抚养、扶养义务人", SUPPORTERS, required=False)
    spending = Rows(
        "最近 12 个月的必需支出", {"kind": Choice("种类", SPENDING), "annual": Money("金额（元）")}
    )
    schooling = Rows(
        "上学的情况", {"person": Member("成员"), "school": Choice("在读", SCHOOLS, required=False)}
    )
    working = Rows("工作的情况", {"person": Member("成员"), "work": Choice("就业", WORK, required=False)})
    no_income = Members("没有任何收入的成员", required=False, hint="有收入的请先在家庭页登记")
    no_property = YesNo("没有存款、车辆、经营实体和另外的住房", required=False, hint="有的请先在家庭页登记")
    no_disability = YesNo("上面没有登记残疾的成员都没有残疾", required=False)
    no_illness = YesNo("上面没有登记重病的成员都没有重病", required=False)
    note = LongText("需求评估记录", required=False)

    @classmethod
    def asked(cls, facts: Facts) -> dict[str, Field]:
        """The questions behind what is not known."""
        unknown = {path.rpartition(".")[2] for path in missing(facts)}
        wanted = {name for fact in unknown for name in FIELDS_OF.get(fact, ())} | {"note"}
        return {name: field for name, field in cls.fields().items() if name in wanted}

    @classmethod
    def suggests(cls, facts: Facts) -> dict[str, Any]:
        """A line for each person of whom something is not known; who is long of age is taken to be out of school."""
        unknown = [path.rpartition(".") for path in missing(facts)]
        people = {
            str(one.id): one for one in household_members(facts.session, facts.case.household_id, facts.today)
        }
        grown = {who for who, one in people.items() if facts.today.year - one.birth.year > OLDEST_STUDENT}
        return {
            "schooling": [
                {"person": who} | ({"school": "none"} if who in grown else {})
                for who, _, of in unknown
                if of == "school" and who
            ],
            "working": [{"person": who} for who, _, of in unknown if of == "work" and who],
        }

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """About members of this household; no more is paid back than was paid."""
        errors = {}
        members = Members("成员").options(facts)
        for name in ("schooling", "working"):
            if strange := [row["person"] for row in form[name] if row["person"] not in members]:
                errors[name] = f"成员编号 {strange[0]} 不是本户成员"
        total, paid = form["bill_total"], form["bill_insurance"]
        if paid and not total:
            errors["bill_total"] = "请填医疗总费用"
        elif paid and Decimal(paid) > Decimal(total):
            errors["bill_insurance"] = "报销金额不能大于总费用，请核对"
        return errors


def missing(facts: Facts) -> list[str]:
    """The facts on which the verdict about some help depends and that are not known."""
    return unknown_in(facts.session, facts.case, facts.today)


def unknown_in(session: Session, case: CaseState, on: date) -> list[str]:
    """The same of a case on a day: `bill`, or `<member>.school`."""
    found = matches(session, case, case.facts.get("known", {}), on)
    return list(dict.fromkeys(path for one in found if one.verdict == UNKNOWN for path in one.missing))


def told(form: dict[str, Any], unknown: Iterable[str]) -> dict[str, Any]:
    """What the family has told, as the matcher reads it: only what was answered. `unknown` are the facts that were asked."""
    known: dict[str, Any] = {name: form[name] for name in ("housing", "supporters") if form[name]}
    known |= {name: form[name] for name in ("hukou_here", "disaster") if form[name] is not None}
    if form["bill_total"] is not None:
        known["bill"] = {"total": form["bill_total"], "insurance": form["bill_insurance"] or "0.00"}
    if form["emergency"]:
        amount = form["emergency_amount"]
        known["emergency"] = {"kind": form["emergency"]} | ({"amount": amount} if amount else {})
    if form["spending"]:
        known["spending"] = form["spending"]
    members: dict[str, dict[str, Any]] = {}
    for rows, fact in ((form["schooling"], "school"), (form["working"], "work")):
        for row in rows:
            if row[fact]:
                members.setdefault(str(row["person"]), {})[fact] = row[fact]
    for person in form["no_income"]:
        members.setdefault(str(person), {})["incomes"] = []
    if form["no_property"]:
        known["property"] = {}
    nobody = {"disability": (form["no_disability"], {"grade": 0}), "illness": (form["no_illness"], False)}
    for who, _, fact in (path.rpartition(".") for path in unknown):
        if who and fact in nobody and nobody[fact][0]:
            members.setdefault(who, {})[fact] = nobody[fact][1]
    return known | ({"members": members} if members else {})


def with_told(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What was known with what has been told since: the later answer counts."""
    members = dict(known.get("members", {}))
    for who, facts in more.get("members", {}).items():
        members[who] = members.get(who, {}) | facts
    return known | more | ({"members": members} if members else {})
