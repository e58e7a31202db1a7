"""无人可办: a task whose whole post recusal or four eyes keeps out. It goes one area up, or a supervisor appoints somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.acts import open_case
from workflow.areas import ancestor, level_of
from workflow.catalogue import Blueprint
from workflow.desk.eligible import able, check_free, holders_at, in_office, kept_out
from workflow.entries import note, read, write_back
from workflow.errors import Unmet
from workflow.facts import CaseState
from workflow.models import Case, RoleAssignment, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import area_filter, scope_of
from workflow.roles import AUDITOR, HEAD, ROLES, SUPERVISOR, Role
from workflow.tasks import open_task
from workflow.telling import tell

ESCALATION = "escalation"
"""The definition by which a supervisor is asked to appoint, where the catalogue has it."""
APPOINT = "appoint"
SOURCE = "M57-11；M220-14"


def is_stranded(session: Session, blueprint: Blueprint, case: Any, task: Any, today: date) -> bool:
    """Whether somebody holds the post, but nobody of them may do this. A vacant post is no matter of recusal."""
    return bool(holders_at(session, task.role, task.scope, today)) and not able(
        session, blueprint, case, task, today
    )


def settle(office: Office, conn: Connection, task_id: int, now: datetime) -> bool:
    """Look at a task once more under its case's lock, and see to it that somebody may do it. False where all is well."""
    case, task = open_task(office, conn, task_id)
    session, blueprint, today = office.session(conn), office.catalogue.of(case), local_date(now)
    if not is_stranded(session, blueprint, case, task, today):
        conn.execute(update(Task).where(Task.id == task.id).values(stranded=False))
        return False
    for scope in _above(ROLES[task.role], task.scope):
        there = SimpleNamespace(stage=task.stage, part=task.part, role=task.role, scope=scope)
        if able(session, blueprint, case, there, today):
            _raise_up(conn, case, task, scope, now)
            return True
    conn.execute(update(Task).where(Task.id == task.id).values(stranded=True))
    label = _label(blueprint, task)
    note(conn, case, actor=SYSTEM_ACTOR, now=now, action="stranded", source=SOURCE,
         says=f"因回避或经办分离，没有可以办理“{label}”的人，报请指定")  # fmt: skip
    _ask(office, conn, case, task, label, now)
    return True


def candidates(session: Session, blueprint: Blueprint, case: Any, task: Any, today: date) -> Sequence[User]:
    """Whom a supervisor may appoint: who holds the role elsewhere, else anybody who works on cases of the county."""
    out = kept_out(blueprint, case, task)
    county = ancestor(case.area_code, "county")
    posts = select(User).join(RoleAssignment).where(*in_office(today)).distinct().order_by(User.id)
    same = session.scalars(posts.where(RoleAssignment.role == task.role)).all()
    if found := [user for user in same if user.id not in out]:
        return found
    working = [code for code, role in ROLES.items() if role.reads and role is not AUDITOR]
    inside = area_filter(RoleAssignment.area_code, [county])
    others = session.scalars(posts.where(RoleAssignment.role.in_(working), inside)).all()
    return [user for user in others if user.id not in out]


def appoint(
    office: Office,
    conn: Connection,
    case_id: int,
    *,
    part: str,
    to: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a task into the hands of somebody who does not hold its post, for this case alone. Raises Unmet."""
    case, tasks = read(office, conn, case_id)
    row = next((one for one in tasks if one.task_part == part), None)
    if row is None:
        raise Unmet("这项待办已经办结，不用指定，请直接说明并办结督办。")
    if to in actor.persons:
        raise Unmet("不能指定自己。")
    task = conn.execute(select(Task.__table__).where(Task.id == row.task_id)).one()
    session = office.session(conn)
    user = session.get_one(User, to)
    if user.disabled_at is not None:
        raise Unmet(f"{user.name}的账号已停用，不能指定。")
    check_free(office.catalogue.of(case), case, task, to, user.name)
    appointed = case.facts.get("appointed", {})
    case.facts = {
        **case.facts,
        "appointed": {**appointed, task.role: sorted({*appointed.get(task.role, ()), to})},
    }
    user.appointed = True
    session.flush()
    conn.execute(update(Task).where(Task.id == task.id).values(assignee_id=to, owner_id=None, stranded=False))
    write_back(
        conn,
        case,
        actor=actor,
        now=now,
        action=APPOINT,
        says=f"指定{user.name}办理",
        reason=reason,
        source=SOURCE,
    )
    tell(conn, case, "assigned", now, user_id=to, facts={"reason": reason})


def _above(role: Role, scope: str) -> list[str]:
    """The areas above at which the role is held as well, the nearest first."""
    if role.of_department:
        return []
    order = ("village", "town", "county")
    higher = order[order.index(level_of(scope)) + 1 :]
    return [ancestor(scope, level) for level in higher if level in role.levels]


def _raise_up(conn: Connection, case: CaseState, task: Any, scope: str, now: datetime) -> None:
    case.facts = {**case.facts, "raised": {**case.facts.get("raised", {}), task.role: scope}}
    conn.execute(
        update(Task)
        .where(Task.id == task.id)
        .values(scope=scope, assignee_id=None, owner_id=None, stranded=False)
    )
    write_back(conn, case, actor=SYSTEM_ACTOR, now=now, action="raise_up", source=SOURCE,
               says=f"本级{ROLES[task.role].title}都应当回避或已参与本案，移交上一级办理")  # fmt: skip


def _ask(office: Office, conn: Connection, case: CaseState, task: Any, label: str, now: datetime) -> None:
    """The supervisor one area up is asked to appoint, once; where the task is a supervisor's own, the head is told."""
    facts = {"label": label, "source": SOURCE}
    if case.definition == ESCALATION or ESCALATION not in office.catalogue.codes:
        tell(conn, case, "stranded", now, role=HEAD.code, scope=scope_of(HEAD, case.area_code),
             key=f"task{task.id}", facts=facts)  # fmt: skip
        return
    asked = conn.execute(
        select(Case.facts).where(
            Case.parent_id == case.id, Case.definition == ESCALATION, Case.closed_at.is_(None)
        )
    ).scalars()
    if any(found.get("kind") == APPOINT and found.get("part") == task.part for found in asked):
        return
    area = ancestor(task.scope, "town" if level_of(task.scope) == "village" else "county")
    opened = open_case(
        office, conn, ESCALATION, subject=("case", case.id), area_code=area, actor=SYSTEM_ACTOR, now=now,
        title=case.title, parent=case,
        facts={"kind": APPOINT, "number": case.number, "label": f"无人可办：{label}", "source": SOURCE, "role": task.role,
               "part": task.part, "stage": case.stage, "due": task.due_on.isoformat() if task.due_on else "",
               "late_user_id": None},
    )  # fmt: skip
    tell(conn, opened, "stranded", now, role=SUPERVISOR.code, scope=scope_of(SUPERVISOR, area),
         facts={**facts, "number": case.number})  # fmt: skip


def _label(blueprint: Blueprint, task: Any) -> str:
    stage = blueprint.stages[task.stage]
    part = next((part for part in stage.parts if part.code == task.part), None)
    return part.label if part else stage.label
