"""Tables that a district brings along: every bad row told with its line, all or nothing."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from definitions.editions.standards import KINDS
from tests.workflow.conftest import NOW
from tests.workflow.families import DISTRICT, VILLAGE, VILLAGE_NAME, number
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import Refused
from workflow.imports import AREAS, HOLIDAYS, HOUSEHOLDS, ImportRefused, read_table, run, standards_kind
from workflow.imports.tables import csv_bytes, fold, xlsx_bytes
from workflow.models import Area, Asset, CalendarDay, CalendarYear, Household, Income, Person, Standard
from workflow.office import read_calendar

HEAD, SON, OTHER = (number(date(1950 + n, 3, 4), n + 2) for n in (0, 1, 2))
TITLES = ["户编号", "村(社区)名称", "住址", "姓名", "身份证号", "与户主关系", "电话", "工资性收入(年)", "转移净收入(年)",
          "存款等货币财产", "车辆数", "房屋套数", "残疾类别", "残疾等级", "大病", "劳动能力", "在校"]  # fmt: skip
FAMILY = [
    ["1", VILLAGE_NAME, "东兴路 1 号", "王秀英", HEAD, "户主", "0574-88880000", "", "12,000", "50000", "0", "1", "肢体", "二级", "是", "部分", ""],
    ["1", "", "", "王小明", SON, "长子", "", "36000.50", "", "", "", "", "", "", "", "有", "否"],
    ["2", VILLAGE_NAME, "东兴路 2 号", "李四", OTHER, "本人", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def as_csv(rows, titles=TITLES, encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([titles, *rows])
    return out.getvalue().encode(encoding)


def load(session, kind, raw, name="表.csv"):
    return run(kind, read_table(name, raw), session, actor=SYSTEM_ACTOR, now=NOW)


def changed(row, **cells):
    """FAMILY's rows with some cells of one row changed."""
    rows = [list(r) for r in FAMILY]
    for title, value in cells.items():
        rows[row][TITLES.index(title)] = value
    return rows


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_households_come_from_csv_in_the_usual_encodings(session, encoding):
    outcome = load(session, HOUSEHOLDS, as_csv(FAMILY, encoding=encoding))
    assert (outcome.rows, outcome.stored, outcome.unchanged) == (3, 3, 0)
    assert (count(session, Household), count(session, Person)) == (2, 3)
    first = session.scalars(select(Household).order_by(Household.id)).first()
    assert [m.relation for m in first.members(date(2016, 9, 5))] == ["head", "child"]
    assert (first.area_code, first.setting, first.phone) == (VILLAGE, "urban", "0574-88880000")
    head = first.memberships[0].person
    assert (head.disability_kind, head.disability_grade, head.serious_illness, head.labour) == (
        "physical",
        2,
        True,
        "partial",
    )
    assert sorted(str(i.annual) for i in session.scalars(select(Income))) == ["12000.00", "36000.50"]
    assert {a.kind: str(a.amount) for a in session.scalars(select(Asset))} == {
        "monetary": "50000.00", "vehicle": "0.00", "dwelling": "1.00",
    }  # fmt: skip


def test_a_workbook_gives_what_the_csv_gives(session):
    book = Workbook()
    book.active.append([title.replace("(", "（").replace(")", " ）") for title in TITLES])
    for row in FAMILY:
        book.active.append(
            [float(c) if t == "存款等货币财产" and c else c or None for t, c in zip(TITLES, row, strict=True)]
        )
    out = io.BytesIO()
    book.save(out)
    assert load(session, HOUSEHOLDS, out.getvalue(), "表.xlsx").stored == 3
    assert session.scalar(select(Asset.amount).where(Asset.kind == "monetary")) == Decimal(50000)


@pytest.mark.parametrize("rows, line, column, says", [
    (changed(0, 身份证号=HEAD[:-1] + "X"), 2, "身份证号", "校验位"),
    (changed(1, 身份证号=HEAD), 3, "身份证号", "第 2 行"),
    (changed(1, 身份证号=""), 3, "出生日期", "出生日期"),
    (changed(1, 姓名=""), 3, "姓名", "请填写"),
    (changed(1, 与户主关系="邻居"), 3, "与户主关系", "只能选"),
    (changed(1, 与户主关系="户主"), 2, "与户主关系", "2 名（行：2、3）"),
    (changed(0, 与户主关系="妻"), 2, "与户主关系", "0 名"),
    (changed(1, 户编号=""), 3, "户编号", "户编号"),
    (changed(1, **{"工资性收入(年)": "3万"}), 3, "工资性收入(年)", "数字"),
    (changed(1, **{"工资性收入(年)": "-1"}), 3, "工资性收入(年)", "负数"),
    (changed(0, 存款等货币财产="1.234"), 2, "存款等货币财产", "两位小数"),
    (changed(0, 车辆数="0.5"), 2, "车辆数", "整数"),
    (changed(1, 住址="别处"), 3, "住址", "不一样"),
    (changed(0, 住址=""), 2, "住址", "请填写住址"),
    (changed(0, **{"村(社区)名称": "没有的村"}), 2, "村(社区)名称", "没有的村"),
    (changed(0, 残疾等级="五级"), 2, "残疾等级", "整数"),
    (changed(0, 残疾等级="无"), 2, "残疾等级", "一并填写"),
    (changed(0, 电话="无"), 2, "电话", "电话号码"),
])  # fmt: skip
def test_a_bad_row_is_told_with_line_column_and_reason_and_nothing_is_stored(
    session, rows, line, column, says
):
    with pytest.raises(ImportRefused) as refused:
        load(session, HOUSEHOLDS, as_csv(rows))
    assert any(f.line == line and f.column == column and says in f.reason for f in refused.value.faults), [
        str(f) for f in refused.value.faults
    ]
    assert count(session, Household) == 0


def test_every_bad_row_is_told_at_once(session):
    rows = changed(0, 身份证号="1", 住址="")
    rows[2][TITLES.index("工资性收入(年)")] = "很多"
    with pytest.raises(ImportRefused) as refused:
        load(session, HOUSEHOLDS, as_csv(rows))
    assert {(f.line, f.column) for f in refused.value.faults} == {
        (2, "身份证号"),
        (2, "住址"),
        (4, "工资性收入(年)"),
    }


def test_people_registered_before_are_refused_by_line(session):
    load(session, HOUSEHOLDS, as_csv(FAMILY))
    with pytest.raises(ImportRefused) as refused:
        load(session, HOUSEHOLDS, as_csv(FAMILY))
    assert [(f.line, f.value) for f in refused.value.faults] == [(2, HEAD), (3, SON), (4, OTHER)]
    assert VILLAGE_NAME in refused.value.faults[0].reason
    assert count(session, Household) == 2


@pytest.mark.parametrize("raw, name, says", [
    (b"", "a.csv", "表头"),
    ("户编号,户编号\n1,2\n".encode(), "a.csv", "重复"),
    ("户编号,\n1,2\n".encode(), "a.csv", "多"),
    ("户编号\n1,2\n".encode(), "a.csv", "格子比表头多"),
    ("户编号,颜色\n1,2\n".encode(), "a.csv", "颜色"),
    ("户编号\n1\n".encode(), "a.csv", "缺少栏目"),
    ("户编号\n".encode(), "a.csv", "没有内容"),
    ('户编号\n"1\n'.encode(), "a.csv", "引号"),
    (b"\x00\x01", "a.csv", "文本"),
    (b"\xff\xff\xff", "a.csv", "编码"),
    (b"x", "a.xlsx", "打不开"),
    (b"x", "a.xls", "另存为"),
    (b"x", "a.exe", "另存为"),
])  # fmt: skip
def test_a_file_that_is_no_such_table_is_refused_with_what_to_do(session, raw, name, says):
    with pytest.raises(Refused, match=says):
        load(session, HOUSEHOLDS, raw, name)


def test_a_number_that_a_spreadsheet_has_damaged_is_refused(session):
    book = Workbook()
    book.active.append(TITLES)
    book.active.append([*FAMILY[0][:4], int(HEAD[:-1] + "0"), *FAMILY[0][5:]])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="文本格式"):
        load(session, HOUSEHOLDS, out.getvalue(), "表.xlsx")


def test_a_second_sheet_is_not_passed_over(session):
    book = Workbook()
    book.active.append(TITLES)
    book.create_sheet().append(["another"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="只留一个"):
        load(session, HOUSEHOLDS, out.getvalue(), "表.xlsx")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_arbitrary_bytes_are_a_table_or_a_refusal(raw, name):
    try:
        table = read_table(name, raw)
    except Refused:
        return
    assert table.rows


def test_a_cell_that_begins_like_a_formula_is_written_as_text():
    rows = [["=1+1", "+86", "@x", "普通"]]
    written = csv_bytes(rows).decode("utf-8-sig")
    assert written == "'=1+1,'+86,'@x,普通\r\n"
    sheet = load_workbook(io.BytesIO(xlsx_bytes(rows))).active
    assert [cell.value for cell in sheet[1]] == ["'=1+1", "'+86", "'@x", "普通"]


def test_areas_are_added_renamed_and_left_alone(session):
    rows = [
        ["330212001005", VILLAGE_NAME, "城镇", "0574-1"],
        ["330212001012", "天宫新名", "城镇", ""],
        ["330212901201", "新村", "农村", ""],
        ["330212901000", "新镇", "农村", ""],
    ]
    raw = as_csv(rows, ["代码", "名称", "城乡", "电话"])
    outcome = load(session, AREAS, raw)
    assert (outcome.stored, outcome.unchanged) == (4, 0)
    assert session.get_one(Area, "330212001005").phone == "0574-1"
    assert session.get_one(Area, "330212901201").parent_code == "330212901000"
    again = load(session, AREAS, raw)
    assert (again.stored, again.unchanged) == (0, 4)


@pytest.mark.parametrize("row, says", [
    (["33021290120", "x", "农村"], "12 位"),
    (["330212901201", "x", "农村"], "上级"),
    (["330212001999", "", "农村"], "名称"),
    (["330212001999", "x", "郊区"], "城镇或农村"),
    (["330212001999", "x", ""], "城镇或农村"),
    (["330200000000", "x", "城镇"], "只导入"),
])  # fmt: skip
def test_a_bad_area_is_refused(session, row, says):
    before = count(session, Area)
    with pytest.raises(ImportRefused) as refused:
        load(session, AREAS, as_csv([row], ["代码", "名称", "城乡"]))
    assert says in refused.value.faults[0].reason
    assert count(session, Area) == before


def year(*days):
    return [[day, kind, "国庆节"] for day, kind in days]


NEXT_YEAR = year(*((f"2027-10-0{n}", "放假") for n in range(1, 8)), ("2027-10-09", "上班"))


def test_a_year_of_holidays_becomes_published_with_exactly_these_days(session):
    assert read_calendar(session).is_provisional(2027)
    outcome = load(session, HOLIDAYS, as_csv(NEXT_YEAR, ["日期", "类型", "节日"]))
    assert (outcome.stored, outcome.unchanged) == (8, 0)
    calendar = read_calendar(session)
    assert not calendar.is_provisional(2027)
    assert not calendar.is_working(date(2027, 10, 7))
    assert calendar.is_working(date(2027, 10, 9))
    corrected = [*NEXT_YEAR[:6], ["2027-10-08", "放假", "国庆节"], NEXT_YEAR[7]]
    outcome = load(session, HOLIDAYS, as_csv(corrected, ["日期", "类型", "节日"]))
    assert (outcome.stored, outcome.unchanged) == (1, 7)
    assert session.get(CalendarDay, date(2027, 10, 7)) is None
    assert count(session, CalendarYear) == 24


@pytest.mark.parametrize("rows, line, says", [
    ([*NEXT_YEAR, ["2027-10-01", "放假", "x"]], 10, "第 2 行"),
    ([*NEXT_YEAR, ["2027-02-30", "放假", "x"]], 10, "没有"),
    ([*NEXT_YEAR, ["2027-02-28", "也许", "x"]], 10, "rest"),
    ([*NEXT_YEAR, ["2027-02-28", "放假", ""]], 10, "name"),
    (NEXT_YEAR[:3], 2, "只有 3 天"),
])  # fmt: skip
def test_a_bad_list_of_holidays_is_refused(session, rows, line, says):
    with pytest.raises(ImportRefused) as refused:
        load(session, HOLIDAYS, as_csv(rows, ["日期", "类型", "节日"]))
    assert (refused.value.faults[0].line, says in refused.value.faults[0].reason) == (line, True)
    assert session.get(CalendarYear, 2027) is None


STANDARD_TITLES = ["项目", "城乡", "起始日期", "截止日期", "标准", "文件依据"]


def standard(first, last, amount, kind="低保标准", setting="城镇", source="区政府 1 号文"):
    return [kind, setting, first, last, amount, source]


def load_standards(session, *rows, check=lambda item, file: None):
    return load(session, standards_kind(KINDS, check), as_csv(rows, STANDARD_TITLES))


def held(session, kind="standard", setting="urban"):
    rows = session.scalars(
        select(Standard)
        .where(Standard.kind == kind, Standard.setting == setting)
        .order_by(Standard.from_date)
    )
    return [(r.from_date.isoformat(), r.to_date.isoformat(), str(r.amount), r.sample) for r in rows]


def test_a_released_standard_replaces_the_sample_on_its_days_only(session):
    before = held(session)
    outcome = load_standards(session, standard("2025-07-01", "2026-06-30", "1300"))
    assert (outcome.stored, outcome.unchanged) == (1, 0)
    assert held(session)[:-3] == before[:-1]
    assert held(session)[-3:] == [
        ("2025-01-01", "2025-06-30", "1250.00", True),
        ("2025-07-01", "2026-06-30", "1300.00", False),
        ("2026-07-01", "2027-06-30", "1250.00", True),
    ]
    again = load_standards(session, standard("2025-07-01", "2026-06-30", "1300"))
    assert (again.stored, again.unchanged) == (0, 1)


def test_a_later_standard_ends_the_one_before(session):
    load_standards(session, standard("2025-07-01", "2027-06-30", "1300"))
    load_standards(session, standard("2026-07-01", "2028-06-30", "1400"))
    assert held(session)[-2:] == [
        ("2025-07-01", "2026-06-30", "1300.00", False),
        ("2026-07-01", "2028-06-30", "1400.00", False),
    ]


@pytest.mark.parametrize("row, says", [
    (standard("2025-07-01", "2026-06-30", "1350"), "不能改写"),
    (standard("2025-01-01", "2025-12-31", "1350"), "不能改写"),
    (standard("2025-08-01", "2025-12-31", "1350"), "不早于 2026-06-30"),
    (standard("2025-13-01", "2026-06-30", "1350"), "日期"),
    (standard("2027-06-30", "2027-01-01", "1350"), "早于"),
    (standard("2026-07-01", "", "1350"), "日期"),
    (standard("2026-07-01", "2027-06-30", "0"), "不能是 0"),
    (standard("2026-07-01", "2027-06-30", "13.505"), "两位"),
    (standard("2026-07-01", "2027-06-30", "1350", kind="别的"), "项目"),
    (standard("2026-07-01", "2027-06-30", "1350", setting="郊区"), "城镇或农村"),
    (standard("2026-07-01", "2027-06-30", "1350", source=""), "文件"),
])  # fmt: skip
def test_a_bad_standard_is_refused_and_the_released_ones_stay(session, row, says):
    load_standards(session, standard("2025-07-01", "2026-06-30", "1300"))
    before = held(session)
    with pytest.raises(ImportRefused) as refused:
        load_standards(session, row)
    assert says in refused.value.faults[0].reason
    assert held(session) == before


def test_standards_that_overlap_in_the_file_or_are_forbidden_are_refused(session):
    def forbid(item, file):
        if item.amount > 2000:
            raise Refused("超过上限。")

    rows = [standard("2026-01-01", "2026-12-31", "1300"), standard("2026-12-31", "2027-12-31", "2100")]
    with pytest.raises(ImportRefused) as refused:
        load_standards(session, *rows, check=forbid)
    assert [(f.line, f.column) for f in refused.value.faults] == [(3, "标准"), (3, "起始日期")]
    assert session.scalar(select(Standard.id).where(Standard.sample.is_(False))) is None
    assert session.scalar(select(Standard.area_code).distinct()) == DISTRICT


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "import.md"
EXAMPLES = dict(re.findall(r"```csv (\w+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))
KINDS_OF_TABLE = {
    "households": HOUSEHOLDS,
    "areas": AREAS,
    "holidays": HOLIDAYS,
    "standards": standards_kind(KINDS, lambda item, file: None),
}


@pytest.mark.parametrize("name", KINDS_OF_TABLE)
def test_the_examples_of_the_guide_can_be_imported(session, name):
    text = EXAMPLES[name]
    outcome = load(session, KINDS_OF_TABLE[name], text.encode())
    assert outcome.stored == len(text.strip().splitlines()) - 1


@pytest.mark.parametrize("kind", KINDS_OF_TABLE.values(), ids=KINDS_OF_TABLE)
def test_the_guide_names_every_column(kind):
    guide = fold(GUIDE.read_text(encoding="utf-8"))
    assert [titles[0] for titles in kind.columns.values() if fold(titles[0]) not in guide] == []
