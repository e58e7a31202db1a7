"""The posts a stand-in has for the time: read whenever somebody acts or is shown work, never copied.

So a substitution covers open tasks, new ones and queues alike, begins and ends by its dates, and is over the moment it
is revoked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.orm import Session

from workflow.models import RoleAssignment, Substitution, User
from workflow.roles import ADMINISTRATOR, AUDITOR

LONGEST_CHAIN = 3
"""So many stand-ins in a row at most: 甲委托乙，乙委托丙，丙委托丁."""
NOT_LENT = frozenset({ADMINISTRATOR.code, AUDITOR.code})
"""Posts that nobody stands in for: they watch over the others."""


@dataclass(frozen=True)
class Lent:
    """A post of `principal` in which one stands in for him; `definition` "" is all. `numbers` cite the substitutions."""

    numbers: tuple[int, ...]
    principal_id: int
    principal: str
    role: str
    scope: str
    definition: str = ""

    @property
    def cited(self) -> str:
        """委托第 3 号."""
        return f"委托第 {'、'.join(str(number) for number in self.numbers)} 号"

    def covers(self, role: str, scope: str, definition: str) -> bool:
        """Whether it is this post, for this definition."""
        return (self.role, self.scope) == (role, scope) and self.definition in {"", definition}


def on(day: date) -> list[ColumnElement[bool]]:
    """SQL: the substitution is in force on a day."""
    return [Substitution.revoked_at.is_(None), Substitution.from_date <= day, Substitution.to_date >= day]


def lent_to(session: Session | Connection, user_id: int, today: date) -> tuple[Lent, ...]:
    """All posts in which somebody stands in today, along chains of substitutions."""
    return tuple(_lent(session, user_id, today, frozenset({user_id})))


def _lent(session: Session | Connection, user_id: int, today: date, seen: frozenset[int]) -> Iterable[Lent]:
    rows = session.execute(
        select(
            Substitution.id, Substitution.principal_id, Substitution.role, Substitution.definition, User.name
        )
        .join(User, User.id == Substitution.principal_id)
        .where(Substitution.stand_in_id == user_id, *on(today), User.disabled_at.is_(None))
        .order_by(Substitution.id)
    ).all()
    for row in rows:
        if row.principal_id in seen or len(seen) > LONGEST_CHAIN:
            continue
        own = (
            Lent((row.id,), row.principal_id, row.name, post.role, post.area_code)
            for post in posts_of(session, row.principal_id, today)
        )
        further = (
            replace(lent, numbers=(row.id, *lent.numbers))
            for lent in _lent(session, row.principal_id, today, seen | {row.principal_id})
        )
        for lent in (*own, *further):
            if row.role not in {"", lent.role} or lent.role in NOT_LENT:
                continue
            if lent.definition and row.definition and lent.definition != row.definition:
                continue
            yield replace(lent, definition=lent.definition or row.definition)


def posts_of(session: Session | Connection, user_id: int, today: date) -> list[Any]:
    """Somebody's own roles and areas of today."""
    return list(
        session.execute(
            select(RoleAssignment.role, RoleAssignment.area_code)
            .where(
                RoleAssignment.user_id == user_id,
                RoleAssignment.from_date <= today,
                func.coalesce(RoleAssignment.to_date, today) >= today,
            )
            .order_by(RoleAssignment.id)
        )
    )


def still_lent(conn: Connection, lent: Lent, today: date) -> bool:
    """Whether all substitutions it rests on are in force now: asked again inside the act."""
    found = conn.execute(
        select(func.count()).select_from(Substitution).where(Substitution.id.in_(lent.numbers), *on(today))
    ).scalar_one()
    return int(found) == len(lent.numbers)


def stand_ins(
    session: Session, user_ids: Iterable[int], role: str, definition: str, today: date
) -> dict[int, int]:
    """Who stands in today for each of these people in this role: the end of the chain, by the person."""
    wanted = list(user_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Substitution.principal_id, Substitution.stand_in_id).where(
            *on(today), Substitution.role.in_(("", role)), Substitution.definition.in_(("", definition))
        )
    )
    following = {row.principal_id: row.stand_in_id for row in rows}
    found: dict[int, int] = {}
    for user_id in wanted:
        at = user_id
        for _ in range(LONGEST_CHAIN):
            at = following.get(at, at)
        if at != user_id:
            found[user_id] = at
    return found
