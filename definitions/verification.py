"""家庭经济状况核对 (verification): asked on authorisation, answered source by source, concluded in a report.

The report is evidence for the decision, not the decision (R649-58). In this form answers are entered by hand.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.shared import materials
from workflow.actors import Actor
from workflow.acts import follow
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Member, Members, Money, Reason, Rows, is_adult
from workflow.households import ASSET_KINDS, INCOME_CATEGORIES, INCOME_KINDS, record_asset, record_income
from workflow.models import Case
from workflow.people_queries import household_members
from workflow.periods import Workdays
from workflow.roles import VERIFIER, WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action, stays

SECTORS = {
    "civil_affairs": "民政", "social_security": "人力社保", "public_security": "公安", "housing": "住建", "land": "国土",
    "market": "市场监管", "tax": "税务", "finance": "金融机构", "city": "市核对平台",
}  # fmt: skip
"""The eight sectors of the district platform and the city's (SEED 三(四))."""


class Answers(Form):
    """What one source answered."""

    source = Choice("来源部门", SECTORS)
    answered_on = Day("数据时点")
    incomes = Rows(
        "收入",
        {
            "person": Member("成员"), "category": Choice("类别", INCOME_CATEGORIES),
            "kind": Choice("细目", INCOME_KINDS, required=False), "annual": Money("年金额（元）"),
        },
    )  # fmt: skip
    assets = Rows("财产", {"kind": Choice("种类", ASSET_KINDS), "amount": Money("金额或数量")})

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """An answer about somebody else is refused, not stored."""
        members = {p.id for p in household_members(facts.session, facts.case.household_id, facts.today)}
        strange = [row["person"] for row in form["incomes"] if row["person"] not in members]
        return {"incomes": f"成员编号 {strange[0]} 不是本户成员，请核对答复的对象"} if strange else {}


class Signatures(Form):
    """Adults who have signed since: come of age, or new in the household."""

    authorised = Members("补签核对授权书的成年成员", adults=True)

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """Everybody who is of age."""
        return {"authorised": list(cls.fields()["authorised"].options(facts))}  # type: ignore[attr-defined]


class Report(Form):
    """The conclusion of the report: comparison of what was declared and what was found."""

    conclusion = Choice("核对结论", {"match": "符合", "mismatch": "不符合", "doubt": "需进一步核实"})
    note = LongText("说明", required=False)


class Drop(Form):
    """Why the check is not needed any more."""

    reason = Reason("理由", sample="提出核对的案件已办结")


def asker_moved_on(facts: Facts) -> None:
    """Only where the case that asked has moved on (withdrawn, ended): an open question is answered."""
    asker = facts.session.get(Case, facts.case.parent_id) if facts.case.parent_id else None
    if asker is not None and asker.closed_at is None:
        raise Unmet(f"案件 {asker.number} 还在等核对报告，不能不核对。")


def signed_authorisations(facts: Facts) -> set[int]:
    """Who has signed, as recorded on the application: valid from there to the end of the benefit (domain 4.2)."""
    signed: set[int] = set(facts.case.facts.get("authorised", ()))
    case = facts.session.get(Case, facts.case.parent_id) if facts.case.parent_id else None
    while case is not None:
        signed |= set(case.facts.get("authorised", ()))
        case = facts.session.get(Case, case.parent_id) if case.parent_id else None
    return signed


def authorised(facts: Facts) -> None:
    """No authorisation of every adult, no query (M57-9(3); domain 4.2)."""
    signed = signed_authorisations(facts)
    members = household_members(facts.session, facts.case.household_id, facts.today)
    if missing := [p.name for p in members if is_adult(p.birth, facts.today) and p.id not in signed]:
        raise Unmet(f"{'、'.join(missing)}还没有签核对授权书，不能发起核对。")


def has_answer(facts: Facts) -> None:
    """A report needs at least one source's answer."""
    if not facts.case.facts.get("answered"):
        raise Unmet("还没有任何部门的答复，不能出具核对报告。")


def take_signatures(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Signed for this check, beside those of the application."""
    case.facts["authorised"] = sorted({*case.facts.get("authorised", ()), *form["authorised"]})


def take_answers(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Found incomes and property are recorded beside the declared ones, with source and date."""
    day = date.fromisoformat(form["answered_on"])
    for row in form["incomes"]:
        record_income(
            session, household_id=case.household_id, person_id=row["person"], category=row["category"], kind=row["kind"],
            annual=Decimal(row["annual"]), source="verified", as_of=day,
        )  # fmt: skip
    for row in form["assets"]:
        record_asset(
            session,
            household_id=case.household_id,
            kind=row["kind"],
            amount=Decimal(row["amount"]),
            source="verified",
            as_of=day,
        )
    case.facts["answered"] = sorted({*case.facts.get("answered", ()), form["source"]})


def hand_over(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The report goes to the case that asked for it."""
    case.facts["conclusion"] = form["conclusion"]
    if case.parent_id is not None:
        body = {"conclusion": form["conclusion"], "note": form["note"]}
        follow(session, case.parent_id, "report_check", form=body, actor=actor, now=now, origin=case)


class Verification(Definition):
    """核对：授权、发出、逐部门答复、报告。"""

    code, editions, title, prefix = (
        "verification",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "家庭经济状况核对",
        "HD",
    )
    papers = materials.MATERIALS
    steps = ("requested", "asking", "reported")

    requested = Stage(
        "待发起",
        held_by=VERIFIER,
        todo="查验授权，向各部门发出核对",
        limit=Limit(Workdays(3), "M57-17"),
        initial=True,
    )
    asking = Stage(
        "核对中",
        held_by=VERIFIER,
        todo="登记各部门答复，出具报告",
        limit=Limit(Workdays(7), "内部要求：各部门答复期限"),
        waits_for="departments",
    )
    reported = Stage("报告已出", final=True, result="reported")
    dropped = Stage("不再需要", final=True, result="dropped")

    sign = action("登记补签的授权", stays(requested), by=(VERIFIER, WINDOW), form=Signatures, says="登记了补签的核对授权书",
                  source="M57-9；ZJ-49", needs=materials.any_of("authorisation"), effects=(take_signatures,))  # fmt: skip
    ask = action("发出核对", requested.to(asking), by=VERIFIER, says="向各部门发出核对", source="R649-58；ZJ-49；M57-17",
                  when=(authorised,), hand="check", primary=True)  # fmt: skip
    take_answer = action("登记答复", stays(asking), by=VERIFIER, form=Answers, says="登记了部门答复", source="M57-17",
                         effects=(take_answers,), hand="check")  # fmt: skip
    report = action("出具核对报告", asking.to(reported), by=VERIFIER, form=Report, says="出具了核对报告", source="R649-58；M57-17",
                    when=(has_answer,), effects=(hand_over,), hand="check", primary=True)  # fmt: skip
    drop = action(
        "不再核对",
        requested.to(dropped) | asking.to(dropped),
        by=VERIFIER,
        form=Drop,
        when=(asker_moved_on,),
        says="案件已不需要核对",
        source="内部要求",
    )
