"""Two scenarios side by side: the same families, staff and chance, seed by seed; which limits are missed, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workflow.forecast.ahead import Band

OnTime = Mapping[str, Mapping[str, int]]
"""By limit how many ended (`n`) and how many in time (`on_time`)."""
NOTHING: Mapping[str, int] = {"n": 0, "on_time": 0}


@dataclass(frozen=True)
class Compared:
    """One legal limit under both scenarios: how often it ended and was missed, over the seeds; `change` is b less a,
    seed by seed.
    """

    limit: str
    ended: tuple[Band, Band]
    missed: tuple[Band, Band]
    change: Band

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "limit": self.limit,
            **{
                side: {"ended": asdict(self.ended[i]), "missed": asdict(self.missed[i])}
                for i, side in enumerate("ab")
            },
            "change": asdict(self.change),
        }


def compare(pairs: Iterable[tuple[OnTime, OnTime]]) -> list[Compared]:
    """What the runs of both scenarios came to, a pair a seed; the limit whose misses change most comes first."""
    runs = list(pairs)
    limits = dict.fromkeys(limit for pair in runs for side in pair for limit in side)
    found = [_one(limit, runs) for limit in limits]
    total = _one("", [({"": _sum(a)}, {"": _sum(b)}) for a, b in runs])
    return [
        total,
        *sorted(found, key=lambda one: (-abs(one.change.expected), -one.missed[0].expected, one.limit)),
    ]


def _one(limit: str, runs: list[tuple[OnTime, OnTime]]) -> Compared:
    ended = [[side.get(limit, NOTHING)["n"] for side in pair] for pair in runs]
    missed = [[_missed(side.get(limit, NOTHING)) for side in pair] for pair in runs]

    def over(counts: list[list[int]], side: int) -> Band:
        return Band.of([pair[side] for pair in counts])

    return Compared(
        limit,
        (over(ended, 0), over(ended, 1)),
        (over(missed, 0), over(missed, 1)),
        Band.of([b - a for a, b in missed]),
    )


def _missed(kept: Mapping[str, int]) -> int:
    return kept["n"] - kept["on_time"]


def _sum(side: OnTime) -> dict[str, int]:
    return {key: sum(kept[key] for kept in side.values()) for key in NOTHING}
