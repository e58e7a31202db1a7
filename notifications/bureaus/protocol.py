"""What a road to a bureau does, and how an answer is read from what came over it.

A bureau knows a question by its key: the same key twice is one question. So whatever happened to an asking (a kill, a
lost answer), asking again is right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, cast

from definitions.verification.items import ITEMS, fault
from definitions.verification.items import UNITS as STORED
from workflow.verification.answers import Outcome, Reply
from workflow.verification.queries import Wanted

OUTCOMES = {"data": "有数据", "no_data": "无数据", "unknown_person": "查无此人"}
UNITS = STORED | {"wan_year": "万元/年", "wan": "万元", "fen_year": "分/年", "fen": "分"}
"""In what an item may be told; it is stored in the unit of its kind."""
_SCALES = {
    "wan_year": ("yuan_year", 4),
    "wan": ("yuan", 4),
    "fen_year": ("yuan_year", -2),
    "fen": ("yuan", -2),
}


class BureauDown(Exception):  # noqa: N818 - said of the source; it will be tried again
    """The source cannot be reached, does not answer in time or answers with a fault; the reason is in its words."""


class QuestionRefused(Exception):  # noqa: N818 - said of one question
    """The source takes no such question; asking again is of no use."""


class BadAnswer(Exception):  # noqa: N818 - said of one answer
    """An answer that cannot be read: `column` and `value` say where, the message why."""

    def __init__(self, reason: str, column: str = "", value: object = "") -> None:
        self.reason, self.column, self.value = reason, column, str(value)[:60]
        super().__init__(f"{column}（{self.value}）：{reason}" if column else reason)


@dataclass(frozen=True)
class Accepted:
    """The source has the question and will answer later; it may say when to ask."""

    seconds: int | None = None


class Transport(Protocol):
    """A road on which single questions go. All of it raises BureauDown, BadAnswer."""

    def ask(self, wanted: Wanted) -> Reply | Accepted:
        """Put a question. Raises QuestionRefused."""
        ...

    def poll(self, key: str) -> Reply | Accepted | None:
        """Whether there is an answer by now; None where the source does not know the question."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


def question(wanted: Wanted, callback: str = "") -> dict[str, Any]:
    """A question as JSON: all that goes out about a person."""
    return {
        "key": wanted.key,
        "source": wanted.source,
        "person": {"id_number": wanted.id_number, "name": wanted.name},
        "authorisation": {
            "number": wanted.authorisation,
            "valid_to": wanted.valid_to and wanted.valid_to.isoformat(),
        },
        "purposes": wanted.purposes,
        "answer_by": wanted.due_on.isoformat(),
        "callback": callback,
    }


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises BadAnswer."""
    try:
        found = json.loads(body, parse_float=_no_float)
    except (ValueError, RecursionError):
        raise BadAnswer("答复不是完整的 JSON") from None
    if not isinstance(found, dict):
        raise BadAnswer("答复应是一个 JSON 对象")
    return found


def read_answer(told: Any, transport: str) -> Reply:
    """An answer from its JSON. Raises BadAnswer, naming the column, for anything that is not as agreed."""
    if not isinstance(told, dict):
        raise BadAnswer("应是一个 JSON 对象", "answer", told)
    person = told.get("person")
    if not isinstance(person, dict):
        raise BadAnswer("应写明答复的是谁", "person", person)
    items = told.get("items", [])
    if not isinstance(items, list):
        raise BadAnswer("应是一个列表", "items", items)
    return make_reply(
        number=_text(person, "id_number"), name=_text(person, "name"), outcome=_text(told, "outcome"),
        as_of=_text(told, "as_of"), items=[_item(one) for one in items], transport=transport, raw=told,
    )  # fmt: skip


def make_reply(
    *, number: str, name: str, outcome: str, as_of: str, items: list[dict[str, str]], transport: str,
    raw: Mapping[str, Any],
) -> Reply:  # fmt: skip
    """An answer of its checked parts. Raises BadAnswer."""
    if outcome not in OUTCOMES:
        raise BadAnswer(f"应是 {'、'.join(OUTCOMES)} 之一", "outcome", outcome)
    if not number and not name:
        raise BadAnswer("应写明答复的是谁", "id_number")
    if bool(items) != (outcome == "data"):
        raise BadAnswer("有数据的答复要有项目，其他答复不能有项目", "items", len(items))
    return Reply(
        about_number=number, about_name=name, as_of=read_day(as_of, "as_of"), transport=transport, outcome=cast("Outcome", outcome),
        items=tuple(items), raw=dict(raw),
    )  # fmt: skip


def make_item(kind: str, value: str, unit: str, detail: str) -> dict[str, str]:
    """An item in the unit it is stored in: amounts told in fen or ten thousands become yuan, exactly. Raises BadAnswer."""
    if kind not in ITEMS:
        raise BadAnswer("没有这种核对项目", "kind", kind)
    stored, shift = _SCALES.get(unit, (unit, 0))
    if stored != ITEMS[kind].unit:
        raise BadAnswer(f"“{ITEMS[kind].label}”的单位应是{UNITS[ITEMS[kind].unit]}", "unit", unit)
    item = {"kind": kind, "value": _scaled(value, shift), "unit": stored, "detail": detail}
    if wrong := fault(item):
        raise BadAnswer(wrong, "value", value)
    return item


def read_day(text: str, column: str) -> date:
    """A date. Raises BadAnswer."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadAnswer("应是 2016-09-01 这样的日期", column, text) from None


def _item(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        raise BadAnswer("应是一个 JSON 对象", "items", told)
    kind, value, unit = (_text(told, name) for name in ("kind", "value", "unit"))
    return make_item(kind, value, unit, str(told.get("detail") or ""))


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name, "")
    if not isinstance(found, str):
        raise BadAnswer("应是文字（加引号）", name, found)
    return found.strip()


def _scaled(text: str, shift: int) -> str:
    """An amount in yuan; what is no number is left to the item's own check."""
    if not shift:
        return text
    try:
        return f"{Decimal(text).scaleb(shift):f}"
    except InvalidOperation:
        return text


def _no_float(text: str) -> str:
    """A number with a point would be read as its binary neighbour."""
    raise BadAnswer("金额要写成文字（加引号），不要写成数", "value", text)
