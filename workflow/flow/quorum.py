"""When several signatures are enough: all 会签, a share or a number, by weight 票签, any one 或签, in sequence 顺序签."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol


class Signed(Protocol):
    """What a quorum looks at."""

    state: str
    weight: int


@dataclass(frozen=True)
class Quorum:
    """The rule by which a round of signatures is decided. `weights` by role, with the `source` that gives them."""

    code: str
    label: str
    share: Fraction = Fraction(1)
    number: int = 0
    weights: Mapping[str, int] = field(default_factory=dict)
    source: str = ""

    def verdict(self, rows: Iterable[Signed]) -> bool | None:
        """True or False as soon as it is certain, None while it is open. Those dropped do not count."""
        counted = [row for row in rows if row.state != "dropped"]
        agreed = sum(row.weight for row in counted if row.state == "agreed")
        waiting = sum(row.weight for row in counted if row.state == "waiting")
        needed = self.needed(sum(row.weight for row in counted))
        if counted and agreed >= needed:
            return True
        return False if agreed + waiting < needed else None

    def needed(self, whole: int) -> int:
        """How much agreement is enough of so much weight: a share is rounded up."""
        if self.code == "any":
            return 1
        return self.number or -(-whole * self.share.numerator // self.share.denominator)


def all_of() -> Quorum:
    """会签: everybody agrees."""
    return Quorum("all", "会签")


def in_sequence() -> Quorum:
    """顺序签: everybody agrees, one after the other."""
    return Quorum("sequence", "顺序签")


def any_of() -> Quorum:
    """或签: the first one is enough. Never for a decision."""
    return Quorum("any", "或签")


def count(number: int) -> Quorum:
    """So many agree, of however many are asked."""
    return Quorum("count", f"{number} 人同意", number=number)


def share(part: int, whole: int) -> Quorum:
    """At least this share of those asked agree."""
    return Quorum("share", f"{part}/{whole} 同意", Fraction(part, whole))


def weighted(part: int, whole: int, weights: Mapping[str, int], source: str) -> Quorum:
    """票签: at least this share of the votes, by the weight of each role that the source gives."""
    return Quorum(
        "weight", f"按票权 {part}/{whole} 同意", Fraction(part, whole), weights=dict(weights), source=source
    )
