"""The words in which a journey can be told."""

from collections.abc import Callable

import pytest

from tests.journey import Journey
from workflow.roles import TOWN_REVIEWER


def test_a_journey_is_told_in_the_words_users_read(journey: Callable[..., Journey]) -> None:
    case = journey("最低生活保障", on="2016-09-05", members=2)
    case.does("提交申请").stands("已提交", held_by="窗口受理员", due="2016-09-12")
    case.cannot("受理", because="还缺材料", papers=False)
    case.does("受理").does("启动调查")
    check = (
        case.linked("家庭经济状况核对")
        .does("发出核对")
        .does("登记答复")
        .does("出具核对报告")
        .ended("reported")
    )
    case.does("提交入户调查表").does("调查完成，转民主评议").does("评议一致")
    case.cannot("拟同意", by=case.who_did("提交入户调查表"), because="您没有这个岗位")
    case.waits(days=30).is_late()
    case.does("拟同意", by=TOWN_REVIEWER).stands("posting", held_by="village_agent")
    assert check.tasks() == []


@pytest.mark.parametrize(
    "claim, told",
    [
        (lambda case: case.stands("受理"), "案件在“草稿”"),
        (lambda case: case.stands("草稿", due="2016-09-06"), "不是 2016-09-06"),
        (lambda case: case.stands("草稿", held_by="督办"), "窗口受理员"),
        (lambda case: case.ended("approved"), "结果是“”"),
        (lambda case: case.is_late(), "没有逾期"),
        (lambda case: case.does("发放"), "没有操作“发放”"),
        (lambda case: case.cannot("提交申请"), "DID NOT RAISE"),
    ],
)
def test_what_is_not_so_is_said(
    journey: Callable[..., Journey], claim: Callable[[Journey], object], told: str
) -> None:
    case = journey("dibao", on="2016-09-05")
    with pytest.raises((AssertionError, pytest.fail.Exception), match=told):
        claim(case)
