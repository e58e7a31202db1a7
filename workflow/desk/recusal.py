"""回避: declared, or found through registered kinship. What lies with whoever must keep out moves on by itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update

from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.errors import FormRefused, NotNow, Unmet
from workflow.facts import CaseState
from workflow.models import Case, Kinship, Membership, Task, User
from workflow.office import Office

SHORTEST_REASON = 2
SOURCE = "M57-11；M220-14"


def recuse(
    office: Office, conn: Connection, case_id: int, *, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """I must keep out of this case: from now on he does nothing in it and sees it no more. Raises FormRefused."""
    from workflow.acts import read

    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": "请写明与当事人的关系或其他应当回避的情形"})
    case, _ = read(office, conn, case_id)
    if case.closed_at is not None:
        raise NotNow("案件已经办结，不用再申明回避。")
    if actor.id is None or actor.id in case.barred:
        raise Unmet("您已经申明过回避。")
    bar(office, conn, case, actor.id, actor=actor, says="申明回避", reason=reason, now=now)
    return case


def bar(
    office: Office,
    conn: Connection,
    case: CaseState,
    user_id: int,
    *,
    actor: Actor,
    says: str,
    reason: str,
    now: datetime,
) -> None:
    """Keep somebody out of a case, by his word or by the register, and let his work move on."""
    from workflow.acts import write_back

    case.barred = [*case.barred, user_id]
    write_back(conn, case, actor=actor, now=now, action="recuse", says=says, reason=reason, source=SOURCE)
    relieve(office, conn, case, now=now)


def relieve(office: Office, conn: Connection, case: CaseState, *, now: datetime) -> None:
    """Take the open tasks of the case from whoever must keep out: back to their owner, else by policy, else to the queue."""
    from workflow.acts import note
    from workflow.desk.placing import place

    conn.execute(update(Task).where(Task.case_id == case.id, Task.state == "open").values(stranded=None))
    held = select(Task.id, Task.assignee_id, Task.owner_id, User.name).join(User, User.id == Task.assignee_id)
    moved = False
    for task in conn.execute(held.where(Task.case_id == case.id, Task.state == "open")).all():
        if task.assignee_id not in case.barred and task.owner_id not in case.barred:
            continue
        owner = task.owner_id if task.owner_id not in case.barred else None
        conn.execute(update(Task).where(Task.id == task.id).values(assignee_id=owner, owner_id=None))
        says = f"因回避，{task.name}的待办退回{'委派人' if owner is not None else '待领'}"
        note(conn, case, actor=SYSTEM_ACTOR, now=now, action="relieve", says=says)
        moved = True
    if moved:
        place(office, conn, case, now)


def kin_of(conn: Connection, household_id: int, today: date) -> list[int]:
    """The members of staff with a registered near relation to somebody of this household."""
    rows = conn.execute(
        select(Kinship.user_id)
        .join(Membership, Membership.person_id == Kinship.person_id)
        .where(Membership.household_id == household_id, *_member(today))
        .distinct()
        .order_by(Kinship.user_id)
    )
    return list(rows.scalars())


def unbarred_kin(conn: Connection, today: date) -> list[tuple[int, int, str]]:
    """(case, member of staff, relation): open cases of families from which a registered relative is not kept out yet."""
    rows = conn.execute(
        select(Case.id, Case.barred, Kinship.user_id, Kinship.relation)
        .join(Membership, Membership.person_id == Kinship.person_id)
        .join(Case, (Case.subject_kind == "household") & (Case.subject_id == Membership.household_id))
        .where(Case.closed_at.is_(None), *_member(today))
        .order_by(Case.id, Kinship.user_id)
    )
    found = {(row.id, row.user_id): row.relation for row in rows if row.user_id not in row.barred}
    return [(case_id, user_id, relation) for (case_id, user_id), relation in found.items()]


def _member(today: date) -> list[ColumnElement[bool]]:
    return [
        Membership.from_date <= today,
        or_(Membership.to_date.is_(None), Membership.to_date >= today),
    ]
