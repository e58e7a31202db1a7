"""The tables that may be imported, by page or command, each with the checks the law asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import InForce, edition_on
from definitions.editions.standards import KINDS as STANDARD_KINDS
from definitions.rules.parameters import check_standard
from definitions.shared.assessment import standards_of
from workflow.imports import AREAS, HOLIDAYS, HOUSEHOLDS, Kind, Released, standards_kind
from workflow.models import EditionPeriod, Setting


def standards(session: Session) -> Kind:
    """The import of standards, each judged by the edition in force on its first day (ZJ-10)."""
    timetable = [
        InForce(row.edition, row.from_date, row.to_date) for row in session.scalars(select(EditionPeriod))
    ]
    held = standards_of(session, session.get_one(Setting, "district").value)

    def amount(file: Sequence[Released], kind: str, item: Released) -> Decimal | None:
        own = (
            r
            for r in file
            if (r.kind, r.setting) == (kind, "urban") and r.from_date <= item.from_date <= r.to_date
        )
        found = next(own, None)
        return found.amount if found else held.on(kind, "urban", item.from_date)

    def check(item: Released, file: Sequence[Released]) -> None:
        if item.kind == "standard":
            law = edition_on(item.from_date, timetable)
            wage, urban = (amount(file, kind, item) for kind in ("minimum_wage", "standard"))
            check_standard(law, item.setting, item.amount, item.from_date, minimum_wage=wage, urban=urban)

    return standards_kind(STANDARD_KINDS, check)


TABLES: dict[str, Callable[[Session], Kind]] = {
    "areas": lambda _: AREAS,
    "holidays": lambda _: HOLIDAYS,
    "households": lambda _: HOUSEHOLDS,
    "standards": standards,
}
"""Name of a table -> its import."""
