from collections import Counter

import pytest

from workflow.areas import ancestor, check_area_code, covers, is_community, level_of, prefix, read_area_rows
from workflow.errors import Refused

COUNTY, TOWN, VILLAGE = "330212000000", "330212001000", "330212001005"


def test_the_district_is_whole():
    rows = read_area_rows()
    assert Counter(row.level for row in rows) == {"county": 1, "town": 25, "village": 407}
    assert len({row.code for row in rows}) == 433
    assert (rows[0].code, rows[0].name, rows[0].parent) == (COUNTY, "鄞州区", "")


def test_every_area_stands_after_and_within_the_one_above_it():
    seen = {""}
    for row in read_area_rows():
        assert row.parent in seen
        assert row.level == level_of(row.code)
        assert check_area_code(row.code) == row.code
        assert not row.parent or (covers(row.parent, row.code) and not covers(row.code, row.parent))
        seen.add(row.code)


@pytest.mark.parametrize(
    "code, level, digits",
    [
        ("330000000000", "province", "33"), ("330200000000", "city", "3302"), (COUNTY, "county", "330212"),
        (TOWN, "town", "330212001"), (VILLAGE, "village", VILLAGE), ("330212010000", "town", "330212010"),
        ("330100000000", "city", "3301"), ("441900003000", "town", "441900003"),
    ],
)  # fmt: skip
def test_a_code_tells_its_level(code, level, digits):
    assert (level_of(code), prefix(code)) == (level, digits)


@pytest.mark.parametrize(
    "scope, code, within",
    [
        (COUNTY, VILLAGE, True), (TOWN, VILLAGE, True), (VILLAGE, VILLAGE, True), (VILLAGE, TOWN, False),
        ("330212002000", VILLAGE, False), ("330200000000", COUNTY, True), ("330213000000", VILLAGE, False),
        ("330212010000", "330212100000", False),
    ],
)  # fmt: skip
def test_an_area_covers_itself_and_what_lies_within(scope, code, within):
    assert covers(scope, code) is within


def test_an_ancestor_is_at_its_level_or_refused():
    assert [ancestor(VILLAGE, level) for level in ("village", "town", "county", "city")] == [
        VILLAGE, TOWN, COUNTY, "330200000000",
    ]  # fmt: skip
    with pytest.raises(Refused, match="请选到村"):
        ancestor(TOWN, "village")


def test_communities_and_villages_are_told_apart_by_their_number():
    rows = [row for row in read_area_rows() if row.level == "village"]
    assert {is_community(row.code) for row in rows if row.name.endswith("村委会")} == {False}
    assert {is_community(row.code) for row in rows if row.name.endswith("居委会")} == {True}
    assert not is_community(TOWN)


@pytest.mark.parametrize(
    "text, message",
    [
        ("330212", "12 位数字"), ("", "12 位数字"), ("33021200100A", "12 位数字"), ("３３０２１２００１００５", "12 位数字"),
        ("002012001005", "省级代码"), ("330212000005", "没有乡镇"), ("330012001005", "市级代码"),
    ],
)  # fmt: skip
def test_a_code_that_cannot_be_is_refused(text, message):
    with pytest.raises(Refused, match=message):
        check_area_code(text)


def test_spaces_in_a_code_do_not_matter():
    assert check_area_code(" 330212 001 005\n") == VILLAGE
