"""A scenario as a JSON document: what is different from the usual, each word checked by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from definitions.rehearsal.play import Plan
from workflow.errors import Refused
from workflow.simulation.changes import Flood, Off
from workflow.simulation.roster import ACTS_A_DAY

KEYS = ("name", "from", "to", "households", "staff", "off", "arrivals", "flood", "limits", "routing", "acts")


def plan_of(document: Mapping[str, Any], *, households: int, first: date | None = None) -> Plan:
    """The plan of a scenario: from, to, households, staff {role: n}, off [ROLE=...], arrivals "1.5", flood "800/3",
    limits {place: "10wd"}, routing {pack: {way: share}}, acts. `first` is the day that "today" stands for; `households`
    holds where the document names none. Raises Refused.
    """
    if not isinstance(document, Mapping):
        raise Refused("方案应是一个 JSON 对象。")
    if unknown := [key for key in document if key not in KEYS]:
        raise Refused(f"方案里不认识的项目：{'、'.join(unknown)}；可用：{'、'.join(KEYS)}。")
    off = document.get("off", [])
    return Plan(
        day_of(document.get("from"), "from", first), day_of(document.get("to"), "to", None),
        _whole(document.get("households", households), "households"), 1, _numbers(document.get("staff", {}), "staff"),
        arrivals=factor(str(document.get("arrivals", 1))),
        off=tuple(Off.parse(str(one)) for one in (off if isinstance(off, Sequence) and not isinstance(off, str) else [off])),
        flood=Flood.parse(str(document["flood"])) if document.get("flood") else None,
        limits={place: str(rule) for place, rule in _object(document.get("limits", {}), "limits").items()},
        routing={pack: _numbers(ways, pack) for pack, ways in _object(document.get("routing", {}), "routing").items()},
        acts=_whole(document.get("acts", ACTS_A_DAY), "acts"),
    )  # fmt: skip


def day_of(value: Any, what: str, today: date | None) -> date:
    """An ISO date, or "today" where that stands for one. Raises Refused."""
    if value == "today" and today is not None:
        return today
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"{what} 请写成 2016-09-05 这样的日期，现在是“{value}”。") from None


def factor(text: str) -> Fraction:
    """How many times as many families come: 1.5 or 3/2. Raises Refused."""
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0:
        raise Refused(f"来件倍数请写成 1.5 这样的数，现在是“{text}”。")
    return found


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Refused(f"{what} 应是一个 JSON 对象。")
    return value


def _numbers(value: Any, what: str) -> dict[str, int]:
    return {key: _whole(number, f"{what}.{key}") for key, number in _object(value, what).items()}


def _whole(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused(f"{what} 应是不小于 0 的整数，现在是“{value}”。")
    return value
