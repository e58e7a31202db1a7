"""Who works here: people with roles, their leave, and how many acts a day each gets done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow import staff
from workflow.actors import Actor, actor_of
from workflow.areas import level_of
from workflow.entropy import Entropy
from workflow.errors import Refused
from workflow.models import Area, RoleAssignment, User
from workflow.roles import ROLES, Role
from workflow.simulation.names import OLDER, SURNAMES, YOUNGER

ACTS_A_DAY = 15
"""What one person gets done on a working day."""
LEAVE_SPELLS, LEAVE_DAYS = 3, (3, 9)
"""Times a year that somebody is away, and for how many calendar days at a time."""
HEADCOUNT: Mapping[str, int] = {
    "village_agent": 1, "window_clerk": 3, "investigator": 4, "town_reviewer": 4, "town_approver": 3,
    "verification_officer": 3, "county_reviewer": 6, "county_approver": 4, "liaison": 2, "finance_officer": 4,
    "supervisor": 2, "department_head": 1, "auditor": 1, "administrator": 1, "department_reviewer": 3,
    "department_approver": 2, "centre_staff": 2, "centre_director": 1,
}  # fmt: skip
"""People a role at each place where it is held, so that four eyes, leave and recusal together leave somebody."""


def headcount(changes: Mapping[str, int]) -> dict[str, int]:
    """The usual number of people a role with these changes. Raises Refused for an unknown role or a negative number."""
    for role, number in changes.items():
        if role not in ROLES:
            raise Refused(f"没有“{role}”这个角色；现有：{'、'.join(ROLES)}。")
        if number < 0:
            raise Refused(f"{ROLES[role].title}（{role}）的人数不能是 {number}。")
    return {**HEADCOUNT, **changes}


def hire(
    session: Session,
    areas: Iterable[str],
    numbers: Mapping[str, int],
    entropy: Entropy,
    now: datetime,
    since: date,
) -> list[User]:
    """People for each role at each of these areas where nobody holds it yet; nobody has a password."""
    held = {(a.role, a.area_code) for a in session.scalars(select(RoleAssignment))}
    names, logins = set(session.scalars(select(User.name))), set(session.scalars(select(User.login)))
    hired = []
    for area in areas:
        for role in ROLES.values():
            if level_of(area) not in role.levels or (role.code, area) in held:
                continue
            for number in range(1, numbers[role.code] + 1):
                name = new_name(entropy, names)
                login = new_login(
                    f"{role.code}-{area[6:].rstrip('0') or '0'}-{number}".replace("_", "-"), logins
                )
                user = staff.create_user(session, login=login, name=name, now=now)
                staff.assign(session, user, role.code, area, since)
                hired.append(user)
    return hired


def new_name(entropy: Entropy, names: set[str]) -> str:
    """A name nobody here has yet: near relatives are registered by name."""
    while True:
        names_of_age: Mapping[str, Sequence[str]] = entropy.choice((OLDER, YOUNGER))
        name: str = entropy.choice(SURNAMES) + entropy.choice(names_of_age[entropy.choice(("M", "F"))])
        if name not in names:
            names.add(name)
            return name


def new_login(login: str, logins: set[str]) -> str:
    """This login, or with a number where somebody has it already; taken from now on."""
    free = (
        login
        if login not in logins
        else next(f"{login}-{n}" for n in range(2, 10_000) if f"{login}-{n}" not in logins)
    )
    logins.add(free)
    return free


@dataclass
class Colleague:
    """A member of staff with his leave and what he has done so far."""

    user: User
    leave: list[tuple[date, date]]
    acts_a_day: int = ACTS_A_DAY
    done_today: int = 0
    done: int = 0
    day: date | None = None
    _actor: Actor | None = None

    def actor(self, today: date) -> Actor:
        """The actor he is today."""
        if self._actor is None or self.day != today:
            self._actor, self.day, self.done_today = actor_of(self.user, today), today, 0
        return self._actor

    def away(self, today: date) -> bool:
        """On leave."""
        return any(first <= today <= last for first, last in self.leave)


@dataclass
class Roster:
    """All colleagues by role and place."""

    posts: dict[tuple[str, str], list[Colleague]] = field(default_factory=dict)
    by_id: dict[int, Colleague] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, entropy: Entropy, first: date, last: date) -> Roster:
        """The enabled staff of the database, each with leave drawn for the time between two days."""
        roster = cls()
        users = (
            select(User)
            .options(selectinload(User.assignments))
            .where(User.disabled_at.is_(None))
            .order_by(User.id)
        )
        for user in session.scalars(users):
            colleague = Colleague(user, _leave(entropy, first, last))
            roster.by_id[user.id] = colleague
            for held in user.assignments:
                roster.posts.setdefault((held.role, held.area_code), []).append(colleague)
        session.expunge_all()
        return roster

    def at(self, role: Role | str, scope: str, today: date) -> list[Actor]:
        """Who holds a role for an area today, on leave or not, by id."""
        actors = (colleague.actor(today) for colleague in self.posts.get((str(role), scope), ()))
        return [actor for actor in actors if actor.holds(role, scope)]

    def free(self, roles: Sequence[tuple[str, str]], today: date) -> Iterator[Actor]:
        """Who is there and has time today, role by role, in each the least busy first."""
        for role, scope in roles:
            there = [
                c
                for c in self.posts.get((role, scope), ())
                if c.actor(today).holds(role, scope) and not c.away(today)
            ]
            ready = [c for c in there if c.done_today < c.acts_a_day]
            for colleague in sorted(ready, key=lambda c: (c.done_today, c.done, c.user.id)):
                yield colleague.actor(today)

    def is_free(self, user_id: int, today: date) -> bool:
        """Whether somebody is there and has time today."""
        colleague = self.by_id.get(user_id)
        return (
            colleague is not None
            and not colleague.away(today)
            and (colleague.actor(today).id is not None and colleague.done_today < colleague.acts_a_day)
        )

    def count(self, actor: Actor) -> None:
        """One act more of a person."""
        if actor.id is not None and actor.id in self.by_id:
            self.by_id[actor.id].done_today += 1
            self.by_id[actor.id].done += 1


def _leave(entropy: Entropy, first: date, last: date) -> list[tuple[date, date]]:
    spells = []
    days = (last - first).days + 1
    for _ in range(max(1, days * LEAVE_SPELLS // 365)):
        start = first + timedelta(days=entropy.below(days))
        spells.append((start, start + timedelta(days=entropy.between(*LEAVE_DAYS) - 1)))
    return sorted(spells)


def places(session: Session, towns: Sequence[str], villages: Sequence[str]) -> list[str]:
    """The areas at which staff are needed: the county, these towns, these villages. Raises Refused for an unknown one."""
    county = session.scalar(select(Area.code).where(Area.level == "county").order_by(Area.code).limit(1))
    wanted = [*([county] if county else []), *towns, *villages]
    if missing := [code for code in wanted if session.get(Area, code) is None]:
        raise Refused(f"没有代码为 {missing[0]} 的区划，请先运行 jiuzhu db upgrade。")
    return wanted
