"""The forms of the dibao procedure, the same for all editions."""

from __future__ import annotations

from typing import Any

from definitions.shared.guards import round_began
from definitions.tables import CLASSES
from workflow.facts import Facts
from workflow.forms import (
    Choice,
    Day,
    Form,
    LongText,
    Member,
    Members,
    Money,
    Reason,
    Rows,
    Staff,
    Text,
    Whole,
    YesNo,
)
from workflow.households import INCOME_CATEGORIES, INCOME_KINDS
from workflow.roles import COUNTY_REVIEWER, INVESTIGATOR, TOWN_REVIEWER, VILLAGE_AGENT

REVIEW_CLASSES = CLASSES
NEAR_RELATIONS = {
    "spouse": "配偶", "parent": "父母", "child": "子女", "sibling": "兄弟姐妹", "grandparent": "祖父母、外祖父母",
    "grandchild": "孙子女、外孙子女",
}  # fmt: skip
"""Who is a near relative (M220-14)."""

SERVICE = {"direct": "直接送达", "left": "留置送达", "post": "邮寄送达", "agent": "委托村（社区）送达"}


class ReasonForm(Form):
    """An act that is only allowed with a written reason."""

    reason = Reason("理由", sample="情况属实，依规定办理")


class Submission(Form):
    """What the applicant or his agent hands in (M57-9; M220-14)."""

    applicant = Members("申请人（共同生活的家庭成员之一）", hint="选一人")
    by_agent = YesNo("由他人代为申请", sample=False, hint="代办须有书面委托书")
    authorised = Members(
        "已签核对授权书的成年成员", adults=True, hint="每个成年成员都要签（M57-9）", required=False
    )
    near_relatives = Rows(
        "近亲属备案",
        {"staff_name": Text("经办人员或村干部姓名"), "relation": Choice("关系", NEAR_RELATIONS)},
        hint="与经办人员、村（社区）委员会成员有近亲属关系的如实填写；没有就不填",
    )

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """One applicant."""
        return {} if len(form["applicant"]) == 1 else {"applicant": "申请人选一人"}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The head applies, or a village agent for him, and every adult has signed."""
        members = list(cls.fields()["applicant"].options(facts))  # type: ignore[attr-defined]
        adults = list(cls.fields()["authorised"].options(facts))  # type: ignore[attr-defined]
        if not members:
            raise LookupError("家庭成员")
        by_agent = facts.actor.roles == {VILLAGE_AGENT.code}
        return {"applicant": members[:1], "by_agent": by_agent, "authorised": adults, "near_relatives": []}


class Correction(Form):
    """The one notice that lists all gaps (M57-10; M220-13)."""

    more = LongText("另需补正的内容", required=False, hint="系统已列出全部缺件；还有其他要补的写在这里")
    again = Choice(
        "再次告知的原因", {"new_law": "法规政策变化", "new_facts": "出现新的事实"}, required=False,
        hint="补正只告知一次；只有这两种情形可以再次告知",
    )  # fmt: skip


class Completed(Form):
    """The applicant has brought what was missing."""

    authorised = Members("已签核对授权书的成年成员", adults=True)
    note = LongText("说明", required=False)

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """All adults have signed."""
        return {"authorised": list(cls.fields()["authorised"].options(facts))}  # type: ignore[attr-defined]


class NotAccepted(ReasonForm):
    """Not accepted on the spot: the reason and where to go instead."""

    right_place = Text("应当到哪里办理", sample="户籍所在地乡镇（街道）社会救助窗口")


class Acceptance(Form):
    """What the window checked before accepting."""

    hukou_ok = YesNo("户籍或居住地属于本乡镇", must=True)


class Declaration(Form):
    """A near relation that comes to light later."""

    staff_name = Text("经办人员或村干部姓名", sample="无此人")
    relation = Choice("关系", NEAR_RELATIONS)


class HouseVisit(Form):
    """A visit by two investigators or more, signed by both sides (M220-18, 19; M57-16)."""

    visited_on = Day("走访日期")
    investigators = Staff("调查人", INVESTIGATOR, TOWN_REVIEWER, at_least=2, hint="至少两人")
    signed_by = Members("在场签字的家庭成员")
    truthful = YesNo("申报情况与所见一致")
    findings = LongText("走访情况", sample="住房、生活、就业和身体情况与申报一致")
    surveyed = Rows(
        "走访查实的收入（与申报不同的才填）",
        {"person": Member("成员"), "category": Choice("收入类别", INCOME_CATEGORIES),
         "kind": Choice("细目", INCOME_KINDS, required=False), "annual": Money("年收入（元）")},
    )  # fmt: skip

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Incomes are about members of this household; a new round of investigation asks for a new visit."""
        if facts.case.facts.get("visit") and form["visited_on"] < (began := round_began(facts).isoformat()):
            return {
                "visited_on": f"本次调查从 {began} 开始，以前的走访不能用于这一次，请填写这一次的走访日期"
            }
        members = cls.fields()["signed_by"].options(facts)  # type: ignore[attr-defined]
        for row in form["surveyed"]:
            if row["person"] not in members:
                return {"surveyed": f"成员编号 {row['person']} 不是本户成员"}
        return {}


class NoContact(Form):
    """Nobody was there."""

    tried_on = Day("走访日期")
    how = Text("联系方式", sample="上门和电话均无人应答")


class NeighbourVisit(Form):
    """What neighbours or letters say (M220-18)."""

    visited_on = Day("走访日期")
    findings = LongText("了解到的情况", sample="邻里反映情况属实")


class CheckReport(Form):
    """The conclusion of the information check, handed over by the verification case."""

    conclusion = Choice("核对结论", {"match": "符合", "mismatch": "不符合", "doubt": "需进一步核实"})
    note = LongText("说明", required=False)


class CheckObjection(Form):
    """What the applicant says against a negative check (M220-20; M57-18)."""

    reason = Reason("异议内容", sample="核对到的存款为代他人保管，附证明")


class CooperationWarning(Form):
    """One of the two warnings before a procedure is ended for refusal to cooperate (M57-29)."""

    warned_on = Day("告知日期")
    what = LongText("告知内容", sample="请在约定时间配合入户调查")


PARTICIPANTS = {
    "town_staff": "乡镇工作人员", "party_branch": "村党组织成员", "committee": "村（居）委会成员",
    "party_member": "党员代表", "villager_rep": "村（居）民代表",
}  # fmt: skip


class Appraisal(Form):
    """A meeting that appraises whether the findings are true (M220-21 to 24)."""

    held_on = Day("评议日期")
    participants = Rows(
        "参加人员",
        {
            "name": Text("姓名"), "kind": Choice("身份", PARTICIPANTS), "signed": YesNo("已签字"),
            "near_relative": YesNo("是申请人近亲属"),
        },
        at_least=3, hint="村（居）民代表不少于三分之二；近亲属应当回避",
    )  # fmt: skip
    minutes = LongText("评议记录", sample="与会人员对调查情况进行了讨论")

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """Nine people, six of them villager representatives."""
        kinds = ["town_staff", "party_branch", "committee", *["villager_rep"] * 6]
        return {
            "held_on": facts.today.isoformat(),
            "participants": [
                {"name": f"参会人{number}", "kind": kind, "signed": True, "near_relative": False}
                for number, kind in enumerate(kinds, 1)
            ],
            "minutes": "与会人员对调查情况进行了讨论，认为情况属实",
        }


class AppraisalConclusion(Appraisal):
    """All agree."""


class AppraisalDispute(Appraisal):
    """A big dispute: back to investigation."""

    reason = Reason("争议内容", sample="与会人员对收入情况争议较大")

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """As a meeting, with what was disputed."""
        return super().example(facts) | {"reason": "与会人员对收入情况争议较大"}


class Approval(Form):
    """The town reviewer proposes to approve. The amount is computed; another one needs a written reason."""

    review_class = Choice("复核类别", REVIEW_CLASSES)
    amount = Money("拟定月保障金（元）", required=False, hint="不填即按系统计算的金额")
    reason = Reason("与计算结果不同的理由", required=False, hint="与系统计算的结果不同时必须写明")

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The computed amount; against a negative computation with the lowest amount and a reason."""
        from definitions.dibao.effects import assessment_now

        computed = assessment_now(facts)
        if computed["eligible"] and computed["total"] != "0.00":
            return {"review_class": "A"}
        return {"review_class": "A", "amount": "100.00", "reason": "情况特殊，经集体研究拟同意"}


class Refusal(Form):
    """The town reviewer proposes to refuse, with the written reason the applicant will read (R649-11)."""

    reason = Reason("不同意的理由", sample="家庭人均收入不低于当地最低生活保障标准")


class Posting(Form):
    """The notice is on the board."""

    posted_on = Day("张贴日期", proposed=True)
    place = Text("张贴地点", sample="村务公开栏")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """The period counts from the day of posting, so that day must be today."""
        if form["posted_on"] != facts.today.isoformat():
            return {"posted_on": "公示期从张贴当日起算，请在张贴当天登记"}
        return {}


class PosterGap(Form):
    """The notice was missing for some time: the period starts anew."""

    found_on = Day("发现日期")
    reason = Reason("缺失情况", sample="公示栏被雨淋坏，已重新张贴")


class TakingDown(Form):
    """The notice has hung to its end."""

    taken_down_on = Day("揭下日期")
    complete = YesNo("公示期内一直张贴完整", must=True)


class ObjectionReceived(Form):
    """An objection to what was published: by name, or anonymous with facts."""

    received_on = Day("收到日期")
    named = YesNo("实名提出")
    content = LongText("异议内容", sample="反映该户另有收入")


class CountyVisit(Form):
    """The county's own visit to a sampled household (M220-26; M57-20)."""

    visited_on = Day("抽查日期")
    visitors = Staff("抽查人", COUNTY_REVIEWER, at_least=2, hint="至少两人")
    findings = LongText("抽查情况", sample="与上报材料一致")


class CountyVisitMismatch(CountyVisit):
    """The county found something else than the file says."""

    reason = Reason("不符的内容", sample="实际居住人口与申报不符")

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """As a visit, with what did not fit."""
        return super().example(facts) | {"reason": "实际居住人口与申报不符"}


class Decision(Form):
    """The approver signs."""

    note = LongText("审批意见", required=False, sample="同意")


class Certificate(Form):
    """The certificate is issued and the account stands in a member's name (M220-29)."""

    account_holder = Members("开户成员")
    account_number = Text("银行账号", sample="6222020000000000000")
    served_on = Day("证件送达日期")
    account_ok = YesNo("账户核验通过", must=True)


class Service(Form):
    """A letter reached the applicant."""

    served_on = Day("送达日期")
    how = Choice("送达方式", SERVICE)
    receiver = Text("签收人", sample="申请人本人")


class Suspension(Form):
    """Payment is held back for now, by written notice."""

    cause = Choice("暂停原因", {"unreachable": "联系不上", "account": "账户异常", "verification": "待核实"})
    reason = Reason("暂停的理由", sample="多次联系不上，暂停发放待核实")


class ChangeReport(Form):
    """A change of people, income or property that the family or the village reports (R649-13; ZJ-48; M57-30)."""

    kind = Choice(
        "变化类型",
        {
            "income": "收入变化",
            "property": "财产变化",
            "members": "人口变化",
            "job": "就业",
            "moved": "迁移",
            "complaint": "举报",
        },
    )
    happened_on = Day("发生日期")
    content = LongText("变化情况", sample="家庭收入有变化")


class DeathReport(Form):
    """A member has died (N22: re-checked and settled within three months)."""

    person = Members("死亡成员")
    died_on = Day("死亡日期")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """One person at a time."""
        return {} if len(form["person"]) == 1 else {"person": "一次登记一人"}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """The last listed member, today."""
        members = list(cls.fields()["person"].options(facts))  # type: ignore[attr-defined]
        if not members:
            raise LookupError("家庭成员")
        return {"person": members[-1:], "died_on": facts.today.isoformat()}


class Adjustment(Form):
    """What a signed review lays down for the benefit from a month on."""

    month = Text("起始月份", sample="2016-10")
    reason = Reason("理由", sample="复核结果")
    decided_by = Text("决定", sample="复核案件")


class StandardAdjustment(Adjustment):
    """What a released change of standards lays down for the benefit (R649-10)."""

    change = Text("调整标准案件", sample="BZ-2016-000001")


class Grace(Adjustment):
    """A gradual exit: how long (M57-33; N22)."""

    months = Whole("渐退月数", at_least=1, at_most=12)


class ReviewResult(Form):
    """The signed result of a re-check, handed over by the review case."""

    result = Choice(
        "复核结果", {"keep": "维持", "increase": "增发", "decrease": "减发", "grace": "渐退", "stop": "停发"}
    )
    review_class = Choice("复核类别", REVIEW_CLASSES)
    reason = Reason("理由")
    months = Whole("渐退月数", required=False, at_least=1, at_most=12)
    ground = Text("维持的依据", required=False)
    decided_by = Text("决定")
