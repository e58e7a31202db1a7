"""The amounts of a change as the district's table takes them: checked as an imported file of the same rows is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.catalogue import InForce, edition_on
from definitions.editions.standards import KINDS, TIER_KINDS, StandardRow, TableStandards
from definitions.rules.parameters import check_standard
from definitions.rules.tiers import check_tiers
from definitions.shared.assessment import standards_of
from workflow.actors import Actor
from workflow.imports import Kind, Released, Table, run, standards_kind
from workflow.imports.tables import Row
from workflow.models import EditionPeriod, Setting

COLUMNS = ("项目", "城乡", "起始日期", "截止日期", "标准", "文件依据")


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
        if item.kind == "standard" or item.kind in chain(*TIER_KINDS):
            rows = [StandardRow(r.kind, r.setting, r.from_date, r.to_date, r.amount, r.source) for r in file]
            whole = TableStandards([*rows, *held.rows()])
            check_tiers(edition_on(item.from_date, timetable), whole, item.setting, item.from_date)

    return standards_kind(KINDS, check)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change lays down: the paper it stands on, its first and last day, and its amounts."""

    source: str
    first: date
    last: date
    amounts: tuple[tuple[str, str, Decimal], ...]

    @property
    def month(self) -> str:
        """The first month paid by the new amounts."""
        return f"{self.first:%Y-%m}"

    @property
    def rows(self) -> list[StandardRow]:
        """The amounts as the rules ask for them."""
        return [
            StandardRow(k, s, self.first, self.last, amount, self.source) for k, s, amount in self.amounts
        ]


def planned(facts: Mapping[str, Any]) -> Planned:
    """What the facts of a change's case, or the form that draws it up, lay down."""
    return Planned(
        facts["source"],
        date.fromisoformat(facts["from_date"]),
        date.fromisoformat(facts["to_date"]),
        tuple((row["kind"], row["setting"], Decimal(row["amount"])) for row in facts["amounts"]),
    )


def future_standards(session: Session, area_code: str, change: Planned) -> TableStandards:
    """The district's amounts as they will stand once the change is released."""
    return TableStandards([*change.rows, *standards_of(session, area_code).rows()])


def publish(session: Session, change: Planned, actor: Actor, now: datetime) -> None:
    """Store the amounts. Raises ImportRefused with every fault: overlapping dates, an amount outside the law's band."""
    run(standards(session), _table(change), session, actor=actor, now=now)


def try_publish(session: Session, change: Planned, actor: Actor, now: datetime) -> None:
    """Raise what `publish` would raise, and store nothing."""
    point = session.begin_nested()
    try:
        publish(session, change, actor, now)
    finally:
        point.rollback()


def _table(change: Planned) -> Table:
    rows = (
        (KINDS[kind], setting, change.first.isoformat(), change.last.isoformat(), str(amount), change.source)
        for kind, setting, amount in change.amounts
    )
    return Table(
        COLUMNS, tuple(Row(n, dict(zip(COLUMNS, cells, strict=True))) for n, cells in enumerate(rows, 1))
    )
