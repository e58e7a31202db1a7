"""Forms, guards and effects of a re-check, the same for all editions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.dibao.forms import REVIEW_CLASSES, HouseVisit
from definitions.dynamic_review import grounds
from definitions.tables import review_visit
from workflow.actors import Actor
from workflow.acts import follow
from workflow.decision_tables import Decision, keep
from workflow.entries import reference
from workflow.errors import FormRefused, Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Member, Money, Reason, Rows, Text, Whole
from workflow.households import INCOME_CATEGORIES, INCOME_KINDS, record_income
from workflow.models import Case, CasePart
from workflow.people_queries import household_members
from workflow.periods import local_date

RESULTS = {"keep": "维持", "increase": "增发", "decrease": "减发", "grace": "渐退", "stop": "停发"}
TRIGGERS = {
    "schedule": "到期复核", "income": "收入变化", "property": "财产变化", "members": "人口变化", "job": "就业", "moved": "迁移",
    "complaint": "举报", "death": "成员死亡", "sampling": "月末补抽", "standard": "标准调整",
}  # fmt: skip


class SelfReport(Form):
    """What the family itself says at the re-check (M57-30)."""

    reported_on = Day("申报日期")
    incomes = Rows(
        "现在的收入（有变化的才填）",
        {"person": Member("成员"), "category": Choice("类别", INCOME_CATEGORIES),
         "kind": Choice("细目", INCOME_KINDS, required=False), "annual": Money("年金额（元）")},
    )  # fmt: skip
    note = LongText("其他变化", required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """About members of this household only."""
        members = {p.id for p in household_members(facts.session, facts.case.household_id, facts.today)}
        strange = [row["person"] for row in form["incomes"] if row["person"] not in members]
        return {"incomes": f"成员编号 {strange[0]} 不是本户成员"} if strange else {}


class CheckReport(Form):
    """Handed over by the verification case."""

    conclusion = Choice("核对结论", {"match": "符合", "mismatch": "不符合", "doubt": "需进一步核实"})
    note = LongText("说明", required=False)


class Result(Form):
    """What the reviewer proposes; the new amount is computed."""

    result = Choice("复核结果", RESULTS)
    review_class = Choice("复核类别", REVIEW_CLASSES)
    months = Whole("渐退月数", required=False, at_least=1, at_most=12, hint="选“渐退”时填写")
    ground = Choice(
        "不符合条件仍维持的依据",
        grounds.GROUNDS,
        required=False,
        hint="按计算不符合条件而选“维持”时，必须选一项依据",
    )
    reason = Reason("理由", sample="家庭情况无明显变化")

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """What the computation suggests."""
        return suggestion(facts) | {"reason": "按复核情况和计算结果提出"}


class Return(Form):
    """Sent back."""

    reason = Reason("退回内容", sample="请补充收入情况")


class Notification(Form):
    """The family has the written result with its reasons (R649-13; ZJ-51; M57-32)."""

    served_on = Day("送达日期")
    receiver = Text("签收人", sample="本人")


def computed_now(facts: Facts) -> dict[str, Any] | None:
    """The household judged today, or None where nobody is left in it."""
    return grounds.judged(facts.session, facts.case, facts.today)


def suggestion(facts: Facts) -> dict[str, Any]:
    """The result the computation points to, with the class kept."""
    computed = computed_now(facts)
    before, kept = Decimal(facts.case.facts["before"]), facts.case.facts["review_class"]
    if computed is None or not computed["eligible"]:
        if computed and not grounds.fault(facts.session, facts.case, facts.today, "gradual_exit"):
            return {"result": "keep", "review_class": kept, "ground": "gradual_exit"}
        return {"result": "stop", "review_class": kept}
    after = Decimal(computed["total"])
    result = "keep" if after == before else "increase" if after > before else "decrease"
    return {"result": result, "review_class": kept}


def visit_needed(case: CaseState, today: date) -> Decision:
    """Whether the home must be visited at this review, by the table."""
    given = {"review_class": case.facts["review_class"], "doubt": bool(case.facts.get("doubt"))}
    return review_visit(case.edition, today).decide(given)


def visited_if_needed(facts: Facts) -> None:
    """Class C, doubtful and reported households are visited (domain 3.6), unless nobody of them is left."""
    needed = visit_needed(facts.case, facts.today).outputs["visit"]
    if not needed or not household_members(facts.session, facts.case.household_id, facts.today):
        return
    done = facts.session.scalar(
        select(CasePart.state).where(
            CasePart.case_id == facts.case.id, CasePart.visit == facts.case.visit, CasePart.code == "visit"
        )
    )
    if done != "done":
        raise Unmet("C 类家庭和有疑点的家庭复核时应当入户，请先完成入户调查。")


def lawful_result(facts: Facts) -> None:
    """The result fits the computation and the edition: no amount out of thin air, no gradual exit where law has none,
    nobody kept against the computation without a ground of the edition whose facts hold.
    """
    if facts.form is None:
        return
    session, case, today = facts.session, facts.case, facts.today
    form, ground = facts.form, facts.form["ground"]
    computed = grounds.judged(
        session, case, today, ground if ground in grounds.listed(case.edition, today) else ""
    )
    if computed is None and form["result"] != "stop":
        raise FormRefused({"result": "家庭已没有共同生活的成员，只能停发"})
    if ground and (against := grounds.fault(session, case, today, ground)):
        raise FormRefused({"ground": f"{against}；现在可以选：{grounds.open_results(session, case, today)}"})
    if form["result"] == "keep" and computed and not computed["eligible"] and not ground:
        raise FormRefused(
            {
                "result": f"按现在的情况计算不符合条件，没有依据不能维持；现在可以选：{grounds.open_results(session, case, today)}"
            }
        )
    before = Decimal(facts.case.facts["before"])
    after = Decimal(computed["total"]) if computed and computed["eligible"] else Decimal(0)
    if form["result"] == "increase" and after <= before:
        raise FormRefused(
            {"result": f"按现在的情况计算为每月 {after:.2f} 元，不高于原来的 {before:.2f} 元，不能增发"}
        )
    if form["result"] == "decrease" and not 0 < after < before:
        raise FormRefused(
            {"result": f"按现在的情况计算为每月 {after:.2f} 元，不在原来的 {before:.2f} 元以下，不能减发"}
        )
    if form["result"] == "grace":
        if not (may := grounds.leaving(session, case, today)).allowed:
            raise FormRefused({"result": may.why})
        if not form["months"]:
            raise FormRefused({"months": f"请写明渐退几个月，最多 {may.most} 个月"})
        if not (may := grounds.leaving(session, case, today, form["months"])).allowed:
            raise FormRefused({"months": may.why})


def benefit_over(facts: Facts) -> None:
    """A re-check ends without a result only where the benefit itself has ended meanwhile."""
    benefit = facts.session.get_one(Case, facts.case.parent_id)
    if benefit.closed_at is None:
        raise Unmet(f"救助案件 {benefit.number} 还在执行，复核应当办完。")


def take_report(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """What the family declares now stands beside what was declared before."""
    for row in form["incomes"]:
        record_income(
            session, household_id=case.household_id, person_id=row["person"], category=row["category"], kind=row["kind"],
            annual=Decimal(row["annual"]), source="declared", as_of=date.fromisoformat(form["reported_on"]),
        )  # fmt: skip


def take_check(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The conclusion of the information check."""
    case.facts["check"] = form["conclusion"]
    if form["conclusion"] == "doubt":
        case.facts["doubt"] = True


def propose(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The proposed result, with the computation it rests on."""
    today = local_date(now)
    if computed := grounds.judged(session, case, today, form["ground"]):
        case.facts["assessment"] = computed
    if form["result"] == "grace":
        found = grounds.leaving(session, case, today, form["months"])
        case.facts["leaving"] = [step.as_json() for step in found.derivation.steps]
    keep(case, visit_needed(case, today))
    case.facts |= {
        "proposed": form["result"],
        "new_class": form["review_class"],
        "months": form["months"],
        "reason": form["reason"],
        "ground": form["ground"],
    }


def sign(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The signed result acts on the benefit's case: changes take effect from the first of next month (M57-32)."""
    assert case.parent_id is not None
    facts = case.facts
    body = {
        "result": facts["proposed"], "review_class": facts["new_class"], "reason": facts["reason"],
        "months": facts["months"], "decided_by": reference(case), "ground": facts["ground"],
    }  # fmt: skip
    follow(session, case.parent_id, "take_review", form=body, actor=actor, now=now, origin=case)
    ended = {
        "keep": "kept",
        "increase": "increased",
        "decrease": "decreased",
        "grace": "graced",
        "stop": "stopped",
    }
    case.facts["result"] = ended[facts["proposed"]]


__all__ = ["HouseVisit"]
