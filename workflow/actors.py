"""Who acts: a member of staff with the roles he holds today, or the system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.areas import covers
from workflow.desk.lending import Lent, lent_to
from workflow.models import RoleAssignment, User
from workflow.roles import ROLES, Role


@dataclass(frozen=True)
class Actor:
    """`grants` are pairs of role code and area code, those in force today only; `lent` are the posts he stands in for.

    `appointed` says that a supervisor has put a case in his hands beyond his posts. `standing` is the post he acts in at this moment for somebody else: it is signed, and counts, for both.
    """

    id: int | None
    name: str
    grants: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    lent: tuple[Lent, ...] = ()
    appointed: bool = False
    standing: Lent | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The codes of all roles held anywhere, and of those he stands in for."""
        return frozenset(role for role, _ in self.grants) | {one.role for one in self.lent}

    def holds(self, role: Role | str, scope: str, definition: str = "") -> bool:
        """Whether the role is held for exactly this area, be it for somebody else.

        One lent for a single definition counts only where that is asked for.
        """
        return (str(role), scope) in self.grants or bool(
            self.lent and self._lent(str(role), scope, definition)
        )

    def reads(self, area_code: str, definition: str = "") -> bool:
        """Whether some role lets him see the cases of this area."""
        return any(ROLES[role].reads and covers(scope, area_code) for role, scope in self.grants) or any(
            ROLES[one.role].reads and one.definition in {"", definition} and covers(one.scope, area_code)
            for one in self.lent
        )

    @property
    def departments(self) -> frozenset[str]:
        """The departments in which he works, be it for somebody else."""
        posts = [*self.grants, *((one.role, one.scope) for one in self.lent)]
        return frozenset(scope for role, scope in posts if ROLES[role].of_department)

    @property
    def persons(self) -> tuple[int, ...]:
        """Whom recusal and four eyes look at: himself, and the one he stands in for now."""
        ids = (self.id, self.standing.principal_id if self.standing else None)
        return tuple(one for one in ids if one is not None)

    @property
    def desk_id(self) -> int | None:
        """On whose desk lies what he takes now."""
        return self.standing.principal_id if self.standing else self.id

    def in_post(
        self,
        role: Role | str,
        scope: str,
        definition: str,
        *,
        desk: int | None = None,
        but: Iterable[int] = (),
    ) -> Actor:
        """As he acts in this post: for the one whose task it is (`desk`), else for himself, else for whom he stands in.

        Of several he stands in for, one that is not in `but` is taken. Himself again where he has no such post.
        """
        if self.standing is not None or not self.lent:
            return self
        posts = self._lent(str(role), scope, definition)
        theirs = [one for one in posts if one.principal_id == desk]
        if not theirs and ((str(role), scope) in self.grants or not posts):
            return self
        chosen = (theirs or [one for one in posts if one.principal_id not in set(but)] or posts)[0]
        return replace(self, name=f"{self.name} 代 {chosen.principal}（{chosen.cited}）", standing=chosen)

    def _lent(self, role: str, scope: str, definition: str) -> list[Lent]:
        return [one for one in self.lent if one.covers(role, scope, definition)]


SYSTEM_ACTOR = Actor(None, "系统")


def actor_of(user: User, today: date) -> Actor:
    """The actor a user is on a day by his own roles: read afresh for every request, never kept in the session."""
    if user.disabled_at is not None:
        return Actor(user.id, user.name)
    grants = frozenset(
        (a.role, a.area_code)
        for a in user.assignments
        if a.from_date <= today and (a.to_date is None or today <= a.to_date)
    )
    return Actor(user.id, user.name, grants)


def load_actor(session: Session, user_id: int, today: date) -> Actor:
    """The actor of a user id, with the posts in which he stands in for others today."""
    user = session.get_one(User, user_id)
    own = actor_of(user, today)
    if user.disabled_at is not None:
        return own
    return replace(own, lent=lent_to(session, user_id, today), appointed=bool(user.appointed))


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
