"""督办 (escalation): a missed deadline put before a supervisor. It decides nothing about the case it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import tasks
from workflow.actors import Actor
from workflow.desk.stranded import APPOINT, appoint, candidates, is_stranded
from workflow.errors import NotNow, NotPermitted, Unmet
from workflow.facts import CaseState, Facts
from workflow.forms import Form, LongText, Reason, Staff
from workflow.ladders import UNESCALATED
from workflow.models import Case, Task
from workflow.office import office_of
from workflow.periods import Workdays, local_date
from workflow.roles import ROLES, SUPERVISOR
from workflow.vocabulary import Definition, Limit, Stage, action, stays


class Urge(Form):
    """A nudge to whoever holds the late task."""

    reason = LongText("催办内容", sample="请今天办结，并说明逾期原因")


class AnyHolder(Staff):
    """Anybody who holds the role of the task that is late now: a span's task changes hands on its way."""

    def options(self, facts: Facts) -> dict[int, str]:
        """The holders of that role, without those barred from the late case."""
        from workflow.people_queries import holders

        late = facts.session.get_one(Case, facts.case.subject_id)
        open_task = select(Task.role).where(
            Task.case_id == late.id, Task.state == "open", Task.part == facts.case.facts.get("part", "")
        )
        role = ROLES.get(facts.session.scalar(open_task) or facts.case.facts["role"])
        if role is None:
            return {}
        return {
            u.id: u.name
            for u in holders(facts.session, (role,), late.area_code, facts.today)
            if u.id not in late.barred
        }


class Reassign(Form):
    """Give the late task to somebody else."""

    to = AnyHolder("改派给")
    reason = Reason("改派理由", sample="原经办人请假，改派办理")


class Candidate(Staff):
    """Whom a supervisor may appoint where nobody of the post is left."""

    def options(self, facts: Facts) -> dict[int, str]:
        """People without a hand or relation that stands against it, the supervisor himself left out."""
        late = facts.session.get_one(Case, facts.case.subject_id)
        task = _open_task(facts)
        if task is None:
            return {}
        found = candidates(facts.session, facts.office.catalogue.of(late), late, task, facts.today)
        return {user.id: user.name for user in found if user.id not in facts.actor.persons}


class Appointment(Form):
    """Put the task into somebody's hands, for this case alone."""

    to = Candidate("指定给")
    reason = Reason("指定理由", sample="本级人员都应当回避，指定办理")


class Explanation(Form):
    """Why it was late and what was done."""

    reason = Reason("逾期原因和处理情况", sample="材料补正耽误，已督促办结")


def not_about_self(facts: Facts) -> None:
    """Nobody closes the escalation of his own delay, nor of one for whom he stands in or who stood in for him."""
    late = {facts.case.facts.get(name) for name in ("late_user_id", "late_owner_id")} - {None}
    mine = {*facts.actor.persons, *(one.principal_id for one in facts.actor.lent)}
    if late & mine:
        raise NotPermitted("这件督办针对的是您本人（或者您代理的人），应由他人办结。")


def is_to_appoint(facts: Facts) -> None:
    """Only where nobody of the post is left."""
    if facts.case.facts.get("kind") != APPOINT:
        raise NotNow("这件督办不是因为无人可办，不用指定办理人。")


def somebody_may(facts: Facts) -> None:
    """Asked to appoint, the supervisor does so, unless meanwhile somebody may do it or it is done."""
    late, task = facts.session.get_one(Case, facts.case.subject_id), _open_task(facts)
    if facts.case.facts.get("kind") != APPOINT or task is None:
        return
    if is_stranded(facts.session, facts.office.catalogue.of(late), late, task, facts.today):
        raise Unmet("还没有可以办理的人，请先指定办理人，或者请管理员增派人员。")


def _open_task(facts: Facts) -> Task | None:
    return facts.session.scalar(
        select(Task).where(
            Task.case_id == facts.case.subject_id,
            Task.state == "open",
            Task.part == facts.case.facts.get("part", ""),
        )
    )


def not_urged_today(facts: Facts) -> None:
    """One nudge a day."""
    if facts.case.facts.get("urged_on") == facts.today.isoformat():
        raise Unmet("今天已经催办过一次，请明天再催。")


def urge(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The holder is told; the nudge stands in the journal of the late case."""
    case.facts["urged_on"] = local_date(now).isoformat()
    tasks.urge(
        office_of(session), session.connection(), case.subject_id, words=form["reason"], actor=actor, now=now
    )


def reassign(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The late task changes hands."""
    session.flush()
    tasks.assign_open(
        office_of(session), session.connection(), case.subject_id, part=case.facts.get("part", ""), to=form["to"][0],
        reason=form["reason"], actor=actor, now=now,
    )  # fmt: skip


def name_somebody(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Somebody beyond the post does it, by the supervisor's word."""
    session.flush()
    appoint(
        office_of(session), session.connection(), case.subject_id, part=case.facts.get("part", ""), to=form["to"][0],
        reason=form["reason"], actor=actor, now=now,
    )  # fmt: skip


class EscalationCase(Definition):
    """督办：催办、改派、指定办理人、说明并办结；不决定原案件。"""

    code, editions, title, prefix, subject = (
        "escalation",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "督办",
        "DC",
        "case",
    )
    steps = ("raised", "closed")

    raised = Stage("督办中", held_by=SUPERVISOR, todo="处理：催办、改派、指定办理人或说明", initial=True,
                   limit=Limit(Workdays(5), "R649-66；期限为内部要求", ladder=UNESCALATED))  # fmt: skip
    closed = Stage("已办结", final=True, result="closed")

    urge = action(
        "催办",
        stays(raised),
        by=SUPERVISOR,
        form=Urge,
        says="催办",
        source="R649-66",
        when=(not_urged_today,),
        effects=(urge,),
    )
    reassign = action(
        "改派",
        stays(raised),
        by=SUPERVISOR,
        form=Reassign,
        says="改派了逾期任务",
        source="R649-66",
        effects=(reassign,),
    )
    appoint = action("指定办理人", raised.to(closed), by=SUPERVISOR, form=Appointment, says="指定了办理人", source="M57-11；M220-14",
                     when=(is_to_appoint,), effects=(name_somebody,))  # fmt: skip
    close = action("说明并办结", raised.to(closed), by=SUPERVISOR, form=Explanation, says="说明原因，督办办结", source="R649-66",
                   when=(not_about_self, somebody_may), primary=True)  # fmt: skip
