"""Shares that hold on short runs too: outcomes are drawn like cards from a pack that is shuffled anew when empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from workflow.entropy import Entropy

T = TypeVar("T")


class Urns:
    """Named packs of cards. Of each pack's cards every one comes once before any comes twice.

    Independent draws would leave a path of two in a hundred out of every seventh run of a hundred families.
    """

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._left: dict[str, list[object]] = {}

    def draw(self, name: str, shares: Mapping[T, int]) -> T:
        """The next card of the pack `name`, which holds each outcome as often as its share says."""
        left = self._left.get(name)
        if not left:
            cards = [outcome for outcome, share in shares.items() for _ in range(share)]
            left = self._left[name] = list(self._entropy.shuffle(cards))
        return left.pop()  # type: ignore[return-value]

    def one_in(self, name: str, cards: int) -> bool:
        """True for one card of so many."""
        return self.draw(name, {False: cards - 1, True: 1})
