"""What is typed to find a person, as conditions that indexes answer: a number, its last four, pinyin, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from workflow.models import Person

_UNTIL = "\U0010ffff"
"""Sorts after every letter: the end of a range that begins with what was typed."""
_SHORTEST_PINYIN = 2


@dataclass(frozen=True)
class Way:
    """A condition on people, and the order in which its index has them: few are looked at where few are wanted."""

    condition: ColumnElement[bool]
    order: tuple[Any, ...] = (Person.id.desc(),)


def ways(typed: str) -> list[Way]:
    """How a person of this number, last four of a number, pinyin, initials or beginning of a name is found."""
    folded = typed.lower()
    if re.fullmatch(r"[0-9]{3}[0-9xX]", typed):
        return [Way(Person.id_tail == typed.upper())]
    if is_number(typed):
        return [Way(Person.id_number == typed.upper())]
    if not typed.isascii():
        return [_beginning(Person.name, typed)]
    initials = Way(Person.initials == folded)
    return [initials] if len(folded) < _SHORTEST_PINYIN else [_beginning(Person.pinyin, folded), initials]


def is_number(typed: str) -> bool:
    """Whether it looks like the number of a paper."""
    return re.fullmatch(r"(?=.*[0-9])[0-9A-Za-z]{5,18}", typed) is not None


def _beginning(column: Any, text: str) -> Way:
    """The column begins with this text; the shortest comes first."""
    return Way((column >= text) & (column < text + _UNTIL), (column, Person.id))
