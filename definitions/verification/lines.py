"""The lines of a report: each item of each person, what every source says of it side by side, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from definitions.verification import numbers
from definitions.verification.comparing import Said, Tolerance, group, tolerance
from definitions.verification.items import ITEMS, rank
from workflow.households import INCOME_KINDS
from workflow.models import Answer, Finding, Person, Query
from workflow.periods import add_months

Key = tuple[int | None, str, str]
"""Person (None: the household as a whole), item, and the kind treated apart in it."""


@dataclass(frozen=True)
class Stated:
    """What one source says of a line. `known` marks what was last known where the source kept silent this time."""

    source: str
    value: str
    as_of: date
    transport: str
    known: bool = False

    def as_json(self, chosen: bool) -> dict[str, Any]:
        """As the report keeps it."""
        return {
            "source": self.source, "value": self.value, "as_of": self.as_of.isoformat(), "transport": self.transport,
            "last_known": self.known, "chosen": chosen,
        }  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """A finding with the source and road it came by."""

    finding: Finding
    source: str
    transport: str
    known: bool = False

    @property
    def key(self) -> Key:
        """The line it belongs to."""
        item = self.finding.item
        whole = ITEMS[item].kind == "asset"
        return (None if whole else self.finding.person_id), item, group(item, self.finding.detail)


def heard_in(session: Session, case_id: int) -> list[Heard]:
    """The findings of an order."""
    rows = session.execute(
        select(Finding, Query.source, Answer.transport)
        .join(Query, Query.id == Finding.query_id)
        .join(Answer, Answer.id == Finding.answer_id)
        .where(Query.case_id == case_id)
        .order_by(Finding.id)
    )
    return [Heard(finding, source, transport) for finding, source, transport in rows]


def last_known(session: Session, case_id: int, sources: Iterable[str]) -> list[Heard]:
    """What these sources said last of the people they did not answer about this time, with its date."""
    found: list[Heard] = []
    silent = session.execute(
        select(Query.person_id, Query.source).where(
            Query.case_id == case_id, Query.state == "silent", Query.source.in_(sorted(sources))
        )
    ).all()
    for person_id, source in silent:
        latest = session.scalar(
            select(func.max(Finding.answer_id))
            .join(Query, Query.id == Finding.query_id)
            .where(Finding.person_id == person_id, Query.source == source, Query.case_id != case_id)
        )
        rows = session.execute(
            select(Finding, Answer.transport)
            .join(Answer, Answer.id == Finding.answer_id)
            .where(Finding.answer_id == latest)
        )
        found += [Heard(finding, source, transport, known=True) for finding, transport in rows]
    return found


def lines(
    heard: Sequence[Heard], people: Mapping[int, Person], household_id: int, said: Said
) -> list[dict[str, Any]]:
    """All lines, people first, then the household's property; what was declared and nobody found is among them."""
    groups: dict[Key, list[Heard]] = {}
    for one in heard:
        groups.setdefault(one.key, []).append(one)
    for person_id, item, part in said.incomes:
        if person_id in people:
            groups.setdefault((person_id, item, part), [])
    for household, item in said.assets:
        if household == household_id:
            groups.setdefault((None, item, ""), [])
    order = {person_id: place for place, person_id in enumerate(people)}
    places = list(ITEMS)
    ranked = sorted(
        groups, key=lambda key: (order.get(key[0] or 0, len(order)), places.index(key[1]), key[2])
    )
    return [_line(key, groups[key], people, household_id, said) for key in ranked]


def _line(
    key: Key, heard: Sequence[Heard], people: Mapping[int, Person], household_id: int, said: Said
) -> dict[str, Any]:
    person_id, item, part = key
    kind, bounds = ITEMS[item], tolerance(item, said.on)
    if kind.kind == "fact":
        stated = [Stated(h.source, h.finding.value, h.finding.as_of, h.transport, h.known) for h in heard]
        said_of: Decimal | str | None = heard[0].finding.declared
    else:
        stated = _sums(heard, item)
        said_of = said.asset(household_id, item) if person_id is None else said.income(person_id, item, part)
    stated.sort(key=lambda one: (one.known, rank(item, one.source)))
    value = _value(heard, item) if kind.kind == "asset" else stated[0].value if stated else None
    code = _code(heard, said_of, value, bounds, item, said.on)
    return {
        "person_id": person_id, "person": people[person_id].name if person_id is not None else "", "item": item,
        "part": part, "label": kind.label + (f"（{INCOME_KINDS[part]}）" if part else ""),
        "declared": f"{said_of:.2f}" if isinstance(said_of, Decimal) else said_of,
        "value": value, "found": [one.as_json(place == 0) for place, one in enumerate(stated)],
        "tolerance": bounds.words, "code": code, "contradictory": _contradictory(stated, bounds, kind.kind),
    }  # fmt: skip


def _sums(heard: Sequence[Heard], item: str) -> list[Stated]:
    """What each source says in sum: of one person's kinds of income, or of the household's property."""
    by_source: dict[tuple[str, bool], list[Heard]] = {}
    for one in heard:
        by_source.setdefault((one.source, one.known), []).append(one)
    return [
        Stated(
            source, f"{_together(item, [Decimal(h.finding.value) for h in rows]):.2f}",
            min(h.finding.as_of for h in rows), rows[0].transport, known,
        )
        for (source, known), rows in by_source.items()
    ]  # fmt: skip


def _together(item: str, values: Sequence[Decimal]) -> Decimal:
    return max(values) if item == "floor_area_per_capita" else sum(values, Decimal(0))


def _value(heard: Sequence[Heard], item: str) -> str | None:
    """The household's property: of each person what the best source says, so that nothing is counted twice."""
    best: dict[int, list[Heard]] = {}
    for one in heard:
        held = best.get(one.finding.person_id)
        mine = (one.known, rank(item, one.source))
        if held is None or mine < (held[0].known, rank(item, held[0].source)):
            best[one.finding.person_id] = [one]
        elif mine == (held[0].known, rank(item, held[0].source)) and one.source == held[0].source:
            held.append(one)
    values = [Decimal(one.finding.value) for rows in best.values() for one in rows]
    return f"{_together(item, values):.2f}" if values else None


def _code(
    heard: Sequence[Heard],
    said_of: Decimal | str | None,
    value: str | None,
    bounds: Tolerance,
    item: str,
    on: date,
) -> str:
    if not heard:
        return "noted"
    kind = ITEMS[item].kind
    if kind == "fact":
        codes = [one.finding.code for one in heard]
        return next((code for code in ("deceased", "hukou", "outdated") if code in codes), codes[0])
    limit = numbers.whole("finding_age_months", on)
    if all(add_months(one.finding.as_of, limit) < on for one in heard):
        return "outdated"
    assert value is not None
    return bounds.code(Decimal(value), said_of if isinstance(said_of, Decimal) else None)


def _contradictory(stated: Sequence[Stated], bounds: Tolerance, kind: str) -> bool:
    """Whether two sources say things that lie further apart than the tolerance."""
    if kind == "fact":
        return len({one.value for one in stated}) > 1
    amounts = [Decimal(one.value) for one in stated]
    return any(bounds.code(a, b) != "match" for a in amounts for b in amounts if a >= b)
