"""督办 (escalation): a missed deadline put before a supervisor. It decides nothing about the case it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import tasks
from workflow.actors import Actor
from workflow.errors import NotPermitted, Unmet
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

    words = LongText("催办内容", sample="请今天办结，并说明逾期原因")


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


class Explanation(Form):
    """Why it was late and what was done."""

    explanation = Reason("逾期原因和处理情况", sample="材料补正耽误，已督促办结")


def not_about_self(facts: Facts) -> None:
    """Nobody closes the escalation of his own delay, nor of one for whom he stands in or who stood in for him."""
    late = {facts.case.facts.get(name) for name in ("late_user_id", "late_owner_id")} - {None}
    mine = {*facts.actor.persons, *(one.principal_id for one in facts.actor.lent)}
    if late & mine:
        raise NotPermitted("这件督办针对的是您本人（或者您代理的人），应由他人办结。")


def not_urged_today(facts: Facts) -> None:
    """One nudge a day."""
    if facts.case.facts.get("urged_on") == facts.today.isoformat():
        raise Unmet("今天已经催办过一次，请明天再催。")


def urge(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The holder is told; the nudge stands in the journal of the late case."""
    case.facts["urged_on"] = local_date(now).isoformat()
    tasks.urge(
        office_of(session), session.connection(), case.subject_id, words=form["words"], actor=actor, now=now
    )


def reassign(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The late task changes hands."""
    session.flush()
    tasks.assign_open(
        office_of(session), session.connection(), case.subject_id, part=case.facts.get("part", ""), to=form["to"][0],
        reason=form["reason"], actor=actor, now=now,
    )  # fmt: skip


class EscalationCase(Definition):
    """督办：催办、改派、说明并办结；不决定原案件。"""

    code, editions, title, prefix, subject = (
        "escalation",
        ("NB2016", "NAT2021", "NAT2021-DELEGATED"),
        "督办",
        "DC",
        "case",
    )
    steps = ("raised", "closed")

    raised = Stage("督办中", held_by=SUPERVISOR, todo="处理逾期：催办、改派或说明", initial=True,
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
    close = action("说明并办结", raised.to(closed), by=SUPERVISOR, form=Explanation, says="说明原因，督办办结", source="R649-66",
                   when=(not_about_self,), primary=True)  # fmt: skip
