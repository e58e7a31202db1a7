"""Rules about stages and parts: somebody holds them, they can be reached and left, and their words are there."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.graph import actions_in, combinations_of, ending, reached, waiting
from workflow.definition_checks.words import chinese, texts
from workflow.desk.policies import PULL
from workflow.roles import LINKED, ROLES, SYSTEM
from workflow.vocabulary import Part, Stage

CODE_LENGTH = 40
"""Stages, actions, parts and spans stand in columns of this width."""
PREFIX_LENGTH, EDITION_LENGTH, RESULT_LENGTH = 10, 30, 30
REFUSALS = ("refused", "not_accepted")
"""Results that say no to somebody."""


def stage_is_reachable(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A case can come to every stage."""
    for code in blueprint.stages.keys() - reached(blueprint):
        yield code, "没有任何操作通向这个环节；请加上通向它的操作，或删去这个环节。"


def stage_can_end(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """From every stage a case can come to an end."""
    for code in blueprint.stages.keys() - ending(blueprint):
        yield code, "从这个环节走不到任何终结环节，案件会卡住；请加上离开它的操作。"


def stage_is_held(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every stage that waits has a holder who is a person, with something to do."""
    for stage in waiting(blueprint):
        if stage.held_by is None:
            if not (stage.no_limit and _moved_from_outside(blueprint, stage.id)):
                yield (
                    stage.id,
                    "没有承办岗位；请写 held_by=，或由关联案件、定期扫描推进并用 no_limit= 说明等待什么。",
                )
        elif stage.held_by.code not in ROLES:
            yield stage.id, f"承办岗位“{stage.held_by.title}”不是人员岗位，待办无人可办；请改为实际岗位。"
        elif not stage.todo:
            yield stage.id, "没有写承办人要做什么；请写 todo=。"


def holder_can_act(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whoever holds a stage may do something in it."""
    for stage in waiting(blueprint):
        if stage.held_by is not None and not any(
            stage.held_by in word.by and not word.completes for word in actions_in(blueprint, stage.id)
        ):
            yield (
                stage.id,
                f"承办岗位“{stage.held_by.title}”在本环节没有可办的操作；请在某个操作的 by= 中加上它。",
            )


def assigning_needs_a_holder(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """What says who gets its new task has a task, and only where somebody can work does a case pause."""
    for stage in blueprint.stages.values():
        if stage.assigns is not PULL and (stage.held_by is None or stage.final):
            yield stage.id, "没有待办的环节不用写 assigns=；请删去。"
        if stage.pauses and stage.final:
            yield stage.id, "终结环节不会暂停；请删去 pauses=。"
    for _, part in _parts(blueprint):
        if part.assigns is not PULL and part.opens:
            yield part.code, "由关联案件办理的事项没有待办，不用写 assigns=；请删去。"


def part_is_held(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every part has a holder who is a person, with something to do."""
    for _, part in _parts(blueprint):
        if part.held_by.code not in ROLES:
            yield part.code, f"承办岗位“{part.held_by.title}”不是人员岗位；请改为实际岗位。"
        elif not part.todo:
            yield part.code, "没有写承办人要做什么；请写 todo=。"


def part_can_be_done(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every part is finished by an action of its holder, or of the linked case it opens."""
    for stage, part in _parts(blueprint):
        if part.signing:
            continue
        finishing = [word for word in actions_in(blueprint, stage.id) if word.completes == part.code]
        by = {role for word in finishing for role in word.by}
        if part.required and not finishing:
            yield part.code, f"在“{stage.label}”没有完成这个事项的操作；请写 completes=“{part.code}”的操作。"
        elif finishing and (LINKED if part.opens else part.held_by) not in by:
            who = "关联案件（LINKED）" if part.opens else part.held_by.title
            yield part.code, f"完成这个事项的操作不由{who}办理；请在 by= 中加上。"


def part_opens_a_definition(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A part that opens a linked case names a definition that runs here, in the same editions."""
    for _, part in _parts(blueprint):
        if not part.opens:
            continue
        there = (
            {e for b in world.catalogue.editions(part.opens) for e in b.editions}
            if part.opens in world.catalogue.codes
            else set()
        )
        if missing := [edition for edition in blueprint.editions if edition not in there]:
            yield (
                part.code,
                f"要开办的流程“{part.opens}”没有版本 {'、'.join(missing)}；请补上该流程或改正 opens=。",
            )


def parts_never_strand(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whichever parts are done, something can still be done."""
    for stage in waiting(blueprint):
        words = actions_in(blueprint, stage.id)
        onward = any(not word.completes and not word.stays for word in words)
        parts = tuple(part for part in stage.parts if not part.signing)
        for done in combinations_of(parts) if parts else ():
            left = [part for part in parts if part not in done]
            finishing = any(word.completes == part.code for word in words for part in left)
            if not finishing and not (onward and not any(part.required for part in left)):
                names = "、".join(f"“{part.label}”" for part in done) or "尚无事项"
                yield stage.id, f"{names}办结后没有可办的操作，案件会卡住；请加上离开本环节的操作。"
                break


def final_stage_rests(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A final stage has a result and nothing to do."""
    for stage in blueprint.stages.values():
        if not stage.final:
            if stage.result:
                yield stage.id, "只有终结环节才有 result=；请删去，或写 final=True。"
            continue
        if not stage.result:
            yield stage.id, "终结环节没有结果；请写 result=。"
        elif len(stage.result) > RESULT_LENGTH:
            yield stage.id, f"结果代码超过 {RESULT_LENGTH} 个字符；请缩短。"
        if stage.held_by or stage.limit or stage.within or stage.minimum or stage.parts:
            yield stage.id, "终结环节不再有承办岗位、时限和事项；请删去。"


def refusal_is_marked(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whoever is told no has come through a stage marked as refusing, on whose way in the reason is asked for."""
    for stage in blueprint.stages.values():
        if stage.result not in REFUSALS or stage.refusal:
            continue
        for word in blueprint.actions.values():
            for source, target in word.moves.items():
                if target == stage.id and not blueprint.stages[source].refusal:
                    yield (
                        stage.id,
                        f"“{word.label}”对申请人说“不”，须书面说明理由和救济途径；请在本环节写 refusal=True。",
                    )


def words_are_chinese(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whatever a user reads is there and is Chinese."""
    if not chinese(blueprint.title):
        yield "", "流程没有中文名称；请写 title=。"
    for stage in blueprint.stages.values():
        if not chinese(stage.label):
            yield stage.id, f"环节名称“{stage.label}”不是中文；请改正。"
    for _, part in _parts(blueprint):
        if not chinese(part.label):
            yield part.code, f"事项名称“{part.label}”不是中文；请改正。"
    for span in blueprint.spans.values():
        if not chinese(span.label):
            yield span.code, f"时限名称“{span.label}”不是中文；请改正。"
    for word in blueprint.actions.values():
        if word.label and not chinese(word.label):
            yield word.code, f"操作名称“{word.label}”不是中文；请改正。"
        if word.says and not chinese(word.says):
            yield word.code, f"办理日志用语“{word.says}”不是中文；请改正。"


def text_is_translated(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whatever a user reads is there in every language that is offered."""
    if world.translated is None:
        return
    for place, text in dict.fromkeys(texts(blueprint)):
        if text not in world.translated:
            yield place, f"“{text}”没有译文；请运行 python -m web.i18n，再在 web/translations 中填写。"


def codes_fit(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Codes fit the columns they are kept in."""
    codes = [blueprint.code, *blueprint.stages, *blueprint.actions, *blueprint.spans]
    for code in [*codes, *(part.code for _, part in _parts(blueprint))]:
        if len(code) > CODE_LENGTH:
            yield code, f"代码有 {len(code)} 个字符，最多 {CODE_LENGTH} 个；请缩短。"
    for edition in blueprint.editions:
        if len(edition) > EDITION_LENGTH:
            yield "", f"规则版本代码“{edition}”最多 {EDITION_LENGTH} 个字符；请缩短。"


def prefix_is_its_own(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Case numbers of two definitions never look alike, those of one definition always do."""
    prefix = blueprint.prefix
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and len(prefix) <= PREFIX_LENGTH):
        yield "", f"编号前缀“{prefix}”应是 1 到 {PREFIX_LENGTH} 个大写字母；请改正 prefix=。"
    for other in world.catalogue:
        if other.code != blueprint.code and other.prefix == prefix:
            yield "", f"编号前缀“{prefix}”与流程“{other.title}”相同；请换一个。"
        if other.code == blueprint.code and other.prefix != prefix:
            yield "", f"同一流程各版本的编号前缀应当相同，现有“{prefix}”和“{other.prefix}”；请改为一致。"


def edition_exists(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A definition has an edition, and each of its editions is one of those there are."""
    if not blueprint.editions:
        yield "", "没有写适用的规则版本；请写 editions=。"
    for edition in blueprint.editions:
        if world.editions is not None and edition not in world.editions:
            yield "", f"没有规则版本“{edition}”；现有：{'、'.join(world.editions)}，请改正 editions=。"


def steps_name_stages(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """The steps shown to the public are stages, each once."""
    steps = blueprint.cls.steps
    for step in dict.fromkeys(steps):
        if step not in blueprint.stages:
            yield step, "公开步骤里的这一项不是环节；请改正 steps=。"
        elif steps.count(step) > 1:
            yield step, "公开步骤里的这一项写了两次；请删去一个。"


def opened_by_people(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whoever opens a case by hand is a person."""
    for role in blueprint.cls.opened_by:
        if role.code not in ROLES:
            yield "", f"开办岗位“{role.title}”不是人员岗位；由关联案件或系统开办的流程不写 opened_by=。"


def _parts(blueprint: Blueprint) -> Iterator[tuple[Stage, Part]]:
    return ((stage, part) for stage in waiting(blueprint) for part in stage.parts)


def _moved_from_outside(blueprint: Blueprint, stage: str) -> bool:
    return any(not word.stays and {SYSTEM, LINKED} & set(word.by) for word in actions_in(blueprint, stage))


RULES: tuple[Rule, ...] = (
    stage_is_reachable, stage_can_end, stage_is_held, holder_can_act, part_is_held, part_can_be_done,
    part_opens_a_definition, parts_never_strand, final_stage_rests, refusal_is_marked, words_are_chinese,
    text_is_translated, assigning_needs_a_holder, codes_fit, prefix_is_its_own, edition_exists, steps_name_stages, opened_by_people,
)  # fmt: skip
