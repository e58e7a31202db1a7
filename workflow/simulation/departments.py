"""Who works in the departments of a county: a liaison and a deputy in each, and those who review and decide on aid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import staff
from workflow.departments import appoint_liaison, departments_of
from workflow.entropy import Entropy
from workflow.models import RoleAssignment, User
from workflow.roles import LIAISON, ROLES
from workflow.simulation.roster import new_login, new_name

MOST_LIAISONS = 2
"""A liaison and a deputy."""


def hire_departments(
    session: Session, counties: Iterable[str], deciding: Iterable[str], numbers: Mapping[str, int], entropy: Entropy,
    now: datetime, since: date,
) -> list[User]:  # fmt: skip
    """Liaisons for every department that has none, and in those of the kinds that decide on aid people for its posts."""
    held = {(a.role, a.area_code) for a in session.scalars(select(RoleAssignment))}
    names, logins = set(session.scalars(select(User.name))), set(session.scalars(select(User.login)))
    kinds, hired = set(deciding), []
    for department in (one for county in counties for one in departments_of(session, county)):
        for role in ROLES.values():
            if not role.of_department or (role.code, department.code) in held:
                continue
            if role is not LIAISON and department.kind not in kinds:
                continue
            wanted = min(numbers[role.code], MOST_LIAISONS) if role is LIAISON else numbers[role.code]
            for number in range(1, wanted + 1):
                login = new_login(f"{role.code}-{department.kind}-{number}".replace("_", "-"), logins)
                user = staff.create_user(session, login=login, name=new_name(entropy, names), now=now)
                hired.append(user)
                if role is LIAISON:
                    appoint_liaison(session, department.code, user.id, deputy=number > 1, from_date=since)
                else:
                    staff.assign(session, user, role.code, department.code, since)
    return hired
