"""Rules about time: every wait has its limit and its source, spans run where they are counted on, and time decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.graph import OPEN, unclocked, waiting
from workflow.definition_checks.words import chinese
from workflow.periods import Hours, OnDate, Period
from workflow.roles import ROLES, SYSTEM
from workflow.vocabulary import WAITS


def stage_is_timed(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every stage that waits has a limit, lies within a span, or says why there is none."""
    for stage in waiting(blueprint):
        if not (stage.limit or stage.within or stage.no_limit):
            yield stage.id, "没有办理时限；请写 limit= 或 within=，法律未定时限的用 no_limit= 说明理由。"
        if stage.no_limit and (stage.limit or stage.within):
            yield stage.id, "既写了时限又写了 no_limit=；请删去一个。"


def part_is_timed(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every part has a limit, shares that of its stage, or says why there is none."""
    for stage in waiting(blueprint):
        for part in stage.parts:
            if not (part.limit or part.no_limit or stage.limit or stage.within):
                yield part.code, "没有办理时限，所在环节也没有；请写 limit=，或用 no_limit= 说明理由。"


def time_has_source(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every limit, minimum, span and extension says on which text it stands."""
    for stage in waiting(blueprint):
        if stage.limit and not stage.limit.source:
            yield stage.id, "时限没有依据；请写 source=。"
        if stage.minimum and not stage.minimum.source:
            yield stage.id, "最短期间没有依据；请写 source=。"
        for part in stage.parts:
            if part.limit and not part.limit.source:
                yield part.code, "事项时限没有依据；请写 source=。"
    for span in blueprint.spans.values():
        if not span.source:
            yield span.code, "总时限没有依据；请写 source=。"
        if span.extension and not span.extension.source:
            yield span.code, "延长没有依据；请写 source=。"


def span_names_actions(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A span begins and ends with actions there are."""
    if len(blueprint.spans) < len(blueprint.cls.spans):
        yield "", "有两个总时限用了同一个代码；请改正 spans=。"
    for span in blueprint.spans.values():
        if not span.since:
            yield span.code, "没有写从哪个操作起算；请写 since=。"
        for code in (*span.since, *span.until):
            if code not in blueprint.actions and not (code == OPEN and code in span.since):
                yield span.code, f"起止操作“{code}”不存在；请改正 since= 或 until=。"
        if span.held_by.code not in ROLES:
            yield span.code, f"催办对象“{span.held_by.title}”不是人员岗位；请改正 held_by=。"


def within_names_a_span(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A stage that relies on a span names one there is."""
    for stage in waiting(blueprint):
        if stage.within and stage.within not in blueprint.spans:
            yield stage.id, f"总时限“{stage.within}”不存在；请改正 within= 或补上 spans=。"


def span_runs_within(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Wherever a stage relies on a span, that span runs, whichever way the case came."""
    for span in blueprint.spans.values():
        for code in sorted(unclocked(blueprint, span)):
            if blueprint.stages[code].within == span.code:
                yield (
                    code,
                    f"案件可以在“{span.label}”没有计时的情况下走到本环节；请改正 since=、until=，或给本环节单独的时限。",
                )


def extension_is_longer(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """An extension lengthens the limit, for one of the listed reasons."""
    for span in blueprint.spans.values():
        if span.extension is None:
            continue
        if not span.extension.reasons or not all(map(chinese, span.extension.reasons.values())):
            yield span.code, "延长没有列出中文理由；请写 reasons=。"
        if _shorter(span.extension.to, span.rule, or_same=True):
            yield (
                span.code,
                f"延长后的 {span.extension.to.label} 不比原来的 {span.rule.label} 长；请改正 to=。",
            )


def minimum_fits_the_limit(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A stage's limit does not end before its minimum is over."""
    for stage in waiting(blueprint):
        if stage.minimum and stage.limit and _shorter(stage.limit.rule, stage.minimum.rule):
            yield (
                stage.id,
                f"时限 {stage.limit.rule.label} 短于最短期间 {stage.minimum.rule.label}；请改正其中一个。",
            )


def time_decides_nothing(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """What the system does by itself carries out a signed decision: it decides nothing, refuses nobody, and says its source."""
    for word in blueprint.actions.values():
        if SYSTEM not in word.by:
            continue
        if word.decides:
            yield (
                word.code,
                "系统不能作决定，期限届满不产生决定；请从 by= 中去掉 SYSTEM，或去掉 decides=True。",
            )
        elif not word.source:
            yield word.code, "系统自动办理的操作必须说明依据哪项已签署的决定或规定；请写 source=。"
        elif not word.stays and any(blueprint.stages[target].refusal for target in word.moves.values()):
            yield word.code, "系统不能自动驳回；请改由人员办理。"


def waiting_is_known(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """For whom a stage waits is one of the words there are, and somebody waits there."""
    for stage in blueprint.stages.values():
        if stage.waits_for and stage.waits_for not in WAITS:
            yield stage.id, f"waits_for=“{stage.waits_for}”没有这个词；可选：{'、'.join(WAITS)}。"
        if stage.waits_for and (stage.held_by is None or stage.final):
            yield stage.id, "没有人承办的环节不用写 waits_for=；请删去。"


def minimum_is_in_days(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """What must last at least so long is counted in days, which can be read off a notice."""
    for stage in waiting(blueprint):
        if stage.minimum and isinstance(stage.minimum.rule, Hours):
            yield stage.id, "最短期间不能按小时计算；请写天数。"


def _shorter(one: Period, other: Period, *, or_same: bool = False) -> bool:
    """Whether one period is shorter than another of the same unit; periods of two units are not compared."""
    if type(one) is not type(other) or isinstance(one, OnDate):
        return False
    mine, theirs = getattr(one, "n", 0), getattr(other, "n", 0)
    return bool(mine < theirs or (or_same and mine == theirs))


RULES: tuple[Rule, ...] = (
    stage_is_timed, part_is_timed, time_has_source, span_names_actions, within_names_a_span, span_runs_within,
    extension_is_longer, minimum_fits_the_limit, time_decides_nothing, waiting_is_known, minimum_is_in_days,
)  # fmt: skip
