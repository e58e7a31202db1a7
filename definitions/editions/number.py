"""A number of the law with its dates and source, and an edition as the collection of its numbers.

A number is chosen by the date asked for. One that runs as long as its edition also answers for a date outside it, so
that two editions can be compared on one household; one with dates of its own answers within them alone. There is no
older or newer value in its stead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from definitions.editions.names import NAMES
from workflow.errors import Refused

Value = Decimal | Fraction | int | bool | str | None


class NumberMissing(Refused):
    """规则版本里没有这一项数值。"""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the law. `to` is its last day (None: until further notice); `sample` marks an unverified one."""

    name: str
    value: Value
    from_: date
    to: date | None
    source: str
    setting: str | None = None
    sample: bool = False

    def on(self, day: date) -> bool:
        """Whether the number is in force on that day."""
        return self.from_ <= day and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of income or deduction the law treats in its own way, with its dates and source."""

    code: str
    label: str
    from_: date
    to: date | None
    source: str
    sample: bool = False

    def on(self, day: date) -> bool:
        """Whether the kind is so treated on that day."""
        return self.from_ <= day and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Edition:
    """The law of a district as a whole: legal range, numbers, kinds, and the article behind each rule."""

    code: str
    title: str
    from_: date
    to: date | None
    source: str
    numbers: tuple[Number, ...]
    excluded_incomes: tuple[Kind, ...]
    deductions: tuple[Kind, ...]
    articles: Mapping[str, str]
    _named: Mapping[str, tuple[Number, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = {n.name: tuple(m for m in self.numbers if m.name == n.name) for n in self.numbers}
        object.__setattr__(self, "_named", named)

    def covers(self, day: date) -> bool:
        """Whether the edition's legal range holds that day."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def find(self, name: str, day: date, setting: str | None = None) -> Number | None:
        """The number of that name on that day, or None where the edition has none."""
        fitting = [n for n in self._named.get(name, ()) if n.setting is None or n.setting == setting]
        return next((n for n in fitting if n.on(day)), None) or next(
            (n for n in fitting if self._whole(n)), None
        )

    def number(self, name: str, day: date, setting: str | None = None) -> Number:
        """The number of that name on that day; raises `NumberMissing`, which says what is missing for which date."""
        found = self.find(name, day, setting)
        if found is not None:
            return found
        label = NAMES[name]
        of_name = self._named.get(name, ())
        if not of_name:
            raise NumberMissing(
                f"规则版本 {self.code} 没有“{label}”（{name}）这一项规定，{day} 不能按此计算。", name=name
            )
        if setting is None and any(n.setting and (n.on(day) or self._whole(n)) for n in of_name):
            raise NumberMissing(f"“{label}”（{name}）城乡不同，请写明 setting（urban 或 rural）。", name=name)
        periods = "、".join(f"{n.from_} 起" + (f"至 {n.to}" if n.to else "") for n in of_name)
        raise NumberMissing(
            f"规则版本 {self.code} 在 {day} 没有“{label}”（{name}）的数值；有数值的时段：{periods}"
            f"（{of_name[0].source}）。请换用时段内的日期。",
            name=name,
        )

    def decimal(self, name: str, day: date, setting: str | None = None) -> Decimal:
        """A money amount, multiple or rate."""
        value = self.number(name, day, setting).value
        assert isinstance(value, Decimal), name
        return value

    def integer(self, name: str, day: date, setting: str | None = None) -> int:
        """A count of months, points or days."""
        value = self.number(name, day, setting).value
        assert isinstance(value, int), name
        return value

    def flag(self, name: str, day: date) -> bool:
        """A yes or no of the law."""
        value = self.number(name, day).value
        assert isinstance(value, bool), name
        return value

    def text(self, name: str, day: date) -> str:
        """A word of the law, or a period such as `7d`."""
        value = self.number(name, day).value
        assert isinstance(value, str), name
        return value

    def excluded(self, code: str, day: date) -> Kind | None:
        """The kind of income of that code where it is not counted on that day."""
        return self._kind(self.excluded_incomes, code, day)

    def deductible(self, code: str, day: date) -> Kind | None:
        """The kind of deduction of that code where it is allowed on that day."""
        return self._kind(self.deductions, code, day)

    def _kind(self, kinds: tuple[Kind, ...], code: str, day: date) -> Kind | None:
        return next((k for k in kinds if k.code == code and (k.on(day) or self._whole(k))), None)

    def _whole(self, item: Number | Kind) -> bool:
        """Whether the item runs through the whole edition, and so belongs to it on any date compared."""
        return item.from_ <= self.from_ and (item.to is None or (self.to is not None and item.to >= self.to))
