"""A definition as Markdown tables, for officials to read and compare."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.catalogue import Blueprint
from workflow.pictures.reading import holder, name_of, numbers, roles_of, time_words
from workflow.pictures.record import fingerprint
from workflow.vocabulary import Action, Stage

NOTHING = "—"


def md(blueprint: Blueprint) -> str:
    """Stages, parts, limits over several stages, actions and forms, each with its source."""
    blocks = [
        f"# {blueprint.title}（{'、'.join(blueprint.editions)}）",
        _facts(blueprint),
        "## 环节",
        _table(
            ("序号", "环节", "承办岗位", "要做什么", "时限", "依据", "最短期间", "办理结果"),
            (_stage(blueprint, stage) for stage in blueprint.stages.values()),
        ),
        *_parts(blueprint),
        *_spans(blueprint),
        "## 操作",
        _table(
            ("操作", "办理岗位", "从", "到", "填写", "前提", "效果", "分离", "办理日志", "依据"),
            (_action(blueprint, word) for word in blueprint.actions.values()),
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _facts(blueprint: Blueprint) -> str:
    opened = "、".join(role.title for role in blueprint.cls.opened_by) or "由关联案件或系统开办"
    lines = [f"- 代码：`{blueprint.code}`，编号前缀：`{blueprint.prefix}`", f"- 开办岗位：{opened}"]
    if blueprint.cls.steps:
        lines.append(
            f"- 公开步骤：{' → '.join(blueprint.stages[step].label for step in blueprint.cls.steps)}"
        )
    return "\n".join([*lines, f"- 指纹：`{fingerprint(blueprint)}`"])


def _stage(blueprint: Blueprint, stage: Stage) -> Iterable[str]:
    time, source = time_words(blueprint, stage)
    minimum = f"{stage.minimum.rule.label}（{stage.minimum.source}）" if stage.minimum else ""
    return (
        str(numbers(blueprint)[stage.id]), f"**{stage.label}** `{stage.id}`", holder(stage), stage.todo, time, source, minimum,
        f"办结 `{stage.result}`" if stage.final else "",
    )  # fmt: skip


def _parts(blueprint: Blueprint) -> list[str]:
    rows = [
        (
            stage.label, f"**{part.label}** `{part.code}`", part.held_by.title, part.todo, "必办" if part.required else "可选",
            part.limit.rule.label if part.limit else part.no_limit, part.limit.source if part.limit else "",
            f"`{part.opens}`" if part.opens else "",
        )
        for stage in blueprint.stages.values()
        for part in stage.parts
    ]  # fmt: skip
    head = ("环节", "事项", "承办岗位", "要做什么", "必办", "时限", "依据", "开办关联流程")
    return ["## 并行事项", _table(head, rows)] if rows else []


def _spans(blueprint: Blueprint) -> list[str]:
    rows = []
    for span in blueprint.spans.values():
        longer = span.extension
        extension = (
            f"至 {longer.to.label}：{'、'.join(longer.reasons.values())}（{longer.source}）" if longer else ""
        )
        since = "、".join("开办" if code == "open" else blueprint.label(code) for code in span.since)
        until = "、".join(blueprint.label(code) for code in span.until) or "办结"
        rows.append(
            (f"**{span.label}** `{span.code}`", span.rule.label, span.source, since, until, span.held_by.title, extension)
        )  # fmt: skip
    head = ("时限", "期限", "依据", "起算", "终止", "催办对象", "可延长一次")
    return ["## 跨环节时限", _table(head, rows)] if rows else []


def _action(blueprint: Blueprint, word: Action) -> Iterable[str]:
    stages = blueprint.stages
    targets = dict.fromkeys(stages[target].label for target in word.moves.values())
    asked = (field.label + ("" if field.required else "（可不填）") for field in word.form.fields().values())
    guards = (
        f"`{name_of(guard)}`" for guard in (*([word.needs] if word.needs else ()), *word.when, *word.guards)
    )
    return (
        f"**{word.label}** `{word.code}`", roles_of(word), "、".join(stages[source].label for source in word.moves),
        "（不变）" if word.stays else "、".join(targets), "；".join(asked), " ".join(guards),
        " ".join(f"`{name_of(effect)}`" for effect in word.effects), _apart(word), word.says, word.source,
    )  # fmt: skip


def _apart(word: Action) -> str:
    from workflow.policy import HANDS

    return "、".join(HANDS.get(hand, hand) for hand in word.apart_from)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = list(head)
    lines = [_row(cells), "|" + " --- |" * len(cells), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") or NOTHING for cell in cells) + " |"
