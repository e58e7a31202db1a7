"""The reference data every installation starts with: areas, calendar, editions, sample standards, bureaus, releases.

Filling in twice changes nothing, and nothing a district has set itself is overwritten: a calendar year, a kind of
standard, a timetable or a bureau that is there already stays as it is.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from definitions import CATALOGUE
from definitions.bureaus import bureaus
from definitions.editions.catalogue import default_timetable
from definitions.editions.samples import sample_rows
from definitions.editions.sources import cite
from definitions.releasing import bound
from workflow.areas import AreaRow, is_community, read_area_rows
from workflow.calendar import SEEDED_YEARS, seed_rows
from workflow.departments import read_department_rows
from workflow.models import (
    Area,
    CalendarDay,
    CalendarYear,
    Department,
    EditionPeriod,
    Setting,
    Standard,
    VerificationSource,
)
from workflow.periods import at_local
from workflow.releases.release import ship

DISTRICT = "330212000000"
"""Yinzhou, the sample district."""
EARLIEST = date(1900, 1, 1)
"""The first day of the first edition's period: before any case there is."""
_CALENDAR_SOURCE = "国务院办公厅放假安排（chinesecalendar）"


def setting_of(row: AreaRow) -> str:
    """`urban` for the county seat, streets and residents' communities, `rural` for towns and villages.

    It is what a household of the area starts with; the household's own setting follows its registration.
    """
    if row.level == "village":
        return "urban" if is_community(row.code) else "rural"
    return "urban" if row.level == "county" or row.name.endswith("街道") else "rural"


def fill(conn: Connection) -> None:
    """Add what is missing."""
    with Session(conn) as session:
        _areas(session)
        _departments(session)
        _calendar(session)
        _editions(session)
        _standards(session)
        _bureaus(session)
        ship(session, CATALOGUE, bound(), at_local(EARLIEST, 0))
        session.flush()


def _areas(session: Session) -> None:
    """The shipped areas, each after the one above it."""
    known = set(session.scalars(select(Area.code)))
    for level in ("county", "town", "village"):
        session.add_all(
            Area(code=r.code, name=r.name, level=r.level, parent_code=r.parent or None, setting=setting_of(r))
            for r in read_area_rows()
            if r.level == level and r.code not in known
        )
        session.flush()
    if session.get(Setting, "district") is None:
        session.add(Setting(name="district", value=DISTRICT))


def _departments(session: Session) -> None:
    """The shipped departments of the sample district, where it has none yet."""
    if session.scalar(select(Department.code).where(Department.area_code == DISTRICT).limit(1)) is not None:
        return
    rows = read_department_rows()
    session.add_all(
        Area(code=r.code, name=r.name, level="department", parent_code=DISTRICT, setting="urban")
        for r in rows
    )
    session.flush()
    session.add_all(
        Department(code=r.code, kind=r.kind, area_code=DISTRICT, has_aid_function=r.aid) for r in rows
    )


def _calendar(session: Session) -> None:
    known = set(session.scalars(select(CalendarYear.year)))
    session.add_all(CalendarYear(year=y, source=_CALENDAR_SOURCE) for y in sorted(SEEDED_YEARS - known))
    listed = set(session.scalars(select(CalendarDay.day)))
    session.add_all(
        CalendarDay(day=row.day, kind=str(row.kind), name=row.name, source=row.source)
        for row in seed_rows()
        if row.day.year not in known and row.day not in listed
    )


def _editions(session: Session) -> None:
    if session.scalar(select(EditionPeriod.edition).limit(1)) is not None:
        return
    session.add_all(
        EditionPeriod(
            from_date=row.from_ or EARLIEST, to_date=row.to, edition=row.edition, source=cite("sample")
        )
        for row in default_timetable()
    )


def _standards(session: Session) -> None:
    known = set(session.scalars(select(Standard.kind).distinct()))
    for row in sample_rows():
        if row.kind in known:
            continue
        assert row.to is not None, "a sample amount has an end"
        session.add(
            Standard(
                kind=row.kind, setting=row.setting, area_code=DISTRICT, from_date=row.from_, to_date=row.to,
                amount=row.amount, source=row.source, sample=row.sample,
            )
        )  # fmt: skip


def _bureaus(session: Session) -> None:
    """The sources of a verification, by letter until the district has joined them to the service."""
    known = set(session.scalars(select(VerificationSource.code)))
    session.add_all(row for row in bureaus() if row.code not in known)
