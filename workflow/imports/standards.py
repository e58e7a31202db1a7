"""Import of the district's released amounts: standard, minimum wage, supplement rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from workflow.areas import check_area_code, level_of
from workflow.errors import Refused
from workflow.forms import Wrong, clean_money
from workflow.imports.base import Columns, Kind, Work
from workflow.imports.tables import Row
from workflow.models import Area, Setting, Standard

_DAY = timedelta(days=1)
_SETTINGS = {"城镇": "urban", "农村": "rural", "urban": "urban", "rural": "rural"}


@dataclass(frozen=True)
class Released:
    """One released amount. Both days are included."""

    kind: str
    setting: str
    area_code: str
    from_date: date
    to_date: date
    amount: Decimal
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one amount of on each day."""
        return self.kind, self.setting, self.area_code


Check = Callable[[Released, Sequence[Released]], None]
"""Raises Refused where the law forbids an amount, given all amounts of the file."""


def standards_kind(kinds: Mapping[str, str], check: Check) -> Kind:
    """The import for these kinds of amount (code -> label), judged by `check`."""

    def load(work: Work, columns: Columns, rows: Sequence[Row]) -> None:
        found = [(row, _read(work, columns, row, kinds)) for row in rows]
        released = [(row, item) for row, item in found if item is not None]
        for place, (row, item) in enumerate(released):
            _check_against_file(work, columns, row, item, released[:place])
            try:
                check(item, [other for _, other in released])
            except Refused as refused:
                work.wrong(row, columns.title("amount"), refused.message)
            if fault := _clash(work, item):
                work.wrong(row, columns.title("from_date"), fault)
        work.stop_if_faulty()
        for _, item in released:
            _store(work, item)

    return Kind(
        "standards",
        "标准表",
        {
            "kind": ("项目",), "setting": ("城乡",), "area_code": ("区划代码",), "from_date": ("起始日期",),
            "to_date": ("截止日期",), "amount": ("标准", "金额"), "source": ("文件依据", "来源"),
        },
        ("kind", "setting", "from_date", "to_date", "amount", "source"),
        load,
    )  # fmt: skip


def _read(work: Work, columns: Columns, row: Row, kinds: Mapping[str, str]) -> Released | None:
    before = len(work.faults)
    codes = {**{code: code for code in kinds}, **{label: code for code, label in kinds.items()}}
    kind = codes.get(columns.text(row, "kind"))
    if kind is None:
        work.wrong(row, columns.title("kind"), f"项目只能是：{'、'.join(kinds.values())}")
    setting = _SETTINGS.get(columns.text(row, "setting"))
    if setting is None:
        work.wrong(row, columns.title("setting"), "只能写城镇或农村")
    area = columns.text(row, "area_code") or work.session.get_one(Setting, "district").value
    try:
        area = check_area_code(area)
        if level_of(area) != "county" or work.session.get(Area, area) is None:
            work.wrong(
                row, columns.title("area_code"), "标准按县（市、区）公布，区划代码应是区划表中的县（市、区）"
            )
    except Refused as refused:
        work.wrong(row, columns.title("area_code"), refused.message)
    first, last = (_day(work, columns, row, code) for code in ("from_date", "to_date"))
    if first and last and last < first:
        work.wrong(row, columns.title("to_date"), "截止日期早于起始日期")
    amount = Decimal(0)
    try:
        amount = Decimal(clean_money(columns.text(row, "amount"), "标准"))
        if not amount:
            work.wrong(row, columns.title("amount"), "标准不能是 0")
    except Wrong as wrong:
        work.wrong(row, columns.title("amount"), str(wrong))
    source = columns.text(row, "source")
    if not source:
        work.wrong(row, columns.title("source"), "请写明公布这个标准的文件")
    if len(work.faults) > before or kind is None or setting is None or first is None or last is None:
        return None
    return Released(kind, setting, area, first, last, amount, source)


def _day(work: Work, columns: Columns, row: Row, code: str) -> date | None:
    try:
        return date.fromisoformat(columns.text(row, code).replace("/", "-"))
    except ValueError:
        work.wrong(row, columns.title(code), "请写成 2025-01-01 这样的日期；截止日期不明的写文件的有效期")
        return None


def _check_against_file(
    work: Work, columns: Columns, row: Row, item: Released, before: Sequence[tuple[Row, Released]]
) -> None:
    for other_row, other in before:
        if other.key == item.key and other.from_date <= item.to_date and item.from_date <= other.to_date:
            work.wrong(row, columns.title("from_date"), f"与第 {other_row.line} 行的日期重叠")


def _overlapping(work: Work, item: Released) -> list[Standard]:
    wanted = select(Standard).where(
        Standard.kind == item.kind,
        Standard.setting == item.setting,
        Standard.area_code == item.area_code,
        Standard.from_date <= item.to_date,
        Standard.to_date >= item.from_date,
    )
    return list(work.session.scalars(wanted))


def _clash(work: Work, item: Released) -> str:
    """Why the amount cannot stand beside those released before; a later one may cut the end of an earlier one."""
    for held in _overlapping(work, item):
        if not held.sample and not _same(held, item) and held.from_date >= item.from_date:
            return (
                f"与已公布的 {held.from_date} 至 {held.to_date}（{held.amount} 元）重叠，已公布的标准不能改写"
            )
        if not held.sample and not _same(held, item) and held.to_date > item.to_date:
            return f"{held.from_date} 至 {held.to_date} 已有公布的标准，截止日期应不早于 {held.to_date}"
    return ""


def _same(held: Standard, item: Released) -> bool:
    return (held.from_date, held.to_date, held.amount) == (
        item.from_date,
        item.to_date,
        item.amount,
    ) and not held.sample


def _store(work: Work, item: Released) -> None:
    """Put the amount in place: it replaces sample amounts on its days and ends an earlier released one."""
    held = _overlapping(work, item)
    if any(_same(row, item) for row in held):
        work.unchanged += 1
        return
    for row in held:
        left = (row.from_date, item.from_date - _DAY)
        right = (item.to_date + _DAY, row.to_date)
        pieces = [span for span in (left, right) if span[0] <= span[1]]
        copies = [_copy(row, *span) for span in pieces]
        work.session.delete(row)
        work.session.flush()
        work.session.add_all(copies)
    work.session.add(Standard(sample=False, **vars(item)))
    work.session.flush()
    work.stored += 1


def _copy(row: Standard, first: date, last: date) -> Standard:
    return Standard(
        kind=row.kind, setting=row.setting, area_code=row.area_code, from_date=first, to_date=last, amount=row.amount,
        source=row.source, sample=row.sample,
    )  # fmt: skip
