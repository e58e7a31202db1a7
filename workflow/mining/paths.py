"""Variants, times, loops and returns, counted from the cases of a sample."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from workflow.catalogue import Blueprint
from workflow.mining.reading import Passed

OFTEN, SELDOM = 50, 90
"""The percentiles shown: half of all visits took at most so long, nine of ten at most so long."""
LEVELS = 4


@dataclass(frozen=True)
class Variant:
    """One way through the definition and the cases that went it. `key` names it in an address."""

    path: tuple[str, ...]
    cases: tuple[Passed, ...]
    median: timedelta

    @property
    def key(self) -> str:
        """A short digest of the path."""
        return key_of(self.path)


@dataclass(frozen=True)
class StageTimes:
    """A stage: how often it was entered, in how many cases again, how many stand there now, and how long visits took.

    The times are of visits that ended; without any they are None. `level` is how hot it is, 0 to 4, by its median.
    """

    stage: str
    visits: int
    cases: int
    again: int
    here: int
    median: timedelta | None
    p90: timedelta | None
    level: int = 0


@dataclass(frozen=True)
class Return:
    """A way back: from a stage to one the case had been in before, by an action, so many times."""

    source: str
    action: str
    target: str
    count: int


@dataclass(frozen=True)
class Mined:
    """Everything counted. Sums: the cases of all variants are the cases of the sample."""

    variants: list[Variant]
    stages: dict[str, StageTimes]
    returns: list[Return]
    closed: int
    median: timedelta | None
    p90: timedelta | None


def key_of(path: Sequence[str]) -> str:
    """The short name of a path."""
    return hashlib.sha256("\n".join(path).encode()).hexdigest()[:12]


def percentile(values: Sequence[timedelta], share: int) -> timedelta | None:
    """The smallest value that at least this percentage of all do not exceed (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(-(-share * len(ordered) // 100), 1) - 1]


def mine(blueprint: Blueprint, cases: Sequence[Passed], now: datetime) -> Mined:
    """Count the cases of a sample."""
    by_path: dict[tuple[str, ...], list[Passed]] = {}
    for one in cases:
        by_path.setdefault(one.path, []).append(one)
    variants = [
        Variant(path, tuple(found), percentile([_age(one, now) for one in found], OFTEN) or timedelta(0))
        for path, found in by_path.items()
    ]
    variants.sort(key=lambda variant: (-len(variant.cases), variant.path))
    whole = [_age(one, now) for one in cases if one.closed]
    return Mined(
        variants,
        _stages(blueprint, cases),
        _returns(cases),
        len(whole),
        percentile(whole, OFTEN),
        percentile(whole, SELDOM),
    )


def _age(one: Passed, now: datetime) -> timedelta:
    """From opening to the end, or to now."""
    return (one.steps[-1][2] if one.closed else now) - one.steps[0][2]


def _stages(blueprint: Blueprint, cases: Sequence[Passed]) -> dict[str, StageTimes]:
    visits, within, again, here = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    took: dict[str, list[timedelta]] = {}
    for one in cases:
        times = Counter(one.path)
        visits.update(times)
        within.update(times.keys())
        again.update(stage for stage, count in times.items() if count > 1)
        if not one.closed:
            here[one.path[-1]] += 1
        for (stage, _action, since), (_next, _by, until) in pairwise(one.steps):
            took.setdefault(stage, []).append(until - since)
    medians = {code: percentile(found, OFTEN) or timedelta(0) for code, found in took.items()}
    longest = max(medians.values(), default=timedelta(0))
    return {
        code: StageTimes(
            code, visits[code], within[code], again[code], here[code], medians.get(code),
            percentile(took.get(code, ()), SELDOM), _level(medians.get(code), longest),
        )
        for code in blueprint.stages
    }  # fmt: skip


def _level(median: timedelta | None, longest: timedelta) -> int:
    """How hot: 0 where nothing was finished, else 1 to 4 in quarters of the longest median."""
    if median is None:
        return 0
    return max(-(-LEVELS * median // longest), 1) if longest else 1


def _returns(cases: Sequence[Passed]) -> list[Return]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in cases:
        been: set[str] = set()
        for (source, _action, _at), (target, action, _then) in pairwise(one.steps):
            been.add(source)
            if target in been:
                counts[source, action, target] += 1
    return [
        Return(*way, count) for way, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
