"""Reads of cases for pages and API: the list of cases, and the search for one. Neither grows with the number of cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import UnknownValue
from workflow.models import Area, Case, Membership, Person
from workflow.people.typed import ways
from workflow.policy import area_filter, readable, readable_areas, with_handed

CANDIDATES = 500
STREAMS = 64
LEAST_TYPED = 2

_AREA_OF_ROW = func.coalesce(Case.area_code, "")
"""The area as a condition on rows found otherwise: a planner that walked its index would walk half the table."""


@dataclass(frozen=True)
class CaseFilters:
    """What the list of cases is narrowed to; "" stands for all. `state` is open or closed."""

    area: str = ""
    programme: str = ""
    stage: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if self.state not in {"", "open", "closed"}:
            raise UnknownValue(f"状态一栏没有“{self.state}”，可选：open（在办）、closed（已办结）。")

    def conditions(self) -> list[Any]:
        """SQL of all but the area."""
        wanted = [
            column == value
            for column, value in ((Case.definition, self.programme), (Case.stage, self.stage))
            if value
        ]
        if self.state:
            wanted.append(Case.closed_at.is_(None) if self.state == "open" else Case.closed_at.is_not(None))
        return wanted


@dataclass(frozen=True)
class CasePage:
    """A page of cases, the newest first, and the cursor of the next."""

    items: list[Case]
    next: str | None
    villages: dict[str, str] = field(default_factory=dict)


def case_list(
    session: Session, actor: Actor, filters: CaseFilters | None = None, cursor: str = "", limit: int = 50
) -> CasePage:
    """The cases an actor may see, the newest first. Raises UnknownValue."""
    filters = filters or CaseFilters()
    if cursor and not cursor.isdigit():
        raise UnknownValue("翻页位置无法识别，请从第一页开始。")
    narrowed = readable_areas(actor)
    areas = select(Area.code).where(area_filter(Area.code, narrowed))
    if filters.area:
        areas = areas.where(area_filter(Area.code, [filters.area]))
    codes = list(session.scalars(areas.limit(STREAMS + 1)))
    wanted = filters.conditions() + ([Case.id < int(cursor)] if cursor else [])
    if actor.departments:
        inside = [area_filter(Case.area_code, [filters.area])] if filters.area else []
        rows = select(Case.id).where(readable(actor), *inside, *wanted).order_by(Case.id.desc())
        ids = list(session.scalars(rows.limit(limit + 1)))
    elif not codes:
        ids = []
    elif len(codes) <= STREAMS and not filters.stage:
        parts = [
            select(Case.id)
            .where(Case.area_code == code, *wanted)
            .order_by(Case.id.desc())
            .limit(limit + 1)
            .subquery()
            for code in codes
        ]
        whole = union_all(*(select(part) for part in parts)).subquery()
        ids = list(session.scalars(select(whole.c.id).order_by(whole.c.id.desc()).limit(limit + 1)))
    else:
        inside = [area_filter(_AREA_OF_ROW, codes) for codes in (narrowed, [filters.area]) if codes != [""]]
        ids = list(
            session.scalars(select(Case.id).where(*inside, *wanted).order_by(Case.id.desc()).limit(limit + 1))
        )
    found = session.scalars(select(Case).where(Case.id.in_(ids[:limit])).order_by(Case.id.desc())).all()
    seen = [one for one in found if actor.id not in one.barred]
    return CasePage(seen, str(ids[limit - 1]) if len(ids) > limit else None, _names(session, seen))


def _names(session: Session, cases: Sequence[Case]) -> dict[str, str]:
    codes = {one.area_code for one in cases}
    return dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(codes))).all())


@dataclass(frozen=True)
class Hits:
    """What a search found; `more` says that there is more than is shown."""

    items: list[Case]
    more: bool
    villages: dict[str, str]


def search(session: Session, actor: Actor, text: str, limit: int = 20) -> Hits:
    """Cases by number, by a member's name, pinyin or initials, citizen number or its last four. Raises UnknownValue."""
    typed = "".join(text.split())
    if len(typed) < LEAST_TYPED:
        raise UnknownValue("请至少输入两个字，或受理号、拼音、身份证后四位。")
    if found := re.fullmatch(r"([A-Za-z]{1,6})-?([0-9]{4})-?([0-9]{0,6})", typed):
        first, last = (f"{found[1].upper()}-{found[2]}-{found[3].ljust(6, digit)}" for digit in "09")
        cases = _found(session, actor, Case.number.between(first, last), limit)
    else:
        people = (
            select(Person.id)
            .where(or_(*(way.condition for way in ways(typed))))
            .limit(CANDIDATES)
            .scalar_subquery()
        )
        households = (
            select(Membership.household_id)
            .where(Membership.person_id.in_(people), Membership.to_date.is_(None))
            .scalar_subquery()
        )
        cases = _found(
            session, actor, and_(Case.subject_kind == "household", Case.subject_id.in_(households)), limit
        )
    return Hits(cases[:limit], len(cases) > limit, _names(session, cases[:limit]))


def _found(session: Session, actor: Actor, condition: Any, limit: int) -> list[Case]:
    seen = with_handed(actor, area_filter(_AREA_OF_ROW, readable_areas(actor)))
    query: Select[Case] = select(Case).where(condition, seen).order_by(Case.id.desc()).limit(limit + 1)
    return [one for one in session.scalars(query) if actor.id not in one.barred]
