"""Two definitions side by side in words: what was added, what was taken away, what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow.clocks import read_rule
from workflow.errors import Refused
from workflow.roles import ROLES

Change = Literal["added", "removed", "changed"]
Record = Mapping[str, Any]
"""A definition as `pictures.document` gives it."""

KINDS = {
    "definition": "流程",
    "stage": "环节",
    "part": "并行事项",
    "span": "总时限",
    "action": "操作",
    "form": "表单",
}
CHANGES: dict[Change, str] = {"added": "新增", "removed": "取消", "changed": "改变"}
WORDS = frozenset({"label", "todo", "public", "says", "no_limit", "primary", "questions", "title"})
"""Properties that are wording: they may change without a new release."""
NAMES = {
    "held_by": "经办岗位", "limit": "时限", "within": "所属时限", "minimum": "最短天数", "result": "结果", "refusal": "拒绝环节",
    "keeps": "不计办结", "initial": "起始", "final": "办结", "by": "办理岗位", "moves": "去向", "stays": "原地办理", "when": "前提",
    "guards": "条件", "effects": "效力", "needs": "材料", "source": "依据", "hand": "经手身份", "apart_from": "须分离的经手人",
    "completes": "完成事项", "binds": "绑定版本", "decides": "决定", "label": "名称", "todo": "待办", "public": "对外说明",
    "says": "日志用语", "no_limit": "无时限的理由", "primary": "主要操作", "since": "起算", "until": "终止", "rule": "期限",
    "ladder": "提醒督办", "extension": "延期", "required": "必办", "opens": "关联流程", "opened_by": "开办岗位", "prefix": "编号字头",
    "subject": "对象", "steps": "主线", "title": "名称", "questions": "问题用语",
}  # fmt: skip
"""What the properties of a record are called; one not named here goes by its code."""


@dataclass(frozen=True)
class Difference:
    """One difference: of what kind, where, in which property, before and after (in words)."""

    kind: str
    code: str
    label: str
    change: Change
    what: str = ""
    before: str = ""
    after: str = ""
    wording: bool = False

    def __str__(self) -> str:
        place = f"{KINDS[self.kind]}“{self.label}”（{self.code}）"
        if self.change != "changed":
            return f"{CHANGES[self.change]}{place}{'：' + self.after if self.after else ''}"
        return f"{place}的{self.what}：{self.before or '无'} → {self.after or '无'}"

    def as_json(self) -> dict[str, Any]:
        """As a JSON value."""
        return {"kind": self.kind, "code": self.code, "label": self.label, "change": self.change, "what": self.what,
                "before": self.before, "after": self.after, "wording": self.wording, "text": str(self)}  # fmt: skip


def compare(before: Record, after: Record, *, wording: bool = True) -> list[Difference]:
    """All differences between two records, stage by stage; without `wording` only those that need a release."""
    found = list(_all(before, after))
    return [one for one in found if wording or not one.wording]


def _all(before: Record, after: Record) -> Iterator[Difference]:
    whole = {"title", "prefix", "subject", "opened_by", "steps"}
    names = _Names(before, after)
    yield from _properties(
        "definition", before["code"], before["title"], _only(before, whole), _only(after, whole), names
    )
    yield from _items("span", before["spans"], after["spans"], names)
    stages = _by_code(before["stages"]), _by_code(after["stages"])
    yield from _items("stage", before["stages"], after["stages"], names, without={"parts"})
    for code in stages[0].keys() & stages[1].keys():
        yield from _items("part", stages[0][code]["parts"], stages[1][code]["parts"], names)
    yield from _items("action", before["actions"], after["actions"], names, without={"form"})
    actions = _by_code(before["actions"]), _by_code(after["actions"])
    for code in [code for code in actions[0] if code in actions[1]]:
        yield from _forms(actions[0][code], actions[1][code])


class _Names:
    """Labels of stages and actions on both sides, for saying where an action leads."""

    def __init__(self, before: Record, after: Record) -> None:
        self.labels = {
            item["code"]: item.get("label", item["code"])
            for record in (before, after)
            for group in ("spans", "actions", "stages")
            for item in record[group]
        }

    def of(self, code: str) -> str:
        return str(self.labels.get(code, code))


def _only(record: Record, keys: set[str]) -> Record:
    return {key: record[key] for key in keys if key in record}


def _by_code(items: list[Record]) -> dict[str, Record]:
    return {item["code"]: item for item in items}


def _items(
    kind: str,
    before: list[Record],
    after: list[Record],
    names: _Names,
    without: frozenset[str] | set[str] = frozenset(),
) -> Iterator[Difference]:
    old, new = _by_code(before), _by_code(after)
    for code, item in old.items():
        if code not in new:
            yield Difference(kind, code, item.get("label", code), "removed")
    for code, item in new.items():
        label = item.get("label", code)
        if code not in old:
            yield Difference(kind, code, label, "added", after=_summary(item))
        else:
            left, right = ({k: v for k, v in side.items() if k not in without} for side in (old[code], item))
            yield from _properties(kind, code, label, left, right, names)


def _properties(
    kind: str, code: str, label: str, before: Record, after: Record, names: _Names
) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        left, right = before.get(key), after.get(key)
        if left != right:
            yield Difference(kind, code, label, "changed", NAMES.get(key, key), _words(key, left, names),
                             _words(key, right, names), wording=key in WORDS)  # fmt: skip


def _forms(before: Record, after: Record) -> Iterator[Difference]:
    old, new = before.get("form", {}), after.get("form", {})
    asked = {**before.get("questions", {}), **after.get("questions", {})}
    label = f"{after.get('label', after['code'])}"
    for name in dict.fromkeys((*old, *new)):
        place, question = f"{after['code']}.{name}", f"{label}·{asked.get(name, name)}"
        if name not in new:
            yield Difference("form", place, question, "removed")
        elif name not in old:
            needed = "必填" if new[name].get("required") else "选填"
            yield Difference("form", place, question, "added", after=needed)
        elif old[name] != new[name]:
            changed = [
                key
                for key in dict.fromkeys((*old[name], *new[name]))
                if old[name].get(key) != new[name].get(key)
            ]
            for key in changed:
                yield Difference("form", place, question, "changed", _FIELD.get(key, key), _plain(old[name].get(key)),
                                 _plain(new[name].get(key)))  # fmt: skip


_FIELD = {
    "kind": "种类",
    "required": "必填",
    "only_if": "填写前提",
    "choices": "选项",
    "columns": "列",
    "at_least": "至少行数",
    "schema": "格式",
}


def _summary(item: Record) -> str:
    """What a new stage, limit or action is, in one line."""
    parts = []
    if item.get("by"):
        parts.append("、".join(_role(code) for code in item["by"]))
    if item.get("held_by"):
        parts.append(_role(item["held_by"]))
    if item.get("limit"):
        parts.append(_limit(item["limit"]))
    if item.get("rule"):
        parts.append(f"{rule_words(item['rule'])}（{item['source']}）")
    return "，".join(parts)


def _words(key: str, value: Any, names: _Names) -> str:
    if value in (None, "", [], {}):
        return ""
    if key == "held_by":
        return _role(value)
    if key in {"by", "opened_by"}:
        return "、".join(_role(code) for code in value)
    if key in {"limit", "minimum"}:
        return _limit(value)
    if key == "rule":
        return rule_words(value)
    if key == "extension":
        return f"可延至 {rule_words(value['to'])}（{value['source']}）"
    if key == "moves":
        return "；".join(
            names.of(a) if a == b else f"{names.of(a)} → {names.of(b)}" for a, b in value.items()
        )
    if key in {"since", "until", "steps"}:
        return "、".join(names.of(code) for code in value)
    if key == "within":
        return names.of(value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{k} {_plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_plain(v) for v in value)
    return "" if value is None else str(value)


def _role(code: str) -> str:
    return ROLES[code].title if code in ROLES else code


def _limit(value: Record) -> str:
    return f"{rule_words(value['rule'])}（{value['source']}）"


def rule_words(text: str) -> str:
    """A counting rule in words: "15 个工作日"."""
    if text.startswith("on:"):
        return f"案件所定日期（{text.removeprefix('on:')}）"
    try:
        return read_rule(text).label
    except Refused:
        return text  # a rule of an older release that is no longer read


__all__ = ["CHANGES", "KINDS", "Difference", "compare", "rule_words"]
