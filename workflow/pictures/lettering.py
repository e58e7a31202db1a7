"""How wide text is and where it breaks, near enough for a drawing."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\s+|[A-Za-z0-9][A-Za-z0-9.,%’'\-]*|.")
_CLOSING = "，。；：、！？）》】”’］"
_FULL_WIDTH_FROM = "\u2e80"


def width(text: str, size: int) -> int:
    """The width of a line of text at this size."""
    return round(size * sum(_em(sign) for sign in text))


def wrap(text: str, size: int, room: int) -> tuple[str, ...]:
    """The text in lines no wider than `room`, as far as its words allow. Closing signs never begin a line."""
    lines, line = list[str](), ""
    for token in _TOKEN.findall(text.strip()):
        if line and width(line + token, size) > room and token not in _CLOSING:
            lines.append(line.strip())
            line = token.lstrip()
        else:
            line += token
    lines.append(line.strip())
    return tuple(lines)


def balanced(text: str, size: int, room: int) -> tuple[str, ...]:
    """The text in as few lines as the room allows, all of about the same width."""
    lines = wrap(text, size, room)
    even = wrap(text, size, width(text, size) // len(lines) + size)
    return even if len(even) == len(lines) else lines


def _em(sign: str) -> float:
    if sign >= _FULL_WIDTH_FROM or sign in "“”‘’…—":
        return 1.0
    if sign.isupper():
        return 0.66
    return 0.3 if sign in " .,:;'|il" else 0.56
