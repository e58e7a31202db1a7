"""Import of a town's register of households: one row a person, the rows of one household under one number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from workflow.errors import FormRefused
from workflow.forms import Wrong, clean_money
from workflow.households import (
    ASSET_KINDS,
    COUNTED_ASSETS,
    DISABILITIES,
    LABOUR,
    RELATIONS,
    SEXES,
    Asked,
    clean_member,
    register,
)
from workflow.households.recognising import find_person
from workflow.imports.base import Columns, Kind, Work
from workflow.imports.tables import Row, fold
from workflow.models import Area, Person
from workflow.people.words import ID_KINDS

_MEMBER_COLUMNS = {
    "relation": ("与户主关系",), "name": ("姓名",), "id_number": ("身份证号", "公民身份号码", "身份证号码"),
    "birth": ("出生日期",), "sex": ("性别",), "phone": ("电话", "联系电话"), "hukou_area": ("户籍地代码",),
    "labour": ("劳动能力",), "occupation": ("职业",), "student": ("在校", "在校学生"), "disability_kind": ("残疾类别",),
    "disability_grade": ("残疾等级",), "serious_illness": ("大病", "重病"), "bank_account": ("银行账号", "银行卡号"),
    "id_kind": ("证件种类",), "id_note": ("没有号码的原因",), "same_as": ("同一人编号",), "not_same": ("另有其人的理由",),
}  # fmt: skip
_INCOME_COLUMNS = {
    "wage": ("工资性收入(年)",), "business": ("经营净收入(年)",), "property": ("财产净收入(年)",),
    "transfer": ("转移净收入(年)",), "other": ("其他收入(年)",),
}  # fmt: skip
_ASSET_COLUMNS = {
    "monetary": ("存款等货币财产",), "vehicle": ("车辆数",), "dwelling": ("房屋套数",), "commercial_premises": ("商铺数",),
    "floor_area_per_capita": ("人均住房面积",),
}  # fmt: skip
_PLACE_COLUMNS = {
    "household": ("户编号",), "area_code": ("村(社区)代码", "村社区代码"), "area_name": ("村(社区)名称", "村(社区)"),
    "town_name": ("乡镇(街道)",), "setting": ("城乡",), "address": ("住址", "家庭住址"),
}  # fmt: skip
_COMMON = ("area_code", "area_name", "town_name", "setting", "address", *_ASSET_COLUMNS)
"""Said once a household: on the head's row, or the same on every row."""

_YES, _NO = ("是", "有", "√", "1", "y"), ("否", "无", "×", "0", "n")


def _words(labels: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    return {code: code for code in labels} | {label: code for code, label in labels.items()} | dict(more)


def _each(code: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, code)


_TRANSLATED: dict[str, dict[str, str]] = {
    "relation": _words(
        RELATIONS,
        _each("head", "本人") | _each("spouse", "妻", "夫", "妻子", "丈夫")
        | _each("child", "子", "女", "儿子", "女儿", "长子", "次子", "三子", "长女", "次女", "三女", "养子", "养女", "继子", "继女")
        | _each("parent", "父", "母", "父亲", "母亲")
        | _each("grandchild", "孙子", "孙女", "外孙", "外孙女", "外孙子")
        | _each("grandparent", "祖父", "祖母", "外祖父", "外祖母", "爷爷", "奶奶", "外公", "外婆")
        | _each("sibling", "兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹")
        | _each("child_in_law", "儿媳", "媳妇", "女婿")
        | _each("parent_in_law", "公公", "婆婆", "岳父", "岳母") | _each("other", "其他"),
    ),
    "sex": _words(SEXES, {}), "id_kind": _words(ID_KINDS, {"身份证": "citizen", "居住证": "residence_permit", "无": "none"}),
    "labour": _words(LABOUR, _each("able", "有", "正常") | _each("partial", "部分", "部分丧失") | _each("none", "无", "丧失")),
    "disability_kind": _words(DISABILITIES, {label.removesuffix("残疾"): code for code, label in DISABILITIES.items()}),
    "disability_grade": {f"{n}{tail}": str(d) for d, pair in enumerate(("一1", "二2", "三3", "四4"), 1) for n in pair for tail in ("", "级")},
    "student": dict.fromkeys(_YES, "true") | dict.fromkeys(_NO, "false"),
    "serious_illness": dict.fromkeys(_YES, "true") | dict.fromkeys(_NO, "false"),
    "setting": {"城镇": "urban", "农村": "rural", "urban": "urban", "rural": "rural"},
}  # fmt: skip
_EMPTY = {"disability_kind": ("无", "否"), "disability_grade": ("无", "0")}


def _load(work: Work, columns: Columns, rows: Sequence[Row]) -> None:
    asked = Asked(work.session, work.actor, work.now)
    areas = _Areas(work.session.scalars(select(Area)).all())
    members = {row.line: _member(work, columns, row, asked) for row in rows}
    _check_numbers(work, columns, rows, members)
    households = _grouped(work, columns, rows)
    bodies = [(group, _body(work, columns, group, members, areas)) for group in households]
    work.stop_if_faulty()
    for group, body in bodies:
        try:
            register(work.session, body, actor=work.actor, now=work.now)
        except FormRefused as refused:
            for message in refused.errors.values():
                work.wrong(group[0], columns.title("household"), message)
        work.stored += len(group)


def _grouped(work: Work, columns: Columns, rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each household; exactly one of them is the head's."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        number = columns.text(row, "household")
        if not number:
            work.wrong(row, columns.title("household"), "请填写户编号，同一户的各行写同一个编号")
        groups.setdefault(number, []).append(row)
    for number, group in groups.items():
        heads = [r for r in group if _TRANSLATED["relation"].get(columns.text(r, "relation")) == "head"]
        if number and len(heads) != 1:
            lines = "、".join(str(r.line) for r in heads) or "无"
            work.wrong(
                group[0],
                columns.title("relation"),
                f"户编号 {number} 应有一名户主，现在有 {len(heads)} 名（行：{lines}）",
            )
    return list(groups.values())


def _member(work: Work, columns: Columns, row: Row, asked: Asked) -> dict[str, Any]:
    """One person's cleaned answers; faults are noted by column."""
    raw: dict[str, Any] = {}
    for code in columns.given(_MEMBER_COLUMNS):
        text = columns.text(row, code)
        if text in _EMPTY.get(code, ()):
            text = ""
        raw[code] = _TRANSLATED.get(code, {}).get(text, text)
    cleaned, errors = clean_member(raw, asked)
    for code, message in errors.items():
        work.wrong(row, columns.title(code) or _MEMBER_COLUMNS[code][0], message)
    return cleaned


def _check_numbers(
    work: Work, columns: Columns, rows: Sequence[Row], members: Mapping[int, dict[str, Any]]
) -> None:
    """No person twice: not in the file, not in another household of the database."""
    first: dict[str, Row] = {}
    title = columns.title("id_number")
    for row in rows:
        number = members[row.line]["id_number"]
        if number and number in first:
            work.wrong(row, title, f"与第 {first[number].line} 行的身份证号相同")
        elif number:
            first[number] = row
    known: set[str | None] = set()
    for chunk in _chunks(list(first), 500):
        known.update(work.session.scalars(select(Person.id_number).where(Person.id_number.in_(chunk))))
    for number, row in first.items():
        if number in known and (fault := find_person(work.session, members[row.line])[1]):
            work.wrong(row, title, fault)


def _chunks(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def _body(
    work: Work, columns: Columns, group: Sequence[Row], members: Mapping[int, dict[str, Any]], areas: _Areas
) -> dict[str, Any]:
    """The household as the form takes it."""
    common = {code: _common(work, columns, group, code) for code in columns.given(_COMMON)}
    area, fault = areas.find(
        common.get("area_code", ""), common.get("area_name", ""), common.get("town_name", "")
    )
    if fault:
        work.wrong(group[0], columns.title("area_code") or columns.title("area_name"), fault)
    setting = common.get("setting", "")
    if setting and setting not in _TRANSLATED["setting"]:
        work.wrong(group[0], columns.title("setting"), "只能写城镇或农村")
    if not common.get("address"):
        work.wrong(group[0], columns.title("address"), "请填写住址")
    head = next((r for r in group if members[r.line]["relation"] == "head"), group[0])
    return {
        "area_code": area.code if area else "",
        "setting": _TRANSLATED["setting"].get(setting, area.setting if area else ""),
        "address": common.get("address", ""),
        "phone": members[head.line]["phone"],
        "members": [members[row.line] for row in group],
        "incomes": [
            income for place, row in enumerate(group, 1) for income in _incomes(work, columns, row, place)
        ],
        "assets": _assets(work, columns, group, common),
    }


def _common(work: Work, columns: Columns, group: Sequence[Row], code: str) -> str:
    """What the household's rows say, which must not contradict one another."""
    said = {columns.text(row, code): row for row in reversed(group) if columns.text(row, code)}
    if len(said) > 1:
        row = next(iter(said.values()))
        work.wrong(row, columns.title(code), f"同一户的各行写得不一样：{'、'.join(sorted(said))}")
    return next(iter(said), "")


def _incomes(work: Work, columns: Columns, row: Row, place: int) -> Iterable[dict[str, Any]]:
    for category in columns.given(_INCOME_COLUMNS):
        if text := columns.text(row, category):
            try:
                yield {"member": place, "category": category, "annual": clean_money(text, "年收入")}
            except Wrong as wrong:
                work.wrong(row, columns.title(category), str(wrong))


def _assets(
    work: Work, columns: Columns, group: Sequence[Row], common: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = []
    for kind in columns.given(_ASSET_COLUMNS):
        if not (text := common[kind]):
            continue
        try:
            amount, fault = clean_money(text, ASSET_KINDS[kind]), ""
        except Wrong as wrong:
            amount, fault = "", str(wrong)
        if kind in COUNTED_ASSETS and not fault and not amount.endswith(".00"):
            fault = f"{ASSET_KINDS[kind]}应是整数"
        if fault:
            work.wrong(next(r for r in group if columns.text(r, kind)), columns.title(kind), fault)
        found.append({"kind": kind, "amount": amount})
    return found


class _Areas:
    """Villages by code and by name."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._by_code = {area.code: area for area in areas}
        self._by_name: dict[str, list[Area]] = {}
        for area in areas:
            if area.level == "village":
                for name in {fold(area.name), fold(area.name).removesuffix("村委会").removesuffix("居委会")}:
                    self._by_name.setdefault(name, []).append(area)

    def find(self, code: str, name: str, town: str) -> tuple[Area | None, str]:
        """The village meant, or why it is not clear."""
        if code:
            area = self._by_code.get(code)
            return (
                (area, "") if area and area.level == "village" else (None, "区划表里没有这个村（社区）代码")
            )
        if not name:
            return None, "请填写村（社区）的代码或名称"
        found = [a for a in self._by_name.get(fold(name), []) if not town or self._town(a) == fold(town)]
        if len(found) == 1:
            return found[0], ""
        if found:
            towns = "、".join(sorted(self._town(a) for a in found))
            return None, f"“{name}”不止一个（{towns}），请写代码或乡镇（街道）"
        return None, f"区划表里没有“{name}”，请写全称或代码"

    def _town(self, area: Area) -> str:
        return fold(self._by_code[area.parent_code or area.code].name)


HOUSEHOLDS = Kind(
    "households",
    "家庭登记表",
    {**_PLACE_COLUMNS, **_MEMBER_COLUMNS, **_INCOME_COLUMNS, **_ASSET_COLUMNS},
    ("household", "name", "id_number", "relation", "address"),
    _load,
)
"""A row that is there already, in the file or in the database, is refused: nobody is registered twice."""
