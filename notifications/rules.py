"""Which event tells what: topic -> subject and lines, with named parameters. No text names a family: it goes by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.editions.sources import cite
from workflow.errors import Refused


class UnknownTopic(Refused):
    """没有这种消息的模板。"""


class FactMissing(Refused):
    """消息缺少必要的内容。"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A topic's texts; each is a message id of the translations.

    `lines` beyond the first are left out where a fact they name is missing or empty. `holder` says that the message
    is for whoever has taken the task, while somebody has.
    """

    topic: str
    title: str
    subject: str
    lines: tuple[str, ...]
    holder: bool = False


_TODO, _SOURCE = "要办的事：%(todo)s。", "依据：%(source)s。"

RULES: dict[str, Rule] = {
    rule.topic: rule
    for rule in (
        Rule(
            "remind", "时限过半", "时限过半：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”时限已经过半，最迟应在 %(due)s 办完。", _TODO, _SOURCE),
            holder=True,
        ),
        Rule(
            "again", "再次提醒", "请抓紧：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”最迟应在 %(due)s 办完，请抓紧办理。", _TODO, _SOURCE),
            holder=True,
        ),
        Rule(
            "lead", "报负责人", "请过问：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”最迟应在 %(due)s 办完，请过问办理进度。", _TODO, _SOURCE),
        ),
        Rule(
            "recounted", "时限改期", "时限改期：%(number)s",
            ("放假安排公布后，案件 %(number)s 的时限按新的安排重算。", "%(words)s。"),
            holder=True,
        ),
        Rule(
            "overdue", "已逾期", "已逾期：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”应在 %(due)s 办完，现已逾期，请立即办理。", _TODO, _SOURCE),
            holder=True,
        ),
        Rule(
            "escalated", "督办", "督办：%(number)s，%(label)s已逾期",
            ("案件 %(number)s 的“%(label)s”应在 %(due)s 办完，现已逾期，请督促办理并登记处理情况。", _TODO, _SOURCE),
        ),
        Rule(
            "head", "报部门负责人", "逾期未结：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”应在 %(due)s 办完，逾期后仍未办结，现报部门负责人并列入通报。", _TODO, _SOURCE),
        ),
        Rule(
            "urged",
            "催办",
            "催办：%(number)s",
            ("案件 %(number)s 有人催办，请尽快办理。", "催办说明：%(words)s", _TODO, "最迟应在 %(due)s 办完。"),
            holder=True,
        ),
        Rule(
            "assigned", "分派待办", "分派给您的待办：%(number)s",
            ("案件 %(number)s 的一项待办已分派给您。", "分派理由：%(reason)s", _TODO, "最迟应在 %(due)s 办完。"),
        ),
        Rule(
            "advised", "委派意见", "委派意见已交回：%(number)s",
            ("案件 %(number)s 您委派的待办已经交回，请核对后由您办理。", "意见：%(reason)s", _TODO, "最迟应在 %(due)s 办完。"),
        ),
        Rule(
            "copied", "抄送", "抄送：%(number)s",
            ("案件 %(number)s 抄送给您知悉，请在“抄送与沟通”中查看。", "说明：%(words)s"),
        ),
        Rule(
            "questioned", "沟通", "有人询问：%(number)s",
            ("就案件 %(number)s 有同事向您询问，请在“抄送与沟通”中答复。", "问：%(words)s"),
        ),
        Rule("answered", "答复", "询问已答复：%(number)s", ("您就案件 %(number)s 的询问已经答复。", "答：%(words)s")),
        Rule(
            "stand_in", "委托代理", "委托您代理：%(principal)s，%(from_day)s 至 %(to_day)s",
            ("%(principal)s 委托您代理（委托第 %(no)s 号），自 %(from_day)s 至 %(to_day)s。有关待办会出现在您的待办中。", "理由：%(reason)s"),
        ),
        Rule(
            "stranded", "无人可办", "无人可办：%(number)s",
            ("案件 %(number)s 的“%(label)s”因回避或经办分离，已经没有可以办理的人，请指定办理人。", _SOURCE),
        ),
        Rule(
            "extension_asked",
            "申请延期",
            "待确认延期：%(number)s，%(label)s",
            (
                "案件 %(number)s 的“%(label)s”申请延期，请在原时限届满前确认或者驳回。",
                "理由：%(reason)s",
                "原时限：%(due)s。",
            ),
        ),
        Rule(
            "extension_decided", "延期结果", "延期结果：%(number)s，%(label)s",
            ("案件 %(number)s 的“%(label)s”延期申请：%(decision)s。", "现在的时限是 %(due)s。", "说明：%(reason)s"),
        ),
        Rule(
            "no_contact",
            "联系不上",
            "入户联系不上：%(number)s",
            ("案件 %(number)s 的家庭，调查人员联系了%(tries)s次都联系不上，请督促另行安排。",),
        ),
        Rule(
            "incident", "运行异常", "运行异常：第 %(id)s 号 %(number)s",
            ("后台任务有一项试了 %(tries)s 次没有办成（第 %(id)s 号），请在“运行异常”中查看原因并处理。",),
        ),
        Rule(
            "family_changed", "家庭变化", "家庭有变化：%(number)s",
            ("案件 %(number)s 的家庭有变化，请核对后再办。", "%(words)s。"),
            holder=True,
        ),
        Rule(
            "clue_settled", "线索办结", "线索已办结：%(number)s",
            ("您报告的变化线索 %(number)s 已经办结。", "结果：%(words)s。"),
        ),
        Rule(
            "review_due", "复核到期", "复核到期：%(number)s",
            ("案件 %(number)s 的家庭应在 %(due)s 复核，请安排办理。", _TODO, _SOURCE),
        ),
        Rule(
            "answers_complete", "答复到齐", "答复到齐：%(number)s",
            ("核对 %(number)s 的各项查询都已有结果，请核对后出具报告。",), holder=True,
        ),
        Rule(
            "answer_late", "报告后的答复", "报告后的答复：%(number)s",
            ("核对 %(number)s 出具报告以后，又收到%(words)s的答复，请看是否需要更正报告。",),
        ),
        Rule(
            "answer_mismatch", "答复身份不符", "答复身份不符：%(number)s",
            ("核对 %(number)s 中，%(words)s答复的不是被查询的人，内容没有收下，请核实身份后函询或登记。",), holder=True,
        ),
        Rule(
            "query_failed", "查询发送失败", "查询发送失败：%(number)s",
            ("核对 %(number)s 有来源部门多次联系不上，请发函询问或登记答复。", "最后一次的原因：%(words)s"), holder=True,
        ),
        Rule(
            "authorisation_withdrawn", "撤回授权", "撤回授权：%(number)s",
            ("核对 %(number)s 中有成员撤回了授权（%(words)s），有关查询已经停止，请决定如何继续。",), holder=True,
        ),
        Rule(
            "report_corrected", "核对报告更正", "核对报告更正：%(number)s",
            ("案件 %(number)s 所依据的核对报告已经更正，请看对办理有没有影响。", "更正理由：%(words)s"), holder=True,
        ),
    )
}  # fmt: skip
"""Topic -> rule."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person reads."""

    subject: str
    body: str


def rule_of(topic: str) -> Rule:
    """The rule of a topic. Raises UnknownTopic."""
    try:
        return RULES[topic]
    except KeyError:
        raise UnknownTopic(f"没有“{topic}”这种消息的模板，请联系系统管理员。", topic=topic) from None


def write(topic: str, facts: Mapping[str, Any]) -> Message:
    """The message of a topic. Facts go in as text: nothing in them is a template or a markup.

    Raises UnknownTopic, or FactMissing which names what the first line or the subject lacks.
    """
    rule = rule_of(topic)
    known = {name: _words(name, value) for name, value in facts.items() if value not in (None, "")}
    first, *others = rule.lines
    try:
        subject, lines = rule.subject % known, [first % known]
    except KeyError as missing:
        raise FactMissing(
            f"消息“{rule.title}”缺少 {missing.args[0]}，请联系系统管理员。", topic=topic
        ) from None
    for line in others:
        try:
            lines.append(line % known)
        except KeyError:
            continue
    return Message(" ".join(subject.split()), "\n".join(lines))


DAYS = ("due", "from_day", "to_day")
"""Facts that are days."""


def _words(name: str, value: Any) -> str:
    text = " ".join(str(value).split())
    if name == "source":
        return cite(text)
    try:
        day = date.fromisoformat(text) if name in DAYS else None
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日" if day else text
