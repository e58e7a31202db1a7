"""教育救助 (education aid): applied for at the window or the school, which is heard; the education department decides
(R649-33 to 36; ZJ-26 to 28). A tier is read anew for each school year.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.departments import handed_to
from definitions.editions.standards import LocalAmount, local
from definitions.rules.trace import Trace
from definitions.shared import department_aid as aid
from definitions.shared import guards, materials
from definitions.shared.assessment import standards_of
from definitions.shared.grants import same_grant, write_grant
from definitions.shared.tiers import DIRECT
from definitions.shared.upward import tells_parent
from workflow.actors import Actor
from workflow.desk.policies import LIAISON_FIRST, SAME_PERSON
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Text, YesNo
from workflow.models import Household
from workflow.periods import Days, Workdays, local_date
from workflow.roles import (
    DEPARTMENT_APPROVER,
    DEPARTMENT_REVIEWER,
    LIAISON,
    LINKED,
    TOWN_REVIEWER,
    VILLAGE_AGENT,
    WINDOW,
)
from workflow.vocabulary import Definition, Limit, Stage, action, from_any

DEPARTMENT = "education"
LEVELS = {
    "preschool": "学前教育", "compulsory": "义务教育", "high": "普通高中", "vocational": "中等职业教育", "university": "高等教育",
}  # fmt: skip
"""Stages of schooling (ZJ-27)."""
ITEMS = {
    "preschool": "保育教育费减免", "compulsory": "寄宿生活补助和营养餐", "high": "学费减免和国家助学金", "vocational": "学费减免和国家助学金",
    "university": "助学金和困难补助",
}  # fmt: skip
"""What is granted at each stage (ZJ-27)."""
FIRST_MONTH = 8
"""School years are counted from August on: applications for the new one come before September."""


class EducationApplication(aid.Application):
    """Which pupil, where and how far he goes to school."""

    level = Choice("就学阶段", LEVELS)
    school = Text("学校", sample="区实验小学")
    grade = Text("年级、班级", sample="三年级二班", required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """The same help once a school year."""
        if wrong := super().check(form, facts):
            return wrong
        period = school_year(facts.today)
        found = same_grant(
            facts.session, programme="education", person_id=form["person"], item=ITEMS[form["level"]], period=period,
            but=facts.case.id,
        )  # fmt: skip
        return {"person": f"{period}已经享受“{ITEMS[form['level']]}”（{found[0]}），不能重复申请"} if found else {}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The youngest member, at primary school."""
        found = super().example(facts)
        people = list(cls.fields()["person"].options(facts))  # type: ignore[attr-defined]
        return found | {"person": people[-1], "level": "compulsory", "school": "区实验小学"}


class SchoolOpinion(Form):
    """What the school says (R649-36; ZJ-28)."""

    heard_on = Day("学校出具意见的日期")
    enrolled = YesNo("确在该校就学")
    agreed = YesNo("学校同意资助")
    note = LongText("学校意见", sample="该生在校就读，家庭困难情况属实")


def school_year(day: date) -> str:
    """2016-2017 学年 for a day from August 2016 to July 2017."""
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}-{first + 1}学年"


def take_application(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Which pupil, for which school year."""
    aid.take_applicant(session, case, form, actor, now)
    case.facts |= {
        "level": form["level"],
        "school": form["school"],
        "school_year": school_year(local_date(now)),
    }


def note_school(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The school's word, kept beside the department's."""
    case.facts["school_opinion"] = {
        "on": form["heard_on"],
        "agreed": form["enrolled"] and form["agreed"],
        "note": form["note"],
    }


def standard_of(session: Session, case: CaseState, today: date) -> LocalAmount:
    """The local amount for the stage of schooling. Raises NumberMissing where none is set for the day."""
    setting = session.get_one(Household, case.household_id).setting
    return local(
        standards_of(session, case.area_code), f"education_{case.facts['level']}", setting, today
    )


def school_agrees(facts: Facts) -> None:
    """Whom the school does not know or not support is not helped (R649-36; ZJ-28)."""
    if not facts.case.facts.get("school_opinion", {}).get("agreed"):
        raise Unmet("学校没有确认就学或者不同意资助，不能拟同意；请提出不予救助的意见，或者退回重新征求学校意见。")


def is_eligible(facts: Facts) -> None:
    """In a group the law names, or found poor by a check of this case (R649-33; ZJ-26)."""
    tier = aid.tier_now(facts)
    if (tier is None or tier.group not in {*DIRECT, "expenditure"}) and facts.case.facts.get(
        "check"
    ) != "match":
        raise Unmet("救助资格已经失效，或者核对结论不是“符合”，不能拟同意。")


def propose_amount(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The local amount for the stage of schooling, kept with its source."""
    found, trace = standard_of(session, case, local_date(now)), Trace()
    aid.fix_tier(session, case, form, actor, now)
    trace.given(f"{LEVELS[case.facts['level']]}资助标准（每学年）", found.amount, found.source)
    case.facts |= {
        "proposal": "approve", "amount": f"{found.amount:.2f}",
        "assessment": {
            "as_of": local_date(now).isoformat(), "total": f"{found.amount:.2f}", "label": "每学年救助金额", "shares": {},
            "steps": [step.as_json() for step in trace.steps], "reasons": [],
        },
    }  # fmt: skip
    case.facts.pop("refusal_reason", None)


def grant(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Granted for the school year, once (ZJ-46)."""
    today = local_date(now)
    write_grant(
        session, case, person_id=case.facts["person_id"], item=ITEMS[case.facts["level"]], decided_on=today,
        amount=Decimal(case.facts["amount"]), period=case.facts["school_year"], derivation=case.facts["assessment"]["steps"],
    )  # fmt: skip
    case.facts["decided_on"] = today.isoformat()


class Education(Definition):
    """教育救助：资格核验、学校意见、教育部门审核审批、资助。"""

    code, editions, title, prefix = (
        "education",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "教育救助",
        "JY",
    )
    opened_by, papers, department = (WINDOW, VILLAGE_AGENT), materials.MATERIALS, DEPARTMENT
    steps = ("submitted", "checking", "school", "department_review", "decision", "paid")

    draft = Stage("草稿", held_by=WINDOW, waits_for="applicant", todo="填好并提交申请", no_limit="尚未提交，法律未定时限",
                  public="申请还没有提交", initial=True)  # fmt: skip
    submitted = Stage("已提交", held_by=WINDOW, todo="查验材料，受理或一次性告知", limit=Limit(Workdays(5), "AL-32（类推）"),
                      public="窗口正在查验您的材料")  # fmt: skip
    correcting = Stage("待补正", held_by=WINDOW, waits_for="applicant", todo="收齐补正材料", limit=Limit(Days(30), "内部要求：补正期限"),
                       public="请按补正通知把材料补齐")  # fmt: skip
    checking = Stage("资格核验", held_by=TOWN_REVIEWER, todo="核验救助资格，没有证件的委托核对", limit=Limit(Workdays(3), "R649-36；ZJ-28；期限为内部要求"),
                     public="正在核验救助资格")  # fmt: skip
    verifying = Stage("核对中", no_limit="由核对案件计时", public="正在核对家庭经济状况")
    school = Stage("征求学校意见", held_by=LIAISON, todo="转学校，登记学校意见", limit=Limit(Workdays(10), "R649-36；ZJ-28；期限为内部要求"),
                   assigns=LIAISON_FIRST, waits_for="departments", public="学校正在审核")  # fmt: skip
    department_review = Stage("部门审核", held_by=DEPARTMENT_REVIEWER, todo="审核并确定资助项目和金额", limit=Limit(Workdays(10), "R649-36；ZJ-28；期限为内部要求"),
                              public="教育部门正在审核")  # fmt: skip
    decision = Stage("部门审批", held_by=DEPARTMENT_APPROVER, todo="作出决定", limit=Limit(Workdays(5), "R649-36；ZJ-28；期限为内部要求"),
                     public="教育部门正在作决定")  # fmt: skip
    granted = Stage("待落实", held_by=DEPARTMENT_REVIEWER, todo="拨付资助并登记", limit=Limit(Workdays(10), "ZJ-28；期限为内部要求"),
                    public="已经批准，正在落实")  # fmt: skip
    refusing = Stage("待送达不予救助通知", held_by=WINDOW, todo="送达不予救助通知书", limit=Limit(Workdays(3), "内部要求：送达期限"),
                     assigns=SAME_PERSON, refusal=True, public="没有批准，通知书正在送达")  # fmt: skip
    paid = Stage("已救助", final=True, result="approved", public="资助已经落实")
    refused = Stage("不予救助", final=True, result="refused", public="没有批准，您可以申请复议或起诉")
    withdrawn = Stage("已撤回", final=True, result="withdrawn", public="申请已撤回")
    discarded = Stage("已作废", final=True, result="discarded", public="没有提交，已作废")

    submit = action("提交申请", draft.to(submitted), by=(WINDOW, VILLAGE_AGENT), form=EducationApplication, says="提交了教育救助申请",
                    source="R649-36；ZJ-28", effects=(take_application,), primary=True)  # fmt: skip
    discard = action("作废", draft.to(discarded), by=(WINDOW, VILLAGE_AGENT), says="作废了草稿", effects=(tells_parent("discarded"),))
    accept = action("受理", submitted.to(checking), by=WINDOW, says="受理了申请", source="R649-36；ZJ-28",
                    needs=materials.with_also(aid.papers, "application", "identity", "school_proof"), effects=(aid.accept,),
                    binds=True, hand="intake", primary=True)  # fmt: skip
    notify_missing = action("一次性告知补正", submitted.to(correcting), by=WINDOW, form=aid.Gaps, says="一次性告知了全部缺件",
                            source="R649-11（类推）", effects=(aid.note_gaps,))  # fmt: skip
    complete = action("补正齐备，受理", correcting.to(checking), by=WINDOW, says="材料补齐，受理了申请", source="R649-36；ZJ-28",
                      needs=materials.with_also(aid.papers, "application", "identity", "school_proof"), effects=(aid.accept,),
                      binds=True, hand="intake", primary=True)  # fmt: skip
    lapse = action("逾期未补，视为撤回", correcting.to(withdrawn), by=WINDOW, form=aid.Written, says="逾期未补正，按撤回办结", source="内部要求",
                   when=(guards.stage_limit_passed,), effects=(tells_parent("withdrawn"),))  # fmt: skip
    withdraw = action("申请人撤回", from_any(withdrawn, submitted, correcting, checking, school, department_review), by=WINDOW,
                      form=aid.Written, says="申请人书面撤回", source="内部要求", needs=materials.any_of("withdrawal_letter"),
                      effects=(tells_parent("withdrawn"),))  # fmt: skip

    pass_on = action("资格有效，转学校", checking.to(school), by=TOWN_REVIEWER, says="救助资格有效，转学校征求意见", source="R649-33、36；ZJ-26、28",
                     when=(aid.shown,), effects=(aid.fix_tier, handed_to(DEPARTMENT)), primary=True)  # fmt: skip
    ask_check = action("委托核对", checking.to(verifying), by=TOWN_REVIEWER, says="委托核对家庭经济状况", source="R649-58",
                       when=(aid.needs_check,), effects=(aid.open_check,))  # fmt: skip
    report_check = action("收到核对报告", verifying.to(checking), by=LINKED, form=aid.CheckReport, says="收到信息核对报告", source="R649-58",
                          effects=(aid.take_check,), hand="check")  # fmt: skip
    hear_school = action("登记学校意见", school.to(department_review), by=LIAISON, form=SchoolOpinion, says="登记了学校意见", source="R649-36；ZJ-28",
                         needs=materials.this_round("school_proof"), effects=(note_school,), hand="investigation", primary=True)  # fmt: skip
    agree = action("拟同意，报审批", department_review.to(decision), by=DEPARTMENT_REVIEWER, says="部门审核拟同意", source="R649-34、36；ZJ-27、28",
                   apart_from=("intake", "investigation"), when=(school_agrees, is_eligible), effects=(propose_amount,),
                   hand="department_review", primary=True)  # fmt: skip
    disagree = action("拟不予救助，报审批", department_review.to(decision), by=DEPARTMENT_REVIEWER, form=aid.Refusal, says="部门审核拟不予救助",
                      source="R649-36；ZJ-28", apart_from=("intake", "investigation"), effects=(aid.propose_refusal,),
                      hand="department_review")  # fmt: skip
    send_back = action("退回学校", department_review.to(school), by=DEPARTMENT_REVIEWER, form=aid.Written, says="退回重新征求学校意见",
                       source="内部要求：退回补正", sends_back=True)  # fmt: skip
    approve = action("同意救助", decision.to(granted), by=DEPARTMENT_APPROVER, form=aid.Decision, says="同意救助", source="R649-36；ZJ-28", decides=True,
                     apart_from=("intake", "check", "investigation", "department_review"), when=(aid.proposed_approval,), effects=(grant,),
                     hand="decision", primary=True)  # fmt: skip
    refuse = action("不予救助", decision.to(refusing), by=DEPARTMENT_APPROVER, form=aid.Refusal, says="不予救助", source="R649-36；ZJ-28", decides=True,
                    apart_from=("intake", "check", "investigation", "department_review"), effects=(aid.note_refusal,), hand="decision")  # fmt: skip
    reconsider = action("退回审核", decision.to(department_review), by=DEPARTMENT_APPROVER, form=aid.Written, says="退回部门审核",
                        source="内部要求：退回补正", sends_back=True)  # fmt: skip
    pay = action("登记落实", granted.to(paid), by=DEPARTMENT_REVIEWER, form=aid.Payment, says="资助已落实，记入救助台账", source="ZJ-28、46",
                 apart_from=("decision",), effects=(aid.pay, tells_parent("approved")), primary=True)  # fmt: skip
    serve_refusal = action("送达不予救助通知", refusing.to(refused), by=WINDOW, form=aid.Service, says="送达了不予救助通知书", source="R649-65",
                           needs=materials.any_of("service_proof"), effects=(tells_parent("refused"),), primary=True)  # fmt: skip
