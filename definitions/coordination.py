"""协调任务 (coordination): the service centre asks a department for something and sees to it that it answers (SEED 三(一)).

It may be about a case or stand alone. What is overdue goes to the director of the centre.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from definitions.departments import KINDS, chase, hand_over, not_chased_today
from workflow.actors import Actor
from workflow.acts import act, open_case
from workflow.areas import ancestor
from workflow.desk.policies import LIAISON_FIRST, SAME_PERSON
from workflow.errors import NotFound, Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Reason, Text
from workflow.ladders import DIRECTED
from workflow.models import Case, Deadline
from workflow.office import Office
from workflow.periods import OnDate, Workdays, local_date
from workflow.policy import may_read
from workflow.roles import CENTRE_DIRECTOR, CENTRE_STAFF, LIAISON
from workflow.vocabulary import Definition, Limit, Stage, action, from_any, stays


class Order(Form):
    """What is asked of whom, by when."""

    department = Choice("交给哪个部门", KINDS)
    subject = Text("事项", sample="核实特困人员住院费用结算")
    question = LongText("要求", sample="请核实该户住院费用的结算情况，并反馈处理意见")
    answer_by = Day("反馈期限", future=True)

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """A term lies ahead."""
        return (
            {"answer_by": "反馈期限应晚于今天"} if form["answer_by"] <= facts.today.isoformat() else {}
        )

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """To the health insurance department, in ten working days."""
        due = Workdays(10).due(facts.today, facts.office.calendar)
        return {
            "department": "health_insurance", "subject": "核实住院费用结算", "question": "请核实该户住院费用的结算情况",
            "answer_by": due.isoformat(),
        }  # fmt: skip


class Answer(Form):
    """What the department found or did."""

    answer = LongText("办理情况和意见", sample="已核实，费用已按规定结算")


class NotComplete(Form):
    """What is missing in the answer."""

    reason = Reason("退回补充的理由", sample="没有说明未结算部分的处理意见")


class Closing(Form):
    """What came of it."""

    note = LongText("办结意见", sample="已按反馈办理", required=False)


class Words(Form):
    """A reminder."""

    words = LongText("催办内容", sample="请按期反馈")


class Instruction(Form):
    """The director's word on what is late."""

    words = LongText("批示", sample="请分管负责人督办，三日内反馈")


class Cancelled(Form):
    """Why it is not needed any more."""

    reason = Reason("取消的理由", sample="情况已通过其他渠道核实")


def send_order(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """To the department's liaison, with the term."""
    hand_over(session, case, form["department"], now)
    case.title = form["subject"]
    case.facts |= {
        "question": form["question"],
        "answer_by": form["answer_by"],
        "sent_on": local_date(now).isoformat(),
    }


def note_receipt(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Who signed for it, and when."""
    case.facts |= {"signed_on": local_date(now).isoformat(), "signed_by": actor.name}


def note_answer(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The answer stands in the ledger."""
    case.facts |= {"answer": form["answer"], "answered_on": local_date(now).isoformat()}


def instruct(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The director's word stands on the case and reaches the holder."""
    day = local_date(now).isoformat()
    case.facts["instructions"] = [*case.facts.get("instructions", ()), {"on": day, "words": form["words"]}]
    chase(session, case, form, actor, now)


def is_overdue(facts: Facts) -> None:
    """The director is called in when a limit has passed."""
    late = select(Deadline.id).where(
        Deadline.case_id == facts.case.id, Deadline.state == "open", Deadline.overdue
    )
    if facts.session.scalar(late.limit(1)) is None:
        raise Unmet("这项协调任务还没有逾期，不用主任批示；需要提醒的请催办。")


class Coordination(Definition):
    """协调任务：交办、签收、办理、反馈、办结，逾期报中心主任。"""

    code, editions, title, prefix, subject = (
        "coordination",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "协调任务",
        "XT",
        "coordination",
    )
    opened_by = (CENTRE_STAFF, CENTRE_DIRECTOR)
    steps = ("ordered", "received", "working", "answered", "closed")

    drafted = Stage("拟稿", held_by=CENTRE_STAFF, todo="写明事项，交给部门", limit=Limit(Workdays(2), "内部要求", ladder=DIRECTED), initial=True)
    ordered = Stage("待签收", held_by=LIAISON, todo="签收", limit=Limit(Workdays(2), "SEED 三(一)；签收期限为内部要求", ladder=DIRECTED),
                    assigns=LIAISON_FIRST, waits_for="departments")  # fmt: skip
    received = Stage("已签收", held_by=LIAISON, todo="安排办理", limit=Limit(OnDate("answer_by"), "SEED 三(一)；期限由交办写明", ladder=DIRECTED),
                     assigns=LIAISON_FIRST, waits_for="departments")  # fmt: skip
    working = Stage("办理中", held_by=LIAISON, todo="办理并反馈", limit=Limit(OnDate("answer_by"), "SEED 三(一)；期限由交办写明", ladder=DIRECTED),
                    assigns=LIAISON_FIRST, waits_for="departments")  # fmt: skip
    answered = Stage("已反馈", held_by=CENTRE_STAFF, todo="审看反馈，办结或者退回补充", limit=Limit(Workdays(3), "内部要求", ladder=DIRECTED),
                     assigns=SAME_PERSON)  # fmt: skip
    closed = Stage("已办结", final=True, result="closed")
    cancelled = Stage("已取消", final=True, result="cancelled")

    order = action("交办", drafted.to(ordered), by=CENTRE_STAFF, form=Order, says="交给部门办理", source="SEED 三(一)",
                   effects=(send_order,), primary=True)  # fmt: skip
    sign_for = action("签收", ordered.to(received), by=LIAISON, says="签收了协调任务", source="SEED 三(一)",
                      effects=(note_receipt,), primary=True)  # fmt: skip
    begin = action("开始办理", received.to(working), by=LIAISON, says="开始办理", source="SEED 三(一)", primary=True)
    answer = action("反馈", working.to(answered), by=LIAISON, form=Answer, says="反馈了办理情况", source="SEED 三(一)",
                    effects=(note_answer,), primary=True)  # fmt: skip
    ask_again = action("退回补充", answered.to(working), by=CENTRE_STAFF, form=NotComplete, says="反馈不完整，退回补充", source="内部要求",
                       sends_back=True)  # fmt: skip
    close = action("办结", answered.to(closed), by=CENTRE_STAFF, form=Closing, says="协调任务办结", source="SEED 三(一)", primary=True)
    hasten = action("催办", stays(ordered, received, working), by=CENTRE_STAFF, form=Words, says="催办", source="内部要求",
                    when=(not_chased_today,), effects=(chase,))  # fmt: skip
    direct = action("主任批示", stays(ordered, received, working), by=CENTRE_DIRECTOR, form=Instruction, says="救助中心主任批示",
                    source="SEED 三(一)", when=(is_overdue,), effects=(instruct,))  # fmt: skip
    cancel = action("取消", from_any(cancelled, drafted, ordered, received, working, answered), by=CENTRE_STAFF, form=Cancelled,
                    says="取消了协调任务", source="内部要求")  # fmt: skip


ALONE = ("coordination", 0)
"""The subject of a task that is about no case."""


def begin_task(
    office: Office,
    conn: Connection,
    *,
    county: str,
    form: dict[str, Any],
    actor: Actor,
    now: datetime,
    about: str = "",
) -> CaseState:
    """Open a task and give it to its department in one go; `about` is the number of a case.

    Raises NotFound where he may not know that case, NotPermitted, FormRefused, Unmet.
    """
    county, subject, facts = ancestor(county, "county"), ALONE, {}
    if about:
        case = office.session(conn).scalar(select(Case).where(Case.number == about.strip().upper()))
        if case is None or not may_read(actor, case):
            raise NotFound(f"没有编号为 {about} 的案件，请核对。")
        subject, facts, county = ("case", case.id), {"about": case.number}, ancestor(case.area_code, "county")
    made = open_case(
        office, conn, "coordination", subject=subject, area_code=county, actor=actor, now=now, facts=facts
    )
    return act(office, conn, made.id, "order", actor=actor, form=form, seen=made.version, now=now)
