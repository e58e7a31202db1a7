"""Strict reading of a JSON object: what is not understood is refused by its name and place, never passed over.

Money and rates are strings of plain digits, so that no binary fraction ever stands for an amount.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NoReturn, TypeVar

from definitions.rules.errors import RuleRefused

T = TypeVar("T")

MOST_YUAN = Decimal(10) ** 12
"""An amount above this is a slip of the keyboard."""
MOST_COUNT = 1000
YEARS = range(1900, 2201)
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_RATE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_DAY = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")


class Reader:
    """One JSON object at a place in a document (`members[0].incomes[1]`; empty for the document itself)."""

    def __init__(self, data: object, keys: Iterable[str], place: str = "") -> None:
        self.place = place
        if not isinstance(data, dict):
            raise RuleRefused(f"{place or '资料'}应是一个 JSON 对象（写在花括号里），请改正。")
        keys = tuple(keys)
        unknown = [self.at(str(key)) for key in data if key not in keys]
        if unknown:
            raise RuleRefused(
                f"不认识的项：{'、'.join(unknown)}。可用的项：{'、'.join(keys)}。", keys=unknown
            )
        self._data = data

    def at(self, key: str) -> str:
        """The place of a key in the document."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._data

    def optional(self, read: Callable[[str], T], key: str) -> T | None:
        """What the reading gives, or None where the key is not there."""
        return read(key) if key in self._data else None

    def text(self, key: str) -> str:
        """A word that is not empty."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse(key, "应是不空的文字")
        return value

    def choice(self, key: str, among: Collection[str]) -> str:
        """One of the words."""
        value = self.text(key)
        if value not in among:
            self._refuse(key, f"“{value}”不能用，应是 {'、'.join(among)} 之一")
        return value

    def choices(self, key: str, among: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """A list of different words out of those; empty where the key is not there and need not be."""
        words: list[str] = []
        for value in self._list(key, required=required):
            if not isinstance(value, str) or value not in among:
                self._refuse(key, f"“{value}”不能用，应从 {'、'.join(among)} 中选")
            if value in words:
                self._refuse(key, f"“{value}”重复，请只写一次")
            words.append(value)
        return tuple(words)

    def amount(self, key: str) -> Decimal:
        """Yuan, not negative, at most two decimals, written as a string."""
        value = self._number(key, _AMOUNT, "金额", "1200.50")
        if value > MOST_YUAN:
            self._refuse(key, f"金额大得不合情理（上限 {MOST_YUAN} 元），请核对")
        return value

    def rate(self, key: str) -> Decimal:
        """A rate, multiple or area, not negative, at most six decimals, written as a string."""
        return self._number(key, _RATE, "数值", "1.5")

    def positive(self, key: str, read: Callable[[str], Decimal]) -> Decimal:
        """A number that must not be zero."""
        value = read(key)
        if value == 0:
            self._refuse(key, "不能是 0")
        return value

    def count(self, key: str, least: int = 0) -> int:
        """A whole JSON number, not below `least`."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self._refuse(key, "应是整数（不加引号）")
        if not least <= value <= MOST_COUNT:
            self._refuse(key, f"应在 {least} 到 {MOST_COUNT} 之间")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where the key is not there is the caller's choice."""
        value = self._value(key)
        if not isinstance(value, bool):
            self._refuse(key, "应是 true 或 false")
        return value

    def day(self, key: str) -> date:
        """An ISO date."""
        value = self._value(key)
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self._refuse(key, "应是日期文字，如 2016-10-01")
        try:
            found = date.fromisoformat(match[0])
        except ValueError:
            self._refuse(key, f"“{value}”不是真实的日期")
        if found.year not in YEARS:
            self._refuse(key, f"年份应在 {YEARS[0]} 到 {YEARS[-1]} 之间")
        return found

    def part(self, key: str, keys: Iterable[str]) -> Reader:
        """The object under a key."""
        return Reader(self._value(key), keys, self.at(key))

    def parts(self, key: str, keys: Iterable[str], *, required: bool = False) -> list[Reader]:
        """The list of objects under a key; empty where the key is not there and need not be."""
        keys = tuple(keys)
        return [
            Reader(item, keys, f"{self.at(key)}[{i}]")
            for i, item in enumerate(self._list(key, required=required))
        ]

    def _value(self, key: str) -> object:
        if key not in self._data:
            self._refuse(key, "没有写，请补上")
        if self._data[key] is None:
            self._refuse(key, "是空值；不知道就不要写这一项")
        value: object = self._data[key]
        return value

    def _list(self, key: str, *, required: bool) -> list[object]:
        value = self._value(key) if required or key in self._data else []
        if not isinstance(value, list):
            self._refuse(key, "应是一个列表（写在方括号里）")
        return value

    def _number(self, key: str, form: re.Pattern[str], what: str, example: str) -> Decimal:
        value = self._value(key)
        if not isinstance(value, str):
            self._refuse(key, f"{what}要写成文字，如 “{example}”，不能写成 JSON 数字")
        if value.startswith("-"):
            self._refuse(key, f"{what}不能是负数（经营亏损按 0 填写）")
        if not form.fullmatch(value):
            self._refuse(key, f"“{value}”不是可用的{what}，应是普通数字，如 “{example}”")
        return Decimal(value)

    def _refuse(self, key: str, why: str) -> NoReturn:
        raise RuleRefused(f"{self.at(key)} {why}。", key=self.at(key))
