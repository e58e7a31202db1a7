"""Where chance comes from: the operating system when live, a seed in simulation, tests and reproducible draws.

A seeded draw is public arithmetic, so that anybody can repeat it: the k-th draw (k = 0, 1, 2 ...) from a seed is the
SHA-256 of the UTF-8 text "SEED:k", read as a big-endian number. A number below n is that number modulo n; the
deviation from evenness is below n / 2**256. `seeded_permutation` is a Fisher-Yates shuffle over these draws.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another on paper or over the telephone: no 0 and O, no 1, I and L, no U (V)."""


class Entropy(ABC):
    """A source of chance. A kind of source gives numbers and bytes; everything else is made of them here."""

    @abstractmethod
    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, all equally likely. Raises ValueError where n is below 1."""

    @abstractmethod
    def raw(self, nbytes: int) -> bytes:
        """So many bytes."""

    def token(self, nbytes: int = 32) -> str:
        """A secret of so many bytes, as text that may stand in an address."""
        return base64.urlsafe_b64encode(self.raw(nbytes)).rstrip(b"=").decode("ascii")

    def code(self, length: int, alphabet: str = CLEAR) -> str:
        """A code people read and type, without characters that look alike."""
        return "".join(alphabet[self.below(len(alphabet))] for _ in range(length))

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent

    def choice(self, items: Sequence[T]) -> T:
        """One of the items. Raises ValueError where there is none."""
        return items[self.below(len(items))]

    def shuffle(self, items: Iterable[T]) -> list[T]:
        """A new list of the items in chance order."""
        drawn = list(items)
        for i in range(len(drawn) - 1, 0, -1):
            j = self.below(i + 1)
            drawn[i], drawn[j] = drawn[j], drawn[i]
        return drawn

    def sample(self, items: Iterable[T], k: int) -> list[T]:
        """Draw k different ones of the items in chance order. Raises ValueError where there are fewer."""
        pool = list(items)
        if not 0 <= k <= len(pool):
            raise ValueError(f"cannot draw {k} of {len(pool)}")
        return self.shuffle(pool)[:k]


class SystemEntropy(Entropy):
    """The operating system's secure randomness."""

    def below(self, n: int) -> int:
        """A secure whole number from 0 to n - 1."""
        return secrets.randbelow(n)

    def raw(self, nbytes: int) -> bytes:
        """So many secure bytes."""
        return secrets.token_bytes(nbytes)


class SeededEntropy(Entropy):
    """The same draws for the same seed, on every machine and version. Not secret. Not to be shared by threads."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._drawn = 0

    def below(self, n: int) -> int:
        """The next draw modulo n."""
        if n < 1:
            raise ValueError("nothing lies below 1")
        return int.from_bytes(self._draw(), "big") % n

    def raw(self, nbytes: int) -> bytes:
        """The next draws, joined and cut to length."""
        drawn = b""
        while len(drawn) < nbytes:
            drawn += self._draw()
        return drawn[:nbytes]

    def fork(self, name: str) -> SeededEntropy:
        """A source of its own for one purpose: more draws there do not shift the draws here."""
        return SeededEntropy(f"{self._seed}/{name}")

    def _draw(self) -> bytes:
        drawn = hashlib.sha256(f"{self._seed}:{self._drawn}".encode()).digest()
        self._drawn += 1
        return drawn


def seeded_permutation(seed: str, n: int) -> list[int]:
    """0 to n - 1 in an order that anybody can repeat from the seed.

    Start with 0 ... n-1 in order. For i from n-1 down to 1: take the next draw (see the module), j = draw modulo
    (i + 1), exchange the numbers at places i and j.
    """
    return SeededEntropy(seed).shuffle(range(n))
