"""What sources can say of a person: the items, their units, and whom to believe where two say different things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from workflow.forms import ABSURD
from workflow.households import ASSET_KINDS, INCOME_CATEGORIES, INCOME_KINDS

Unit = Literal["yuan_year", "yuan", "count", "square_metres", "date", "text"]
UNITS: dict[str, str] = {
    "yuan_year": "元／年", "yuan": "元", "count": "个", "square_metres": "平方米", "date": "日期", "text": "文字",
}  # fmt: skip
LONGEST = 200


@dataclass(frozen=True)
class ItemKind:
    """An item. `sources` knows it best first: the register it stands in, then platforms that repeat it.

    Incomes are a person's and a year's; `asset` items are added up over the household; the rest are facts.
    """

    label: str
    unit: Unit
    sources: tuple[str, ...]
    kind: Literal["income", "asset", "fact"] = "fact"

    @property
    def money(self) -> bool:
        """Whether its value is an amount in yuan."""
        return self.unit in ("yuan_year", "yuan")


ITEMS: dict[str, ItemKind] = {
    "wage": ItemKind(INCOME_CATEGORIES["wage"], "yuan_year", ("tax", "social_security", "city"), "income"),
    "business": ItemKind(INCOME_CATEGORIES["business"], "yuan_year", ("tax", "market", "city"), "income"),
    "property": ItemKind(INCOME_CATEGORIES["property"], "yuan_year", ("finance", "tax", "city"), "income"),
    "transfer": ItemKind(INCOME_CATEGORIES["transfer"], "yuan_year", ("social_security", "civil_affairs", "city"), "income"),
    "other": ItemKind(INCOME_CATEGORIES["other"], "yuan_year", ("tax", "city"), "income"),
    "monetary": ItemKind(ASSET_KINDS["monetary"], "yuan", ("finance", "city"), "asset"),
    "vehicle": ItemKind(ASSET_KINDS["vehicle"], "count", ("public_security", "city"), "asset"),
    "commercial_premises": ItemKind(ASSET_KINDS["commercial_premises"], "count", ("land", "housing", "city"), "asset"),
    "dwelling": ItemKind(ASSET_KINDS["dwelling"], "count", ("land", "housing", "city"), "asset"),
    "floor_area_per_capita": ItemKind(ASSET_KINDS["floor_area_per_capita"], "square_metres", ("housing", "city"), "asset"),
    "hukou_area": ItemKind("户籍地区划", "text", ("public_security", "city")),
    "death_date": ItemKind("死亡日期", "date", ("public_security", "civil_affairs", "city")),
    "marriage": ItemKind("婚姻状况", "text", ("civil_affairs", "city")),
    "other_aid": ItemKind("正在享受的其他救助", "text", ("civil_affairs", "city")),
    "insured": ItemKind("参加社会保险", "text", ("social_security", "city")),
    "business_licence": ItemKind("登记的经营主体", "text", ("market", "city")),
    "fund": ItemKind("住房公积金", "text", ("housing", "city")),
}  # fmt: skip
"""Code -> item (domain 4.1, 4.3, 4.4). For an income, `detail` may name its kind within the category."""


def rank(item: str, source: str) -> int:
    """How well a source knows an item: 0 is best; one that is not named for it comes last."""
    known = ITEMS[item].sources
    return known.index(source) if source in known else len(known)


def fault(item: Mapping[str, Any]) -> str:
    """What is wrong with an item of an answer, in words; "" where it can be used."""
    kind = ITEMS.get(str(item.get("kind", "")))
    if kind is None:
        return f"不认识的项目“{item.get('kind', '')}”"
    if item.get("unit", kind.unit) != kind.unit:
        return f"{kind.label}的单位应是“{UNITS[kind.unit]}”（{kind.unit}），现在是 {item.get('unit')}"
    if kind.kind == "income" and item.get("detail", "") not in ("", *INCOME_KINDS):
        return f"{kind.label}的细目“{item['detail']}”不认识"
    value = item.get("value")
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > LONGEST
        or len(str(item.get("detail", ""))) > LONGEST
    ):
        return f"{kind.label}的值应是 1 到 {LONGEST} 个字的文字"
    return _unreadable(kind, value)


def _unreadable(kind: ItemKind, value: str) -> str:
    try:
        if kind.unit == "date":
            date.fromisoformat(value)
        elif kind.unit != "text":
            number = Decimal(value)
            if not number.is_finite() or not 0 <= number < ABSURD:
                return f"{kind.label}的值“{value}”不合常理，请核对单位"
            if number != number.quantize(Decimal(1) if kind.unit == "count" else Decimal("0.01")):
                return f"{kind.label}的值“{value}”小数位数不对"
    except (ValueError, InvalidOperation):
        return f"{kind.label}的值“{value}”无法识别"
    return ""


def faults(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the items of an answer, one sentence each."""
    return [f"第 {number} 项：{words}" for number, item in enumerate(items, 1) if (words := fault(item))]


def shown(item: str, value: str) -> str:
    """A value as people read it."""
    kind = ITEMS[item]
    if kind.money:
        return f"{Decimal(value):,.2f}"
    return f"{Decimal(value).normalize():f}" if kind.unit in ("count", "square_metres") else value
