"""Tables as offices keep them: CSV (UTF-8, or GBK as Excel saves it) and XLSX, read as rows of text with their lines."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workflow.errors import Refused

MOST_BYTES = 20_000_000
MOST_UNPACKED = 300_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 100
_EXACT_DIGITS = 10**15
"""Excel keeps fifteen digits of a number; what is longer has been damaged."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Refused):
    """文件不能读取。"""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell or row. `line` counts as the spreadsheet does, the header being line 1."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行" + (f"“{self.column}”" if self.column else "")
        return f"{where}{f'（{self.value[:60]}）' if self.value else ''}：{self.reason}"

    def as_json(self) -> dict[str, object]:
        """The fault as a JSON object."""
        return {"line": self.line, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True)
class Row:
    """One row: its line in the file and its cells by column title, all text, trimmed."""

    line: int
    cells: Mapping[str, str]

    def fault(self, column: str, reason: str) -> Fault:
        """What is wrong with a cell of it."""
        return Fault(self.line, column, self.cells.get(column, ""), reason)


@dataclass(frozen=True)
class Table:
    """A table's column titles, as written but for width of characters and spaces, and its rows that hold anything."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_file(path: Path) -> Table:
    """Read a .csv or .xlsx file. Raises Unreadable, which says what to change."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"读不出 {path}：{error.strerror}。") from None
    return read_table(path.name, raw)


def read_table(name: str, raw: bytes) -> Table:
    """As `read_file`, of a file already in memory."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"{name} 超过 {MOST_BYTES // 1_000_000} MB，请分成几个文件。")
    kind = Path(name).suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise Unreadable(f"{name} 不是 .csv 或 .xlsx 文件，请另存为其中一种。")
    lines = iter(_csv_lines(name, raw) if kind == ".csv" else _xlsx_lines(name, raw))
    _, titles = next(lines, (1, []))
    columns = tuple(fold(title) for title in titles)
    while columns and not columns[-1]:
        columns = columns[:-1]
    _check_columns(name, columns)
    rows: list[Row] = []
    for line, cells in lines:
        if not any(cells):
            continue
        if any(cells[len(columns) :]):
            raise Unreadable(f"{name} 第 {line} 行的格子比表头多，请检查是否多了逗号或缺了引号。")
        if len(rows) >= MOST_ROWS:
            raise Unreadable(f"{name} 超过 {MOST_ROWS} 行，请分成几个文件。")
        rows.append(Row(line, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))))
    if not rows:
        raise Unreadable(f"{name} 除表头外没有内容。")
    return Table(columns, tuple(rows))


def fold(text: str) -> str:
    """A title without spaces, with half-width brackets and digits: 工资性收入（年） is 工资性收入(年)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _check_columns(name: str, columns: tuple[str, ...]) -> None:
    if not columns:
        raise Unreadable(f"{name} 的第 1 行应是表头，现在是空的。")
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(f"{name} 超过 {MOST_COLUMNS} 栏。")
    if "" in columns:
        raise Unreadable(f"{name} 的表头第 {columns.index('') + 1} 栏是空的，请写上栏目名称。")
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        raise Unreadable(f"{name} 的表头有重复的栏目：{'、'.join(twice)}。")


def _csv_lines(name: str, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise Unreadable(f"{name} 的编码认不出，请另存为 UTF-8 编码的 CSV。") from None
    if "\0" in text:
        raise Unreadable(f"{name} 不是文本文件，请另存为 UTF-8 编码的 CSV。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"{name} 第 {line} 行起不是正确的 CSV（{error}），请检查引号。") from None


def _xlsx_lines(name: str, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    broken = Unreadable(f"{name} 打不开，请用 Excel 或 WPS 另存为 .xlsx 再用。")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
        book = (
            load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            if unpacked <= MOST_UNPACKED
            else None
        )
    except Exception:  # noqa: BLE001 - whatever the library trips over in a damaged file, the answer is the same
        raise broken from None
    if book is None:
        raise Unreadable(f"{name} 展开后过大，请分成几个文件。")
    with_content = [
        sheet for sheet in book.worksheets if any(any(c is not None for c in r) for r in _cells(sheet))
    ]
    if len(with_content) > 1:
        raise Unreadable(f"{name} 有 {len(with_content)} 个有内容的工作表，请只留一个。")
    for sheet in with_content:
        for line, values in enumerate(_cells(sheet), 1):
            yield line, [_cell_text(name, line, value) for value in values]


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)


def _cell_text(name: str, line: int, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if abs(value) >= _EXACT_DIGITS:
            raise Unreadable(
                f"{name} 第 {line} 行有号码被存成了数字（{value:.0f}），后几位已丢失；请把该栏设为文本格式后重填。"
            )
        # A spreadsheet knows binary numbers only; repr gives back the shortest decimal, which is what was typed.
        number = Decimal(repr(value))
        return f"{number:.0f}" if number == number.to_integral_value() else f"{number:f}"
    return str(value).strip()


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV for Excel (UTF-8 with mark); a cell that a spreadsheet would run as a formula is made text."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([[_inert(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as a workbook whose cells are all text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_inert(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
