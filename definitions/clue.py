"""变化线索 (clue): somebody noticed that a family has changed; the town looks into it, and what is true starts what it must.

Whoever a clue is about keeps out of it; a reporter who gave his name is answered (M57-37; M220-36).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from definitions import changes
from definitions.intake.channels import DISCOVERY
from definitions.shared.planning import open_linked
from workflow.actors import Actor
from workflow.acts import act, follow, open_case
from workflow.desk.policies import LEAST_LOADED
from workflow.errors import FormRefused, NotFound, Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Day, Form, LongText, Members, Reason, Staff, Text
from workflow.models import Case, Household, User
from workflow.office import Office, office_of
from workflow.periods import Days, Workdays, local_date
from workflow.roles import (
    INVESTIGATOR,
    SUPERVISOR,
    SYSTEM,
    TOWN_REVIEWER,
    VERIFIER,
    VILLAGE_AGENT,
    WINDOW,
)
from workflow.telling import tell
from workflow.vocabulary import Definition, Limit, Span, Stage, action

KINDS = {
    "death": "死亡", "marriage": "婚姻变化", "job": "就业、参保", "car": "购车", "house": "购房", "company": "开办企业",
    "prison": "收监、戒毒", "moved": "迁移", "illness": "患病", "other": "其他",
}  # fmt: skip
"""What may have changed (domain 3.6)."""
CHANNELS = {"agent": "村级代理员", "data": "数据比对", "public": "群众反映", "other": "其他来源"}
REVIEWED_AS = {
    "marriage": "members", "prison": "members", "job": "job", "company": "job", "car": "property", "house": "property",
    "moved": "moved", "illness": "income", "other": "income",
}  # fmt: skip
"""What a confirmed clue is reported as on the benefit's case; a death is recorded as the event it is."""
FOLLOW = {"review": "启动复核", "intake": "开办综合受理（主动发现）", "none": "只作记录"}
VERDICTS = {"confirmed": "情况属实", "unfounded": "情况不实", "known": "已经掌握"}
IN_TIME = "ZJ-58（举报）；其他线索为内部要求"


class Clue(Form):
    """What was noticed, by whom."""

    kind = Choice("线索类型", KINDS)
    channel = Choice("线索来源", CHANNELS)
    text = LongText("线索内容", sample="听邻居说，这家上个月买了小汽车")
    person = Members("涉及的成员", required=False, hint="说得出是谁的请选")
    reporter = Text("报告人姓名", required=False, hint="匿名的不填")
    contact = Text("报告人联系方式", required=False)
    about_staff = Staff(
        "涉及的工作人员", VILLAGE_AGENT, WINDOW, INVESTIGATOR, TOWN_REVIEWER, required=False, hint="线索涉及谁，谁就不能经办"
    )

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """Who gives his name can be reached."""
        if form["reporter"] and not form["contact"]:
            return {"contact": "实名报告的，请填写联系方式，办结后要反馈"}
        return {}


class Inquiry(Form):
    """What was done to find out."""

    looked_on = Day("核查日期")
    how = Choice("核查方式", {"visit": "入户走访", "phone": "电话询问", "data": "查询数据", "neighbours": "走访邻里"})
    findings = LongText("核查情况", sample="入户核实，情况与线索一致")


class Confirmed(Form):
    """The clue is true, and what follows."""

    happened_on = Day("变化发生的日期")
    dead = Members("死亡的成员", required=False, hint="线索是死亡的必填")
    follow_up = Choice("后续", FOLLOW, hint="正在享受救助的家庭启动复核；没有享受而有困难的开办综合受理")
    reason = Reason("认定理由", sample="入户核查属实")

    @classmethod
    def check(cls, form: dict[str, Any], facts: Facts) -> dict[str, str]:
        """A death names one person."""
        if facts.case.facts.get("kind") == "death" and len(form["dead"]) != 1:
            return {"dead": "线索是死亡的，请选一名死亡的成员"}
        return {}

    @classmethod
    def example(cls, facts: Facts) -> dict[str, Any]:
        """What the family's situation suggests."""
        drawing = changes.benefit_of(facts.office, facts.session, facts.case.household_id) is not None
        dead = [] if facts.case.facts["kind"] != "death" else facts.case.facts["person"]
        return super().example(facts) | {"follow_up": "review" if drawing else "none", "dead": dead}


class Verdict(Form):
    """Not so, or known already."""

    reason = Reason("认定理由", sample="入户核查，车辆系借用")


class Told(Form):
    """The reporter has his answer."""

    told_on = Day("反馈日期")
    how = Choice("反馈方式", {"phone": "电话", "visit": "当面", "letter": "书面"})
    words = LongText("反馈内容", sample="线索已核查属实，救助已启动复核")


def named(facts: Facts) -> None:
    """Only who gave his name is answered."""
    if not facts.case.facts.get("reporter"):
        raise Unmet("报告人没有留下姓名，不用反馈，请直接办结。")


def anonymous(facts: Facts) -> None:
    """Whoever gave his name is answered before the clue is filed (M57-37; M220-36)."""
    if facts.case.facts.get("reporter"):
        raise Unmet("报告人留了姓名和联系方式，应当先反馈结果。")


def has_benefit(facts: Facts) -> None:
    """A re-check needs a benefit, an intake somebody who may open one."""
    form = facts.form
    if form is None:
        return
    drawing = changes.benefit_of(facts.office, facts.session, facts.case.household_id) is not None
    if form["follow_up"] == "review" and not drawing:
        raise FormRefused({"follow_up": "这个家庭没有正在享受的救助，不能启动复核"})
    if form["follow_up"] != "review" and drawing:
        raise FormRefused({"follow_up": "这个家庭正在享受救助，情况属实的应当启动复核（R649-13；M57-30）"})


def take_clue(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """What was noticed; whoever it is about keeps out."""
    case.facts |= {
        "kind": form["kind"], "channel": form["channel"], "text": form["text"], "person": form["person"],
        "reporter": form["reporter"], "contact": form["contact"], "reported_by": actor.id,
    }  # fmt: skip
    about = select(User.id).where(User.person_id.in_(form["person"]))
    kept_out = {*form["about_staff"], *session.scalars(about)}
    case.barred = sorted({*case.barred, *kept_out})


def take_inquiry(
    session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """What was found out."""
    case.facts["findings"] = form["findings"]


def confirm(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A death is recorded; another change is reported on the benefit, whose re-check looks into it; or an intake begins."""
    office, conn = office_of(session), session.connection()
    if case.facts["kind"] == "death":
        death = {"on": form["happened_on"], "person": form["dead"][0], "source": "surveyed", "evidence": case.number}
        event = changes.record(office, conn, case.household_id, "death", death, actor=actor, now=now, origin=case)
        case.facts["event"] = event.id
    elif form["follow_up"] == "review":
        benefit = changes.benefit_of(office, session, case.household_id)
        assert benefit is not None
        body = {
            "kind": REVIEWED_AS[case.facts["kind"]], "happened_on": form["happened_on"],
            "content": f"变化线索 {case.number}：{KINDS[case.facts['kind']]}",
        }  # fmt: skip
        follow(session, benefit.id, changes.REPORT, form=body, actor=actor, now=now, origin=case)
    if form["follow_up"] == "review":
        case.facts["led_to"] = _newest_review(session, case.household_id)
    elif form["follow_up"] == "intake":
        facts = {"channel": DISCOVERY, "came_from": f"变化线索 {case.number}"}
        opened = open_linked(session, case, "intake", actor=actor, now=now, facts=facts)
        case.facts["led_to"] = opened.number
    _settle(session, case, "confirmed", now)


def dismiss(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """It is not so."""
    _settle(session, case, "unfounded", now)


def note_known(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """It is on file already."""
    _settle(session, case, "known", now)


def _settle(session: Session, case: CaseState, verdict: str, now: datetime) -> None:
    """The result; a colleague who reported it learns it in his messages."""
    case.facts["result"] = verdict
    if (reporter := case.facts.get("reported_by")) is not None and reporter not in case.barred:
        tell(session.connection(), case, "clue_settled", now, user_id=reporter, facts={"words": VERDICTS[verdict]})


def _newest_review(session: Session, household_id: int) -> str:
    wanted = select(Case.number).where(
        Case.subject_kind == "household", Case.subject_id == household_id, Case.definition == changes.REVIEW
    )
    return session.scalars(wanted.order_by(Case.id.desc()).limit(1)).one()


def report(
    office: Office,
    conn: Connection,
    *,
    area_code: str = "",
    household_id: int,
    person_id: int | None,
    kind: str,
    text: str,
    channel: str,
    actor: Actor,
    now: datetime,
    reporter: str = "",
    contact: str = "",
    about_staff: tuple[int, ...] = (),
) -> CaseState:
    """Report a clue about a family on file: a case of its own, with the town. Raises NotFound, NotPermitted, FormRefused.

    `area_code`, where given, must be the family's. `reporter` is somebody outside who gave his name.
    """
    household = office.session(conn).get(Household, household_id)
    if household is None or (area_code and household.area_code != area_code):
        raise NotFound("没有找到这个家庭，请先选定家庭；没有登记的家庭请走综合受理（主动发现）。")
    members = household.members(local_date(now))
    case = open_case(
        office, conn, "clue", subject=("household", household.id), area_code=household.area_code, actor=actor, now=now,
        title=members[0].person.name if members else "",
    )  # fmt: skip
    form = {
        "kind": kind, "channel": channel, "text": text, "person": [person_id] if person_id else [],
        "about_staff": list(about_staff), "reporter": reporter, "contact": contact,
    }  # fmt: skip
    return act(office, conn, case.id, "hand_in", actor=actor, form=form, seen=case.version, now=now)


class ClueCase(Definition):
    """变化线索：报送、分派、核查、认定、反馈。"""

    code, editions, title, prefix = "clue", ("NB2016", "NAT2021", "NAT2021-DELEGATED"), "变化线索", "XS"
    opened_by = (VILLAGE_AGENT, WINDOW, TOWN_REVIEWER, VERIFIER, SUPERVISOR)
    steps = ("noting", "reported", "checking", "concluding", "closed")
    spans = (
        Span("handle", "线索核实处理", since=("hand_in",), until=("confirm", "dismiss", "note_known"), rule=Days(15),
             source=IN_TIME, held_by=TOWN_REVIEWER),
    )  # fmt: skip

    noting = Stage("登记线索", held_by=WINDOW, todo="写明线索", limit=Limit(Workdays(1), "内部要求：当天登记"), initial=True)
    reported = Stage("待分派", held_by=TOWN_REVIEWER, todo="看一看，交人核查", limit=Limit(Workdays(2), "内部要求：分派期限"))
    checking = Stage("核查中", held_by=INVESTIGATOR, todo="核查线索，登记核查情况", limit=Limit(Workdays(5), "内部要求：核查期限"),
                     assigns=LEAST_LOADED)  # fmt: skip
    concluding = Stage("待认定", held_by=TOWN_REVIEWER, todo="认定线索是否属实", within="handle")
    answering = Stage("待反馈", held_by=WINDOW, todo="向报告人反馈结果，办结", limit=Limit(Workdays(3), "M57-37；M220-36；期限为内部要求"))
    closed = Stage("已办结", final=True, result="closed")

    hand_in = action("报送线索", noting.to(reported), by=(VILLAGE_AGENT, WINDOW, TOWN_REVIEWER, VERIFIER, SUPERVISOR, SYSTEM), form=Clue,
                     says="报送了变化线索", source="R649-13；M57-30", effects=(take_clue,), primary=True)  # fmt: skip
    dispatch = action("交人核查", reported.to(checking), by=TOWN_REVIEWER, says="交人核查线索", source="内部要求", primary=True)
    look_into = action("登记核查情况", checking.to(concluding), by=INVESTIGATOR, form=Inquiry, says="核查了线索", source="ZJ-58；M57-30",
                       effects=(take_inquiry,), hand="investigation", primary=True)  # fmt: skip
    look_again = action("补充核查", concluding.to(checking), by=TOWN_REVIEWER, form=Verdict, says="要求补充核查", source="内部要求")
    confirm = action("属实", concluding.to(answering), by=TOWN_REVIEWER, form=Confirmed, says="认定线索属实", source="R649-13；M57-30",
                     apart_from=("investigation",), guards=(has_benefit,), effects=(confirm,), hand="opinion", primary=True)  # fmt: skip
    dismiss = action("不实", concluding.to(answering), by=TOWN_REVIEWER, form=Verdict, says="认定线索不实", source="ZJ-58",
                     apart_from=("investigation",), effects=(dismiss,), hand="opinion")  # fmt: skip
    note_known = action("已经掌握", concluding.to(answering), by=TOWN_REVIEWER, form=Verdict, says="线索所说的情况已经掌握", source="内部要求",
                        apart_from=("investigation",), effects=(note_known,), hand="opinion")  # fmt: skip
    answer = action("反馈报告人，办结", answering.to(closed), by=(WINDOW, VILLAGE_AGENT), form=Told, says="向报告人反馈了结果",
                    source="M57-37；M220-36", when=(named,), primary=True)  # fmt: skip
    file = action("无须反馈，办结", answering.to(closed), by=(WINDOW, TOWN_REVIEWER), says="报告人没有留名，直接办结", source="M57-37；M220-36",
                  when=(anonymous,))  # fmt: skip
