"""What a caller may ask with: query parameters by name, a JSON body or a multipart form, the conditional headers.

Nothing is ignored: a parameter or key that is not known is refused by its name.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import Headers, MultiDict

from web.api.problems import Problem
from workflow.areas import check_area_code
from workflow.errors import Refused
from workflow.forms import Field, Rows
from workflow.models import canonical

LIMIT, MOST = 50, 500
LARGEST = 2**53 - 1
"""The largest whole number every JSON reader keeps exact."""

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL as canonical JSON writes it; PostgreSQL keeps none in a text."""


@dataclass(frozen=True)
class Param:
    """A query parameter. `read` turns its text into a value and raises ValueError, or a Refused that says more."""

    label: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


def text(label: str) -> Param:
    """Any text."""
    return Param(label, {"type": "string", "minLength": 1, "maxLength": 100}, str)


def one_of(label: str, *values: str) -> Param:
    """One of these words."""

    def read(raw: str) -> str:
        if raw not in values:
            raise Refused(f"只能是 {'、'.join(values)}")
        return raw

    return Param(label, {"type": "string", "enum": list(values)}, read)


def whole(label: str, most: int = LARGEST) -> Param:
    """A whole number from 1."""

    def read(raw: str) -> int:
        if not re.fullmatch("[0-9]{1,16}", raw) or not 1 <= int(raw) <= most:
            raise ValueError
        return int(raw)

    return Param(label, {"type": "integer", "minimum": 1, "maximum": most}, read)


def day(label: str) -> Param:
    """A date."""
    return Param(label, {"type": "string", "format": "date"}, _day)


def _day(raw: str) -> date:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError
    return date.fromisoformat(raw)


def moment(label: str) -> Param:
    """A moment with its zone."""

    def read(raw: str) -> datetime:
        found = datetime.fromisoformat(raw)
        if found.tzinfo is None:
            raise Refused("要写明时区，例如 2016-09-05T01:00:00Z")
        try:
            return found.astimezone(UTC)
        except OverflowError:
            raise ValueError from None

    return Param(label, {"type": "string", "format": "date-time"}, read)


def month(label: str) -> Param:
    """A month as 2016-09."""

    def read(raw: str) -> str:
        if not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", raw):
            raise ValueError
        return raw

    return Param(label, {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}, read)


def area(label: str) -> Param:
    """A 12-digit area code."""
    return Param(label, {"type": "string", "pattern": "^[0-9]{12}$"}, check_area_code)


PAGING: dict[str, Param] = {
    "limit": whole("每页条数", MOST),
    "cursor": Param("上一页答复中的 next", {"type": "string", "minLength": 1, "maxLength": 400}, str),
}


def read_query(given: MultiDict[str, str], known: Mapping[str, Param]) -> dict[str, Any]:
    """The values of the parameters that were given. Raises Problem 400 that names the one at fault."""
    for name in given:
        if name not in known:
            words = f"可用：{'、'.join(known)}。" if known else "这个地址不带参数。"
            raise Problem("unknown-parameter", f"没有参数“{name}”。{words}", parameter=name)
    found = {}
    for name, values in given.lists():
        if len(values) > 1:
            raise Problem("malformed", f"参数“{name}”写了 {len(values)} 次，只能写一次。", parameter=name)
        if not values[0] or not values[0].isprintable():
            raise Problem("malformed", f"参数“{name}”是空的或有不可见字符；不用它就不要写。", parameter=name)
        try:
            found[name] = known[name].read(values[0])
        except Refused as refused:
            raise Problem(
                "malformed", f"参数“{name}”的值“{values[0]}”不能用：{refused.message}", parameter=name
            ) from None
        except ValueError:
            raise Problem(
                "malformed", f"参数“{name}”（{known[name].label}）的值“{values[0]}”不能用。", parameter=name
            ) from None
    return found


def filters_of(query: Mapping[str, Any]) -> str:
    """What a cursor belongs to: the query without its paging."""
    return canonical(sorted((name, str(value)) for name, value in query.items() if name not in PAGING))


def make_cursor(place: list[Any], filters: str) -> str:
    """The cursor of the next page; it works for the same filters only."""
    return urlsafe_b64encode(canonical([*place, _seal(place, filters)]).encode()).decode().rstrip("=")


def read_cursor(query: Mapping[str, Any], *kinds: type) -> list[Any] | None:
    """Where to go on, None at the beginning. Raises Problem 400 for a cursor of other filters, or none of ours."""
    if "cursor" not in query:
        return None
    raw = query["cursor"]
    try:
        *place, seal = json.loads(urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, TypeError, RecursionError):
        place, seal = [], None
    whole = [type(value) for value in place] == list(kinds) and all(
        0 <= v <= LARGEST for v in place if type(v) is int
    )
    if not whole or seal != _seal(place, filters_of(query)):
        raise Problem("malformed", "参数“cursor”不属于这组筛选条件，请从第一页开始。", parameter="cursor")
    return place


def _seal(place: list[Any], filters: str) -> str:
    return hashlib.sha256(f"{canonical(place)}{filters}".encode()).hexdigest()[:16]


def read_json(body: bytes, media_type: str) -> dict[str, Any]:
    """The JSON object of a body; nothing at all is the empty object. Raises Problem."""
    if not body:
        return {}
    if media_type != "application/json":
        raise Problem("unsupported-media-type", "请求内容要用 application/json。")
    try:
        found = json.loads(
            body.decode(), object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_no_float
        )
        plain = canonical(found)
        plain.encode()
    except (ValueError, RecursionError) as error:
        if isinstance(error, NamedError):
            raise Problem("malformed", str(error)) from None
        raise Problem("malformed", "请求内容不是正确的 JSON（UTF-8）。") from None
    if not isinstance(found, dict):
        raise Problem("malformed", "请求内容应是一个 JSON 对象。")
    if _NUL.search(plain):
        raise Problem("malformed", "请求内容里有不能保存的字符（NUL）。")
    return found


class NamedError(ValueError):
    """A fault in the JSON that can be named."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise NamedError(f"字段“{next(name for name in names if names.count(name) > 1)}”写了两次。")
    return found


def _no_constant(raw: str) -> Any:
    raise NamedError(f"JSON 里没有 {raw} 这个值。")


def _no_float(raw: str) -> Any:
    """No field of any form takes a fraction as a number: money and rates are text."""
    raise NamedError(f'数字 {raw} 不能用：金额和比率请写成文字，例如 "1200.00"。')


def known_keys(body: Mapping[str, Any], fields: Mapping[str, Field], place: str = "") -> None:
    """Raise Problem 400 that names a key which no field of the form has; rows of tables are looked into."""
    for key in sorted(set(body) - set(fields)):
        words = f"可用：{'、'.join(fields)}。" if fields else "这项操作没有要填的内容。"
        raise Problem("unknown-key", f"没有字段“{place}{key}”。{words}", key=f"{place}{key}")
    for name, field in fields.items():
        rows = body.get(name)
        if isinstance(field, Rows) and isinstance(rows, list):
            for number, row in enumerate(rows):
                if isinstance(row, Mapping):
                    known_keys(row, field.columns, f"{place}{name}/{number}/")


def seen_version(headers: Headers, *, required: bool) -> int | None:
    """The version named by If-Match. Raises Problem 428 where it is missing, 412 where it can be no version of ours."""
    raw = headers.get("If-Match", "").strip()
    if not raw or raw == "*":
        if raw or required:
            raise Problem(
                "version-missing", "请先查询案件，再用答复里的 ETag 写 If-Match，说明是根据哪一版办理的。"
            )
        return None
    if not re.fullmatch('"[0-9]{1,15}"', raw):
        raise Problem("stale", "If-Match 不是这个案件现在的版本，请重新查询案件后再办。")
    return int(raw.strip('"'))
