"""Is there somebody for every action, today and in every place? Asked of the people who hold posts now.

A post of an action is staffed where somebody holds one of its roles at the place where it works. Four eyes can be kept
where people can be found for the action and for every hand it is kept apart from, no two of whom are one person where
a definition keeps them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.areas import ancestor, level_of, prefix
from workflow.catalogue import Blueprint, Catalogue
from workflow.definition_checks.finding import Finding
from workflow.desk.eligible import in_office
from workflow.models import Area, Department, RoleAssignment, User
from workflow.policy import HANDS, scope_of
from workflow.roles import ROLES, Role
from workflow.vocabulary import Action

Posts = Mapping[tuple[str, str], frozenset[int]]
"""Who holds a role at an area: role and area code to people."""
POST, FOUR_EYES = "somebody_holds_the_post", "four_eyes_have_somebody"
_NOBODY: frozenset[int] = frozenset()
MOST_NAMED = 10
"""Areas named in one finding; of more the number is told."""


@dataclass(frozen=True)
class Roster:
    """The posts held on a day, the places cases come from, the departments that help, and what they are called."""

    posts: Posts
    places: tuple[str, ...]
    names: Mapping[str, str]
    departments: tuple[tuple[str, str], ...] = ()

    def holders(self, role: Role, place: str) -> frozenset[int]:
        """Who does this role's work for a case of this place; of a department's role, for a case at this department."""
        return self.posts.get((role.code, scope_of(role, place)), _NOBODY)

    def holding(self, roles: Iterable[Role], place: str, kind: str) -> list[Desk]:
        """Where these roles work for a case of this place: there, or at each department it can be with."""
        if not any(role.of_department for role in roles):
            return [Desk(place, place)]
        county = prefix(ancestor(place, "county"))
        found = [code for code, of in self.departments if code.startswith(county) and kind in {"", of}]
        return [Desk(place, code) for code in found]


class Desk(NamedTuple):
    """Where an act is done: the place the case comes from, and the department it is with (the place itself: none)."""

    place: str
    department: str

    def of(self, role: Role) -> str:
        """The area at which a role works there."""
        return self.department if role.of_department else scope_of(role, self.place)


def read_roster(session: Session, today: date) -> Roster:
    """The roster as it stands. Cases come from villages, and from areas that have none below."""
    held: dict[tuple[str, str], set[int]] = {}
    rows = select(RoleAssignment.role, RoleAssignment.area_code, User.id).join(User).where(*in_office(today))
    for role, area, user in session.execute(rows):
        held.setdefault((role, area), set()).add(user)
    areas = session.execute(select(Area.code, Area.name, Area.parent_code).order_by(Area.code)).all()
    above = {area.parent_code for area in areas}
    places = tuple(
        area.code for area in areas if area.code not in above and level_of(area.code) in {"village", "town"}
    )
    return Roster(
        {post: frozenset(users) for post, users in held.items()},
        places,
        {a.code: a.name for a in areas},
        _departments(session),
    )


def _departments(session: Session) -> tuple[tuple[str, str], ...]:
    rows = select(Department.code, Department.kind).where(Department.has_aid_function)
    return tuple((code, kind) for code, kind in session.execute(rows.order_by(Department.code)))


def check_roster(catalogue: Catalogue, roster: Roster, editions: frozenset[str]) -> list[Finding]:
    """Every stage and role for which nobody is left somewhere, with the areas, in the definitions of these editions."""
    found = []
    for blueprint in catalogue:
        missing: dict[tuple[str, str], dict[str, None]] = {}
        for place in roster.places if editions & set(blueprint.editions) else ():
            for rule, word, area in _missing(blueprint, roster, place):
                missing.setdefault((rule, word), {})[area] = None
        found += [
            Finding.of(
                blueprint, rule, word, _told(rule, blueprint, blueprint.actions[word], roster, list(areas))
            )
            for (rule, word), areas in missing.items()
        ]
    return found


def _missing(blueprint: Blueprint, roster: Roster, place: str) -> Iterator[tuple[str, str, str]]:
    """The rule that does not hold for a case of this place, the action, and the area of its post."""
    for word in blueprint.actions.values():
        roles = [role for role in word.by if role.code in ROLES]
        if not roles or len(roles) < len(word.by):
            continue  # the system or a linked case does it as well
        for desk in roster.holding(roles, place, blueprint.cls.department):
            if not any(roster.holders(role, desk.of(role)) for role in roles):
                yield POST, word.code, desk.of(roles[0])
            elif word.apart_from and not _can_be_kept(blueprint, word, roster, desk):
                yield FOUR_EYES, word.code, desk.of(roles[0])


def _told(rule: str, blueprint: Blueprint, word: Action, roster: Roster, areas: list[str]) -> str:
    """What is missing where, and the mend."""
    stage = "、".join(blueprint.stages[code].label for code in word.moves)
    titles = "、".join(role.title for role in word.by)
    where = "、".join(f"{roster.names.get(area, area)}（{area}）" for area in areas[:MOST_NAMED])
    where += f"等 {len(areas)} 处" if areas[MOST_NAMED:] else ""
    if rule == POST:
        return f"“{stage}”的“{word.label}”在{where}没有{titles}；请在人员管理中任命，或安排代理。"
    hands = "、".join(HANDS[hand] for hand in word.apart_from)
    return (
        f"“{stage}”的“{word.label}”在{where}的{titles}不够：须与{hands}人分开，没有别人可办；请再任命一人。"
    )


def _can_be_kept(blueprint: Blueprint, word: Action, roster: Roster, desk: Desk) -> bool:
    """Whether people can be found for the action and the hands it is kept apart from, one after the other."""
    domains: dict[str, frozenset[int]] = {word.code: _people([word], roster, desk)}
    apart: dict[str, set[str]] = {word.code: set()}
    for hand in word.apart_from:
        givers = [one for one in blueprint.actions.values() if one.hand == hand]
        people = _people(givers, roster, desk)
        if not people:
            continue  # given by an effect or not at all: nobody is thereby kept out
        domains[hand] = people
        apart[hand] = {word.code} | {
            other for other in word.apart_from if givers and all(other in one.apart_from for one in givers)
        }
    return _assign(sorted(domains, key=lambda name: len(domains[name])), domains, apart, {})


def _people(words: list[Action], roster: Roster, desk: Desk) -> frozenset[int]:
    roles = {role for word in words for role in word.by if role.code in ROLES}
    return frozenset().union(*(roster.holders(role, desk.of(role)) for role in roles))


def _assign(
    left: list[str],
    domains: Mapping[str, frozenset[int]],
    apart: Mapping[str, set[str]],
    taken: dict[str, int],
) -> bool:
    """Somebody for each, no two the same where they are kept apart: the fewest candidates first."""
    if not left:
        return True
    name, *rest = left
    out = {person for other, person in taken.items() if other in apart[name] or name in apart[other]}
    free = domains[name] - out
    others = frozenset().union(*(domains[other] for other in rest)) if rest else _NOBODY
    tried = sorted(free - others)[:1] or sorted(free)  # whoever can do nothing else is as good as any other
    return any(_assign(rest, domains, apart, taken | {name: person}) for person in tried)


RULES = (POST, FOUR_EYES)
"""What the findings of this check are called."""
