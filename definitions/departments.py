"""Departments that take part in helping (SEED 三(五), 四(一)): their kinds, and handing a case to one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from workflow.actors import Actor
from workflow.departments import department_of, hand_to
from workflow.errors import Unmet
from workflow.facts import CaseState, Facts
from workflow.models import Task
from workflow.office import office_of
from workflow.periods import local_date, parse_rule
from workflow.telling import tell
from workflow.vocabulary import Effect

KINDS: dict[str, str] = {
    "civil_affairs": "民政", "education": "教育", "social_security": "人力社保", "housing": "住建",
    "health_insurance": "医疗保障", "health": "卫生健康", "disabled": "残联", "union": "总工会", "youth": "团委",
    "women": "妇联", "charity": "慈善总会", "red_cross": "红十字会", "emergency": "应急管理", "public_security": "公安",
    "finance": "财政",
}  # fmt: skip
"""Kind of department -> its sector. Which of them a county has, and which give aid, its table says."""


def hand_over(session: Session, case: CaseState, kind: str, now: datetime, *, aid: bool = False) -> None:
    """The case goes to the county's department of this kind. Raises Unmet where there is none."""
    hand_to(session, case, department_of(session, case.area_code, kind, aid=aid), now)


def handed_to(kind: str) -> Effect:
    """An effect: the case goes to this department for its opinion and decision."""

    def hand(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
        hand_over(session, case, kind, now)

    hand.__name__ = f"handed_to_{kind}"
    return hand


def last_day(session: Session, case: CaseState, name: str, today: date) -> str:
    """The last day of a term of the edition that starts today."""
    rule = parse_rule(edition(case.edition).text(name, today))
    return rule.due(today, office_of(session).calendar).isoformat()


def not_chased_today(facts: Facts) -> None:
    """One reminder a day."""
    if facts.today.isoformat() in facts.case.facts.get("chased", ()):
        raise Unmet("今天已经催办过一次，请明天再催。")


def chase(session: Session, case: CaseState, form: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Whoever holds the work is told; the day stands on the case."""
    case.facts["chased"] = [*case.facts.get("chased", ()), local_date(now).isoformat()]
    tasks = select(Task.id, Task.assignee_id, Task.role, Task.scope).where(
        Task.case_id == case.id, Task.state == "open"
    )
    for task in session.execute(tasks):
        tell(session.connection(), case, "urged", now, user_id=task.assignee_id, role=task.role, scope=task.scope,
             key=f"task{task.id}:{case.seq}", facts={"words": form["words"]})  # fmt: skip
