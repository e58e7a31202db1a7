"""Declared households for tests."""

from datetime import date
from typing import Any

from workflow.identity import make_id_number

VILLAGE, OTHER_VILLAGE, TOWN, DISTRICT = "330212001005", "330212001012", "330212001000", "330212000000"
VILLAGE_NAME = "东兴社区居委会"


def number(birth: date, order: int, area: str = "330212") -> str:
    return make_id_number(area, birth, order)


def head(**more: Any) -> dict[str, Any]:
    return {"relation": "head", "name": "王秀英", "id_number": number(date(1950, 3, 4), 2)} | more


def spouse(**more: Any) -> dict[str, Any]:
    return {"relation": "spouse", "name": "陈大明", "id_number": number(date(1948, 1, 2), 1)} | more


def child(**more: Any) -> dict[str, Any]:
    return {"relation": "child", "name": "陈小红", "id_number": number(date(2005, 6, 7), 4)} | more


def household(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "area_code": VILLAGE,
        "setting": "urban",
        "address": "东兴路 1 号",
        "phone": "0574-88880000",
        "members": list(members or (head(),)),
        "incomes": [],
        "assets": [],
    } | more
