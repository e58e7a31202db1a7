"""Authorisations: signed, in force on a day, withdrawn, and ended with the last case of the household."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import FormRefused, NotFound, Unmet
from workflow.forms import SHORTEST_REASON, is_adult
from workflow.models import Authorisation, Case, Document, Person, Query
from workflow.people_queries import household_members
from workflow.periods import local_date
from workflow.statements import next_number
from workflow.verification.queries import UNSETTLED, holder_told

PREFIX = "SQ"


def sign(
    session: Session,
    *,
    household_id: int,
    person_id: int,
    scope: Iterable[str],
    purposes: str,
    actor: Actor,
    now: datetime,
    signed_on: date | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    guardian_id: int | None = None,
    case_id: int | None = None,
    document_id: int | None = None,
) -> Authorisation:
    """Record a signed authorisation of a member; from the day it was signed and without end, if nothing else is said.

    Raises FormRefused, field by field: somebody under age needs his guardian (CC-17, 19, 20), a guardian is of age, no
    paper is dated ahead, and none ends before it begins.
    """
    today = local_date(now)
    signed_on = signed_on or today
    valid_from, sources = valid_from or signed_on, sorted(set(scope))
    person = session.get(Person, person_id)
    faults = _faults(session, household_id, person, guardian_id, signed_on, today)
    if valid_to is not None and valid_to < valid_from:
        faults["valid_to"] = f"截止日不能早于起始日（{valid_from.isoformat()}）"
    if valid_from < signed_on:
        faults["valid_from"] = "起始日不能早于签署日"
    if not sources:
        faults["scope"] = "请至少选一个来源部门"
    if document_id is not None and _belongs(session, document_id, household_id) is None:
        faults["document_id"] = "这份材料不是本户的核对授权书"
    if faults:
        raise FormRefused(faults)
    row = Authorisation(
        number=next_number(session.connection(), PREFIX, today.year), person_id=person_id,
        household_id=household_id, case_id=case_id, signed_on=signed_on, valid_from=valid_from, valid_to=valid_to,
        scope=sources, purposes=purposes, document_id=document_id, signed_by_guardian_id=guardian_id,
        recorded_by=actor.id, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _faults(
    session: Session,
    household_id: int,
    person: Person | None,
    guardian_id: int | None,
    signed_on: date,
    today: date,
) -> dict[str, str]:
    members = {member.id for member in household_members(session, household_id, today)}
    if person is None or person.id not in members:
        return {"person_id": "只能登记本户成员的授权"}
    faults = {}
    if signed_on > today:
        faults["signed_on"] = f"签署日不能晚于今天（{today.isoformat()}）"
    guardian = session.get(Person, guardian_id) if guardian_id is not None else None
    if guardian_id is None and not is_adult(person.birth, signed_on):
        faults["guardian_id"] = f"{person.name}签署时未满十八周岁，须由监护人签字"
    elif guardian_id is not None and (
        guardian is None or guardian.id == person.id or not is_adult(guardian.birth, signed_on)
    ):
        faults["guardian_id"] = "监护人应是另一位已成年的人"
    return faults


def _belongs(session: Session, document_id: int, household_id: int) -> int | None:
    return session.scalar(
        select(Document.id)
        .join(Case, Case.id == Document.case_id)
        .where(Document.id == document_id, Case.subject_kind == "household", Case.subject_id == household_id)
    )


def in_force(
    session: Session, household_id: int, on: date, sources: Collection[str] = ()
) -> dict[int, Authorisation]:
    """Person -> the authorisation that holds on a day, the newest where there are several that cover the `sources`."""
    rows = session.scalars(
        select(Authorisation)
        .where(
            Authorisation.household_id == household_id,
            Authorisation.withdrawn_at.is_(None),
            Authorisation.valid_from <= on,
            or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on),
        )
        .order_by(Authorisation.id)
    )
    return {row.person_id: row for row in rows if set(sources) <= set(row.scope)}


def unsigned(session: Session, household_id: int, on: date) -> list[Person]:
    """The adults of the household for whom no authorisation holds on a day."""
    held = in_force(session, household_id, on)
    members = household_members(session, household_id, on)
    return [person for person in members if is_adult(person.birth, on) and person.id not in held]


def of_household(session: Session, household_id: int) -> Sequence[Authorisation]:
    """All authorisations ever signed for the household, the newest first."""
    return session.scalars(
        select(Authorisation)
        .where(Authorisation.household_id == household_id)
        .order_by(Authorisation.id.desc())
    ).all()


def withdraw(session: Session, authorisation_id: int, reason: str, *, now: datetime) -> Authorisation:
    """The person takes it back: nothing more is asked about him, what is under way ends, its holder is told.

    Raises FormRefused without a reason, Unmet where it is withdrawn already or over. What was answered before was
    answered rightly and stays.
    """
    mine = (
        select(Query)
        .where(Query.authorisation_id == authorisation_id, Query.state.in_(UNSETTLED))
        .with_for_update()
    )
    session.scalars(mine).all()  # first the queries, then the authorisation: as whoever sends does
    row = session.get(Authorisation, authorisation_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Unmet(f"授权 {row.number} 已经撤回。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明撤回原因，至少 {SHORTEST_REASON} 个字"})
    row.withdrawn_at, row.withdrawn_reason = now, reason.strip()[:200]
    open_ones = session.scalars(mine).all()
    for query in open_ones:
        query.state, query.next_try_at, query.note = "superseded", None, "授权已撤回"
    session.flush()
    for case_id in sorted({query.case_id for query in open_ones}):
        holder_told(
            session,
            case_id,
            "authorisation_withdrawn",
            now,
            key=row.number,
            facts={"words": row.number},
        )
    return row


def end_unused(session: Session, on: date) -> int:
    """End what lasts until the household's last case is over, where it is over; how many."""
    mine = Case.subject_kind == "household", Case.subject_id == Authorisation.household_id
    running = select(Case.id).where(*mine, Case.closed_at.is_(None)).exists()
    over = select(Case.id).where(*mine, Case.closed_at >= Authorisation.recorded_at).exists()
    ended = session.execute(
        update(Authorisation)
        .where(
            Authorisation.valid_to.is_(None), Authorisation.withdrawn_at.is_(None), Authorisation.valid_from <= on,
            ~running, over,
        )
        .values(valid_to=on)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return int(ended.rowcount)  # type: ignore[attr-defined]
