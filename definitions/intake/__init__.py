"""一门受理、协同办理 (intake): a family comes once; its needs are assessed once, split into cases of their own, and answered.

No limit of law runs on the intake itself but that it is handled or handed on in time (R649-60; ZJ-53); each case opened
from it has its own clock.
"""

from definitions.intake import assessing, forms, guards
from definitions.intake import effects as do
from definitions.shared import materials
from workflow.desk.policies import SAME_PERSON
from workflow.periods import Workdays
from workflow.roles import LINKED, SYSTEM, VILLAGE_AGENT, WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action, from_any, stays

IN_TIME = "R649-60；ZJ-53；天数为内部要求"


class Intake(Definition):
    """综合受理：登记、需求评估、分办、等结果、回访。"""

    code, editions, title, prefix = "intake", ("NB2016", "NAT2021", "NAT2021-DELEGATED"), "综合受理", "ZH"
    opened_by, papers = (WINDOW, VILLAGE_AGENT), materials.MATERIALS
    steps = ("opened", "registered", "assessed", "waiting", "feedback", "closed")

    opened = Stage("登记中", held_by=WINDOW, todo="登记来意、渠道和申请人", limit=Limit(Workdays(1), "内部要求：当天登记"),
                   public="窗口正在登记您的来意", initial=True)  # fmt: skip
    registered = Stage("已登记", held_by=WINDOW, todo="评估需求", limit=Limit(Workdays(2), IN_TIME), public="已登记，窗口正在了解您家的困难")
    assessed = Stage("已评估", held_by=WINDOW, todo="逐项开办或者转办", limit=Limit(Workdays(2), IN_TIME), public="已评估，窗口正在逐项安排")
    waiting = Stage("分办中", no_limit="各办件分别计时", public="已分别开办，每一项办到哪一步列在下面")
    feedback = Stage("待回访", held_by=WINDOW, todo="回访申请人，登记意见", limit=Limit(Workdays(5), "内部要求：回访期限"), assigns=SAME_PERSON,
                     public="各项都有结果，窗口将回访您")  # fmt: skip
    closed = Stage("已办结", final=True, result="closed", public="各项都已办结，窗口已回访")
    told = Stage("已当面答复", final=True, result="answered", public="窗口已当面答复")
    withdrawn = Stage("已撤回", final=True, result="withdrawn", public="您已撤回")
    discarded = Stage("已作废", final=True, result="discarded", public="没有登记，已作废")

    register = action("登记", opened.to(registered), by=(WINDOW, VILLAGE_AGENT), form=forms.Registration, says="登记了来件，交给收件凭证",
                      source="R649-11、60；ZJ-53", guards=(guards.entrusted,), effects=(do.take_registration,), primary=True)  # fmt: skip
    discard = action("作废", opened.to(discarded), by=(WINDOW, VILLAGE_AGENT), says="作废了没有登记的来件")
    assess = action("需求评估", registered.to(assessed), by=WINDOW, form=assessing.Assessment, says="评估了需求", source="R649-60",
                    effects=(do.take_assessment,), hand="intake", primary=True)  # fmt: skip
    assess_again = action("补充评估", stays(assessed), by=WINDOW, form=assessing.Assessment, says="补充了需求评估", source="R649-60",
                          effects=(do.take_assessment,), hand="intake")  # fmt: skip
    split = action("分办", assessed.to(waiting), by=WINDOW, form=forms.Split, says="逐项开办、转办", source="R649-60；ZJ-53",
                   effects=(do.set_going,), hand="intake", primary=True)  # fmt: skip
    answer = action("无事项可办，当面答复", assessed.to(told), by=WINDOW, form=forms.Answered, says="没有要开办的事项，当面答复了申请人",
                    source="R649-60", effects=(do.note_decisions,), hand="intake")  # fmt: skip
    add = action("追加开办或者转办", stays(waiting), by=WINDOW, form=forms.Split, says="追加开办、转办", source="R649-60；ZJ-53",
                 effects=(do.set_going,), hand="intake")  # fmt: skip
    child_ended = action("一项有了结果", stays(waiting), by=LINKED, form=forms.ChildResult, says="一项办件的结果回到窗口", source="ZJ-53",
                         effects=(do.note_result,))  # fmt: skip
    results_in = action("结果到齐", waiting.to(feedback), by=SYSTEM, says="各项办件都有了结果，转窗口回访", source="ZJ-53",
                        when=(guards.all_answered,), effects=(do.gather_results,))  # fmt: skip
    call_failed = action("登记没有联系上", stays(feedback), by=WINDOW, form=forms.Try, says="回访没有联系上", source="内部要求",
                         effects=(do.count_try,))  # fmt: skip
    call_back = action("登记回访", feedback.to(closed), by=WINDOW, form=forms.CallBack, says="回访了申请人", source="ZJ-53；内部要求：回访",
                       effects=(do.take_answer,), primary=True)  # fmt: skip
    close_unreached = action("多次联系不上，办结", feedback.to(closed), by=WINDOW, form=forms.Unreached, says="多次联系不上，书面告知后办结",
                             source="内部要求", when=(guards.tried_often,))  # fmt: skip
    withdraw = action("申请人不再申请", from_any(withdrawn, registered, assessed), by=WINDOW, form=forms.Withdrawal, says="申请人不再申请",
                      source="R649-11")  # fmt: skip
