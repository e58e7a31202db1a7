"""The pace of the past weeks, learnt from what tasks have done: how long each kind lies, how much a person does a day.

A task's time falls in two. *Waiting for a hand*: on a day on which everybody at its post did as much as people there do on
a full day, what was left was left for want of hands; the queue of the forecast brings that forth again. *Its own time*:
all other days (the family is expected, a visit is arranged, it is simply put off). Of its own time there is a life
table for each place: of the tasks that had lain t such days, how many were done on the next. Tasks still open count as
long as they have lain (nothing is known of their end), so long-lying work is neither forgotten nor taken for done.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow.forecast.queue import Post

ENOUGH = 20
"""Tasks done, or person-days, from which a place is judged by itself; below it, the same place anywhere."""
THIN = 5
"""Tasks at risk below which the days of a life table are taken together."""
FULL_DAY = 90
"""A full day: what is reached or passed on ten in a hundred of the days on which somebody did anything."""
USUAL_PACE = 5
"""Tasks a day of somebody of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Past:
    """A task of the past: when it could be done and when it was (working days from the first of the weeks looked at,
    negative before; `done` None: not done), until when it was seen, and by whom it was done.
    """

    place: str
    post: Post
    ready: int
    until: int
    done: bool
    by: int | None = None


@dataclass
class Table:
    """A life table: of `risk[t]` tasks that had lain t days `done[t]` were done."""

    risk: Counter[int] = field(default_factory=Counter)
    done: Counter[int] = field(default_factory=Counter)
    _rates: list[float] | None = None
    _ahead: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    @property
    def events(self) -> int:
        """Tasks done."""
        return self.done.total()

    def rates(self) -> list[float]:
        """The share done on each day lain; the last holds for all later days."""
        if self._rates is None:
            rates, t = [], 0
            while self.risk[t] >= THIN:
                rates.append(self.done[t] / self.risk[t])
                t += 1
            left = sum(n for day, n in self.risk.items() if day >= t)
            gone = sum(n for day, n in self.done.items() if day >= t)
            rates.append(gone / left if left else rates[-1] if rates else 1.0)
            self._rates = rates
        return self._rates

    def ahead(self, age: int, days: int) -> list[float]:
        """For a task that has lain `age` days: the chance that its own time is over by each of the coming days."""
        found = self._ahead.get((age, days))
        if found is None:
            rates, left, found = self.rates(), 1.0, []
            for day in range(age, age + days):
                left *= 1 - rates[min(day, len(rates) - 1)]
                found.append(1 - left)
            self._ahead[age, days] = found
        return found

    def ripe(self, age: int, days: int, chance: float) -> int:
        """On which coming day its own time is over, for an evenly drawn chance; `days`: not within them."""
        return bisect_right(self.ahead(age, days), chance)


@dataclass(frozen=True)
class Pace:
    """What was learnt: life tables by place and post, by place, and over all; pieces a day by post, role and over all."""

    tables: Mapping[tuple[str, str], Table]
    whole: Table
    paces: Mapping[Post, int]
    usual: int
    full: Mapping[Post, list[int]]

    def table(self, place: str, post: Post) -> Table:
        """The life table of a place for one post, or anywhere, or of all work, whichever first rests on enough tasks."""
        for key in ((place, post[1]), (place, "")):
            found = self.tables.get(key)
            if found is not None and found.events >= ENOUGH:
                return found
        return self.tables.get((place, ""), self.whole)

    def of(self, post: Post) -> int:
        """Pieces a day of somebody in a post."""
        return self.paces.get(post) or self.paces.get((post[0], "")) or self.usual

    def own_days(self, post: Post, ready: int, now: int) -> int:
        """How many of the days from `ready` up to the day before `now` were not full ones."""
        passed = self.full.get(post)
        days = max(0, now - ready)
        if passed is None or now <= 0:
            return days
        return days - (passed[min(now, len(passed) - 1)] - passed[min(max(ready, 0), len(passed) - 1)])


def learn(past: Iterable[Past], there: Mapping[Post, list[int]], days: int) -> Pace:
    """Learn from the tasks of so many working days; `there` tells by post how many held it and were not away, day by day."""
    rows = list(past)
    paces, usual = _paces(rows, days)
    out = Counter((row.post, row.until) for row in rows if row.done)
    known = Pace({}, Table(), paces, usual, {})
    full: dict[Post, list[int]] = {}
    for post, people in there.items():
        pace, passed = known.of(post), [0]
        for day in range(days):
            passed.append(passed[-1] + bool(people[day] and out[post, day] >= pace * people[day]))
        full[post] = passed
    pace_ = Pace({}, Table(), paces, usual, full)
    tables: defaultdict[tuple[str, str], Table] = defaultdict(Table)
    for row in rows:
        _lay(row, pace_, [tables[row.place, row.post[1]], tables[row.place, ""], pace_.whole])
    return Pace(dict(tables), pace_.whole, paces, usual, full)


def _lay(row: Past, pace: Pace, tables: list[Table]) -> None:
    """Put a task into its life tables: it was at risk on each day that was not full, and on the day it was done."""
    passed = pace.full.get(row.post, [])
    lain = pace.own_days(row.post, row.ready, max(row.ready, 0))
    for day in range(max(row.ready, 0), row.until + row.done):
        ends = row.done and day == row.until
        filled = day + 1 < len(passed) and passed[day + 1] > passed[day]
        if not filled or ends:
            for table in tables:
                table.risk[lain] += 1
                table.done[lain] += ends
        lain += not filled


def _paces(rows: list[Past], days: int) -> tuple[dict[Post, int], int]:
    """Pieces a full day by post, by role (area "") and over all, from the days on which somebody did anything."""
    worked = [
        (row.post, (row.by, row.until))
        for row in rows
        if row.done and row.by is not None and 0 <= row.until < days
    ]
    done = Counter(one for _post, one in worked)
    active: defaultdict[Post, set[tuple[int, int]]] = defaultdict(set)
    for post, one in worked:
        for key in (post, (post[0], "")):
            active[key].add(one)
    found = {
        post: _full_day([done[one] for one in days_of])
        for post, days_of in active.items()
        if len(days_of) >= ENOUGH or not post[1]
    }
    return found, _full_day(list(done.values())) if done else USUAL_PACE


def _full_day(counts: list[int]) -> int:
    ordered = sorted(counts)
    return ordered[(len(ordered) * FULL_DAY - 1) // 100]
