"""What the engine works with: the catalogue, the calendar, the dated settings, the source of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow.calendar import Calendar, DayKind, DayRow
from workflow.catalogue import Catalogue
from workflow.entropy import Entropy
from workflow.errors import NotMigrated, Unmet
from workflow.ladders import Chosen, Ladder, Ladders, read_rungs
from workflow.models import CalendarDay, CalendarYear, EditionPeriod, LadderRow
from workflow.releases.pins import Pins, read_pins
from workflow.verification.vault import Vault


@dataclass
class Office:
    """Built once at the edge; `refresh` reads the dated settings anew."""

    catalogue: Catalogue
    entropy: Entropy
    calendar: Calendar = field(default_factory=lambda: Calendar({}, frozenset()))
    editions: tuple[tuple[date, date | None, str], ...] = ()
    ladders: Ladders = field(default_factory=Ladders)
    pins: Pins = field(default_factory=Pins)
    vault: Vault = field(default_factory=Vault.passing)

    def refresh(self, conn: Connection | Session) -> None:
        """Read calendar and editions from the database; keep the calendar object where nothing changed."""
        calendar = read_calendar(conn)
        if calendar != self.calendar:
            self.calendar = calendar
        rows = conn.execute(
            select(EditionPeriod.from_date, EditionPeriod.to_date, EditionPeriod.edition).order_by(
                EditionPeriod.from_date
            )
        )
        self.editions = tuple((row.from_date, row.to_date, row.edition) for row in rows)
        if not self.editions:
            raise NotMigrated
        self.ladders = _read_ladders(conn)
        self.pins = read_pins(conn)

    def edition_on(self, day: date) -> str:
        """The edition of the law in force on a day. Raises Unmet where none is set."""
        for from_date, to_date, edition in self.editions:
            if from_date <= day and (to_date is None or day <= to_date):
                return edition
        raise Unmet(f"{day.isoformat()} 没有设定生效的规则版本，请管理员先维护。")

    def session(self, conn: Connection) -> Session:
        """An ORM session on an act's connection; effects reach this office through `office_of`."""
        return Session(conn, info={"office": self}, expire_on_commit=False)


def read_calendar(conn: Connection | Session) -> Calendar:
    """The calendar as the database has it."""
    found = conn.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.name, CalendarDay.source))
    days = (DayRow(row.day, DayKind(row.kind), row.name, row.source) for row in found)
    return Calendar.of(days, (row.year for row in conn.execute(select(CalendarYear.year))))


def _read_ladders(conn: Connection | Session) -> Ladders:
    rows = conn.execute(select(LadderRow.__table__).order_by(LadderRow.id)).all()
    return Ladders(tuple(
        Chosen(Ladder(f"row:{row.id}", read_rungs(row.rungs)), row.definition, row.edition, row.limit, row.from_date)
        for row in rows
    ))  # fmt: skip


def office_of(session: Session) -> Office:
    """The office of the act in which an effect runs."""
    office: Office = session.info["office"]
    return office
