"""Stories told in tables, without code: `tables/*.csv`, a row a step."""

from pathlib import Path

import pytest

from tests.district import District
from tests.journey import COLUMNS, read_tables, tell

STORIES = read_tables(Path(__file__).parent / "tables")


@pytest.mark.parametrize("story", STORIES)
def test_a_case_goes_as_the_table_says(quick: District, story: str) -> None:
    tell(quick, STORIES[story])
    assert quick.broken() == {}


WRONG = [
    ("提交申请,,,待审核,,", "不在“待审核”"),
    ("提交申请,,,,县级审批人,", "待办是“窗口受理员”"),
    ("提交申请,,,,,2016-09-13", "到期日是 2016-09-12"),
    ("提交,,,,,", "没有操作“提交”"),
    ("受理,,,,,", "不能“受理”"),
    ("提交申请,,尺码=大,,,", "没有表单项“尺码”"),
]


@pytest.mark.parametrize("row, told", WRONG)
def test_a_row_that_is_not_so_fails_with_its_place(
    quick: District, tmp_path: Path, row: str, told: str
) -> None:
    head, begin = ",".join(COLUMNS), "开始,2016-09-05,开办：最低生活保障,,,,,"
    (tmp_path / "wrong.csv").write_text(f"{head}\n{begin}\n,2016-09-05,{row}\n", encoding="utf-8")
    [steps] = read_tables(tmp_path).values()
    with pytest.raises(AssertionError, match=told) as caught:
        tell(quick, steps)
    assert "wrong.csv 第 3 行" in str(caught.value)
