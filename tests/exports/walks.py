"""Ways through a definition, as any form of it tells them: triples of stage left, action, stage entered."""

from collections import deque
from collections.abc import Iterable

from workflow.catalogue import Blueprint

Step = tuple[str, str, str]


def steps_of(blueprint: Blueprint) -> set[Step]:
    """What moves a case, by the definition itself."""
    return {
        (source, word.code, target)
        for word in blueprint.actions.values()
        if not word.stays
        for source, target in word.moves.items()
    }


def paths(steps: Iterable[Step], start: str, length: int) -> set[tuple[str, ...]]:
    """The sequences of actions of at most so many steps that lead from the start on."""
    out: dict[str, list[tuple[str, str]]] = {}
    for source, action, target in steps:
        out.setdefault(source, []).append((action, target))
    found, ends = {()}, {((), start)}
    for _ in range(length):
        ends = {((*path, action), target) for path, stage in ends for action, target in out.get(stage, ())}
        found |= {path for path, _stage in ends}
    return found


def covering(steps: set[Step], start: str, final: set[str]) -> list[list[Step]]:
    """For each step a walk from the start over it to an end, the shortest there is."""
    there = _shortest(steps, {start}, forward=True)
    home = _shortest(steps, final, forward=False)
    return [[*there[step[0]], step, *home[step[2]]] for step in sorted(steps)]


def _shortest(steps: set[Step], ends: set[str], *, forward: bool) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {end: [] for end in sorted(ends)}
    queue = deque(found)
    while queue:
        stage = queue.popleft()
        for step in sorted(steps):
            near, far = (step[0], step[2]) if forward else (step[2], step[0])
            if near == stage and far not in found:
                found[far] = [*found[stage], step] if forward else [step, *found[stage]]
                queue.append(far)
    return found
