"""Declared beside found: tolerance and discrepancy code (domain 4.5). A difference proves nothing yet: people look at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from definitions.verification import numbers
from definitions.verification.items import ITEMS
from workflow.households import APART_KINDS
from workflow.models import Asset, Income, Person
from workflow.periods import add_months

CODES: dict[str, str] = {
    "match": "相符", "undeclared": "未申报", "under": "少报", "over": "多报", "hukou": "户籍不符", "deceased": "人员已故",
    "outdated": "数据过期", "noted": "供参考",
}  # fmt: skip
AGAINST = ("undeclared", "under", "hukou", "deceased")
"""Codes that speak against what was declared."""
_PLACES = 6
"""Digits of an area code down to the county: a hukou within the same county is no discrepancy of hukou."""


@dataclass(frozen=True)
class Tolerance:
    """How far found may differ from declared: a share of what was declared, or so many yuan, whichever is more."""

    share: Decimal = Decimal(0)
    yuan: Decimal = Decimal(0)

    @property
    def words(self) -> str:
        """As it stands in the report."""
        parts = [f"±{(self.share * 100).normalize():f}%"] if self.share else []
        parts += [f"±{self.yuan.normalize():f} 元"] if self.yuan else []
        return "或 ".join(parts)

    def code(self, found: Decimal, declared: Decimal | None) -> str:
        """What the comparison comes to; exactly at the tolerance is still a match."""
        said = declared or Decimal(0)
        if abs(found - said) <= max(said * self.share, self.yuan):
            return "match"
        if found < said:
            return "over"
        return "under" if said else "undeclared"


def tolerance(item: str, on: date) -> Tolerance:
    """The tolerance of an item on a day; counts and facts have none."""
    kind = ITEMS[item]
    if kind.kind == "income":
        return Tolerance(numbers.amount("tolerance_income_share", on))
    if item == "monetary":
        return Tolerance(
            numbers.amount("tolerance_monetary_share", on), numbers.amount("tolerance_monetary_yuan", on)
        )
    return Tolerance()


def group(item: str, detail: str) -> str:
    """The incomes of a category are compared together, but for kinds that a programme treats apart."""
    return detail if ITEMS[item].kind == "income" and detail in APART_KINDS else ""


@dataclass
class Said:
    """What was declared of several households on a day."""

    on: date
    incomes: dict[tuple[int, str, str], Decimal] = field(default_factory=dict)
    assets: dict[tuple[int, str], Decimal] = field(default_factory=dict)

    def income(self, person_id: int, item: str, part: str) -> Decimal | None:
        """A person's declared yearly income of a category, or of a kind apart in it."""
        return self.incomes.get((person_id, item, part))

    def asset(self, household_id: int, item: str) -> Decimal | None:
        """What the household declared to own."""
        return self.assets.get((household_id, item))


def declared(session: Session, households: Collection[int], on: date) -> Said:
    """What these households declared, as it holds on a day."""
    said = Said(on)

    def rows(table: type[Income | Asset]) -> Iterable[Any]:
        return session.scalars(
            select(table).where(
                table.household_id.in_(sorted(set(households))), table.source == "declared", table.as_of <= on,
                or_(table.until.is_(None), table.until >= on),
            )
        )  # fmt: skip

    for income in rows(Income):
        key = (income.person_id, income.category, group(income.category, income.kind))
        said.incomes[key] = said.incomes.get(key, Decimal(0)) + income.annual
    for asset in rows(Asset):
        said.assets[asset.household_id, asset.kind] = asset.amount
    return said


def findings(
    items: Iterable[Mapping[str, str]], person: Person, household_id: int, as_of: date, said: Said
) -> list[dict[str, Any]]:
    """The findings of one answer, as columns: each item beside what was declared, with its code.

    Property is added up over the household when the report is made: its code is left open until then.
    """
    old = add_months(as_of, numbers.whole("finding_age_months", said.on)) < said.on
    sums: dict[tuple[str, str], Decimal] = {}
    rows = [dict(item) for item in items]
    for row in rows:
        if ITEMS[row["kind"]].kind == "income":
            key = row["kind"], group(row["kind"], row.get("detail", ""))
            sums[key] = sums.get(key, Decimal(0)) + Decimal(row["value"])
    found = []
    for row in rows:
        item, detail = row["kind"], row.get("detail", "")
        kind, bounds = ITEMS[item], tolerance(item, said.on)
        value = f"{Decimal(row['value']):.2f}" if kind.money else row["value"].strip()
        stated: str | None = None
        if kind.kind == "income":
            part = group(item, detail)
            amount = said.income(person.id, item, part)
            stated = None if amount is None else f"{amount:.2f}"
            code = bounds.code(sums[item, part], amount)
        elif kind.kind == "asset":
            held = said.asset(household_id, item)
            stated, code = (None if held is None else f"{held:.2f}"), ""
        else:
            stated, code = _fact(item, value, person)
        found.append({
            "person_id": person.id, "item": item, "value": value, "detail": detail, "as_of": as_of, "declared": stated,
            "tolerance": bounds.words, "code": "outdated" if old and code != "deceased" else code,
        })  # fmt: skip
    return found


def _fact(item: str, value: str, person: Person) -> tuple[str | None, str]:
    """What is known of the person himself, and what the source's word means beside it."""
    if item == "death_date":
        return (
            person.died_on.isoformat() if person.died_on else None
        ), "match" if person.died_on else "deceased"
    if item == "hukou_area":
        if not person.hukou_area:
            return None, "noted"
        same = person.hukou_area[:_PLACES] == value[:_PLACES]
        return person.hukou_area, "match" if same else "hukou"
    return None, "noted"
