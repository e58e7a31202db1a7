"""What two spellings of one name or number have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from stdnum.cn import ric

if TYPE_CHECKING:
    from opencc import OpenCC

_BETWEEN = re.compile(r"[\s.·•・‧∙⋅・﹒。\-]+")
"""What people put, or leave out, between the parts of a name: spaces and the dots that stand for one another."""
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_BODY = 17


@cache
def _script(way: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(way)


def both_scripts(name: str) -> tuple[str, str]:
    """The name in simplified and in traditional characters."""
    return str(_script("t2s").convert(name)), str(_script("s2t").convert(name))


@lru_cache(maxsize=8192)
def fold_name(name: str) -> str:
    """The name without spaces and dots, half-width, in simplified characters: 陳 國榮 is 陈国荣. Rare characters stay."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return plain if plain.isascii() else str(_script("t2s").convert(plain))


def is_citizen_number(number: str) -> bool:
    """Whether it has the form of a citizen number; its check digit may still be wrong."""
    return _NUMBER.fullmatch(number) is not None


def is_sound(number: str) -> bool:
    """Whether it is a citizen number with the right check digit."""
    return is_citizen_number(number) and ric.calc_check_digit(number) == number[-1]


def near_numbers(number: str) -> dict[str, str]:
    """The sound numbers one slip of the pen away from this one, each with the slip in words.

    One digit wrong, two neighbours exchanged, or the check digit alone. A check digit always tells such a slip, so two
    sound numbers are near only where somebody has made a check digit to fit.
    """
    found = {_sound(number[:_BODY]): "只有校验位不同"}
    for place in range(_BODY):
        before, digit, after = number[:place], number[place], number[place + 1 : _BODY]
        for other in "0123456789":
            if other != digit:
                found.setdefault(_sound(before + other + after), f"第 {place + 1} 位不同")
        if after and after[0] != digit:
            found[_sound(before + after[0] + digit + after[1:])] = f"第 {place + 1}、{place + 2} 位颠倒"
    if number[-1] != "X" and number[-1] != number[-2]:
        found[_sound(number[: _BODY - 1] + number[-1])] = "最后两位颠倒"
    found.pop(number, None)
    return found


def _sound(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")
