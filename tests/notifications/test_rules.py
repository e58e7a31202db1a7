import pytest

from notifications.rules import RULES, FactMissing, UnknownTopic, write

ALL = {
    "number": "DB-2016-000001", "label": "受理", "due": "2016-09-12", "todo": "审查材料", "source": "M220-13",
    "words": "快些", "tries": 3, "reason": "请尽快", "decision": "同意", "id": 7,
}  # fmt: skip


TOPICS = [
    "remind", "overdue", "escalated", "head", "urged", "assigned", "extension_asked", "extension_decided", "no_contact",
    "review_due", "again", "lead", "recounted", "advised", "answered", "copied", "incident", "questioned", "stranded",
    "answers_complete", "answer_late", "answer_mismatch", "query_failed", "authorisation_withdrawn", "report_corrected",
    "family_changed", "clue_settled",
]  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_of_the_engine_has_its_words(topic):
    said = write(topic, ALL)
    assert "DB-2016-000001" in said.subject
    assert "%(" not in said.subject + said.body
    assert len(said.body.splitlines()) == len(RULES[topic].lines)


def test_who_is_to_stand_in_is_told_for_whom_and_how_long():
    said = write(
        "stand_in",
        {"principal": "王五", "from_day": "2016-10-01", "to_day": "2016-10-07", "no": 3, "reason": "休假"},
    )
    assert said.subject == "委托您代理：王五，2016年10月1日 至 2016年10月7日"
    assert "第 3 号" in said.body
    assert "休假" in said.body


def test_no_rule_is_without_a_test_topic():
    assert set(RULES) == {*TOPICS, "stand_in"}


def test_a_reminder_reads_like_this():
    said = write("remind", ALL)
    assert said.subject == "时限过半：DB-2016-000001，受理"
    assert said.body == (
        "案件 DB-2016-000001 的“受理”时限已经过半，最迟应在 2016年9月12日 办完。\n"
        "要办的事：审查材料。\n依据：《最低生活保障审核审批办法（试行）》第13条。"
    )


def test_lines_without_their_facts_are_left_out():
    body = write(
        "overdue", {"number": "A", "label": "受理", "due": "2016-09-12", "todo": "", "source": None}
    ).body
    assert body == "案件 A 的“受理”应在 2016年9月12日 办完，现已逾期，请立即办理。"


def test_an_unknown_topic_and_a_missing_fact_are_named():
    with pytest.raises(UnknownTopic, match="gossip"):
        write("gossip", ALL)
    with pytest.raises(FactMissing, match="due"):
        write("overdue", {"number": "A", "label": "受理"})


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "%(due)s", "%s%n", "{number}", "#eval(1)", "<b>x</b>", "x\r\nBcc: a@b.cn"]
)
def test_facts_go_in_as_text(text):
    said = write("overdue", ALL | {"label": text, "todo": text})
    assert " ".join(text.split()) in said.subject
    assert said.body.count(" ".join(text.split())) == 2
    assert "\n" not in said.subject
    assert "\r" not in said.subject
