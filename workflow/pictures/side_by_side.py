"""Two editions of a definition drawn beside each other, with what differs marked on both."""

from __future__ import annotations

import re

from workflow.catalogue import Blueprint
from workflow.pictures.drawing import ADDED, CHANGED, REMOVED, svg
from workflow.pictures.reading import Translate

_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
GAP = 16


def side_by_side(before: Blueprint, after: Blueprint, translate: Translate = str) -> str:
    """One SVG: the older edition on the left with what it loses, the newer on the right with what it gains."""
    lost, gained = marks(before, after)
    left, right = svg(before, marks=lost, translate=translate), svg(after, marks=gained, translate=translate)
    (w1, h1), (w2, h2) = _size(left), _size(right)
    width, height = w1 + GAP + w2, max(h1, h2)
    inner = right.replace("<svg ", f'<svg x="{w1 + GAP}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        f"{left}\n{inner}\n</svg>"
    )


def marks(before: Blueprint, after: Blueprint) -> tuple[dict[str, str], dict[str, str]]:
    """For each side, the stages that differ and how: by what is laid down of them or by the actions that leave them."""
    from workflow.pictures.record import document

    old = {stage["code"]: stage for stage in document(before)["stages"]}
    new = {stage["code"]: stage for stage in document(after)["stages"]}
    ways = {code: (_ways(before, code), _ways(after, code)) for code in old.keys() & new.keys()}
    changed = {
        code
        for code, (was, now) in ways.items()
        if _laid_down(old[code]) != _laid_down(new[code]) or was != now
    }
    lost = {code: REMOVED for code in old if code not in new}
    gained = {code: ADDED for code in new if code not in old}
    both = dict.fromkeys(changed, CHANGED)
    return lost | both, gained | both


def _laid_down(stage: dict[str, object]) -> dict[str, object]:
    wording = {"label", "todo", "no_limit", "public", "parts"}
    return {key: value for key, value in stage.items() if key not in wording}


def _ways(blueprint: Blueprint, stage: str) -> set[tuple[str, str]]:
    return {(word.code, word.moves[stage]) for word in blueprint.actions.values() if stage in word.moves}


def _size(drawn: str) -> tuple[int, int]:
    found = _SIZE.search(drawn)
    assert found is not None
    return int(found[1]), int(found[2])
