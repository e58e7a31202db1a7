"""The queue of a forecast: pieces of work, the people who may do them, and days on which each does so many.

Every day the pieces that can be done are done by urgency: of two that compete the one whose last day comes first. Who
does which is settled so that no piece is left while some other sharing-out would have done it without leaving a more
urgent one (augmenting paths). So the pieces done on a day are the greedy basis of a matroid, and one more person, or a
faster one, never makes any piece be done later: it only adds to what that matroid holds independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

Post = tuple[str, str]
"""A role and the area it is held for."""
_NEVER, _KEYS = 1_000_000, 1 << 50


@dataclass(slots=True, eq=False)
class Piece:
    """A task as the queue sees it. `last` is the last day on which it is in time, counted from 0 for the first day of
    the forecast; -1: late already; None: law sets no limit. `only` has taken it; `out` must keep out of it. `rank` is its
    place in the order of work.
    """

    key: int
    place: str
    area: str
    post: Post
    last: int | None
    only: int | None = None
    out: frozenset[int] = frozenset()
    rank: int = field(init=False)

    def __post_init__(self) -> None:
        """The earlier last day first, then the older task; what has no limit comes last."""
        self.rank = (_NEVER if self.last is None else self.last) * _KEYS + self.key


@dataclass(frozen=True)
class Holder:
    """Somebody who works: `pace` pieces a day, in these posts (with the first and last day), but not when `away`.

    `stands_for` are people whose taken work he may do, each with first and last day.
    """

    id: int
    pace: int
    posts: tuple[tuple[Post, int, int], ...]
    away: frozenset[int] = frozenset()
    stands_for: tuple[tuple[int, int, int], ...] = ()

    def holds(self, day: int) -> list[Post]:
        """His posts on a day, none while he is away."""
        return [] if day in self.away else [post for post, first, last in self.posts if first <= day <= last]


@dataclass(frozen=True)
class Staffing:
    """Who is there, day by day: `posts[day]` holds by post, `desks[day]` who may do what somebody has taken."""

    paces: Mapping[int, int]
    posts: Sequence[Mapping[Post, tuple[int, ...]]]
    desks: Sequence[Mapping[int, tuple[int, ...]]]

    @classmethod
    def of(cls, holders: Iterable[Holder], days: int) -> Staffing:
        """The staffing of so many days."""
        people = list(holders)
        posts: list[dict[Post, tuple[int, ...]]] = []
        desks: list[dict[int, tuple[int, ...]]] = []
        for day in range(days):
            held: dict[Post, tuple[int, ...]] = {}
            desk: dict[int, tuple[int, ...]] = {}
            for one in people:
                for post in one.holds(day):
                    held[post] = (*held.get(post, ()), one.id)
                if day not in one.away:
                    theirs = [who for who, first, last in one.stands_for if first <= day <= last]
                    for who in (one.id, *theirs):
                        desk[who] = (*desk.get(who, ()), one.id)
            posts.append(held)
            desks.append(desk)
        return cls({one.id: one.pace for one in people}, posts, desks)


@dataclass
class _Day:
    """One day's sharing-out."""

    staffing: Staffing
    day: int
    room: dict[int, int] = field(init=False)
    load: dict[int, list[Piece]] = field(default_factory=dict)
    full: set[int] = field(default_factory=set)
    shut: set[Post] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Nobody has anything yet."""
        self.room = dict(self.staffing.paces)

    def may(self, piece: Piece) -> Iterable[int]:
        """Who may do a piece today."""
        if piece.only is not None:
            who: Iterable[int] = self.staffing.desks[self.day].get(piece.only, ())
        else:
            who = self.staffing.posts[self.day].get(piece.post, ())
        return [one for one in who if one not in piece.out] if piece.out else who

    def take(self, piece: Piece) -> bool:
        """Whether somebody does it today, if need be by letting somebody else do another piece."""
        if piece.only is None and piece.post in self.shut:
            return False
        if self._give(piece, self.may(piece)):
            return True
        tried: set[int] = set()
        if self._place(piece, tried):
            return True
        self.full |= tried  # nobody of these can be freed any more today
        if piece.only is None and not piece.out:
            self.shut.add(piece.post)
        return False

    def _place(self, piece: Piece, tried: set[int]) -> bool:
        able = self.may(piece)
        if self._give(piece, able):
            return True
        for one in able:
            if one in self.full or one in tried:
                continue
            tried.add(one)
            load = self.load.get(one, [])
            for place, other in enumerate(load):
                if self._place(other, tried):
                    load[place] = piece
                    return True
        return False

    def _give(self, piece: Piece, able: Iterable[int]) -> bool:
        for one in able:
            if self.room[one] > 0:
                self.room[one] -= 1
                self.load.setdefault(one, []).append(piece)
                return True
        return False


def work_off(
    pieces: Iterable[tuple[int, Piece]], staffing: Staffing, days: int
) -> list[tuple[int | None, Piece]]:
    """Work so many days: each piece comes with the day on which it can first be done (`days` or more: not within the
    time) and leaves with the day on which it is done, None where it is not.
    """
    coming: list[list[Piece]] = [[] for _ in range(days)]
    done: list[tuple[int | None, Piece]] = []
    for ripe, piece in pieces:
        if ripe < days:
            coming[ripe].append(piece)
        else:
            done.append((None, piece))
    waiting: list[Piece] = []
    for day in range(days):
        waiting += coming[day]
        waiting.sort(key=_by_rank)
        sharing, kept = _Day(staffing, day), []
        for piece in waiting:
            if sharing.take(piece):
                done.append((day, piece))
            else:
                kept.append(piece)
        waiting = kept
    return [*done, *((None, piece) for piece in waiting)]


_by_rank = attrgetter("rank")
