"""The editions by code, and which one is in force when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from definitions.editions.nat2021 import NAT2021
from definitions.editions.nat2021_delegated import NAT2021_DELEGATED
from definitions.editions.nb2016 import NB2016
from definitions.editions.number import Edition
from workflow.errors import Refused

EDITIONS: dict[str, Edition] = {e.code: e for e in (NB2016, NAT2021, NAT2021_DELEGATED)}


class NoEdition(Refused):
    """没有这个规则版本。"""


@dataclass(frozen=True, slots=True)
class InForce:
    """From when to when (both days included; None: open) an edition is in force in a district."""

    edition: str
    from_: date | None
    to: date | None


def edition(code: str) -> Edition:
    """The edition of that code; raises `NoEdition`, which names those that exist."""
    try:
        return EDITIONS[code]
    except KeyError:
        raise NoEdition(f"没有规则版本“{code}”；现有：{'、'.join(EDITIONS)}。", edition=code) from None


def default_timetable() -> tuple[InForce, ...]:
    """The sample district: NB2016 to 2021-06-30, NAT2021 from 2021-07-01."""
    return (InForce("NB2016", None, NB2016.to), InForce("NAT2021", NAT2021.from_, None))


def edition_on(day: date, timetable: Iterable[InForce]) -> Edition:
    """The edition in force on a day by a district's timetable; raises `NoEdition` where it has none."""
    for row in timetable:
        if (row.from_ is None or row.from_ <= day) and (row.to is None or day <= row.to):
            return edition(row.edition)
    raise NoEdition(f"本区没有设定 {day} 适用的规则版本，请先在参数中设定。", day=day)
