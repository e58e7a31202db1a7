"""Sentences with values, of the engine and the definitions, in another language."""

import re
from datetime import date

import pytest

from tests.web.test_forms import path
from web.sentences import prepare, sentences, translator
from workflow.calendar import Calendar
from workflow.periods import Days, Months, Workdays

ENGLISH = {
    "还缺材料：{names}。请先上传。": "Missing: {names}. Please upload them first.",
    "{label}要写清楚，至少 {shortest_reason} 个字": "{label}: at least {shortest_reason} characters, please",
    "第 {counted} 个工作日（{why}）": "working day {counted} ({why})",
    "{label}第 {number} 行：{wrong}": "{label}, line {number}: {wrong}",
    "申请书": "application", "入户调查表（双方签字）": "visit form", "理由": "Reason", "收入": "Income",
}  # fmt: skip


@pytest.fixture
def english():
    return translator(prepare(ENGLISH.items()), lambda text: ENGLISH.get(text, text))


@pytest.mark.parametrize(
    "chinese, said",
    [
        ("申请书", "application"),
        ("还缺材料：申请书。请先上传。", "Missing: application. Please upload them first."),
        ("还缺材料：申请书、入户调查表（双方签字）。请先上传。", "Missing: application, visit form. Please upload them first."),
        ("还缺材料：王秀甲的委托书。请先上传。", "Missing: 王秀甲的委托书. Please upload them first."),
        ("收入第 2 行：理由要写清楚，至少 4 个字", "Income, line 2: Reason: at least 4 characters, please"),
        ("第 12 个工作日（周一）", "working day 12 (周一)"),
        ("第 12 个工作日（周一）：收入", "working day 12 (周一): Income"),
        ("这句话谁也没有翻译", "这句话谁也没有翻译"),
        ("谁也没有翻译：收入", "谁也没有翻译：收入"),
        ("744.00 × 2", "744.00 × 2"),
    ],
)  # fmt: skip
def test_a_sentence_is_known_again_and_its_values_are_translated_too(english, chinese, said):
    assert english(chinese) == said


def test_the_ids_are_found_in_the_code_with_a_name_for_each_place():
    ids = {text for text, _place in sentences()}
    assert set(ENGLISH) - ids == {"申请书", "入户调查表（双方签字）", "理由", "收入"}
    assert "公示到 {last} 当日结束才期满，不能提前结束。" in ids
    assert "家庭财产在限额以内。" in ids
    for text in ids:
        places = re.findall(r"\{(\w+)\}", text)
        assert len(places) == len(set(places)), text


def test_what_is_said_of_every_day_of_a_period_is_a_known_sentence():
    shapes = prepare((text, f"!{text}") for text, _place in sentences())
    plain = {text for text, _place in sentences()}
    calendar = Calendar({}, frozenset({2016}))
    for rule in (Workdays(5), Days(7), Months(3)):
        for step in rule.explain(date(2016, 9, 30), calendar):
            assert step.reason in plain or any(one.shape.fullmatch(step.reason) for one in shapes), (
                step.reason
            )


def test_a_refusal_with_values_is_shown_in_the_language_of_the_page(district, browser_at, english):
    case, browser = district.submitted(), browser_at("window")
    district.app.extensions["sentences"]["en"] = english
    browser.post("/language", {"language": "en"})
    form = {"seen": case.version, "reason": "短", "right_place": "横溪镇窗口"}
    assert "Reason: at least 4 characters, please" in browser.post(path(case), form).text
    browser.post("/language", {"language": "zh_Hans"})
    assert "理由要写清楚，至少 4 个字" in browser.post(path(case), form).text
