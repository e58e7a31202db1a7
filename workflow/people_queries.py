"""Named reads about people: who holds a role for an area, who belongs to a household."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from workflow.models import Membership, Person, RoleAssignment, User
from workflow.policy import scope_of
from workflow.roles import Role


def holders(session: Session, roles: Iterable[Role], area_code: str, today: date) -> Sequence[User]:
    """The enabled users who hold one of the roles for a case in this area today, by name."""
    places = [
        (RoleAssignment.role == role.code) & (RoleAssignment.area_code == scope_of(role, area_code))
        for role in roles
    ]
    return session.scalars(
        select(User)
        .join(RoleAssignment)
        .where(
            or_(*places),
            User.disabled_at.is_(None),
            RoleAssignment.from_date <= today,
            or_(RoleAssignment.to_date.is_(None), RoleAssignment.to_date >= today),
        )
        .distinct()
        .order_by(User.id)
    ).all()


_MEMBERS = (
    select(Person, Membership.relation)
    .join(Membership, Membership.person_id == Person.id)
    .where(
        Membership.household_id == bindparam("household"),
        Membership.from_date <= bindparam("day"),
        or_(Membership.to_date.is_(None), Membership.to_date >= bindparam("day")),
    )
    .order_by(Membership.id)
)
"""Built once: nearly every act of a household's case asks for its members."""


def household_members(session: Session, household_id: int, on: date) -> Sequence[Person]:
    """The people of a household on a day, the head first."""
    rows = session.execute(_MEMBERS, {"household": household_id, "day": on}).all()
    return [person for person, relation in sorted(rows, key=lambda row: row[1] != "head")]
