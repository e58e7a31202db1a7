"""What all pictures say of a stage or an action, in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from workflow.catalogue import Blueprint
from workflow.vocabulary import Action, Stage

Translate = Callable[[str], str]
"""From the Chinese text to the reader's language. Never asked about an empty text, which gettext answers strangely."""


def numbers(blueprint: Blueprint) -> dict[str, int]:
    """The number of each stage, as all pictures of this definition give it."""
    return {code: number for number, code in enumerate(blueprint.stages, 1)}


def holder(stage: Stage) -> str:
    """Who holds the stage."""
    return stage.held_by.title if stage.held_by else ""


def time_words(blueprint: Blueprint, stage: Stage, translate: Translate = str) -> tuple[str, str]:
    """By when the stage is to be finished, and the source of that; for a stage without limit, why."""
    if stage.limit:
        return translate(stage.limit.rule.label), stage.limit.source
    if stage.within in blueprint.spans:
        span = blueprint.spans[stage.within]
        return f"{translate(span.label)}：{translate(span.rule.label)}", span.source
    return (translate(stage.no_limit) if stage.no_limit else ""), ""


def ways(blueprint: Blueprint) -> dict[tuple[str, str], list[Action]]:
    """The actions that move a case, by stage left and stage entered; what leaves it in place is not among them."""
    found: dict[tuple[str, str], list[Action]] = {}
    for word in blueprint.actions.values():
        for way in word.moves.items() if not word.stays else ():
            found.setdefault(way, []).append(word)
    return found


def kept(blueprint: Blueprint, stage: str) -> Iterator[Action]:
    """The actions that leave a case in this stage."""
    return (word for word in blueprint.actions.values() if word.stays and stage in word.moves)


def name_of(function: Callable[..., Any]) -> str:
    """What a guard or effect is called; one made by another function goes by the name of its maker."""
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return str(name).partition(".<locals>")[0]


def roles_of(word: Action) -> str:
    """Who may do it."""
    return "、".join(role.title for role in word.by)
