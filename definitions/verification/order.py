"""The order as a case: authorised, asked, answered source by source, concluded in a report.

The report is evidence for the decision, not the decision (R649-58). Each query of the order has a state of its own.
"""

from __future__ import annotations

from definitions.shared import materials
from definitions.verification import asking as do
from workflow.periods import Workdays
from workflow.roles import VERIFIER, WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action, stays


class Verification(Definition):
    """核对：授权、发出、逐部门答复、报告。"""

    code, editions, title, prefix = (
        "verification",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "家庭经济状况核对",
        "HD",
    )
    opened_by = (VERIFIER,)
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

    sign = action("登记补签的授权", stays(requested), by=(VERIFIER, WINDOW), form=do.Signatures, says="登记了补签的核对授权书",
                  source="M57-9；ZJ-49", needs=materials.any_of("authorisation"), effects=(do.take_signatures,))  # fmt: skip
    ask = action("发出核对", requested.to(asking), by=VERIFIER, says="向各部门发出核对", source="R649-58；ZJ-49；M57-17",
                  when=(do.authorised,), effects=(do.put_questions,), hand="check", primary=True)  # fmt: skip
    take_report = action("采用有效的核对报告", requested.to(reported), by=VERIFIER, says="采用了仍在有效期内的核对报告", source="R649-58；内部要求",
                         when=(do.report_on_file,), effects=(do.take_on_file,), hand="check")  # fmt: skip
    take_answer = action("登记答复", stays(asking), by=VERIFIER, form=do.Answers, says="登记了部门答复", source="M57-17",
                         effects=(do.take_answers,), hand="check")  # fmt: skip
    report = action("出具核对报告", asking.to(reported), by=VERIFIER, form=do.Report, says="出具了核对报告", source="R649-58；M57-17",
                    when=(do.has_answer, do.nothing_stops), effects=(do.hand_over,), hand="check", primary=True)  # fmt: skip
    drop = action(
        "不再核对",
        requested.to(dropped) | asking.to(dropped),
        by=VERIFIER,
        form=do.Drop,
        when=(do.asker_moved_on,),
        effects=(do.stop_asking,),
        says="案件已不需要核对",
        source="内部要求",
    )
