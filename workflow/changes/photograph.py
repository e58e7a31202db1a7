"""The rows of a family as they stand: taken before and after an event, compared, and put back when it is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.errors import Unmet
from workflow.models import Absence, Household, Income, KinTie, Membership, Person

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]
"""Table -> id -> the columns an event may change."""
Moved = dict[str, dict[str, dict[str, Row | None]]]
"""Table -> id -> `before` and `after`; None where the row was not there."""

TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "membership": (Membership, ("household_id", "person_id", "relation", "from_date", "to_date")),
    "absence": (Absence, ("household_id", "person_id", "kind", "relation", "from_date", "to_date")),
    "income": (Income, ("household_id", "person_id", "until")),
    "kin_tie": (KinTie, ("person_id", "other_id", "relation", "from_date", "to_date")),
    "person": (Person, ("died_on", "hukou_area")),
    "household": (Household, ("area_code", "address", "setting")),
}
KEPT = ("person", "household")
"""Rows that stay where an event that made them is undone: nobody, and no place, is ever deleted."""


def photograph(session: Session, households: Iterable[int], people: Iterable[int] = ()) -> Rows:
    """Everything of these households, and of these people and whoever ever belonged to those households."""
    session.flush()
    places, persons = set(households), set(people)
    known = select(Membership.person_id).where(Membership.household_id.in_(places))
    persons |= set(session.scalars(known))
    wanted: dict[str, ColumnElement[bool]] = {
        "membership": or_(Membership.household_id.in_(places), Membership.person_id.in_(persons)),
        "absence": or_(Absence.household_id.in_(places), Absence.person_id.in_(persons)),
        "income": or_(Income.household_id.in_(places), Income.person_id.in_(persons)),
        "kin_tie": or_(KinTie.person_id.in_(persons), KinTie.other_id.in_(persons)),
        "person": Person.id.in_(persons),
        "household": Household.id.in_(places),
    }
    return {name: _rows(session, name, condition) for name, condition in wanted.items()}


def newest(session: Session) -> dict[str, int]:
    """The last row of each table: what comes after it is new."""
    return {name: session.scalar(select(func.max(table.id))) or 0 for name, (table, _) in TABLES.items()}


def compare(before: Rows, after: Rows, newest: Mapping[str, int]) -> Moved:
    """What differs between two photographs; a row that only the second shows is new where it came after `newest`."""
    moved: Moved = {}
    for name in TABLES:
        for key in sorted(before[name].keys() | after[name].keys()):
            was, now = before[name].get(key), after[name].get(key)
            if was != now and (was is not None or key > newest[name]):
                moved.setdefault(name, {})[str(key)] = {"before": was, "after": now}
    return moved


def put_back(session: Session, moved: Moved) -> None:
    """Every row as it was before. Raises Unmet where one is no longer as the event left it."""
    session.flush()
    for name, rows in moved.items():
        ids = [int(key) for key in rows]
        now = _rows(session, name, TABLES[name][0].id.in_(ids))
        if any(now.get(int(key)) != row["after"] for key, row in rows.items()):
            raise Unmet("这件事登记以后，有关的人或家庭又有变动，不能直接撤销，请按现在的情况另行登记变化。")
    for name, rows in moved.items():
        added = [int(key) for key, row in rows.items() if row["before"] is None]
        if added and name not in KEPT:
            table = TABLES[name][0]
            session.execute(delete(table).where(table.id.in_(added)))
    for name, rows in moved.items():
        changed = [(int(key), row["before"]) for key, row in rows.items() if row["before"] is not None]
        for key, was in sorted(changed, key=_order):
            table = TABLES[name][0]
            session.execute(update(table).where(table.id == key).values(_values(table, was or {})))
    session.expire_all()


def _order(one: tuple[int, Row | None]) -> tuple[bool, bool, int]:
    """The database allows one head and one open membership: what opens again comes last, the head after the others."""
    row = one[1] or {}
    opens = row.get("to_date") is None
    return opens, opens and row.get("relation") == "head", one[0]


def _rows(session: Session, name: str, condition: ColumnElement[bool]) -> dict[int, Row]:
    table, columns = TABLES[name]
    found = session.execute(
        select(table.id, *(getattr(table, column) for column in columns)).where(condition)
    )
    return {row.id: {column: _plain(getattr(row, column)) for column in columns} for row in found}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _values(table: Any, row: Row) -> Row:
    """The plain values of a row as its columns take them."""
    return {
        column: date.fromisoformat(value)
        if value is not None and table.__table__.c[column].type.python_type is date
        else value
        for column, value in row.items()
    }
