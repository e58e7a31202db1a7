"""Rules about actions: they speak, name their people, keep four eyes, and mean one thing."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.graph import actions_in
from workflow.definition_checks.reading import texts_in
from workflow.forms import Reason
from workflow.policy import HANDS
from workflow.roles import LINKED, ROLES, SYSTEM

APART = ("investigation", "opinion", "county_review")
"""Whoever decides is another person than those who investigated and those who reviewed."""


def action_speaks(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every action has a label, a role and what the journal says."""
    for word in blueprint.actions.values():
        if not word.label:
            yield word.code, "操作没有名称；请写名称。"
        if not word.says:
            yield word.code, "操作没有办理日志用语；请写 says=。"
        if not word.by:
            yield word.code, "操作没有办理岗位；请写 by=。"
        for role in word.by:
            if role not in (SYSTEM, LINKED) and ROLES.get(role.code) is not role:
                yield word.code, f"没有岗位“{role.title}”；请改用 workflow.roles 中的岗位。"


def action_means_one_thing(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """From one stage an action leads to one stage; it either stays everywhere or moves everywhere."""
    for word in blueprint.actions.values():
        ways = [
            (stage.id, transition)
            for stage in blueprint.cls.states
            for transition in stage.transitions
            if transition.match(word.code)
        ]
        sources = [source for source, _ in ways]
        for source in dict.fromkeys(sources):
            if sources.count(source) > 1:
                yield word.code, f"从“{blueprint.stages[source].label}”出发有两个去向；请拆成两个操作。"
        if len({bool(transition.internal) for _, transition in ways}) > 1:
            yield word.code, "在有的环节原地办理，在有的环节转出；请拆成两个操作。"


def action_can_be_done(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """No action waits for what never happens: straight back goes only what is sent back here from there."""
    for word in blueprint.actions.values():
        for start, target in word.moves.items() if word.straight_back else ():
            if not any(
                other.sends_back and other.moves.get(target) == start for other in blueprint.actions.values()
            ):
                labels = blueprint.stages[target].label, blueprint.stages[start].label
                yield (
                    word.code,
                    f"没有任何操作从“{labels[0]}”退回“{labels[1]}”，直送回永远不能办；请加上退回，或删去。",
                )


def labels_differ(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Two buttons of one stage never say the same."""
    for stage in blueprint.stages.values():
        seen: dict[str, str] = {}
        for word in actions_in(blueprint, stage.id):
            if word.label in seen:
                yield (
                    word.code,
                    f"在“{stage.label}”与操作 {seen[word.label]} 同名“{word.label}”；请改一个名称。",
                )
            seen.setdefault(word.label, word.code)


def one_primary_action(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """For one piece of work and one role, at most one action is the primary one, and a person does it."""
    for stage in blueprint.stages.values():
        seen: dict[tuple[str, str], str] = {}
        for word in actions_in(blueprint, stage.id):
            for role in word.by if word.primary else ():
                other = seen.setdefault((word.completes, role.code), word.code)
                if other != word.code:
                    yield (
                        word.code,
                        f"在“{stage.label}”与操作 {other} 都是{role.title}的主要操作；请只留一个 primary=True。",
                    )
    for word in blueprint.actions.values():
        if word.primary and set(word.by) <= {SYSTEM, LINKED}:
            yield word.code, "只由系统或关联案件办理的操作不显示按钮；请去掉 primary=True。"


def unattended_has_no_hands(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """What only the system does leaves nobody's hand in the case and needs none apart."""
    for word in blueprint.actions.values():
        if word.by and set(word.by) == {SYSTEM} and (word.hand or word.apart_from):
            yield word.code, "只由系统办理的操作没有经手人；请去掉 hand= 和 apart_from=。"


def refusal_has_reason(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whatever leads to a refusal asks for its written reason."""
    for word in blueprint.actions.values():
        if word.stays or not any(blueprint.stages[target].refusal for target in word.moves.values()):
            continue
        reason = word.form.fields().get("reason")
        if not (isinstance(reason, Reason) and reason.required and not reason.only_if):
            yield word.code, "不予批准须书面说明理由；请在表单中加上必填的 reason = Reason(...)。"


def decision_keeps_four_eyes(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Whoever decides is apart from those who investigated and reviewed, and such hands are really had by somebody."""
    given = hands_given(blueprint)
    for word in blueprint.actions.values():
        if word.decides and not word.apart_from:
            yield word.code, "作决定的人须与经办人分开；请写 apart_from=。"
        elif word.decides:
            for hand in APART:
                if hand in given and hand not in word.apart_from and hand != word.hand:
                    yield word.code, f"作决定的人须与{HANDS[hand]}人分开；请在 apart_from= 中加上“{hand}”。"
        if word.hand and word.hand in word.apart_from:
            yield (
                word.code,
                f"经手身份“{word.hand}”同时列入 apart_from=，退回后原办理人不能再办；请去掉一处。",
            )
        for hand in (*word.apart_from, *([word.hand] if word.hand else ())):
            if hand not in HANDS:
                yield word.code, f"没有经手身份“{hand}”；可用：{'、'.join(HANDS)}。"
            elif hand not in given:
                yield (
                    word.code,
                    f"没有任何操作产生经手身份“{hand}”；请在相应操作写 hand=，或从 apart_from= 去掉。",
                )


def completes_names_a_part(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """An action that finishes a part is done only where that part is."""
    for word in blueprint.actions.values():
        for source in word.moves if word.completes else ():
            stage = blueprint.stages[source]
            if word.completes not in {part.code for part in stage.parts}:
                yield (
                    word.code,
                    f"“{stage.label}”没有事项“{word.completes}”；请改正 completes= 或补上 parts=。",
                )


def binding_reaches_all_editions(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """An action that takes the edition in force is there, from the same stages, in every edition."""
    for word in blueprint.actions.values():
        for other in world.catalogue.editions(blueprint.code) if word.binds else ():
            there = other.actions[word.code].moves if word.code in other.actions else {}
            for source in word.moves:
                if source not in there:
                    yield (
                        word.code,
                        f"版本 {'、'.join(other.editions)} 在“{source}”没有这个操作，案件无法换用该版本；请补上。",
                    )


def hands_given(blueprint: Blueprint) -> set[str]:
    """The hands somebody gets: by an action itself, or by an effect that calls `add_hand` with its name."""
    given = {word.hand for word in blueprint.actions.values() if word.hand}
    for word in blueprint.actions.values():
        for effect in word.effects:
            given |= {
                text for text, code in texts_in(effect) if text in HANDS and "add_hand" in code.co_names
            }
    return given


RULES: tuple[Rule, ...] = (
    action_speaks, action_means_one_thing, action_can_be_done, labels_differ, one_primary_action, unattended_has_no_hands,
    refusal_has_reason, decision_keeps_four_eyes, completes_names_a_part, binding_reaches_all_editions,
)  # fmt: skip
