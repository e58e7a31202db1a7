"""转办单 (referral): the window hands a family's need to the department in charge and gets the answer back (R649-60; ZJ-53).

A department that is not in charge gives it back to the same window, which hands it on or keeps it: it never ends there.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.departments import KINDS, chase, hand_over, last_day, not_chased_today
from definitions.shared.grants import write_grant
from definitions.shared.upward import tells_parent
from workflow.actors import Actor
from workflow.desk.policies import LIAISON_FIRST, SAME_PERSON
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Members, Money, Reason, Text
from workflow.models import Person
from workflow.people_queries import household_members
from workflow.periods import OnDate, Workdays, local_date
from workflow.roles import LIAISON, WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action, from_any, stays

WAYS_TO_TELL = {"phone": "电话", "in_person": "当面", "letter": "书面", "agent": "请村（社区）代理员转告"}


class Referral(Form):
    """Who needs what, from whom, by when."""

    department = Choice("转给哪个部门", KINDS)
    need = LongText("需要什么帮助", sample="住房漏雨，申请公租房或者危房改造")
    persons = Members("为谁申请", required=False, hint="不选就是全家")
    answer_by = Day("请在哪天以前答复", future=True, required=False, hint="不填按内部要求的期限；只能提前，不能推后")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """The term may be shortened, not lengthened."""
        if not form["answer_by"]:
            return {}
        last = last_day(facts.session, facts.case, "referral_term", facts.today)
        if form["answer_by"] < facts.today.isoformat():
            return {"answer_by": "答复日期不能早于今天"}
        if form["answer_by"] > last:
            return {"answer_by": f"答复日期最迟为 {last}（内部要求的期限）"}
        return {}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """To the housing department."""
        return {"department": "housing", "need": "住房漏雨，申请公租房或者危房改造"}


class NotOurs(Form):
    """Why it is another department's, and whose."""

    reason = Reason("不归本部门办理的理由", sample="该项救助由住建部门负责")
    right_place = Choice("应当转给", KINDS, required=False)


class Served(Form):
    """What the department did for the family."""

    item = Text("落实的救助事项", sample="公租房租赁补贴")
    what = LongText("办理结果", sample="已纳入租赁补贴，自下月起发放")
    decided_on = Day("决定日期")
    amount = Money("金额（元）", required=False, hint="发钱的填写；提供服务、实物的不填")


class Declined(Form):
    """Why the department cannot help: the family reads it."""

    reason = Reason("不能办理的理由", sample="家庭已有一套住房，人均面积高于规定")


class Kept(Form):
    """How the window helps itself."""

    reason = Reason("由窗口自行办理的情况", sample="没有对口部门，已由窗口联系爱心企业解决")


class Told(Form):
    """How the family heard of it."""

    told_on = Day("告知日期")
    how = Choice("告知方式", WAYS_TO_TELL)
    note = LongText("申请人的意见", required=False)


class Words(Form):
    """A reminder."""

    words = LongText("催办内容", sample="请尽快签收办理，并答复窗口")


class Withdrawn(Form):
    """The family wants it no more."""

    reason = Reason("撤回的理由", sample="申请人表示不再需要")


def send_off(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """To the department's liaison; the clock of the answer runs from now."""
    today = local_date(now)
    hand_over(session, case, form["department"], now, aid=True)
    members = household_members(session, case.household_id, today)
    known = case.facts.get("applicant_id") or (form["persons"] or [member.id for member in members])[0]
    case.facts |= {
        "applicant_id": known, "need_text": form["need"], "persons": form["persons"] or [one.id for one in members],
        "answer_by": form["answer_by"] or last_day(session, case, "referral_term", today),
        "sent_on": today.isoformat(), "rounds": case.facts.get("rounds", 0) + 1,
    }  # fmt: skip
    case.title = case.title or session.get_one(Person, known).name


def note_receipt(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Who signed for it, and when."""
    case.facts |= {"signed_on": local_date(now).isoformat(), "signed_by": actor.name}


def note_return(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Not in charge: kept with its reason."""
    given_back = {
        "department": case.facts["department_name"], "on": local_date(now).isoformat(), "reason": form["reason"],
    }  # fmt: skip
    case.facts["given_back"] = [*case.facts.get("given_back", ()), given_back]


def note_service(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """What was granted goes into the ledger of aid (ZJ-46)."""
    case.facts |= {"answered_on": local_date(now).isoformat(), "answer": form["what"]}
    write_grant(
        session, case, person_id=case.facts["persons"][0], item=form["item"], decided_on=date.fromisoformat(form["decided_on"]),
        amount=Decimal(form["amount"]) if form["amount"] else None, service="" if form["amount"] else form["what"],
    )  # fmt: skip


def note_refusal(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """The reason stands for the letter and the call."""
    case.facts |= {"answered_on": local_date(now).isoformat(), "refusal_reason": form["reason"]}


class ReferralCase(Definition):
    """转办单：转出、签收、办理、答复，结果回到原窗口。"""

    code, editions, title, prefix = "referral", ("NB2016", "NAT2021", "NAT2021-DELEGATED"), "转办单", "ZB"
    opened_by = (WINDOW,)
    steps = ("sent", "working", "answered", "served")

    drafted = Stage("待转出", held_by=WINDOW, todo="写明需求，转给有关部门", limit=Limit(Workdays(1), "R649-60；ZJ-53；期限为内部要求"),
                    public="窗口正在转给有关部门", initial=True)  # fmt: skip
    sent = Stage("待部门签收", held_by=LIAISON, todo="签收，或者说明不归本部门", limit=Limit(Workdays(2), "ZJ-53；签收期限为内部要求"),
                 assigns=LIAISON_FIRST, waits_for="departments", public="已转给有关部门")  # fmt: skip
    working = Stage("部门办理中", held_by=LIAISON, todo="办理并答复窗口", limit=Limit(OnDate("answer_by"), "R649-60；ZJ-53；答复期限为内部要求"),
                    assigns=LIAISON_FIRST, waits_for="departments", public="有关部门正在办理")  # fmt: skip
    returned = Stage("退回窗口", held_by=WINDOW, todo="另转其他部门，或者由窗口办理", limit=Limit(Workdays(1), "R649-60；ZJ-53；期限为内部要求"),
                     assigns=SAME_PERSON, public="窗口正在另转其他部门")  # fmt: skip
    answered = Stage("已答复，待告知", held_by=WINDOW, todo="把结果告诉申请人", limit=Limit(Workdays(3), "ZJ-53；期限为内部要求"),
                     assigns=SAME_PERSON, public="部门已经答复，窗口会告诉您结果")  # fmt: skip
    declined = Stage("不能办理，待告知", held_by=WINDOW, todo="把理由和救济途径告诉申请人", limit=Limit(Workdays(3), "ZJ-53；期限为内部要求"),
                     assigns=SAME_PERSON, refusal=True, public="部门已经答复，窗口会告诉您结果")  # fmt: skip
    served = Stage("已落实", final=True, result="served", public="已经办好")
    refused = Stage("不能办理", final=True, result="refused", public="没有办成，您可以申请复议或起诉")
    kept = Stage("由窗口办理", final=True, result="kept", public="由窗口直接办理")
    withdrawn = Stage("已撤回", final=True, result="withdrawn", public="已撤回")

    refer = action("转给部门", drafted.to(sent), by=WINDOW, form=Referral, says="转给了有关部门", source="R649-60；ZJ-53",
                   effects=(send_off,), hand="intake", primary=True)  # fmt: skip
    refer_again = action("另转部门", returned.to(sent), by=WINDOW, form=Referral, says="另转了其他部门", source="R649-60；ZJ-53",
                         effects=(send_off,), hand="intake", primary=True)  # fmt: skip
    keep = action("由窗口办理", returned.to(kept), by=WINDOW, form=Kept, says="由窗口办理", source="R649-60；ZJ-53",
                  effects=(tells_parent("kept"),))  # fmt: skip
    sign_for = action("签收", sent.to(working), by=LIAISON, says="签收了转办单", source="ZJ-53", effects=(note_receipt,), primary=True)
    not_ours = action("不归本部门，退回", from_any(returned, sent, working), by=LIAISON, form=NotOurs, says="不归本部门，退回窗口",
                      source="R649-60；ZJ-53", effects=(note_return,))  # fmt: skip
    serve = action("答复：已落实", working.to(answered), by=LIAISON, form=Served, says="答复窗口：已落实", source="ZJ-46",
                   effects=(note_service,), primary=True)  # fmt: skip
    decline = action("答复：不能办理", working.to(declined), by=LIAISON, form=Declined, says="答复窗口：不能办理", source="ZJ-53",
                     effects=(note_refusal,))  # fmt: skip
    hasten = action("催办", stays(sent, working), by=WINDOW, form=Words, says="催办", source="ZJ-53", when=(not_chased_today,),
                    effects=(chase,))  # fmt: skip
    tell = action("告知申请人，办结", answered.to(served), by=WINDOW, form=Told, says="把结果告诉了申请人", source="ZJ-53",
                  effects=(tells_parent("served"),), primary=True)  # fmt: skip
    tell_refusal = action("告知理由，办结", declined.to(refused), by=WINDOW, form=Told, says="把不能办理的理由告诉了申请人", source="ZJ-53",
                          effects=(tells_parent("refused"),), primary=True)  # fmt: skip
    withdraw = action("申请人撤回", from_any(withdrawn, drafted, sent, working, returned), by=WINDOW, form=Withdrawn, says="申请人撤回",
                      source="内部要求", effects=(tells_parent("withdrawn"),))  # fmt: skip
