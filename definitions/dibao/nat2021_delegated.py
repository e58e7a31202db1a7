"""低保 under NAT2021-DELEGATED: the power to confirm sent down to the town (M57-2); the county supervises and visits."""

from definitions.dibao import effects as do
from definitions.dibao import forms as ask
from definitions.dibao import guards as must
from definitions.dibao.situations import SPECIAL_SITUATIONS
from definitions.shared import board, guards, materials, sampling
from definitions.standard_change.applying import apply_standard
from workflow.clocks import After
from workflow.flow.returns import returns
from workflow.flow.revoking import Compensation, revokes
from workflow.flow.signing import Signing, agreed, all_of, none_open
from workflow.ladders import SILENT
from workflow.periods import Days, Months, Workdays
from workflow.roles import (
    COUNTY_REVIEWER,
    INVESTIGATOR,
    LINKED,
    SYSTEM,
    TOWN_APPROVER,
    TOWN_REVIEWER,
    VERIFIER,
    VILLAGE_AGENT,
    WINDOW,
)
from workflow.vocabulary import (
    Definition,
    Extension,
    Limit,
    Minimum,
    Part,
    Span,
    Stage,
    action,
    again,
    from_any,
    stays,
)


class DibaoNat2021Delegated(Definition):
    """低保，权限下放：总时限 20 个工作日，乡镇确认，县级监督。"""

    code, editions, title, prefix = "dibao", ("NAT2021-DELEGATED",), "最低生活保障", "DB"
    opened_by, papers = (WINDOW, VILLAGE_AGENT), materials.MATERIALS
    steps = ("submitted", "investigating", "opinion", "publicity", "decision", "on_benefit")
    spans = (
        Span("receipt", "收件起 20 个工作日（仅供参照）", since=("submit",), until=("approve", "refuse"),
             rule=Workdays(20), source="N22 四(一)", held_by=WINDOW, ladder=SILENT),
        Span("overall", "审核确认总时限", since=("accept", "complete"), until=("approve", "refuse", "refuse_uncontested"),
             rule=Workdays(20), source="N22 四(一)", held_by=TOWN_REVIEWER,
             extension=Extension(Workdays(45), SPECIAL_SITUATIONS, "M57-22；N22 四(一)")),
    )  # fmt: skip

    draft = Stage("草稿", held_by=WINDOW, waits_for="applicant", todo="填好并提交申请", no_limit="尚未提交，法律未定时限", public="申请还没有提交", initial=True)
    submitted = Stage("已提交", held_by=WINDOW, todo="查验材料，受理或一次性告知", limit=Limit(Workdays(5), "AL-32（类推）"),
                      public="窗口正在查验您的材料")
    correcting = Stage("待补正", held_by=WINDOW, waits_for="applicant", todo="收齐补正材料", limit=Limit(Days(30), "内部要求：补正期限"),
                       public="请按补正通知把材料补齐")
    accepted = Stage("已受理", held_by=WINDOW, todo="安排调查", limit=Limit(Workdays(3), "M57-15"), public="已受理，正在安排调查")
    investigating = Stage(
        "调查核实", held_by=TOWN_REVIEWER, todo="汇总调查情况", within="overall", public="正在核对信息、入户走访",
        parts=(
            Part("check", "信息核对", VERIFIER, "核对家庭经济状况", opens="verification", no_limit="由核对案件计时"),
            Part("visit", "入户调查", INVESTIGATOR, "入户走访，双方签字", no_limit="在总时限之内（M57-22）"),
            Part("neighbours", "邻里访问、信函索证", INVESTIGATOR, "访问邻里或发函", required=False, no_limit="可选事项"),
        ),
    )
    contesting = Stage("核对异议", held_by=TOWN_REVIEWER, waits_for="applicant", todo="听取申请人异议", limit=Limit(Days(15), "M57-18；期限为内部要求"),
                       public="信息核对有疑问，您可以提出异议和证据")
    rechecking = Stage("异议成立，待复查", held_by=TOWN_REVIEWER, todo="决定重新调查还是民主评议", limit=Limit(Workdays(3), "M57-19；期限为内部要求"),
                       public="异议成立，正在重新审核")
    appraising = Stage("民主评议", held_by=TOWN_REVIEWER, todo="组织民主评议", within="overall", public="村（社区）正在评议")
    opinion = Stage("初审", held_by=TOWN_REVIEWER, todo="写初审意见", within="overall", public="镇（街道）正在审核您的申请")
    posting = Stage("待张贴公示", held_by=VILLAGE_AGENT, todo="张贴公示并拍照", limit=Limit(Workdays(2), "内部要求：张贴期限"),
                    public="马上在村（社区）公示")
    publicity = Stage("公示", held_by=VILLAGE_AGENT, todo="揭下公示并拍照", minimum=Minimum(Days(7), "M57-19；N22 四(二)"),
                      limit=Limit(After(Days(7), Workdays(2)), "内部要求：期满揭下"), public="正在公示 7 天，听取意见")
    objected = Stage("公示异议复查", no_limit="由异议案件计时", public="有人提出异议，正在复查")
    county_visit = Stage("入户抽查", held_by=COUNTY_REVIEWER, todo="入户抽查", within="overall", public="县级民政正在入户抽查")
    decision = Stage("确认", held_by=TOWN_APPROVER, todo="作出确认决定", within="overall", public="镇（街道）正在作决定", parts=(
        Part("joint", "疑难个案会商", TOWN_APPROVER, "会签个案意见",
             signing=Signing(all_of(), by=(TOWN_REVIEWER, COUNTY_REVIEWER), source="内部要求：疑难个案会商", hand="opinion", on_demand=True)),
    ))
    approved = Stage("已确认", held_by=WINDOW, todo="送达确认通知、核验账户", limit=Limit(Workdays(3), "M57-21；期限为内部要求"),
                     public="已确认，正在送达")
    on_benefit = Stage("保障中", no_limit="按期复核，由复核案件计时", public="已在享受救助", keeps=True)
    suspended = Stage("暂停发放", held_by=TOWN_REVIEWER, todo="查明情况，恢复或停发", limit=Limit(Months(3), "内部要求：暂停最长三个月"),
                      public="救助金暂停发放，请与窗口联系", keeps=True, pauses=True)
    gradual_exit = Stage("渐退期", no_limit="期满日已由决定写明", public="在渐退期内", keeps=True)
    refusing = Stage("待送达不予确认通知", held_by=WINDOW, todo="送达不予确认通知书", limit=Limit(Workdays(3), "M57-21"),
                     refusal=True, public="没有批准，通知书正在送达")
    refused = Stage("不予确认", final=True, result="refused", public="没有批准，您可以申请复议或起诉")
    not_accepted = Stage("不予受理", final=True, result="not_accepted", refusal=True, public="没有受理")
    terminated = Stage("终止审核", final=True, result="terminated", refusal=True, public="审核已终止")
    withdrawn = Stage("已撤回", final=True, result="withdrawn", public="申请已撤回")
    revoked = Stage("已撤销", final=True, result="revoked", public="案件已撤销，请与窗口联系")
    discarded = Stage("已作废", final=True, result="discarded", public="没有提交，已作废")
    stopped = Stage("已停发", final=True, result="stopped", public="救助已停止")

    submit = action("提交申请", draft.to(submitted), by=(WINDOW, VILLAGE_AGENT), form=ask.Submission, says="提交了申请", source="M57-6",
                    guards=(must.agent_entrusted,), when=(guards.only_case_of_household,), effects=(do.take_application,), primary=True)
    discard = action("作废", draft.to(discarded), by=(WINDOW, VILLAGE_AGENT), says="作废了草稿")
    accept = action("受理", submitted.to(accepted), by=WINDOW, form=ask.Acceptance, says="受理了申请，交给收件凭证", source="M57-10",
                    needs=materials.needs_application, when=(must.nothing_missing,), effects=(do.accept_case,), binds=True, hand="intake", primary=True)
    notify_missing = action("一次性告知补正", submitted.to(correcting), by=WINDOW, form=ask.Correction, says="一次性告知了全部缺件",
                            source="M57-10", guards=(must.something_missing, must.notified_once), effects=(do.list_gaps,))
    refuse_intake = action("不予受理", submitted.to(not_accepted), by=WINDOW, form=ask.NotAccepted, says="不予受理", source="M57-10")
    complete = action("补正齐备，受理", correcting.to(accepted), by=WINDOW, form=ask.Completed, says="材料补齐，受理了申请", source="M57-10",
                      needs=materials.needs_application, effects=(do.add_authorisations, do.accept_case), binds=True, hand="intake", primary=True)
    lapse = action("逾期未补，视为撤回", correcting.to(withdrawn), by=WINDOW, form=ask.ReasonForm, says="逾期未补正，按撤回办结",
                   source="内部要求", when=(guards.stage_limit_passed,))
    withdraw = action("申请人撤回", from_any(withdrawn, submitted, correcting, accepted, investigating, contesting, appraising, opinion),
                      by=WINDOW, form=ask.ReasonForm, says="申请人书面撤回", source="M57-6", needs=materials.any_of("withdrawal_letter"))
    declare = action("登记近亲属关系", stays(submitted, correcting, accepted, investigating), by=(WINDOW, TOWN_REVIEWER), form=ask.Declaration,
                     says="登记了近亲属关系", source="M57-11", effects=(do.declare_kinship,))
    recuse = action("申明回避", stays(accepted, investigating, appraising, opinion, decision),
                    by=(INVESTIGATOR, TOWN_REVIEWER, TOWN_APPROVER), form=ask.ReasonForm, says="申明回避", source="M57-11",
                    effects=(do.bar_self,))
    start = action("启动调查", accepted.to(investigating), by=(WINDOW, TOWN_REVIEWER), says="启动了调查", source="M57-15", primary=True)

    report_check = action("收到核对报告", stays(investigating), by=LINKED, form=ask.CheckReport, says="收到信息核对报告", source="M57-17",
                          completes="check", effects=(do.take_check,), hand="check")
    visit = action("提交入户调查表", stays(investigating), by=(INVESTIGATOR, TOWN_REVIEWER), form=ask.HouseVisit, says="完成了入户调查",
                   source="M57-16", completes="visit", needs=materials.this_round("visit_form"), effects=(do.take_visit,), hand="investigation", primary=True)
    no_contact = action("登记未见到人", stays(investigating), by=(INVESTIGATOR, TOWN_REVIEWER), form=ask.NoContact, says="走访未见到人",
                        source="M57-15", effects=(do.count_no_contact,))
    ask_neighbours = action("提交邻里访问", stays(investigating), by=(INVESTIGATOR, TOWN_REVIEWER), form=ask.NeighbourVisit,
                            says="完成了邻里访问", source="M57-15", completes="neighbours", hand="investigation")
    conclude = action("调查完成，转初审", investigating.to(opinion), by=TOWN_REVIEWER, says="调查完成，转入初审", source="M57-16",
                      when=(guards.all_parts_done, must.check_not_negative), withdrawable=True, primary=True)
    report_check_failed = action("核对不符，告知申请人", investigating.to(contesting), by=TOWN_REVIEWER, form=ask.ReasonForm,
                                 says="告知申请人核对不符", source="M57-18", when=(guards.all_parts_done, must.check_was_negative))
    warn = action("书面告知配合", stays(investigating), by=TOWN_REVIEWER, form=ask.CooperationWarning, says="书面告知申请人配合调查", source="M57-29",
                  effects=(do.count_warning,))
    terminate = action("终止审核", investigating.to(terminated), by=TOWN_REVIEWER, form=ask.ReasonForm, says="因拒不配合终止审核",
                       source="M57-29", when=(must.contact_tried,))
    contest = action("申请人提出异议", contesting.to(investigating), by=(TOWN_REVIEWER, WINDOW), form=ask.CheckObjection, says="申请人对核对结果提出异议，重新核对",
                     source="M57-18", needs=materials.any_of("objection_evidence"), primary=True)
    refuse_uncontested = action("无异议，不予确认", contesting.to(refusing), by=TOWN_REVIEWER, form=ask.ReasonForm, says="核对不符且无异议，不予确认",
                                source="M57-18", apart_from=("investigation", "check", "opinion"), decides=True, effects=(do.note_refusal,))

    appraise = action("评议一致", appraising.to(opinion), by=TOWN_REVIEWER, form=ask.AppraisalConclusion, says="民主评议：情况属实",
                      source="M57-19", guards=(must.appraised_properly,), effects=(do.take_appraisal,), hand="appraisal", primary=True)
    dispute = action("评议争议较大，重新调查", appraising.to(investigating), by=TOWN_REVIEWER, form=ask.AppraisalDispute, says="民主评议争议较大，退回调查",
                     source="M57-19", guards=(must.appraised_properly,), hand="appraisal")
    town_return = returns("退回", {appraising: (investigating,), opinion: (investigating, accepted)}, by=TOWN_REVIEWER,
                          source="M57-15；内部要求：退回补正", straight_back=(accepted,), keeps_parts=True)
    propose_approve = action("拟同意", opinion.to(posting), by=TOWN_REVIEWER, form=ask.Approval, says="初审拟同意", source="M57-19、23",
                             apart_from=("investigation",), guards=(must.agrees_or_explains_approval,), effects=(do.propose_approval,),
                             hand="opinion", primary=True)
    propose_refuse = action("拟不同意，报确认", opinion.to(decision), by=TOWN_REVIEWER, form=ask.Refusal, says="初审拟不同意", source="M57-19",
                            apart_from=("investigation",), effects=(do.propose_refusal,), hand="opinion")

    post = action("张贴公示", posting.to(publicity), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.Posting, says="张贴了公示", source="M57-19",
                  needs=materials.photo("posting_photo"), when=(board.has_telephone,), effects=(board.put_up("first"),), primary=True)
    repost = action("公示缺失，重新张贴", again(publicity), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.PosterGap, says="公示缺失，重新起算 7 天",
                    source="内部要求", effects=(board.replace("first"),))
    take_down = action("期满无异议，揭下", publicity.to(decision), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.TakingDown, says="公示期满无异议",
                       source="M57-19", when=(guards.minimum_over,), needs=materials.photo("taking_down_photo"), effects=(board.take_down, sampling.draw), primary=True)
    object_ = action("收到异议", publicity.to(objected), by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.ObjectionReceived, says="公示期内收到异议",
                     source="M57-19", when=(guards.in_publicity_time,), effects=(board.take_down, do.open_objection))
    note_late_objection = action("登记逾期异议", stays(publicity, decision),
                                 by=(VILLAGE_AGENT, TOWN_REVIEWER), form=ask.ObjectionReceived, says="收到逾期异议，如实登记", source="M57-19",
                                 when=(guards.publicity_time_over,), effects=(do.count_late_objection,))
    objection_rejected = action("异议不成立", objected.to(decision), by=LINKED, form=ask.ReasonForm, says="异议不成立", source="M57-19", effects=(sampling.draw,))
    objection_upheld = action("异议成立", objected.to(rechecking), by=LINKED, form=ask.ReasonForm, says="异议成立，待复查", source="M57-19")
    reinvestigate = action("重新调查", rechecking.to(investigating), by=TOWN_REVIEWER, says="决定重新调查", source="M57-19", primary=True)
    appraise_instead = action("改开民主评议", rechecking.to(appraising), by=TOWN_REVIEWER, says="决定开民主评议", source="M57-19")
    draw_afterwards = action("月末抽查", stays(decision, approved, on_benefit), by=SYSTEM, says="月末抽查中，应由县级入户抽查",
                             source="M57-2；比例为内部要求", effects=(sampling.mark_afterwards, do.visit_afterwards))
    mark_doubt = action("登记举报或疑点", stays(decision), by=COUNTY_REVIEWER, form=ask.ReasonForm, says="登记疑点，须入户抽查", source="M57-20",
                        effects=(do.mark_doubt,))
    send_visitors = action("请县级入户抽查", decision.to(county_visit), by=(TOWN_REVIEWER, TOWN_APPROVER), says="请县级入户抽查", source="M57-20",
                           when=(must.sampled,))
    county_match = action("抽查相符", county_visit.to(decision), by=COUNTY_REVIEWER, form=ask.CountyVisit, says="县级入户抽查相符", source="M57-20",
                          effects=(do.take_county_visit,), hand="county_visit", primary=True)
    county_mismatch = action("抽查不符，退回调查", county_visit.to(investigating), by=COUNTY_REVIEWER, form=ask.CountyVisitMismatch,
                             says="县级入户抽查不符，退回调查", source="M57-20", effects=(do.mark_mismatch,), hand="county_visit")
    approver_return = returns("退回", {decision: (opinion, investigating)}, by=TOWN_APPROVER, source="M57-19", keeps_parts=True,
                              when=(must.not_returned_before,), effects=(do.mark_returned,))

    approve = action("确认", decision.to(approved), by=TOWN_APPROVER, form=ask.Decision, says="确认救助", source="M57-21", decides=True,
                     apart_from=("investigation", "check", "opinion", "county_visit"), when=(must.proposed_approval, must.town_proposed_approval, must.visited_if_sampled, none_open("joint"), agreed("joint")),
                     effects=(do.grant,), hand="decision", primary=True)
    refuse = action("不予确认", decision.to(refusing), by=TOWN_APPROVER, form=ask.Refusal, says="不予确认", source="M57-21；R649-11", decides=True,
                    apart_from=("investigation", "check", "opinion", "county_visit"), when=(none_open("joint"),), effects=(do.note_refusal,), hand="decision")
    serve_refusal = action("送达不予确认通知", refusing.to(refused), by=WINDOW, form=ask.Service, says="送达了不予确认通知书", source="M57-20", needs=materials.any_of("service_proof"), primary=True)
    certify = action("送达确认通知、开户", approved.to(on_benefit), by=WINDOW, form=ask.Certificate, says="送达确认通知书，账户已核验", source="M57-21",
                     effects=(do.open_account,), primary=True)

    report_change = action("登记变化", stays(on_benefit, suspended, gradual_exit), by=(VILLAGE_AGENT, WINDOW, TOWN_REVIEWER), form=ask.ChangeReport,
                           says="登记了家庭变化，启动复核", source="R649-13；M57-30", effects=(do.open_change_review,))
    report_death = action("登记成员死亡", stays(on_benefit, suspended, gradual_exit), by=(VILLAGE_AGENT, WINDOW, TOWN_REVIEWER), form=ask.DeathReport,
                          says="登记了成员死亡，启动复核", source="N22 一(三)", effects=(do.take_death,))
    open_review = action("到期启动复核", stays(on_benefit, suspended, gradual_exit), by=SYSTEM, says="到期复核已启动", source="M57-31",
                         effects=(do.open_scheduled_review,))
    take_review = action("复核决定", stays(on_benefit, suspended, gradual_exit), by=LINKED, form=ask.ReviewResult, says="收到复核决定", source="M57-32",
                         effects=(do.take_new_plan,))
    adjust = action("调整金额", stays(on_benefit, suspended, gradual_exit), by=SYSTEM, form=ask.Adjustment, says="按复核决定调整金额", source="M57-31",
                    effects=(do.adjust_benefit,))
    standard_changed = action("执行新标准", stays(approved, on_benefit, suspended, gradual_exit), by=SYSTEM, form=ask.StandardAdjustment, says="按新的救助标准调整",
                              source="R649-10", effects=(apply_standard,))
    begin_grace = action("进入渐退期", on_benefit.to(gradual_exit), by=SYSTEM, form=ask.Grace, says="按复核决定进入渐退期", source="M57-33；N22 一(三)", effects=(do.begin_grace,))
    leave_grace = action("恢复保障", gradual_exit.to(on_benefit), by=SYSTEM, form=ask.Adjustment, says="收入回落，按复核决定恢复保障", source="M57-33；N22 一(三)",
                         effects=(do.leave_grace,))
    end_grace = action("渐退期满停发", gradual_exit.to(stopped), by=SYSTEM, form=ask.Adjustment, says="渐退期满，停止救助", source="M57-33；N22 一(三)", effects=(do.end_benefit,))
    suspend = action("暂停发放", on_benefit.to(suspended), by=TOWN_APPROVER, form=ask.Suspension, says="书面通知暂停发放", source="内部要求", decides=True,
                     apart_from=("investigation", "opinion"))
    resume = action("恢复发放", suspended.to(on_benefit), by=TOWN_APPROVER, form=ask.ReasonForm, says="恢复发放，补发暂停月份", source="内部要求", decides=True,
                    apart_from=("investigation", "opinion"), effects=(do.take_back_stop,), primary=True)
    stop_suspended = action("停发", stays(suspended), by=TOWN_APPROVER, form=ask.ReasonForm, says="决定停发，下月起生效", source="M57-32", decides=True,
                            apart_from=("investigation", "opinion"), effects=(do.plan_stop,))
    stop = action("停发生效", from_any(stopped, on_benefit, suspended, gradual_exit), by=SYSTEM, form=ask.Adjustment, says="停发生效，救助结束", source="M57-32",
                  effects=(do.end_benefit,))
    revoke = revokes("撤销案件", revoked, submitted, correcting, accepted, investigating, contesting, rechecking, appraising, opinion, posting, publicity,
                     county_visit, decision, approved, on_benefit, suspended, gradual_exit, refusing,
                     source="R649-68；内部要求：撤销须两人", compensations=(
                         Compensation("撤下公示", board.take_down, after=(publicity,)),
                         Compensation("终止待遇，登记应追回的款项", do.end_revoked, after=(approved,)),
                     ))
