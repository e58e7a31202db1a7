"""How the open tasks stand: on track, at risk or breached, by stage, place and person; the very rows of the worklists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from workflow.areas import ancestor, level_of
from workflow.board import Narrowed
from workflow.models import Case, Task, User
from workflow.rungs import ESCALATION

LINES = 200
"""So many tasks of a list are shown; the count beside it is whole."""
STANDINGS = {"breached": "已逾期", "risk": "有风险", "track": "正常"}
NOBODY = "0"
"""The person of tasks that nobody has taken."""


@dataclass(frozen=True)
class Standing:
    """The tasks of one stage, place or person (`key`), by how they stand."""

    key: str
    track: int
    risk: int
    breached: int

    @property
    def open(self) -> int:
        """All of them."""
        return self.track + self.risk + self.breached


@dataclass(frozen=True)
class Line:
    """An open task, its case and who has it."""

    task: Task
    case: Case
    holder: str


def _is(standing: str, today: date, soon: date) -> ColumnElement[bool]:
    """SQL: a task stands so. Late is what has passed, at risk what ends by `soon`; the rest is on track."""
    return {
        "breached": Task.due_on < today,
        "risk": Task.due_on.between(today, soon),
        "track": or_(Task.due_on.is_(None), Task.due_on > soon),
    }[standing]


def _open(what: Narrowed) -> list[Any]:
    return [
        Task.state == "open", Task.definition != ESCALATION, *what.of(Task.area_code, Task.definition, Task.stage)
    ]  # fmt: skip


def standings(session: Session, what: Narrowed, today: date, soon: date, by: str) -> list[Standing]:
    """By `stage` (key definition:stage), `place` (town, or village where one town is shown) or `person` (user id), the
    worst first.
    """
    columns = {
        "stage": (Task.definition, Task.stage),
        "place": (Task.area_code,),
        "person": (func.coalesce(Task.assignee_id, 0),),
    }[by]
    counts = [func.sum(case((_is(one, today, soon), 1), else_=0)) for one in ("track", "risk", "breached")]
    rows = session.execute(select(*columns, *counts).where(*_open(what)).group_by(*columns))
    towns = any(level_of(code) == "county" for code in what.areas)
    sums: dict[str, tuple[int, ...]] = {}
    for *words, track, risk, breached in rows:
        key = ":".join(map(str, words))
        if by == "place" and towns and level_of(key) == "village":
            key = ancestor(key, "town")
        sums[key] = tuple(
            map(sum, zip(sums.get(key, (0, 0, 0)), (int(track), int(risk), int(breached)), strict=True))
        )
    found = [Standing(key, *three) for key, three in sums.items()]
    return sorted(found, key=lambda one: (-one.breached, -one.risk, -one.open, one.key))


def tasks_standing(
    session: Session,
    what: Narrowed,
    today: date,
    soon: date,
    actor: Sequence[int],
    *,
    person: str = "",
    standing: str = "",
) -> tuple[list[Line], int]:
    """The tasks behind a figure, the most urgent first, and how many there are. Cases the reader (`actor`: he and for
    whom he stands in) must keep out of are counted, not shown.
    """
    wanted = _open(what)
    if person:
        wanted.append(Task.assignee_id.is_(None) if person == NOBODY else Task.assignee_id == int(person))
    if standing:
        wanted.append(_is(standing, today, soon))
    count = session.scalar(select(func.count(Task.id)).where(*wanted)) or 0
    rows = session.execute(
        select(Task, Case, User.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(*wanted)
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
        .limit(LINES)
    )
    return [
        Line(task, one, name or "") for task, one, name in rows if not set(actor) & set(one.barred)
    ], count
