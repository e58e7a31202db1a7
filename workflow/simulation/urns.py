"""Shares that hold on short runs too: outcomes are drawn like cards from a pack that is shuffled anew when empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from workflow.entropy import Entropy
from workflow.errors import Refused

T = TypeVar("T")


class Urns:
    """Named packs of cards. Of each pack's cards every one comes once before any comes twice.

    Independent draws would leave a path of two in a hundred out of every seventh run of a hundred families.
    """

    def __init__(self, entropy: Entropy, changed: Mapping[str, Mapping[str, int]] | None = None) -> None:
        """`changed` are packs that hold other shares; an outcome that is no word is written as one ("1", "True")."""
        self._entropy, self._changed = entropy, changed or {}
        self._left: dict[str, list[object]] = {}

    def draw(self, name: str, shares: Mapping[T, int]) -> T:
        """The next card of the pack `name`, which holds each outcome as often as its share says."""
        left = self._left.get(name)
        if not left:
            shares = self._shares(name, shares)
            cards = [outcome for outcome, share in shares.items() for _ in range(share)]
            left = self._left[name] = list(self._entropy.shuffle(cards))
        return left.pop()  # type: ignore[return-value]

    def _shares(self, name: str, usual: Mapping[T, int]) -> Mapping[T, int]:
        """The pack's shares, those of the scenario where it has them. Raises Refused for an outcome there is not."""
        other = self._changed.get(name)
        if other is None:
            return usual
        words = {str(outcome): outcome for outcome in usual}
        if unknown := [word for word in other if word not in words]:
            raise Refused(f"“{name}”里没有“{unknown[0]}”这种走向；现有：{'、'.join(words)}。")
        if not any(other.values()) or any(share < 0 for share in other.values()):
            raise Refused(f"“{name}”的份数应是不小于 0 的整数，且不能全是 0。")
        return {words[word]: share for word, share in other.items()}

    def one_in(self, name: str, cards: int) -> bool:
        """True for one card of so many."""
        return self.draw(name, {False: cards - 1, True: 1})
