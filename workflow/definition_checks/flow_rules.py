"""Rules about the ways off the straight one: sending back, taking back, several signatures, revoking, papers later."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.graph import waiting
from workflow.definition_checks.words import chinese
from workflow.flow.verbs import VERBS
from workflow.roles import LINKED, ROLES
from workflow.vocabulary import Action

ENOUGH = 2
"""Fewer than two signers are no round."""


def return_goes_back(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """What is sent back goes to an earlier stage, from which the ordinary way leads here again."""
    steps = _steps_from(blueprint, blueprint.initial)
    for word in blueprint.actions.values():
        for source, target in word.moves.items() if word.sends_back else ():
            labels = blueprint.stages[source].label, blueprint.stages[target].label
            if target == source or steps.get(target, 0) >= steps.get(source, 0):
                yield word.code, f"“{labels[1]}”不在“{labels[0]}”之前；退回只能退到先前的环节。"
            elif source not in _steps_from(blueprint, target):
                yield word.code, f"从“{labels[1]}”按正常步骤走不到“{labels[0]}”；请改正退回的去向。"


def straight_back_skips_no_legal_step(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Going straight back never leaves out what must be done anew: publicity, or a decision."""
    for word in blueprint.actions.values():
        for start, target in word.moves.items() if word.straight_back else ():
            if target not in _steps_from(blueprint, start, lawful=True):
                labels = blueprint.stages[start].label, blueprint.stages[target].label
                yield (
                    word.code,
                    f"从“{labels[0]}”直送回“{labels[1]}”会跳过公示或决定；请从 straight_back= 中去掉。",
                )


def returned_parts_can_be_ended(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A stage that can be sent back while a linked case runs says how that case is ended."""
    for word in blueprint.actions.values():
        for source in word.moves if word.sends_back else ():
            for part in blueprint.stages[source].parts:
                if part.opens and not part.ends:
                    yield word.code, f"退回时“{part.label}”的关联案件可能还在办；请在 Part 写 ends=。"
    for stage in waiting(blueprint):
        for part in stage.parts:
            if part.ends and not any(
                part.ends in other.actions and LINKED in other.actions[part.ends].by
                for other in world.catalogue if other.code == part.opens
            ):  # fmt: skip
                yield part.code, f"“{part.opens}”没有由关联案件办理的操作“{part.ends}”；请改正 ends=。"


def taken_back_leaves_nothing(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Only an act without legal effect, or with its undoing declared, can be taken back."""
    for word in blueprint.actions.values():
        if not word.withdrawable:
            if word.undo:
                yield word.code, "写了 undo= 却不能撤回；请加上 withdrawable=True 或删去 undo=。"
            continue
        ends = [blueprint.stages[target] for target in word.moves.values()]
        if word.stays:
            yield word.code, "原地办理的操作不能撤回；请去掉 withdrawable=True。"
        elif word.decides or word.binds or any(stage.final or stage.refusal for stage in ends):
            yield word.code, "决定、受理和办结不能撤回；请去掉 withdrawable=True。"
        elif word.effects and not word.undo:
            yield word.code, "有法律效果的操作要能撤回，须写 undo=；否则请去掉 withdrawable=True。"
        elif any(stage.minimum for stage in [*ends, *(blueprint.stages[source] for source in word.moves)]):
            yield word.code, "进出公示的操作不能撤回；请去掉 withdrawable=True。"
        elif any(part.opens for stage in ends for part in stage.parts):
            yield word.code, "这一操作会开办关联案件，不能撤回；请去掉 withdrawable=True。"


def signing_is_lawful(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Several signatures: a source, people who may sign, the legal minimum, and 或签 never where something is decided."""
    for stage in waiting(blueprint):
        decides = any(word.decides and stage.id in word.moves for word in blueprint.actions.values())
        for part in stage.parts:
            signing = part.signing
            if signing is None:
                continue
            if not signing.source:
                yield part.code, "多人签署没有依据；请写 source=。"
            if not signing.by or any(ROLES.get(role.code) is not role for role in signing.by):
                yield part.code, "没有写由哪些岗位签署；请写 by=。"
            if signing.rule.code == "any" and decides:
                yield part.code, "作决定的环节不能用或签；请改用会签、比例或顺序签。"
            if signing.minimum < ENOUGH and signing.rule.code != "any":
                yield part.code, f"签署人至少 {ENOUGH} 人；请改正 minimum=。"
            if signing.rule.number > signing.minimum:
                yield (
                    part.code,
                    f"要求 {signing.rule.number} 人同意，却可以只请 {signing.minimum} 人；请改正 minimum=。",
                )
            if signing.rule.code == "weight" and not signing.rule.source.strip():
                yield part.code, "票权没有依据；请写明规定票权的文件。"
            if strange := set(signing.rule.weights) - {role.code for role in signing.by}:
                yield part.code, f"票权写了不签署的岗位：{'、'.join(sorted(strange))}；请改正。"
            if any(word.completes == part.code for word in blueprint.actions.values()):
                yield part.code, "多人签署的事项由签署办结；请去掉其他操作的 completes=。"


def revocation_names_what_it_undoes(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A case is revoked in one way, to an end, and each thing undone has a name and the stages that call for it."""
    found = [word for word in blueprint.actions.values() if word.revokes]
    for word in found[1:]:
        yield word.code, "撤销案件只能有一个操作；请合并。"
    for word in found:
        if any(not blueprint.stages[target].final for target in word.moves.values()):
            yield word.code, "撤销案件须通向终结环节；请改正。"
        for one in word.compensations:
            if not chinese(one.label) or not one.after:
                yield word.code, "撤销时要补救的事项没有名称或没有写在哪些环节之后；请补上。"
            elif any(stage.id not in blueprint.stages for stage in one.after):
                yield word.code, f"“{one.label}”写了不属于本流程的环节；请改正 after=。"


def later_papers_are_known(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Papers that may come later are known by name, are not asked for at once, and have a limit with its source."""
    for word in blueprint.actions.values():
        later = word.papers_later
        if later is None:
            continue
        if not later.kinds:
            yield word.code, "没有写可以后补哪些材料；请写材料种类。"
        for kind in later.kinds:
            if kind not in blueprint.cls.papers:
                yield word.code, f"后补材料“{kind}”不在 papers= 中；请补上名称。"
        if not later.limit.source:
            yield word.code, "补办手续的期限没有依据；请写 source=。"
        if word.stays:
            yield word.code, "先行办理须推进案件；原地办理的操作请改用 needs=。"


def names_are_not_the_engines(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """No action is called as what the engine offers on every case."""
    for code in blueprint.actions.keys() & VERBS.keys():
        yield code, f"“{code}”是所有办件共有的操作“{VERBS[code].label}”；请换一个代码。"


def _steps_from(blueprint: Blueprint, start: str, *, lawful: bool = False) -> dict[str, int]:
    """How many ordinary acts it is from a stage to each other; `lawful`: by ways without publicity or decision only."""

    def goes(word: Action, target: str) -> bool:
        if word.sends_back or word.straight_back or word.revokes:
            return False
        return not lawful or not (word.decides or blueprint.stages[target].minimum)

    found, todo = {start: 0}, [start]
    while todo:
        here = todo.pop(0)
        for word in blueprint.actions.values():
            target = word.moves.get(here)
            if target is not None and target not in found and goes(word, target):
                found[target] = found[here] + 1
                todo.append(target)
    return found


RULES: tuple[Rule, ...] = (
    return_goes_back, straight_back_skips_no_legal_step, returned_parts_can_be_ended, taken_back_leaves_nothing,
    signing_is_lawful, revocation_names_what_it_undoes, later_papers_are_known, names_are_not_the_engines,
)  # fmt: skip
