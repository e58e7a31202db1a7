"""The sample district: the past two years of one town, made by the simulation, and one account a role to look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.rehearsal.play import JIANGSHAN, Plan, run
from workflow import staff
from workflow.areas import ancestor
from workflow.config import Config
from workflow.db import Database
from workflow.entropy import Entropy, SystemEntropy
from workflow.errors import Refused
from workflow.models import Area, Case, Department, RoleAssignment, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.roles import ROLES
from workflow.running.job import Job

YEARS_BACK = 2
FIRST_TOWN = 9
"""Families in ten that live in the first town."""
BACKLOG = (30, 3)
"""In the last thirty days every third task is left lying: the first page shows late work and escalations."""


SHOWN = "health_insurance"
"""The kind of department whose people get printed sign-ins: all its posts are filled."""


@dataclass(frozen=True)
class Account:
    """A printed sign-in."""

    login: str
    password: str
    name: str
    role: str
    area: str


def load(
    households: int, seed: int, office: Office, database: Database, config: Config, jobs: Sequence[Job], now: datetime,
    tell: Callable[[date], None] = lambda day: None,
) -> list[Account]:  # fmt: skip
    """Fill an empty database up to yesterday and return the accounts. Raises Refused where it holds other data."""
    with database.reading() as session:
        if (
            session.scalar(select(User.id).limit(1)) is not None
            or session.scalar(select(Case.id).limit(1)) is not None
        ):
            raise Refused(
                "数据库里已经有人员或案件，样例区只能装进空的数据库；请用 DATABASE_URL 指向另一个数据库。"
            )
    plan = first_to_last(households, seed, local_date(now))
    run(plan, office, database, config, jobs, tell)
    with database.acting() as conn:
        session = Session(conn)
        accounts = _open_accounts(session, SystemEntropy())
        session.flush()
    return accounts


def first_to_last(households: int, seed: int, today: date) -> Plan:
    """Two years up to yesterday: what is due today is left to the live scheduler. Families come until the end."""
    last = today - timedelta(days=1)
    first = date(last.year - YEARS_BACK, last.month, min(last.day, 28))
    return Plan(first, last, households, seed, {}, first_town=FIRST_TOWN, arriving=(1, 1), backlog=BACKLOG)


def _open_accounts(session: Session, entropy: Entropy) -> list[Account]:
    """One person of each role of the first town and the county gets a random password, told this once."""
    accounts, areas = [], {JIANGSHAN, ancestor(JIANGSHAN, "county")}
    shown = session.scalars(select(Department.code).where(Department.kind == SHOWN)).all()
    villages = session.scalars(
        select(Area.code).where(Area.parent_code == JIANGSHAN).order_by(Area.code)
    ).all()
    for role in ROLES.values():
        held = (
            select(User, RoleAssignment.area_code)
            .join(RoleAssignment)
            .where(
                RoleAssignment.role == role.code, RoleAssignment.area_code.in_([*areas, *villages, *shown])
            )
            .order_by(RoleAssignment.area_code.desc(), User.id)
        )
        rows = session.execute(held).all()
        wanted = (
            areas & {code for _, code in rows} if len(role.levels) > 1 else {code for _, code in rows[:1]}
        )
        for area in sorted(wanted, reverse=True):
            user = next(user for user, code in rows if code == area)
            password = "-".join(entropy.code(4) for _ in range(4))
            staff.set_password(session, user, password)
            accounts.append(
                Account(user.login, password, user.name, role.code, session.get_one(Area, area).name)
            )
    return accounts
