"""The plan of a migration: where each stage, part and clock goes, and by which article a limit may change.

A plan is data (a JSON file, a page): generated from the two editions, edited by a person, refused while anything
would be lost silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from workflow.catalogue import Blueprint
from workflow.errors import Refused
from workflow.ladders import ORDINARY, SILENT, Ladder
from workflow.periods import Period
from workflow.roles import Role

KEEP, RECOUNT, RESTART, DROP = "keep", "recount", "restart", "drop"
"""A running clock goes on untouched, is counted anew from its old start, starts again today, or ends."""
HOWS = {KEEP: "照旧计算", RECOUNT: "从原起点按新期限重算", RESTART: "从迁移日重新起算", DROP: "终止"}
EVENT, TODAY, NOT = "event", "today", "none"
"""A clock only the new edition has starts from its event in the journal, from today, or does not start."""
BEGINS = {EVENT: "从起算事件起", TODAY: "从迁移日起", NOT: "不起算"}
INTERNAL = "内部要求"
"""How the source of a limit begins that no law sets."""


@dataclass(frozen=True)
class ClockRule:
    """What becomes of a running clock of one kind."""

    to: str = ""
    how: str = KEEP
    article: str = ""
    reason: str = ""


@dataclass(frozen=True)
class BeginRule:
    """How a clock begins that the case has not had."""

    how: str = EVENT
    article: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything a migration does: `stages` old to new, `stay` old stages left on their edition with the reason,
    `parts` old to new ("" ends it), `clocks` by old kind, `begin` by new kind (not named: from its event).
    """

    definition: str
    source: str
    target: str
    stages: Mapping[str, str]
    stay: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, ClockRule] = field(default_factory=dict)
    begin: Mapping[str, BeginRule] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> Plan:
        """A plan read from a file or the database. Raises Refused with the place that is not understood."""
        if not isinstance(data, dict):
            raise Refused("迁移方案应是一个 JSON 对象。")
        strange = set(data) - set(cls.__dataclass_fields__)
        if strange:
            raise Refused(f"迁移方案里有不认识的项：{'、'.join(sorted(strange))}。")
        for name in ("definition", "source", "target"):
            if not isinstance(data.get(name), str):
                raise Refused(f"迁移方案缺少“{name}”。")
        for name in ("stages", "stay", "parts"):
            if not _texts(data.get(name, {})):
                raise Refused(f"迁移方案的“{name}”应是代码到文字的对照表。")
        if "stages" not in data:
            raise Refused("迁移方案缺少“stages”。")
        return cls(
            data["definition"], data["source"], data["target"], data["stages"], data.get("stay", {}), data.get("parts", {}),
            {kind: ClockRule(**_rule(rule, ClockRule, kind)) for kind, rule in data.get("clocks", {}).items()},
            {kind: BeginRule(**_rule(rule, BeginRule, kind)) for kind, rule in data.get("begin", {}).items()},
        )  # fmt: skip


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _rule(rule: Any, cls: type, kind: str) -> dict[str, str]:
    known = set(cls.__dataclass_fields__)  # type: ignore[attr-defined]
    if not _texts(rule) or set(rule) - known:
        raise Refused(f"迁移方案的时限“{kind}”看不懂：只能有 {'、'.join(sorted(known))}，值都是文字。")
    return {name: text.strip() for name, text in rule.items()}


@dataclass(frozen=True)
class ClockWord:
    """A clock as a definition words it; `stage` and `part` say where it runs ("" for a span)."""

    kind: str
    label: str
    rule: Period
    source: str
    role: Role | None
    ladder: Ladder
    minimum: bool = False
    stage: str = ""
    part: str = ""

    @property
    def legal(self) -> bool:
        """Whether law sets it and somebody is held to it: no internal limit, no clock that is only shown."""
        return not self.source.startswith(INTERNAL) and (self.minimum or self.ladder != SILENT)


def clock_words(blueprint: Blueprint) -> dict[str, ClockWord]:
    """All clocks of a definition by the kind their rows have."""
    found: dict[str, ClockWord] = {}
    for span in blueprint.spans.values():
        kind = f"span:{span.code}"
        found[kind] = ClockWord(kind, span.label, span.rule, span.source, span.held_by, span.ladder)
    for stage in blueprint.stages.values():
        if stage.limit:
            kind, label = f"stage:{stage.id}", stage.limit.label or stage.label
            found[kind] = ClockWord(
                kind,
                label,
                stage.limit.rule,
                stage.limit.source,
                stage.held_by,
                stage.limit.ladder,
                stage=stage.id,
            )
        if stage.minimum:
            kind = f"minimum:{stage.id}"
            found[kind] = ClockWord(
                kind,
                stage.label,
                stage.minimum.rule,
                stage.minimum.source,
                stage.held_by,
                ORDINARY,
                True,
                stage.id,
            )
        for part in stage.parts:
            if part.limit:
                kind, label = f"part:{part.code}", part.limit.label or part.label
                found[kind] = ClockWord(kind, label, part.limit.rule, part.limit.source, part.held_by, part.limit.ladder, False,
                                        stage.id, part.code)  # fmt: skip
    return found


def generate(old: Blueprint, new: Blueprint, source: str, target: str) -> Plan:
    """The plan that changes as little as it can: what both editions know goes on; the rest is left open for a person."""
    stages = {
        code: code if code in new.stages and not new.stages[code].final else ""
        for code, stage in old.stages.items()
        if not stage.final
    }
    there = {part.code for stage in new.stages.values() for part in stage.parts}
    parts = {
        part.code: part.code if part.code in there else ""
        for stage in old.stages.values()
        for part in stage.parts
    }
    words = clock_words(new)
    clocks = {kind: ClockRule(kind) if kind in words else ClockRule("", DROP) for kind in clock_words(old)}
    begin = {kind: BeginRule() for kind in words if kind not in clocks}
    return Plan(old.code, source, target, stages, {}, parts, clocks, begin)


@dataclass(frozen=True)
class Load:
    """What runs now: open cases by stage, and running clocks by kind."""

    stages: Mapping[str, int]
    clocks: Mapping[str, int]
    parts: Mapping[str, int] = field(default_factory=dict)


def faults(plan: Plan, old: Blueprint, new: Blueprint, load: Load) -> list[str]:
    """Why this plan may not be carried out; empty where it may."""
    return [
        *_stage_faults(plan, old, new, load),
        *_part_faults(plan, old, new, load),
        *_clock_faults(plan, old, new, load),
    ]


def _stage_faults(plan: Plan, old: Blueprint, new: Blueprint, load: Load) -> Iterator[str]:
    for code in dict.fromkeys((*plan.stages, *plan.stay)):
        if code not in old.stages:
            yield f"{plan.source} 没有环节“{code}”。"
    for code, target in plan.stages.items():
        if target and target not in new.stages:
            yield f"环节“{code}”要迁到“{target}”，{plan.target} 没有这个环节。"
        elif target and new.stages[target].final:
            yield f"环节“{code}”要迁到“{target}”，那是办结环节；迁移不能代替决定。"
    for code, reason in plan.stay.items():
        if not reason.strip():
            yield f"环节“{code}”的案件留在原版本，没有写明理由。"
    for code, number in load.stages.items():
        if not plan.stages.get(code) and code not in plan.stay:
            label = old.stages[code].label if code in old.stages else code
            yield f"环节“{label}”（{code}）有 {number} 件在办，没有写明迁到哪里，也没有写明留在原版本。"


def _part_faults(plan: Plan, old: Blueprint, new: Blueprint, load: Load) -> Iterator[str]:
    known = {part.code for stage in old.stages.values() for part in stage.parts}
    targets = {part.code for stage in new.stages.values() for part in stage.parts}
    for code, target in plan.parts.items():
        if code not in known:
            yield f"{plan.source} 没有并行事项“{code}”。"
        if target and target not in targets:
            yield f"并行事项“{code}”要迁到“{target}”，{plan.target} 没有这个事项。"
    for code in load.parts:
        if code not in plan.parts:
            yield f"并行事项“{code}”正在办理，没有写明迁到哪里。"


def _clock_faults(plan: Plan, old: Blueprint, new: Blueprint, load: Load) -> Iterator[str]:
    before, after = clock_words(old), clock_words(new)
    for kind in load.clocks:
        if kind not in plan.clocks:
            yield f"时限“{before[kind].label if kind in before else kind}”（{kind}）正在计算，没有写明怎样处理。"
    for kind, rule in plan.clocks.items():
        if kind not in before:
            yield f"{plan.source} 没有时限“{kind}”。"
            continue
        yield from _rule_faults(before[kind], rule, after, plan)
    for kind, begin in plan.begin.items():
        if kind not in after:
            yield f"{plan.target} 没有时限“{kind}”。"
        elif begin.how not in BEGINS:
            yield f"时限“{kind}”的起算方式“{begin.how}”只能是 {'、'.join(BEGINS)}。"
        elif begin.how != EVENT and after[kind].legal and not (begin.article and begin.reason):
            yield f"法定时限“{after[kind].label}”（{kind}）{BEGINS[begin.how]}，须写明条款和理由。"


def _rule_faults(
    word: ClockWord, rule: ClockRule, after: Mapping[str, ClockWord], plan: Plan
) -> Iterator[str]:
    name = f"时限“{word.label}”（{word.kind}）"
    if rule.how not in HOWS:
        yield f"{name}的处理方式“{rule.how}”只能是 {'、'.join(HOWS)}。"
        return
    left = word.stage in plan.stay
    if rule.how == DROP:
        if word.minimum and not left and plan.stages.get(word.stage):
            yield f"{name}是最短公示时间，迁移不能终止；请把环节“{word.stage}”的案件留在原版本（stay）。"
    elif rule.to not in after:
        yield f"{name}要对应“{rule.to or '（空）'}”，{plan.target} 没有这项时限。"
    elif not left and not _fits(word, after[rule.to], plan):
        yield f"{name}不能变成“{rule.to}”：只能对应同类时限，环节时限只能对应迁入环节的时限或总时限。"
    elif word.minimum and rule.how != KEEP:
        yield f"{name}是最短公示时间，只能照旧计算。"
    if rule.how != KEEP and word.legal and not (rule.article and rule.reason) and not left:
        yield f"法定{name}要{HOWS[rule.how]}，须写明条款（article）和理由（reason）。"


def _fits(word: ClockWord, after: ClockWord, plan: Plan) -> bool:
    """Whether the one clock can become the other: of its kind, or a stage's limit become a span; in the stage entered."""
    if word.kind.partition(":")[0] != after.kind.partition(":")[0] and not (
        word.kind.startswith("stage:") and after.kind.startswith("span:")
    ):
        return False
    return not after.stage or plan.stages.get(word.stage) == after.stage
