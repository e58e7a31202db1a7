"""What a household earns and owns: dated statements by source, and the one each calculation takes.

A statement of the same source on the same item ends the one before. Of several sources the most trusted counts:
what was verified, then what investigators saw, then what the family declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.errors import Refused
from workflow.households.words import (
    APART_KINDS,
    ASSET_KINDS,
    COUNTED_ASSETS,
    INCOME_CATEGORIES,
    INCOME_KINDS,
    SOURCES,
    supplement_reasons,
)
from workflow.models import Asset, Household, Income, Membership

Fact = TypeVar("Fact", Income, Asset)
_TRUST = {source: place for place, source in enumerate(SOURCES)}
_DOCUMENT_KEYS = {
    "vehicle": "vehicles",
    "commercial_premises": "commercial_premises",
    "dwelling": "dwellings",
}


def record_income(
    session: Session,
    *,
    household_id: int,
    person_id: int,
    category: str,
    annual: Decimal,
    source: str,
    as_of: date,
    kind: str = "",
    new_employment: bool = False,
) -> Income:
    """State a member's yearly income in yuan from a day on. Raises Refused for an unknown word or a negative amount."""
    _known("收入类别", category, INCOME_CATEGORIES)
    _known("收入项目", kind, {"": "", **INCOME_KINDS})
    _check(annual, source)
    row = Income(
        household_id=household_id, person_id=person_id, category=category, kind=kind, annual=annual, source=source,
        as_of=as_of, new_employment=new_employment,
    )  # fmt: skip
    same = select(Income).where(
        Income.household_id == household_id,
        Income.person_id == person_id,
        Income.category == category,
        Income.kind == kind,
        Income.source == source,
    )
    return _supersede(session, row, session.scalars(same).all())


def record_asset(
    session: Session, *, household_id: int, kind: str, amount: Decimal, source: str, as_of: date
) -> Asset:
    """State what the household owns from a day on: yuan, a number of things, or square metres a head. Raises Refused."""
    _known("财产类别", kind, ASSET_KINDS)
    _check(amount, source)
    if kind in COUNTED_ASSETS and amount % 1:
        raise Refused(f"{ASSET_KINDS[kind]}应是整数，现在是 {amount}。")
    row = Asset(household_id=household_id, kind=kind, amount=amount, source=source, as_of=as_of)
    same = select(Asset).where(Asset.household_id == household_id, Asset.kind == kind, Asset.source == source)
    return _supersede(session, row, session.scalars(same).all())


def facts_document(session: Session, household_id: int, on: date) -> dict[str, Any]:
    """`members` with their incomes, and `property`, as a `calc` document takes them, on a day; money as text.

    Every fact is that of the most trusted source; which source that is, tells `differences`.
    """
    household = session.get_one(Household, household_id)
    chosen = [d.used for d in _income_items(session, household_id, on)]
    incomes = [income for income in chosen if isinstance(income, Income)]
    members = [
        _member(m, [i for i in incomes if i.person_id == m.person_id], on) for m in household.members(on)
    ]
    document: dict[str, Any] = {"members": members}
    if owned := _property(session, household_id, on):
        document["property"] = owned
    return document


def _member(membership: Membership, incomes: Iterable[Income], on: date) -> dict[str, Any]:
    person = membership.person
    return {
        "id": str(person.id),
        "relation": membership.relation,
        "birth": person.birth.isoformat(),
        "alive": person.died_on is None or on < person.died_on,
        "share_forfeited": membership.share_forfeited,
        "supplement_reasons": supplement_reasons(person, on),
        "incomes": [
            {"category": i.category, "annual": f"{i.annual:.2f}", "new_employment": i.new_employment}
            | ({"kind": i.kind} if i.kind else {})
            for i in incomes
        ],
    }


def _property(session: Session, household_id: int, on: date) -> dict[str, Any]:
    owned: dict[str, Any] = {}
    for difference in _asset_items(session, household_id, on):
        asset = difference.used
        assert isinstance(asset, Asset)
        if asset.kind in COUNTED_ASSETS:
            owned[_DOCUMENT_KEYS[asset.kind]] = int(asset.amount)
        else:
            owned[asset.kind] = f"{asset.amount:.2f}"
    return owned


@dataclass(frozen=True)
class Difference:
    """One item as each source states it (None: it says nothing), and the statement that counts."""

    person_id: int | None
    label: str
    declared: Decimal | None
    verified: Decimal | None
    surveyed: Decimal | None
    used: Income | Asset

    @property
    def source(self) -> str:
        """The source that counts."""
        return self.used.source

    @property
    def differs(self) -> bool:
        """Whether two sources state different amounts."""
        return len({a for a in (self.declared, self.verified, self.surveyed) if a is not None}) > 1


def differences(session: Session, household_id: int, on: date) -> list[Difference]:
    """Declared, verified and surveyed side by side, item by item, incomes first."""
    return [*_income_items(session, household_id, on), *_asset_items(session, household_id, on)]


def _income_items(session: Session, household_id: int, on: date) -> list[Difference]:
    found = session.scalars(
        select(Income).where(Income.household_id == household_id, *_in_force(Income, on)).order_by(Income.id)
    )
    groups: dict[tuple[int, str], list[Income]] = {}
    for income in found:
        groups.setdefault((income.person_id, income.category), []).append(income)
    return [item for rows in groups.values() for item in _within_category(rows)]


def _within_category(rows: Sequence[Income]) -> list[Difference]:
    """The statements that count, each with those it displaces.

    A more trusted statement displaces another on the same kind, and one without a kind stands for its whole category
    but for the kinds that a programme treats apart.
    """
    counting: list[tuple[Income, list[Income]]] = []
    for row in sorted(rows, key=lambda r: (_TRUST[r.source], r.id)):
        above = [
            held for used, held in counting if used.source != row.source and _same_item(used.kind, row.kind)
        ]
        if above:
            above[0].append(row)
        else:
            counting.append((row, [row]))
    return [_side_by_side(used, held) for used, held in counting]


def _same_item(one: str, other: str) -> bool:
    return one == other or ("" in (one, other) and one not in APART_KINDS and other not in APART_KINDS)


def _side_by_side(used: Income, held: Sequence[Income]) -> Difference:
    kind = f"（{INCOME_KINDS[used.kind]}）" if used.kind else ""
    said = {source: [r.annual for r in held if r.source == source] for source in SOURCES}
    sums = {source: sum(amounts, Decimal(0)) if amounts else None for source, amounts in said.items()}
    return Difference(used.person_id, INCOME_CATEGORIES[used.category] + kind, used=used, **sums)


def _asset_items(session: Session, household_id: int, on: date) -> list[Difference]:
    found = session.scalars(
        select(Asset).where(Asset.household_id == household_id, *_in_force(Asset, on))
    ).all()
    items = []
    for kind, label in ASSET_KINDS.items():
        rows = sorted((a for a in found if a.kind == kind), key=lambda a: _TRUST[a.source])
        if rows:
            said = {source: next((a.amount for a in rows if a.source == source), None) for source in SOURCES}
            items.append(Difference(None, label, used=rows[0], **said))
    return items


def _in_force(table: type[Income | Asset], on: date) -> tuple[Any, ...]:
    return table.as_of <= on, or_(table.until.is_(None), table.until >= on)


def _supersede(session: Session, row: Fact, same: Sequence[Fact]) -> Fact:
    """Put a statement in its place in time: it ends the one before and is ended by the next later one."""
    eve = row.as_of - timedelta(days=1)
    for other in same:
        if other.as_of <= row.as_of and (other.until is None or other.until > eve):
            other.until = eve
    later = [other.as_of for other in same if other.as_of > row.as_of]
    if later:
        row.until = min(later) - timedelta(days=1)
    session.add(row)
    session.flush()
    return row


def _known(what: str, word: str, words: dict[str, str]) -> None:
    if word not in words:
        raise Refused(f"{what}“{word}”不认识，只能是：{'、'.join(w for w in words if w)}。")


def _check(amount: Decimal, source: str) -> None:
    _known("来源", source, SOURCES)
    if not amount.is_finite() or amount < 0:
        raise Refused(f"金额不能是 {amount}，最少为 0。")
