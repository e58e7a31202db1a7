"""Decision tables: what a row means, and that no combination is forgotten or answered twice."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from workflow.decision_tables import ANY, Column, OneOf, Policy, Range, Row, Table, faults, keep, sheet
from workflow.errors import Misdefined, Refused

COLOUR = Column("colour", "颜色", choices={"red": "红", "blue": "蓝"})
AGE = Column("age", "年龄", "whole")
OUT = (Column("result", "结果", choices={"yes": "是", "no": "否"}),)


def table(*rows, policy=Policy.UNIQUE, inputs=(COLOUR, AGE)):
    return Table("sample", "样表", policy, inputs, OUT, rows)


def row(result="yes", source="X-1", **when):
    return Row(when, {"result": result}, source)


def test_a_row_fires_and_tells_inputs_outputs_and_source():
    found = table(row(colour=OneOf("red")), row("no", "X-2", colour=OneOf("blue"))).decide(
        {"colour": "blue", "age": 3}
    )
    assert (found.rows, found.outputs, found.source) == ((2,), {"result": "no"}, "X-2")
    kept = found.as_json()
    assert kept["inputs"] == {"colour": "blue", "age": 3}
    assert (kept["rows"], kept["outputs"], kept["sources"]) == ([2], [{"result": "no"}], ["X-2"])


@pytest.mark.parametrize(
    "condition, fits",
    [(ANY, [1, 5, 9, None]), (Range(5, 9), [5, 9]), (Range(5), [5, 9]), (Range(high=5), [1, 5]), (OneOf(1, 9), [1, 9])],
)  # fmt: skip
def test_conditions_hold_their_bounds(condition, fits):
    assert [value for value in (1, 5, 9, None) if condition.fits(value)] == fits


def test_the_first_row_counts_or_all_of_them():
    rows = (row(age=Range(5)), row("no"))
    first, both = table(*rows, policy=Policy.FIRST), table(*rows, policy=Policy.COLLECT)
    assert first.decide({"age": 7}).rows == (1,)
    assert both.decide({"age": 7}).collected("result") == ["yes", "no"]


def test_inputs_without_a_row_are_refused_and_two_rows_of_a_unique_table_too():
    with pytest.raises(Refused, match="没有适用的行：颜色 red，年龄 4"):
        table(row(age=Range(5))).decide({"colour": "red", "age": 4})
    with pytest.raises(Misdefined, match="第 1、2 行同时适用"):
        table(row(), row("no")).decide({"colour": "red", "age": 4})


def test_gaps_name_the_table_and_where_the_row_is_missing():
    found = faults(table(row(colour=OneOf("red")), row(colour=OneOf("blue"), age=Range(5, 9))))
    assert found == [
        "决策表 sample：颜色为“蓝”，年龄为“4”，没有一行适用，请在第 2 行后补上。",
        "决策表 sample：颜色为“蓝”，年龄为“10”，没有一行适用，请在第 2 行后补上。",
    ]


def test_overlaps_name_the_table_and_both_rows():
    found = faults(table(row(age=Range(high=5)), row("no", age=Range(5))))
    assert "决策表 sample 第 1、2 行：颜色为“红”，年龄为“5”时同时适用，只能有一行。" in found
    assert len(found) == 2


def test_a_row_that_earlier_rows_cover_is_found():
    rows = (row(age=Range(high=5)), row("no", age=Range(2, 4)), row())
    assert faults(table(*rows, policy=Policy.FIRST)) == [
        "决策表 sample 第 2 行：前面的行已经包括，永远不会适用。"
    ]
    assert faults(table(*rows, policy=Policy.COLLECT)) == []


def test_bounds_of_dates_are_told_apart_to_the_day():
    day = Column("day", "日期", "date")
    whole = (row(day=Range(high=date(2021, 6, 30))), row("no", day=Range(date(2021, 7, 1))))
    assert faults(table(*whole, inputs=(day,))) == []
    short = (row(day=Range(high=date(2021, 6, 29))), row("no", day=Range(date(2021, 7, 1))))
    assert faults(table(*short, inputs=(day,))) == [
        "决策表 sample：日期为“2021-06-30”，没有一行适用，请在第 2 行后补上。"
    ]


@pytest.mark.parametrize(
    "broken, words",
    [
        (row(shape=OneOf("round")), "没有条件栏“shape”"),
        (row(colour=OneOf("green")), "“颜色”不能是“green”"),
        (row(age=Range(Decimal(5))), "“年龄”不能是“5”"),
        (row(age=OneOf(True)), "“年龄”不能是“True”"),
        (row("maybe"), "“结果”不能是“maybe”"),
        (Row({}, {}, "X-1"), "结果栏应为“result”"),
        (row(source=""), "没有写依据"),
    ],
)
def test_a_row_of_unknown_columns_or_values_is_refused_by_its_number(broken, words):
    with pytest.raises(Misdefined, match=words) as found:
        table(row(), broken)
    assert "决策表 sample 第 2 行" in str(found.value)


def test_the_last_decision_of_a_table_stands_on_the_case():
    held = SimpleNamespace(facts={"decisions": {"other": {"rows": [1]}}})
    one = table(row(colour=OneOf("red")), row("no", colour=OneOf("blue")))
    keep(held, one.decide({"colour": "red"}))
    keep(held, one.decide({"colour": "blue"}))
    assert held.facts["decisions"].keys() == {"other", "sample"}
    assert held.facts["decisions"]["sample"]["rows"] == [2]
    assert held.facts["decisions"]["sample"]["digest"] == one.digest


def test_the_digest_changes_with_any_row_and_not_with_wording():
    digests = {
        table(*rows).digest for rows in ([row()], [row("no")], [row(source="X-2")], [row(age=Range(5))])
    }
    assert len(digests) == 4
    reworded = Table("sample", "别的名字", Policy.UNIQUE, (COLOUR, AGE), OUT, (row(),))
    assert reworded.digest == table(row()).digest


def test_the_sheet_shows_every_row_in_words():
    shown = sheet(table(row(colour=OneOf("red"), age=Range(5, 9)), row("no", "X-2", colour=OneOf("blue"))))
    assert "| 1 | 红 | 5 至 9 | 是 | X-1 |" in shown
    assert "| 2 | 蓝 | — | 否 | X-2 |" in shown
