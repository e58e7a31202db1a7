"""Giving new tasks out by the policy of their stage. Leave and room on the desk are respected; else they stay in the queue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from workflow.actors import SYSTEM_ACTOR
from workflow.catalogue import Blueprint
from workflow.desk.eligible import able
from workflow.desk.policies import (
    BY_VILLAGE,
    LIAISON_FIRST,
    OTHER_PERSON,
    PULL,
    ROUND_ROBIN,
    SAME_PERSON,
    Assigns,
)
from workflow.entries import note
from workflow.facts import CaseState
from workflow.models import Case, Leave, Liaison, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.telling import tell


def policy_of(blueprint: Blueprint, task: Any) -> Assigns:
    """The policy of a task's part, or of its stage."""
    stage = blueprint.stages[task.stage]
    part = next((part for part in stage.parts if part.code == task.part), None)
    return part.assigns if part else stage.assigns


def gives_out(blueprint: Blueprint, stage: str) -> bool:
    """Whether anything of this stage is given out, so that most acts need not ask the database."""
    found = blueprint.stages[stage]
    return found.assigns is not PULL or any(part.assigns is not PULL for part in found.parts)


def place(office: Office, conn: Connection, case: CaseState, now: datetime) -> None:
    """Give the case's unclaimed tasks to whom their policies name; each is journalled and told."""
    blueprint = office.catalogue.of(case)
    free = select(Task.__table__).where(
        Task.case_id == case.id, Task.state == "open", Task.assignee_id.is_(None)
    )
    session = office.session(conn)
    for task in conn.execute(free.order_by(Task.id)).all():
        policy = policy_of(blueprint, task)
        if policy is PULL:
            continue
        there = present(session, able(session, blueprint, case, task, local_date(now)), local_date(now))
        chosen = choose(session, policy, there, case, task)
        if chosen is None:
            continue
        conn.execute(update(Task).where(Task.id == task.id).values(assignee_id=chosen.id))
        says = f"{policy.label}：{chosen.name}"
        note(conn, case, actor=SYSTEM_ACTOR, now=now, action="assign", says=says, stales=False)
        tell(conn, case, "assigned", now, user_id=chosen.id, facts={"reason": policy.label})


def present(session: Session, people: Sequence[User], today: date) -> list[User]:
    """Those of them who are not on leave today and have room on their desks."""
    ids = [user.id for user in people]
    away = set(
        session.scalars(
            select(Leave.user_id).where(
                Leave.user_id.in_(ids),
                Leave.cancelled_at.is_(None),
                Leave.from_date <= today,
                Leave.to_date >= today,
            )
        )
    )
    loads = loads_of(session, [user.id for user in people if user.capacity is not None])
    return [
        user
        for user in people
        if user.id not in away and (user.capacity is None or loads.get(user.id, 0) < user.capacity)
    ]


def loads_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many open tasks lie on these desks."""
    if not ids:
        return {}
    rows = session.execute(
        select(Task.assignee_id, func.count())
        .where(Task.state == "open", Task.assignee_id.in_(ids))
        .group_by(Task.assignee_id)
    )
    return {user_id: count for user_id, count in rows if user_id is not None}


def choose(
    session: Session, policy: Assigns, people: Sequence[User], case: CaseState, task: Any
) -> User | None:
    """Whom the policy names of these people; None where there is nobody."""
    if not people:
        return None
    if policy is SAME_PERSON or policy is OTHER_PERSON:
        before = _before(session, case, task)
        if policy is SAME_PERSON:
            known = {user.id: user for user in people}
            return next((known[user_id] for user_id in before if user_id in known), None)
        return _least_loaded(session, [user for user in people if user.id not in before])
    if policy is ROUND_ROBIN:
        return _next_in_turn(session, people, task)
    if policy is LIAISON_FIRST:
        return _liaison(session, people, task)
    if policy is BY_VILLAGE:
        return max(people, key=lambda user: _weight(task.area_code, user.id))
    return _least_loaded(session, people)


def _least_loaded(session: Session, people: Sequence[User]) -> User | None:
    loads = loads_of(session, [user.id for user in people])
    return min(people, key=lambda user: (loads.get(user.id, 0), user.id), default=None)


def _before(session: Session, case: CaseState, task: Any) -> list[int]:
    """Who did this role's work of this part for the same family, the latest first."""
    rows = session.scalars(
        select(Task.closed_by)
        .join(Case, Case.id == Task.case_id)
        .where(
            Case.subject_kind == case.subject_kind,
            Case.subject_id == case.subject_id,
            Task.role == task.role,
            Task.part == task.part,
            Task.state == "done",
            Task.closed_by.is_not(None),
        )
        .order_by(Task.closed_at.desc(), Task.id.desc())
    )
    return [user_id for user_id in rows if user_id is not None]


def _next_in_turn(session: Session, people: Sequence[User], task: Any) -> User:
    """The one after whoever got the last task of this stage."""
    last = session.scalar(
        select(Task.assignee_id)
        .where(
            Task.role == task.role,
            Task.scope == task.scope,
            Task.stage == task.stage,
            Task.part == task.part,
            Task.id != task.id,
            Task.assignee_id.is_not(None),
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    ordered = sorted(people, key=lambda user: user.id)
    return next((user for user in ordered if last is not None and user.id > last), ordered[0])


def _liaison(session: Session, people: Sequence[User], task: Any) -> User | None:
    """The department's liaison, or his deputy where he is not among these people."""
    day = local_date(task.opened_at)
    rows = select(Liaison.user_id).where(
        Liaison.department == task.scope,
        Liaison.from_date <= day,
        (Liaison.to_date.is_(None)) | (Liaison.to_date >= day),
    )
    known = {user.id: user for user in people}
    found = session.scalars(rows.order_by(Liaison.deputy, Liaison.id))
    return next((known[user_id] for user_id in found if user_id in known), None)


def _weight(area_code: str, user_id: int) -> str:
    """Fixed for a village and a person: when somebody comes or goes only his villages change hands."""
    return hashlib.sha256(f"{area_code}:{user_id}".encode()).hexdigest()
