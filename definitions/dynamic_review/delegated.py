"""复核 where the town decides (NAT2021-DELEGATED, 权限下放 M57-2). Otherwise as where the county decides."""

from definitions.dibao import effects as dibao
from definitions.dynamic_review import rules
from definitions.shared import guards, materials
from workflow.desk.policies import SAME_PERSON
from workflow.flow.returns import returns
from workflow.periods import OnDate, Workdays
from workflow.roles import INVESTIGATOR, LINKED, TOWN_APPROVER, TOWN_REVIEWER, VERIFIER, VILLAGE_AGENT, WINDOW
from workflow.vocabulary import Definition, Limit, Part, Span, Stage, action, stays


class DynamicReviewDelegated(Definition):
    """复核，乡镇决定。"""

    code, editions, title, prefix = "dynamic_review", ("NAT2021-DELEGATED",), "动态复核", "FH"
    papers = materials.MATERIALS
    steps = ("collecting", "determining", "deciding", "notifying", "done")
    spans = (
        Span("review", "复核到期", since=("open",), until=("decide",), rule=OnDate("review_due"), source="M57-31", held_by=TOWN_REVIEWER),
    )

    collecting = Stage(
        "采集情况", held_by=TOWN_REVIEWER, todo="汇总复核情况", within="review", initial=True,
        parts=(
            Part("report", "家庭申报", WINDOW, "请家庭申报现在的情况", no_limit="在复核到期日之前"),
            Part("check", "信息核对", VERIFIER, "核对家庭经济状况", opens="verification", no_limit="由核对案件计时"),
            Part("visit", "入户走访", INVESTIGATOR, "入户走访", required=False, no_limit="C 类和有疑点的家庭必须走访",
                 assigns=SAME_PERSON),
        ),
    )  # fmt: skip
    determining = Stage("认定", held_by=TOWN_REVIEWER, todo="提出复核结果", within="review")
    deciding = Stage("复核决定", held_by=TOWN_APPROVER, todo="作出复核决定", within="review")
    notifying = Stage("告知", held_by=WINDOW, todo="书面告知复核结果", limit=Limit(Workdays(3), "M57-32；期限为内部要求"))
    done = Stage("复核办结", final=True, result="kept")
    void = Stage("不再复核", final=True, result="void")

    report = action("登记家庭申报", stays(collecting), by=(WINDOW, VILLAGE_AGENT, TOWN_REVIEWER), form=rules.SelfReport, says="登记了家庭申报",
                    source="R649-13；M57-30", completes="report", effects=(rules.take_report,), primary=True)  # fmt: skip
    report_check = action("收到核对报告", stays(collecting), by=LINKED, form=rules.CheckReport, says="收到信息核对报告", source="M57-17",
                          completes="check", effects=(rules.take_check,), hand="check")  # fmt: skip
    visit = action("提交走访表", stays(collecting), by=(INVESTIGATOR, TOWN_REVIEWER), form=rules.HouseVisit, says="完成了复核走访", source="M57-31",
                   completes="visit", needs=materials.this_round("visit_form"), effects=(dibao.take_visit,), hand="investigation", primary=True)  # fmt: skip
    conclude = action("情况齐备，转认定", collecting.to(determining), by=TOWN_REVIEWER, says="情况齐备，转入认定", source="M57-31",
                      when=(guards.all_parts_done, rules.visited_if_needed), withdrawable=True, primary=True)  # fmt: skip
    propose = action("提出复核结果", determining.to(deciding), by=TOWN_REVIEWER, form=rules.Result, says="提出了复核结果", source="M57-32",
                     apart_from=("investigation",), guards=(rules.lawful_result,), effects=(rules.propose,), hand="opinion", primary=True)  # fmt: skip
    return_ = returns("退回", {determining: (collecting,), deciding: (determining, collecting)}, source="M57-31",
                      keeps_parts=True)  # fmt: skip
    decide = action("签发复核决定", deciding.to(notifying), by=TOWN_APPROVER, says="签发了复核决定", source="M57-32", decides=True,
                    apart_from=("investigation", "check", "opinion"), effects=(rules.sign,), hand="decision", primary=True)  # fmt: skip
    notify = action("送达复核结果", notifying.to(done), by=WINDOW, form=rules.Notification, says="书面告知了复核结果", source="R649-13；M57-32", primary=True)
    drop = action("不再复核", collecting.to(void) | determining.to(void) | deciding.to(void), by=TOWN_REVIEWER, form=rules.Return,
                  says="救助已结束，不再复核", source="内部要求", when=(rules.benefit_over,))  # fmt: skip
