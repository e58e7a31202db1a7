"""A forecast: the queue worked off many times with drawn times and arrivals, and what one person more or less changes.

Chance comes from a seed alone. The draws of a piece and of a day's arrivals depend on nothing else, so two forecasts of
the same seed differ only by what was changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import fmean
from struct import unpack
from typing import Generic, TypeVar

from workflow.entropy import SeededEntropy
from workflow.errors import Refused
from workflow.forecast.pace import Pace
from workflow.forecast.queue import Holder, Piece, Post, Staffing, work_off

HORIZONS = (5, 10, 20)
"""Working days ahead."""
RUNS, FEWEST, PIECES = 60, 20, 400_000
"""Runs of a forecast; fewer, but so many, where all runs together would work off more pieces than that."""
LATE = -1
"""The last day of what is late already."""
NEW = 1_000_000_000_000
"""Keys of work that has not come yet lie beyond all task numbers."""
_WORDS = 2**32
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A task as it came on some past day: `opens` working days later it can be done, `last` after so many it is late."""

    place: str
    area: str
    post: Post
    opens: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """An open task: as a piece, and the days of its own time it has lain; `opens` is the day it can first be done."""

    piece: Piece
    age: int
    opens: int = 0


@dataclass(frozen=True)
class World:
    """What a forecast starts from. `days` are the working days ahead, `past` what came on each working day looked at."""

    days: Sequence[date]
    work: Sequence[Open]
    holders: Mapping[int, Holder]
    pace: Pace
    past: Sequence[Sequence[Arrival]] = ()

    def moved(self, person: int, post: Post, to: str) -> World:
        """With one person working, as fast as before, in the same role for another area. What he has taken in the post he
        leaves goes back to his colleagues.

        Raises Refused where he does not hold the post.
        """
        one = self.holders.get(person)
        if one is None or all(held != post for held, _first, _last in one.posts):
            raise Refused("这个人现在没有这个岗位，请重新选择。")
        posts = tuple(((post[0], to) if held == post else held, a, b) for held, a, b in one.posts)
        work = [
            replace(task, piece=replace(task.piece, only=None))
            if task.piece.only == person and task.piece.post == post
            else task
            for task in self.work
        ]
        return replace(self, holders={**self.holders, person: replace(one, posts=posts)}, work=work)

    def joined(self, post: Post) -> World:
        """With one person more in a post."""
        new = max(self.holders, default=0) + 1
        holder = Holder(new, self.pace.of(post), ((post, 0, len(self.days)),))
        return replace(self, holders={**self.holders, new: holder})


@dataclass(frozen=True)
class Band:
    """How many will be late: the mean over the runs, and between what nine of ten runs lie."""

    expected: float
    low: int
    high: int

    @classmethod
    def of(cls, counts: Sequence[int]) -> Band:
        """Of the counts of all runs."""
        ordered = sorted(counts)
        n = len(ordered)
        return cls(fmean(ordered), ordered[(n - 1) * 5 // 100], ordered[-1 - (n - 1) * 5 // 100])


NONE = Band(0.0, 0, 0)


@dataclass(frozen=True)
class Row(Generic[K]):
    """What is open and late now in one stage, place ..., and how many will be missed within each of `HORIZONS`."""

    key: K
    open: int
    late: int
    ahead: tuple[Band, ...]


@dataclass(frozen=True)
class Forecast:
    """`missed[run]` are the pieces of a run that pass their last day within the days ahead without being done."""

    world: World
    missed: Sequence[Sequence[Piece]]
    _within: dict[int, list[list[Piece]]] = field(default_factory=dict, repr=False)

    def within(self, days: int) -> list[list[Piece]]:
        """Run by run, what is missed within so many working days."""
        if days not in self._within:
            self._within[days] = [
                [p for p in run if p.last is not None and p.last < days] for run in self.missed
            ]
        return self._within[days]

    def only(self, seen: Callable[[Piece], bool]) -> Forecast:
        """The same forecast, of some of the work alone."""
        work = [task for task in self.world.work if seen(task.piece)]
        return Forecast(replace(self.world, work=work), [[p for p in run if seen(p)] for run in self.missed])

    def total(self, days: int) -> Band:
        """All of it."""
        return Band.of([len(run) for run in self.within(days)])

    def by(self, key: Callable[[Piece], K], days: int) -> dict[K, Band]:
        """By stage, place or whatever `key` tells apart."""
        runs = [Counter(map(key, run)) for run in self.within(days)]
        return {
            one: Band.of([run[one] for run in runs]) for one in dict.fromkeys(k for run in runs for k in run)
        }

    def rows(self, key: Callable[[Piece], K]) -> list[Row[K]]:
        """A row for each stage, place ..., the one with most misses ahead first."""
        ahead = [self.by(key, days) for days in HORIZONS]
        open_ = Counter(key(task.piece) for task in self.world.work)
        late = Counter(key(task.piece) for task in self.world.work if task.piece.last == LATE)
        found = [
            Row(one, open_[one], late[one], tuple(bands.get(one, NONE) for bands in ahead))
            for one in dict.fromkeys([*open_, *(k for bands in ahead for k in bands)])
        ]
        return sorted(found, key=lambda row: (-row.ahead[-1].expected, -row.late, -row.open, str(row.key)))

    def likely(self, days: int) -> list[tuple[Piece, float]]:
        """The open tasks that are missed in some run and in which share of the runs, the likeliest first."""
        seen: Counter[Piece] = Counter(piece for run in self.within(days) for piece in run if piece.key < NEW)
        found = [(piece, n / len(self.missed)) for piece, n in seen.items()]
        return sorted(found, key=lambda one: (-one[1], one[0].rank))

    def against(self, other: Forecast, key: Callable[[Piece], K], days: int) -> dict[K, float]:
        """By how much the expectation changes from the other forecast to this one, where it changes."""
        here, there = self.by(key, days), other.by(key, days)
        changes = {
            one: (here[one].expected if one in here else 0.0) - (there[one].expected if one in there else 0.0)
            for one in {**there, **here}
        }
        return {one: change for one, change in changes.items() if abs(change) > 1 / (2 * len(self.missed))}


def runs_for(world: World) -> int:
    """How often the queue is worked off: as often as fits into a second or two."""
    coming = sum(map(len, world.past)) * len(world.days) // max(1, len(world.past))
    return max(FEWEST, min(RUNS, PIECES // max(1, len(world.work) + coming)))


def forecast(world: World, seed: str, runs: int | None = None) -> Forecast:
    """Work the queue off so many times. The same world and seed give the same forecast."""
    days, runs = len(world.days), runs or runs_for(world)
    staffing = Staffing.of(world.holders.values(), days)
    missed = []
    ahead = _Ahead(world.pace, days)
    for run in range(runs):
        chances = _chances(SeededEntropy(f"{seed}/{run}"))
        ended = work_off(_drawn(world, days, ahead, chances), staffing, days)
        missed.append([
            piece for done, piece in ended
            if piece.last is not None and 0 <= piece.last < days and (done is None or done > piece.last)
        ])  # fmt: skip
    return Forecast(world, missed)


class _Ahead(dict[tuple[str, Post, int], list[float]]):
    """By place, post and days lain: the chances that a task's own time is over by each day ahead, looked up once."""

    def __init__(self, pace: Pace, days: int) -> None:
        super().__init__()
        self._pace, self._days = pace, days

    def __missing__(self, key: tuple[str, Post, int]) -> list[float]:
        place, post, lain = key
        found = self[key] = self._pace.table(place, post).ahead(lain, self._days)
        return found


def _drawn(world: World, days: int, ahead: _Ahead, chances: Iterator[float]) -> Iterator[tuple[int, Piece]]:
    """The pieces of one run, each with the day on which it can be done: what lies there, then what comes day by day."""
    for task in world.work:
        piece = task.piece
        yield task.opens + bisect_right(ahead[piece.place, piece.post, task.age], next(chances)), piece
    if not world.past:
        return
    key = NEW
    for day in range(days):
        for came in world.past[int(next(chances) * len(world.past))]:
            key += 1
            opens = day + came.opens + bisect_right(ahead[came.place, came.post, 0], next(chances))
            last = None if came.last is None else day + came.last
            yield opens, Piece(key, came.place, came.area, came.post, last)


def _chances(entropy: SeededEntropy) -> Iterator[float]:
    """Even draws from 0 up to 1, eight to a hash."""
    while True:
        for word in unpack("<512I", entropy.raw(2048)):
            yield word / _WORDS
