"""Parameters of the law that end soon: nobody may be surprised by a number that is missing one morning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from definitions.editions.catalogue import InForce, NoEdition, edition_on
from definitions.editions.names import NAMES
from definitions.editions.number import Edition

_DAY = timedelta(days=1)


def ending(timetable: Sequence[InForce], today: date, within: timedelta) -> Iterator[tuple[str, date]]:
    """What of the edition in force today ends within that time and has no successor: its name and its last day.

    A number that ends with its whole edition is followed by the next edition of the timetable; where there is none, the
    edition itself is named.
    """
    law = edition_on(today, timetable)
    last = next((row.to for row in timetable if row.edition == law.code and _holds(row, today)), None)
    if last is not None and last <= today + within and not _followed(timetable, last):
        yield f"规则版本 {law.code}", last
    for label, until in sorted(_items(law, today), key=lambda item: (item[1], item[0])):
        if today <= until <= today + within and until != law.to:
            yield label, until


def _items(law: Edition, today: date) -> Iterator[tuple[str, date]]:
    for number in law.numbers:
        if (
            number.to is not None
            and number.on(today)
            and not _after(law, number.name, number.setting, number.to)
        ):
            yield NAMES[number.name], number.to
    for kind in (*law.excluded_incomes, *law.deductions):
        if kind.to is not None and kind.on(today):
            yield f"“{kind.label}”的规定", kind.to


def _after(law: Edition, name: str, setting: str | None, until: date) -> bool:
    return any(n.name == name and n.setting in (None, setting) and n.on(until + _DAY) for n in law.numbers)


def _holds(row: InForce, day: date) -> bool:
    return (row.from_ is None or row.from_ <= day) and (row.to is None or day <= row.to)


def _followed(timetable: Sequence[InForce], last: date) -> bool:
    try:
        edition_on(last + _DAY, timetable)
    except NoEdition:
        return False
    return True
