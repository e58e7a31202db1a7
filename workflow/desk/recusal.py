"""回避: declared, or found through registered kinship. What lies with whoever must keep out moves on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy.orm import Session

from workflow.actors import SYSTEM_ACTOR, Actor
from workflow.desk.placing import place
from workflow.entries import note, read, write_back
from workflow.errors import FormRefused, NotNow, Unmet
from workflow.facts import CaseState
from workflow.models import Case, Kinship, Membership, Task, User
from workflow.office import Office
from workflow.people.kin import relatives
from workflow.people.words import KIN

SHORTEST_REASON = 2
SOURCE = "M57-11；M220-14"


def recuse(
    office: Office, conn: Connection, case_id: int, *, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """I must keep out of this case: from now on he does nothing in it and sees it no more. Raises FormRefused."""
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
    case.barred = [*case.barred, user_id]
    write_back(conn, case, actor=actor, now=now, action="recuse", says=says, reason=reason, source=SOURCE)
    relieve(office, conn, case, now=now)


def relieve(office: Office, conn: Connection, case: CaseState, *, now: datetime) -> None:
    """Take the open tasks of the case from whoever must keep out: back to their owner, else by policy, else to the queue."""
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


def kin_of(conn: Connection, household_id: int, today: date, near: tuple[str, ...] = ()) -> list[int]:
    """The members of staff with a near relation to somebody of this household: declared, or found among their kin."""
    rows = conn.execute(
        select(Kinship.user_id)
        .join(Membership, Membership.person_id == Kinship.person_id)
        .where(Membership.household_id == household_id, *_member(today))
        .distinct()
        .order_by(Kinship.user_id)
    )
    found = set(rows.scalars())
    staff = _staff_as_people(conn)
    if staff:
        members = select(Membership.person_id).where(Membership.household_id == household_id, *_member(today))
        here = set(conn.execute(members).scalars())
        with Session(conn) as session:
            kin = relatives(session, here, today, near)
        related = here.union(*kin.values())
        found |= {user for person, user in staff if person in related}
    return sorted(found)


def unbarred_kin(conn: Connection, today: date, near: tuple[str, ...] = ()) -> list[tuple[int, int, str]]:
    """(case, member of staff, relation): open cases of families from which a near relative is not kept out yet."""
    rows = conn.execute(
        select(Case.id, Case.barred, Kinship.user_id, Kinship.relation)
        .join(Membership, Membership.person_id == Kinship.person_id)
        .join(Case, (Case.subject_kind == "household") & (Case.subject_id == Membership.household_id))
        .where(Case.closed_at.is_(None), *_member(today))
        .order_by(Case.id, Kinship.user_id)
    )
    found = {(row.id, row.user_id): row.relation for row in rows if row.user_id not in row.barred}
    for case_id, user_id, relation in _kin_found(conn, today, near):
        found.setdefault((case_id, user_id), relation)
    return [(case_id, user_id, relation) for (case_id, user_id), relation in sorted(found.items())]


def _kin_found(conn: Connection, today: date, near: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Open cases of households to which a member of staff or one of his near kin belongs."""
    staff = _staff_as_people(conn)
    with Session(conn) as session:
        kin = relatives(session, {person for person, _ in staff}, today, near)
    for person, user in staff:
        near_by = {person: "本人"} | {other: KIN[relation] for other, relation in kin[person].items()}
        cases = (
            select(Case.id, Case.barred, Membership.person_id)
            .join(
                Membership,
                (Case.subject_kind == "household") & (Case.subject_id == Membership.household_id),
            )
            .where(Case.closed_at.is_(None), Membership.person_id.in_(near_by), *_member(today))
            .order_by(Case.id)
        )
        for row in conn.execute(cases):
            if user not in row.barred:
                yield row.id, user, near_by[row.person_id]


def _staff_as_people(conn: Connection) -> list[tuple[int, int]]:
    """(person, member of staff): those in office who are linked to their own row among the people."""
    linked = select(User.person_id, User.id).where(User.person_id.is_not(None), User.disabled_at.is_(None))
    return [(person, user) for person, user in conn.execute(linked.order_by(User.id)) if person is not None]


def _member(today: date) -> list[ColumnElement[bool]]:
    return [
        Membership.from_date <= today,
        or_(Membership.to_date.is_(None), Membership.to_date >= today),
    ]
