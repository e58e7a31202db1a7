"""Who acts: a member of staff with the roles he holds today, or the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.areas import covers
from workflow.models import RoleAssignment, User
from workflow.roles import ROLES, Role


@dataclass(frozen=True)
class Actor:
    """`grants` are pairs of role code and area code, those in force today only."""

    id: int | None
    name: str
    grants: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[str]:
        """The codes of all roles held anywhere."""
        return frozenset(role for role, _ in self.grants)

    def holds(self, role: Role | str, scope: str) -> bool:
        """Whether the role is held for exactly this area."""
        return (str(role), scope) in self.grants

    def reads(self, area_code: str) -> bool:
        """Whether some role lets him see the cases of this area."""
        return any(ROLES[role].reads and covers(scope, area_code) for role, scope in self.grants)


SYSTEM_ACTOR = Actor(None, "系统")


def actor_of(user: User, today: date) -> Actor:
    """The actor a user is on a day: his roles are read afresh for every request, never kept in the session."""
    if user.disabled_at is not None:
        return Actor(user.id, user.name)
    grants = frozenset(
        (a.role, a.area_code)
        for a in user.assignments
        if a.from_date <= today and (a.to_date is None or today <= a.to_date)
    )
    return Actor(user.id, user.name, grants)


def load_actor(session: Session, user_id: int, today: date) -> Actor:
    """The actor of a user id, in one query for his roles."""
    user = session.get_one(User, user_id)
    return actor_of(user, today)


def grant(session: Session, user: User, role: Role, area_code: str, from_date: date) -> RoleAssignment:
    """Give a role for an area from a day on."""
    found = session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.user_id == user.id,
            RoleAssignment.role == role.code,
            RoleAssignment.area_code == area_code,
            RoleAssignment.to_date.is_(None),
        )
    )
    if found is not None:
        return found
    row = RoleAssignment(user=user, role=role.code, area_code=area_code, from_date=from_date)
    session.add(row)
    return row
