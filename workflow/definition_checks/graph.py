"""Walks over the stages of a definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from workflow.catalogue import Blueprint
from workflow.vocabulary import Action, Part, Span, Stage

OPEN = "open"
"""The name the engine gives to the opening of a case; spans may begin with it."""


def waiting(blueprint: Blueprint) -> Iterator[Stage]:
    """The stages in which a case waits for something."""
    return (stage for stage in blueprint.stages.values() if not stage.final)


def actions_in(blueprint: Blueprint, stage: str) -> list[Action]:
    """The actions that may be done in this stage."""
    return [word for word in blueprint.actions.values() if stage in word.moves]


def reached(blueprint: Blueprint) -> set[str]:
    """The stages a case can come to."""
    ways: dict[str, set[str]] = {stage: set() for stage in blueprint.stages}
    for word in blueprint.actions.values():
        for source, target in word.moves.items():
            ways[source].add(target)
    return _closure(ways, [blueprint.initial])


def ending(blueprint: Blueprint) -> set[str]:
    """The stages from which a case can come to an end."""
    ways: dict[str, set[str]] = {stage: set() for stage in blueprint.stages}
    for word in blueprint.actions.values():
        for source, target in word.moves.items():
            ways[target].add(source)
    return _closure(ways, [code for code, stage in blueprint.stages.items() if stage.final])


def unclocked(blueprint: Blueprint, span: Span) -> set[str]:
    """The stages a case can stand in while this span does not run. Only what was sent back can go straight back."""
    first = (blueprint.initial, OPEN in span.since, False)
    seen, todo = {first}, [first]
    while todo:
        stage, running, returned = todo.pop()
        for word in actions_in(blueprint, stage):
            if word.straight_back and not returned:
                continue
            runs = (running and word.code not in span.until) or word.code in span.since
            state = (word.moves[stage], runs, returned or word.sends_back)
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return {stage for stage, running, _ in seen if not running}


def combinations_of(parts: tuple[Part, ...]) -> Iterable[tuple[Part, ...]]:
    """Every set of parts that may be done while the others are not."""
    return chain.from_iterable(combinations(parts, size) for size in range(len(parts) + 1))


def _closure(ways: dict[str, set[str]], start: Iterable[str]) -> set[str]:
    seen = set(start)
    todo = list(seen)
    while todo:
        for target in ways[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    return seen
