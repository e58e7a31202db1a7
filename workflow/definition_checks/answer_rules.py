"""Rules about what guards and effects read from a form, seen in their source: asked before a release, not at every start."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.catalogue import Blueprint
from workflow.definition_checks.finding import Fault, Rule, World
from workflow.definition_checks.reading import added_by_clean, uses


def answer_is_asked_for(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """Every answer that an effect or guard cannot do without is a question of the action's form."""
    for word in blueprint.actions.values():
        functions = (*word.guards, *word.effects, word.form.check)
        found = [uses(function) for function in functions]
        given = set(word.form.fields()) | added_by_clean(word.form)
        given |= {name for use in found for name in use.writes}
        for function, use in zip(functions, found, strict=True):
            for name in sorted(use.reads - given):
                yield (
                    word.code,
                    f"{function.__name__} 要用表单项“{name}”，表单 {word.form.__name__} 里没有；请在表单中加上。",
                )


def offering_asks_no_answer(blueprint: Blueprint, world: World) -> Iterator[Fault]:
    """A guard that decides whether an action is offered is asked before there are answers."""
    for word in blueprint.actions.values():
        for guard in word.when:
            for name in sorted(uses(guard).reads):
                yield (
                    word.code,
                    f"{guard.__name__} 要看表单项“{name}”，这时还没有填表；请从 when= 移到 guards=。",
                )


RULES: tuple[Rule, ...] = (answer_is_asked_for, offering_asks_no_answer)
