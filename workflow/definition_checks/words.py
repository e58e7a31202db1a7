"""What counts as a word for the user."""

from __future__ import annotations


def chinese(text: str) -> bool:
    """Whether the text is there and has a Chinese character in it."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)
