"""Area codes: 12 digits, province 2, city 4, county 6, town 9, village 12, padded with zeros on the right.

A department of a county has a code of its own beside those of the towns: 330212D01000.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from workflow.errors import Refused

_LENGTHS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12, "department": 9}
_TITLES = {
    "province": "省",
    "city": "市",
    "county": "县（市、区）",
    "town": "乡镇（街道）",
    "village": "村（社区）",
    "department": "部门",
}
_FILE = "areas_330212.csv"


@dataclass(frozen=True)
class AreaRow:
    """An area as it is shipped. `parent` is the code of the area above, "" for the county."""

    code: str
    name: str
    parent: str
    level: str


def read_area_rows() -> list[AreaRow]:
    """The shipped areas of 330212 (see data/README.md), every area after the one above it."""
    text = (files("workflow") / "data" / _FILE).read_text(encoding="utf-8")
    return [AreaRow(**row) for row in csv.DictReader(text.splitlines())]


@lru_cache(maxsize=8192)
def level_of(code: str) -> str:
    """province, city, county, town, village or department."""
    if code[6:7] == "D":
        return "department"
    if code[9:] != "000":
        return "village"
    if code[6:9] != "000":
        return "town"
    if code[4:6] != "00":
        return "county"
    return "city" if code[2:4] != "00" else "province"


def prefix(code: str) -> str:
    """The digits shared by all areas within: 330212000000 gives 330212, a village's code is itself."""
    return code[: _LENGTHS[level_of(code)]]


def covers(scope: str, code: str) -> bool:
    """Whether `code` is the area `scope` or lies within it."""
    return code.startswith(prefix(scope))


def ancestor(code: str, level: str) -> str:
    """The area of this level that `code` is or lies within. Raises Refused where `code` lies above that level."""
    length = _LENGTHS[level]
    if length > _LENGTHS[level_of(code)]:
        raise Refused(f"{code} 是{_TITLES[level_of(code)]}一级，请选到{_TITLES[level]}。", code=code)
    return code[:length].ljust(12, "0")


def is_community(code: str) -> bool:
    """Whether a village code is a residents' community (居委会, 001-199 and, like it, 400-499), not a village."""
    return level_of(code) == "village" and code[9] in "014"


def check_area_code(text: str) -> str:
    """The code without spaces. Raises Refused where it is no 12-digit code or leaves out the area between."""
    code = "".join(text.split())
    if not re.fullmatch("[0-9]{12}", code):
        raise Refused(f"区划代码应为 12 位数字，现在是“{text}”。", code=text)
    if code[:2] == "00":
        raise Refused(f"区划代码 {code} 没有省级代码，请核对前两位。", code=code)
    if code[9:] != "000" and code[6:9] == "000":
        raise Refused(f"区划代码 {code} 有村（社区）而没有乡镇（街道），请核对第 7 至 9 位。", code=code)
    if code[4:] != "0" * 8 and code[2:4] == "00":
        raise Refused(f"区划代码 {code} 没有市级代码，请核对第 3、4 位。", code=code)
    return code
