"""Reads for supervision: what is late and will be, where it lies, and on whose desk. Counts are counts of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from workflow.areas import ancestor, level_of
from workflow.models import Area, Case, Deadline, Extension, Task, User
from workflow.policy import area_filter
from workflow.roles import ROLES

LINES = 100
"""So many lines of a list are shown; the count beside it is whole."""
ESCALATION = "escalation"


@dataclass(frozen=True)
class Narrowed:
    """What the board shows: areas (all within them), one programme, one stage; "" stands for all."""

    areas: Sequence[str]
    programme: str = ""
    stage: str = ""

    def of(self, area: Any, definition: Any, stage: Any) -> list[Any]:
        """SQL over these columns."""
        wanted = [area_filter(area, self.areas)]
        wanted += [
            column == value for column, value in ((definition, self.programme), (stage, self.stage)) if value
        ]
        return wanted


@dataclass(frozen=True)
class Cell:
    """How many tasks are open in one place at one stage, and how many of them are late."""

    place: str
    definition: str
    stage: str
    open: int
    late: int


def heat(session: Session, what: Narrowed, today: date, *, by: str) -> list[Cell]:
    """Open tasks by place (`town` or `village`) and stage."""
    late = func.sum(case((Task.due_on < today, 1), else_=0))
    rows = session.execute(
        select(Task.area_code, Task.definition, Task.stage, func.count(), late)
        .where(
            Task.state == "open",
            Task.definition != ESCALATION,
            *what.of(Task.area_code, Task.definition, Task.stage),
        )
        .group_by(Task.area_code, Task.definition, Task.stage)
    )
    cells: dict[tuple[str, str, str], tuple[int, int]] = {}
    for code, definition, stage, count, behind in rows:
        deeper = {"town": ("town", "village"), "village": ("village",)}[by]
        place = ancestor(code, by) if level_of(code) in deeper else code
        had = cells.get((place, definition, stage), (0, 0))
        cells[place, definition, stage] = (had[0] + count, had[1] + int(behind or 0))
    return [Cell(*key, *counts) for key, counts in cells.items()]


@dataclass(frozen=True)
class DueLine:
    """A legal limit of a case, and who has the work in hand."""

    deadline: Deadline
    case: Case
    village: str
    holders: str
    extension_asked: bool


@dataclass(frozen=True)
class DueList:
    """The first lines of a list of limits, and how many there are."""

    lines: list[DueLine]
    count: int


def limits_between(
    session: Session, what: Narrowed, first: date | None, last: date, actor_id: int | None
) -> DueList:
    """Running legal limits that end from `first` (None: whenever) to `last`, the earliest first.

    A limit that only counts (a minimum, a clock for reference) is none. Cases the reader must keep out of are left out.
    """
    wanted = [
        Deadline.state == "open", Deadline.due_on <= last, Deadline.minimum.is_(False), Deadline.ladder != "silent",
        Case.definition != ESCALATION, *what.of(Case.area_code, Case.definition, Case.stage),
    ]  # fmt: skip
    if first is not None:
        wanted.append(Deadline.due_on >= first)
    source = select(Deadline, Case).join(Case, Case.id == Deadline.case_id).where(*wanted)
    rows = session.execute(source.order_by(Deadline.due_on, Deadline.id).limit(LINES)).all()
    seen = [(limit, one) for limit, one in rows if actor_id not in one.barred]
    count = session.scalar(
        select(func.count(Deadline.id)).join(Case, Case.id == Deadline.case_id).where(*wanted)
    )
    return DueList(_lines(session, seen), count or 0)


def _lines(session: Session, rows: Sequence[tuple[Deadline, Case]]) -> list[DueLine]:
    places = {one.area_code for _limit, one in rows}
    villages = dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(places))).all())
    held = session.execute(
        select(Task.case_id, Task.role, User.name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.state == "open", Task.case_id.in_([one.id for _limit, one in rows]))
        .order_by(Task.id)
    )
    holders: dict[int, list[str]] = {}
    for case_id, role, name in held:
        holders.setdefault(case_id, []).append(name or ROLES[role].title)
    asked = set(
        session.scalars(
            select(Extension.deadline_id).where(Extension.deadline_id.in_([limit.id for limit, _one in rows]))
        )
    )
    return [
        DueLine(
            limit,
            one,
            villages.get(one.area_code, ""),
            "、".join(dict.fromkeys(holders.get(one.id, ()))),
            limit.id in asked,
        )
        for limit, one in rows
    ]


@dataclass(frozen=True)
class Load:
    """What one person has in hand: how many tasks, how many of them late, and since when the oldest."""

    user_id: int
    name: str
    open: int
    late: int
    oldest: datetime


def loads(session: Session, what: Narrowed, today: date) -> list[Load]:
    """The open tasks of each person, the one with most late ones first."""
    late = func.sum(case((Task.due_on < today, 1), else_=0))
    rows = session.execute(
        select(Task.assignee_id, User.name, func.count(), late, func.min(Task.opened_at))
        .join(User, User.id == Task.assignee_id)
        .where(Task.state == "open", *what.of(Task.area_code, Task.definition, Task.stage))
        .group_by(Task.assignee_id, User.name)
    )
    found = [
        Load(user_id or 0, name, count, int(behind or 0), oldest)
        for user_id, name, count, behind, oldest in rows
    ]
    return sorted(found, key=lambda load: (-load.late, -load.open, load.name))


@dataclass(frozen=True)
class Unclaimed:
    """Tasks of a role that nobody has taken."""

    role: str
    open: int
    late: int


def unclaimed(session: Session, what: Narrowed, today: date) -> list[Unclaimed]:
    """The open tasks nobody has taken, by role."""
    late = func.sum(case((Task.due_on < today, 1), else_=0))
    rows = session.execute(
        select(Task.role, func.count(), late)
        .where(
            Task.state == "open",
            Task.assignee_id.is_(None),
            *what.of(Task.area_code, Task.definition, Task.stage),
        )
        .group_by(Task.role)
    )
    return sorted(
        (Unclaimed(role, count, int(behind or 0)) for role, count, behind in rows), key=lambda row: -row.open
    )


def escalations(session: Session, what: Narrowed, actor_id: int | None) -> list[tuple[Case, str]]:
    """The escalations under way with their places, the oldest first."""
    rows = session.execute(
        select(Case, Area.name)
        .join(Area, Area.code == Case.area_code)
        .where(
            Case.definition == ESCALATION, Case.closed_at.is_(None), area_filter(Case.area_code, what.areas)
        )
        .order_by(Case.id)
        .limit(LINES)
    )
    return [(one, name) for one, name in rows if actor_id not in one.barred]


@dataclass(frozen=True)
class Asked:
    """A request to extend a limit that nobody has confirmed yet."""

    extension: Extension
    deadline: Deadline
    case: Case
    asker: str


def asked_extensions(session: Session, what: Narrowed, actor_id: int | None) -> list[Asked]:
    """The requests that wait for a second person while their limit still runs."""
    rows = session.execute(
        select(Extension, Deadline, Case, User.name)
        .join(Deadline, Deadline.id == Extension.deadline_id)
        .join(Case, Case.id == Extension.case_id)
        .join(User, User.id == Extension.asked_by)
        .where(
            Extension.confirmed_at.is_(None),
            Deadline.state == "open",
            area_filter(Case.area_code, what.areas),
        )
        .order_by(Deadline.due_on)
        .limit(LINES)
    )
    return [Asked(*row) for row in rows if actor_id not in row[2].barred]
