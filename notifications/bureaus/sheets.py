"""Batch files: the table of questions that goes out, the table of answers that comes in, and the manifest beside each.

An answer is one row an item; all rows of one question stand together or apart, and are taken or refused together.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from definitions.verification.items import ITEMS
from notifications.bureaus.protocol import OUTCOMES, UNITS, BadAnswer, make_item, make_reply
from workflow.imports.tables import Fault, Row, Unreadable, csv_bytes, fold, read_table
from workflow.verification.answers import Reply
from workflow.verification.queries import Wanted

KEY, NUMBER, NAME, OUTCOME, AS_OF, KIND, VALUE, UNIT, DETAIL = COLUMNS = (
    "查询编号", "证件号码", "姓名", "结果", "数据时点", "项目", "数值", "单位", "说明",
)  # fmt: skip
QUESTIONS = (KEY, NUMBER, NAME, "授权书编号", "授权截止", "用途", "答复期限")
_HEAD = (NUMBER, NAME, OUTCOME, AS_OF)
_PERSONAL = (NUMBER, NAME)
"""What is not repeated in a list of faults."""
_TITLES = {
    "id_number": NUMBER, "outcome": OUTCOME, "as_of": AS_OF, "items": KIND, "kind": KIND, "value": VALUE, "unit": UNIT,
    "detail": DETAIL,
}  # fmt: skip
_OUTCOMES, _UNITS, _KINDS = (
    {fold(word): code for code, label in words.items() for word in (code, label)}
    for words in (OUTCOMES, UNITS, {code: item.label for code, item in ITEMS.items()})
)
"""Codes by what may be written for them: the code or its Chinese name, in full or half width."""
_FILE_NAME = re.compile(r"[\w.-]{1,100}\.csv", re.ASCII)


class FileRefused(Exception):  # noqa: N818 - said of one file
    """Nothing of the file is taken; the faults say why, with the line."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("；".join(map(str, faults)))


@dataclass(frozen=True)
class Manifest:
    """What stands beside a file, written after it: a file without one is not finished."""

    name: str
    source: str
    rows: int
    sha256: str
    day: str = ""

    def text(self) -> str:
        """As JSON."""
        return json.dumps(vars(self), ensure_ascii=False, indent=1) + "\n"


@dataclass
class Told:
    """What a file says: answers by key with the lines they stand on, and the rows that cannot be used, of `bad` keys."""

    rows: int = 0
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    lines: dict[str, Sequence[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    bad: set[str] = field(default_factory=set)

    def refuse(self, rows: Sequence[Row], *faults: Fault) -> None:
        """These rows are not taken: each is listed, the one at fault with its cell."""
        self.refused += len(rows)
        self.bad.add(rows[0].cells[KEY])
        at_fault = {fault.line for fault in faults}
        self.faults += faults
        self.faults += [
            row.fault(KEY, f"同一查询的第 {faults[0].line} 行有误，整条答复没有收下")
            for row in rows
            if row.line not in at_fault
        ]


def write_questions(asked: Iterable[Wanted], encoding: str) -> bytes:
    """The table of questions. A character the encoding does not have is an error of the setting: gb18030 has all."""
    rows = [
        (
            one.key, one.id_number, one.name, one.authorisation, one.valid_to.isoformat() if one.valid_to else "",
            one.purposes, one.due_on.isoformat(),
        )
        for one in asked
    ]  # fmt: skip
    table = csv_bytes([QUESTIONS, *rows])
    return table if encoding == "utf-8" else table.decode("utf-8-sig").encode(encoding)


def manifest_of(name: str, source: str, day: date, rows: int, content: bytes) -> Manifest:
    """The manifest of a file of ours."""
    return Manifest(name, source, rows, hashlib.sha256(content).hexdigest(), day.isoformat())


def read_manifest(raw: bytes) -> Manifest:
    """A manifest that came in. Raises FileRefused."""
    try:
        told = json.loads(raw)
        made = Manifest(
            str(told["name"]), str(told["source"]), int(told["rows"]), str(told["sha256"]).lower()
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FileRefused(Fault(1, "", "", "清单应是 JSON，写明 name、source、rows、sha256")) from None
    if not _FILE_NAME.fullmatch(made.name):
        raise FileRefused(Fault(1, "name", made.name, "文件名只能用字母、数字、点、横线，以 .csv 结尾"))
    return made


def check_own(manifest: Manifest, name: str, source: str) -> None:
    """Raise FileRefused where a manifest is that of another file or source."""
    if (manifest.name, manifest.source) != (name, source):
        said = f"清单说的是 {manifest.source} 的 {manifest.name}，不是 {source} 的 {name}"
        raise FileRefused(Fault(1, "name", manifest.name, said))


def check_whole(manifest: Manifest, raw: bytes) -> None:
    """Raise FileRefused, naming the last line there is, where the file is not what its manifest says."""
    if hashlib.sha256(raw).hexdigest() == manifest.sha256:
        return
    lines = raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw))
    said = f"校验值与清单不符，文件不完整或被改动：清单写 {manifest.rows} 行答复，文件到第 {lines} 行为止"
    raise FileRefused(Fault(lines, "", "", said))


def read_answers(manifest: Manifest, raw: bytes) -> Told:
    """The answers of a file. Raises FileRefused where it cannot be read as a whole."""
    check_whole(manifest, raw)
    try:
        table = read_table(manifest.name, raw)
    except Unreadable as error:
        raise FileRefused(Fault(1, "", "", error.message)) from None
    if missing := [title for title in COLUMNS if title not in table.columns]:
        raise FileRefused(Fault(1, missing[0], "", f"表头缺少栏目：{'、'.join(missing)}"))
    if len(table.rows) != manifest.rows:
        said = f"清单写 {manifest.rows} 行答复，文件里有 {len(table.rows)} 行"
        raise FileRefused(Fault(table.rows[-1].line, "", "", said))
    told = Told(rows=len(table.rows))
    for key, rows in _by_key(table.rows).items():
        told.lines[key] = rows
        faults = _faults(rows)
        reply = _reply(rows) if not faults else faults[0]
        if isinstance(reply, Fault):
            told.refuse(rows, *(faults or [reply]))
        else:
            told.replies.append((key, reply))
    return told


def _by_key(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.cells[KEY], []).append(row)
    return found


def _faults(rows: Sequence[Row]) -> list[Fault]:
    """What does not hold together: no key, or rows of one question that speak of different people or days."""
    first = rows[0]
    if not first.cells[KEY]:
        return [row.fault(KEY, "没有填写") for row in rows]
    return [
        Fault(
            row.line,
            title,
            "" if title in _PERSONAL else row.cells[title],
            f"与第 {first.line} 行同一查询的“{title}”不一致",
        )
        for row in rows[1:]
        for title in _HEAD
        if row.cells[title] != first.cells[title]
    ]


def _reply(rows: Sequence[Row]) -> Reply | Fault:
    """The answer these rows make, or what is wrong with the first bad one."""
    row = first = rows[0]
    items: list[dict[str, str]] = []
    try:
        for row in rows:
            items += [_item(row.cells)] if row.cells[KIND] or row.cells[VALUE] else []
        row, cells = first, first.cells
        return make_reply(
            number=cells[NUMBER], name=cells[NAME], outcome=_OUTCOMES.get(fold(cells[OUTCOME]), cells[OUTCOME]),
            as_of=cells[AS_OF], items=items, transport="files",
            raw={"rows": [[one.cells[title] for title in COLUMNS] for one in rows]},
        )  # fmt: skip
    except BadAnswer as error:
        return row.fault(_TITLES.get(error.column, KEY), error.reason)


def _item(cells: Mapping[str, str]) -> dict[str, str]:
    kind, unit = _KINDS.get(fold(cells[KIND]), cells[KIND]), _UNITS.get(fold(cells[UNIT]), cells[UNIT])
    return make_item(kind, cells[VALUE], unit, cells[DETAIL])
