"""医疗救助 (medical aid): who holds a certificate goes straight to the department; for others the town reviews and the
opinion hangs for seven days (R649-28 to 31; ZJ-21 to 24).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions import medical_bills as bills
from definitions.departments import handed_to
from definitions.dibao import forms as ask
from definitions.dibao.effects import open_objection
from definitions.rules.medical import GROUPS, MedicalAid
from definitions.shared import board, guards, materials
from definitions.shared import department_aid as aid
from definitions.shared.grants import write_grant
from definitions.shared.upward import tells_parent
from workflow.actors import Actor
from workflow.clocks import After
from workflow.desk.policies import SAME_PERSON
from workflow.errors import FormRefused
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Money, Reason, Rows, Text
from workflow.periods import Days, Workdays, local_date
from workflow.roles import (
    DEPARTMENT_APPROVER,
    DEPARTMENT_REVIEWER,
    LINKED,
    TOWN_REVIEWER,
    VILLAGE_AGENT,
    WINDOW,
)
from workflow.vocabulary import Definition, Limit, Minimum, Stage, action, again, from_any, stays

DEPARTMENT = "health_insurance"
"""Since 2018 the department of medical security; civil affairs before it [mem]."""
ITEM = "住院和门诊费用救助"


class MedicalApplication(aid.Application):
    """The bills, and what others have paid or will pay on them."""

    bills = Rows(
        "医疗费用票据",
        {
            "invoice": Text("票据号"), "hospital": Text("医疗机构"), "issued_on": Day("开票日期"),
            "total": Money("总费用（元）"), "insurance": Money("医保报销（元）"), "charity": Money("慈善帮扶（元）"),
            "other_aid": Money("其他救助（元）"),
        },
        at_least=1, hint="一张票据一行；同一张票据只能救助一次",
    )  # fmt: skip
    requested = Money("申请救助金额（元）", hint="不知道的填剩余自付费用")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Bills that add up and rest on no other case."""
        if wrong := super().check(form, facts):
            return wrong
        if fault := bills.faults(form["bills"], facts):
            return {"bills": fault}
        return {} if Decimal(form["requested"]) > 0 else {"requested": "申请救助金额应大于 0"}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """One bill of 12,000 yuan, of which insurance paid 7,000."""
        bill = {
            "invoice": f"{facts.case.number}-1", "hospital": "区人民医院", "issued_on": facts.today.isoformat(), "total": "12000.00",
            "insurance": "7000.00", "charity": "0.00", "other_aid": "0.00",
        }  # fmt: skip
        return super().example(facts) | {"bills": [bill], "requested": "5000.00"}


class TownOpinion(Form):
    """The town's opinion on a family without certificate."""

    group = Choice("认定为", {code: GROUPS[code] for code in ("other", "expenditure")})
    note = LongText("审核意见", sample="自付费用较重，家庭经济状况符合规定")


class Amount(Form):
    """The department's opinion; the amount is computed, a lower one needs a written reason."""

    amount = Money("救助金额（元）", required=False, hint="不填即按系统计算的金额")
    reason = Reason("低于计算金额的理由", required=False)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Never above what the rule allows."""
        allowed = computed(facts.session, facts.case, local_date(facts.now)).aid
        if not allowed:
            return {"amount": "按规定计算没有可以救助的金额，请提出不予救助的意见"}
        if form["amount"] is None:
            return {}
        if Decimal(form["amount"]) > allowed:
            return {"amount": f"最多 {allowed} 元（不超过剩余自付费用和救助比例）"}
        if Decimal(form["amount"]) <= 0:
            return {"amount": "救助金额应大于 0；不予救助的请用相应操作"}
        if Decimal(form["amount"]) < allowed and not form["reason"]:
            return {"reason": f"系统计算为 {allowed} 元；低于它须写明理由"}
        return {}


def take_application(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """For whom, with which bills."""
    aid.take_applicant(session, case, form, actor, now)
    bills.register(session, case, form["person"], form["bills"])
    case.facts["requested"] = form["requested"]


def release_bills(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Ended without aid: the bills may be handed in again."""
    bills.release(session, case.id, local_date(now))


def propose(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A favourable opinion of the town, and the group it finds."""
    shown_by = case.facts.get("tier", {}).get("shown_by") or "镇（街道）审核"
    case.facts |= {
        "proposal": "approve",
        "tier": {"group": form["group"], "shown_by": shown_by, "until": ""},
    }
    case.facts.pop("refusal_reason", None)


def end_publicity(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The opinion has hung its seven days, or what was said against it was found untrue."""
    case.facts["published"] = local_date(now).isoformat()


def computed(session: Session, case: CaseState, today: date) -> MedicalAid:
    """The aid by the rule for the group the case is decided by."""
    return bills.compute(session, case, aid.group_of(case), Decimal(case.facts["requested"]), today)


def propose_amount(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The amount with its derivation, kept as it was on this day."""
    found = computed(session, case, local_date(now))
    amount = form["amount"] or f"{found.aid:.2f}"
    case.facts |= {
        "proposal": "approve", "amount": amount, "self_paid": f"{found.remaining:.2f}",
        "assessment": {
            "as_of": local_date(now).isoformat(), "total": amount, "label": "救助金额", "shares": {},
            "steps": [step.as_json() for step in found.derivation.steps],
            "reasons": [reason.as_json() for reason in found.derivation.reasons],
        },
    }  # fmt: skip
    case.facts.pop("refusal_reason", None)


def grant(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Granted: computed once more, so that nothing granted meanwhile is granted again; then into the ledger (ZJ-46)."""
    today = local_date(now)
    found, amount = computed(session, case, today), Decimal(case.facts["amount"])
    if amount > found.aid:
        raise FormRefused({"note": f"重新计算只能救助 {found.aid} 元，与意见不符，请退回部门审核"})
    write_grant(
        session, case, person_id=case.facts["person_id"], item=ITEM, decided_on=today, amount=amount, self_paid=found.remaining,
        derivation=case.facts["assessment"]["steps"],
    )  # fmt: skip
    case.facts["decided_on"] = today.isoformat()


class Medical(Definition):
    """医疗救助：有证件的直接由医保部门办理，没有证件的核对、镇级审核、公示后由医保部门审批。"""

    code, editions, title, prefix = "medical", ("NB2016", "NAT2021", "NAT2021-DELEGATED"), "医疗救助", "YL"
    opened_by, papers, department = (WINDOW, VILLAGE_AGENT), materials.MATERIALS, DEPARTMENT
    steps = ("submitted", "checking", "department_review", "decision", "paid")

    draft = Stage("草稿", held_by=WINDOW, waits_for="applicant", todo="填好并提交申请", no_limit="尚未提交，法律未定时限",
                  public="申请还没有提交", initial=True)  # fmt: skip
    submitted = Stage("已提交", held_by=WINDOW, todo="查验材料，受理或一次性告知", limit=Limit(Workdays(5), "AL-32（类推）"),
                      public="窗口正在查验您的材料")  # fmt: skip
    correcting = Stage("待补正", held_by=WINDOW, waits_for="applicant", todo="收齐补正材料", limit=Limit(Days(30), "内部要求：补正期限"),
                       public="请按补正通知把材料补齐")  # fmt: skip
    checking = Stage("资格核验", held_by=TOWN_REVIEWER, todo="核验救助资格，没有证件的委托核对", limit=Limit(Workdays(3), "ZJ-23；期限为内部要求"),
                     public="正在核验救助资格")  # fmt: skip
    verifying = Stage("核对中", no_limit="由核对案件计时", public="正在核对家庭经济状况")
    town_review = Stage("镇级审核", held_by=TOWN_REVIEWER, todo="审核并提出意见", limit=Limit(Workdays(10), "ZJ-23；期限为内部要求"),
                        public="镇（街道）正在审核您的申请")  # fmt: skip
    posting = Stage("待张贴公示", held_by=VILLAGE_AGENT, todo="张贴公示并拍照", limit=Limit(Workdays(2), "内部要求：张贴期限"),
                    public="马上在村（社区）公示")  # fmt: skip
    publicity = Stage("公示", held_by=VILLAGE_AGENT, todo="揭下公示并拍照", minimum=Minimum(Days(7), "ZJ-23"),
                      limit=Limit(After(Days(7), Workdays(2)), "内部要求：期满揭下"), public="正在公示 7 天，听取意见")  # fmt: skip
    objected = Stage("公示异议复查", no_limit="由异议案件计时", public="有人提出异议，正在复查")
    department_review = Stage("部门审核", held_by=DEPARTMENT_REVIEWER, todo="审核票据，计算救助金额", limit=Limit(Workdays(10), "R649-30；ZJ-23；期限为内部要求"),
                              public="医保部门正在审核")  # fmt: skip
    decision = Stage("部门审批", held_by=DEPARTMENT_APPROVER, todo="作出决定", limit=Limit(Workdays(5), "R649-30；ZJ-23；期限为内部要求"),
                     public="医保部门正在作决定")  # fmt: skip
    granted = Stage("待支付", held_by=DEPARTMENT_REVIEWER, todo="支付救助金并登记", limit=Limit(Workdays(10), "MF-11；期限为内部要求"),
                    public="已经批准，正在支付")  # fmt: skip
    refusing = Stage("待送达不予救助通知", held_by=WINDOW, todo="送达不予救助通知书", limit=Limit(Workdays(3), "内部要求：送达期限"),
                     assigns=SAME_PERSON, refusal=True, public="没有批准，通知书正在送达")  # fmt: skip
    paid = Stage("已救助", final=True, result="approved", public="救助金已经支付")
    refused = Stage("不予救助", final=True, result="refused", public="没有批准，您可以申请复议或起诉")
    withdrawn = Stage("已撤回", final=True, result="withdrawn", public="申请已撤回")
    discarded = Stage("已作废", final=True, result="discarded", public="没有提交，已作废")

    submit = action("提交申请", draft.to(submitted), by=(WINDOW, VILLAGE_AGENT), form=MedicalApplication, says="提交了医疗救助申请",
                    source="R649-30；ZJ-23", effects=(take_application,), primary=True)  # fmt: skip
    discard = action("作废", draft.to(discarded), by=(WINDOW, VILLAGE_AGENT), says="作废了草稿", effects=(tells_parent("discarded"),))
    accept = action("受理", submitted.to(checking), by=WINDOW, says="受理了申请", source="R649-30；ZJ-23",
                    needs=materials.with_also(aid.papers, "application", "identity", "medical_bill", "insurance_sheet"),
                    effects=(aid.accept,), binds=True, hand="intake", primary=True)  # fmt: skip
    notify_missing = action("一次性告知补正", submitted.to(correcting), by=WINDOW, form=aid.Gaps, says="一次性告知了全部缺件",
                            source="ZJ-23；R649-11（类推）", effects=(aid.note_gaps,))  # fmt: skip
    complete = action("补正齐备，受理", correcting.to(checking), by=WINDOW, says="材料补齐，受理了申请", source="R649-30；ZJ-23",
                      needs=materials.with_also(aid.papers, "application", "identity", "medical_bill", "insurance_sheet"),
                      effects=(aid.accept,), binds=True, hand="intake", primary=True)  # fmt: skip
    lapse = action("逾期未补，视为撤回", correcting.to(withdrawn), by=WINDOW, form=aid.Written, says="逾期未补正，按撤回办结", source="内部要求",
                   when=(guards.stage_limit_passed,), effects=(release_bills, tells_parent("withdrawn")))  # fmt: skip
    withdraw = action("申请人撤回", from_any(withdrawn, submitted, correcting, checking, town_review, department_review), by=WINDOW,
                      form=aid.Written, says="申请人书面撤回", source="内部要求", needs=materials.any_of("withdrawal_letter"),
                      effects=(release_bills, tells_parent("withdrawn")))  # fmt: skip

    pass_on = action("资格有效，转部门审核", checking.to(department_review), by=TOWN_REVIEWER, says="救助资格有效，转医保部门审核", source="R649-30；ZJ-23",
                     when=(aid.holds_tier,), effects=(aid.fix_tier, handed_to(DEPARTMENT)), primary=True)  # fmt: skip
    ask_check = action("委托核对", checking.to(verifying), by=TOWN_REVIEWER, says="委托核对家庭经济状况", source="R649-58；ZJ-23",
                       when=(aid.needs_check,), effects=(aid.open_check,))  # fmt: skip
    review_here = action("不需核对，转镇级审核", checking.to(town_review), by=TOWN_REVIEWER, says="已有证件或核对结论，转镇级审核", source="ZJ-23",
                         when=(aid.needs_no_check,), effects=(aid.fix_tier,))  # fmt: skip
    report_check = action("收到核对报告", verifying.to(town_review), by=LINKED, form=aid.CheckReport, says="收到信息核对报告", source="R649-58",
                          effects=(aid.take_check,), hand="check")  # fmt: skip
    agree_here = action("拟同意", town_review.to(posting), by=TOWN_REVIEWER, form=TownOpinion, says="镇级审核拟同意", source="ZJ-23",
                        apart_from=("intake",), effects=(propose,), hand="opinion", primary=True)  # fmt: skip
    disagree_here = action("拟不同意，报部门", town_review.to(department_review), by=TOWN_REVIEWER, form=aid.Refusal, says="镇级审核拟不同意",
                           source="ZJ-23", apart_from=("intake",), effects=(aid.propose_refusal, handed_to(DEPARTMENT)), hand="opinion")  # fmt: skip
    post = action("张贴公示", posting.to(publicity), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.Posting, says="张贴了公示", source="ZJ-23",
                  needs=materials.photo("posting_photo"), when=(board.has_telephone,), effects=(board.put_up("aid"),), primary=True)  # fmt: skip
    repost = action("公示缺失，重新张贴", again(publicity), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.PosterGap, says="公示缺失，重新起算 7 天",
                    source="内部要求", effects=(board.replace("aid"),))  # fmt: skip
    take_down = action("期满无异议，揭下", publicity.to(department_review), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.TakingDown,
                       says="公示期满无异议，转医保部门审核", source="ZJ-23", when=(guards.minimum_over,), needs=materials.photo("taking_down_photo"),
                       effects=(board.take_down, end_publicity, handed_to(DEPARTMENT)), primary=True)  # fmt: skip
    object_ = action("收到异议", publicity.to(objected), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.ObjectionReceived, says="公示期内收到异议",
                     source="ZJ-23", when=(guards.in_publicity_time,), effects=(board.take_down, open_objection))  # fmt: skip
    objection_rejected = action("异议不成立", objected.to(department_review), by=LINKED, form=aid.Written, says="异议不成立，转医保部门审核",
                                source="ZJ-23", effects=(end_publicity, handed_to(DEPARTMENT)))  # fmt: skip
    objection_upheld = action("异议成立", objected.to(town_review), by=LINKED, form=aid.Written, says="异议成立，重新审核", source="ZJ-23")

    agree = action("拟同意，报审批", department_review.to(decision), by=DEPARTMENT_REVIEWER, form=Amount, says="部门审核拟同意", source="R649-29、30；ZJ-22、23",
                   apart_from=("intake", "opinion"), effects=(propose_amount,), hand="department_review", primary=True)  # fmt: skip
    disagree = action("拟不予救助，报审批", department_review.to(decision), by=DEPARTMENT_REVIEWER, form=aid.Refusal, says="部门审核拟不予救助",
                      source="R649-30；ZJ-23", apart_from=("intake", "opinion"), effects=(aid.propose_refusal,), hand="department_review")  # fmt: skip
    send_back = action("退回核验", department_review.to(checking), by=DEPARTMENT_REVIEWER, form=aid.Written, says="退回镇（街道）补充核验",
                       source="内部要求：退回补正", sends_back=True)  # fmt: skip
    approve = action("同意救助", decision.to(granted), by=DEPARTMENT_APPROVER, form=aid.Decision, says="同意救助", source="R649-30；ZJ-23", decides=True,
                     apart_from=("intake", "check", "opinion", "department_review"), when=(aid.proposed_approval,), effects=(grant,),
                     hand="decision", primary=True)  # fmt: skip
    refuse = action("不予救助", decision.to(refusing), by=DEPARTMENT_APPROVER, form=aid.Refusal, says="不予救助", source="R649-30；ZJ-23", decides=True,
                    apart_from=("intake", "check", "opinion", "department_review"), effects=(aid.note_refusal, release_bills), hand="decision")  # fmt: skip
    reconsider = action("退回审核", decision.to(department_review), by=DEPARTMENT_APPROVER, form=aid.Written, says="退回部门审核",
                        source="内部要求：退回补正", sends_back=True)  # fmt: skip
    pay = action("登记支付", granted.to(paid), by=DEPARTMENT_REVIEWER, form=aid.Payment, says="支付了救助金，记入救助台账", source="MF-11；ZJ-46",
                 apart_from=("decision",), effects=(aid.pay, tells_parent("approved")), primary=True)  # fmt: skip
    serve_refusal = action("送达不予救助通知", refusing.to(refused), by=WINDOW, form=aid.Service, says="送达了不予救助通知书", source="R649-65",
                           needs=materials.any_of("service_proof"), effects=(tells_parent("refused"),), primary=True)  # fmt: skip
    note_late_objection = action("登记逾期异议", stays(publicity, department_review, decision), by=(VILLAGE_AGENT, TOWN_REVIEWER),
                                 form=ask.ObjectionReceived, says="收到逾期异议，如实登记", source="ZJ-23", when=(guards.publicity_time_over,))  # fmt: skip
