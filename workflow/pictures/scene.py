"""What is to be drawn of a definition: boxes with their lines of text, and arrows, cut into columns that fit a page.

Long ways back and ways into another column are no arrows but lines in the box they start from, which name the stage
by its number: "↑ 5 调查核实：异议成立".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from workflow.catalogue import Blueprint
from workflow.pictures.layout import GAP_Y, Arc, Layout, Node, lay_out, rank
from workflow.pictures.lettering import balanced, width, wrap
from workflow.pictures.reading import Translate, holder, numbers, time_words, ways
from workflow.vocabulary import Stage

BOX = 196
PAD = 12
LINE = {"label": 15, "plain": 12, "quiet": 12}
LEADING = {"label": 20, "plain": 17, "quiet": 16}
ARROW_LABEL = 12
LABEL_ROOM = 100
COLUMN_GAP = 40
LONG = 3
"""Arrows over so many ranks are named in the box instead, unless they are the only way."""
MOST_COLUMNS = 4
PAGE = (1062, 750)
"""A4 across, at 96 units an inch within margins; upright it is the other way round."""


@dataclass(frozen=True)
class Written:
    """A line in a box."""

    kind: str
    text: str


@dataclass(frozen=True)
class Box:
    """A stage as drawn."""

    code: str
    final: bool
    label: str
    body: tuple[Written, ...]
    ports: tuple[Written, ...] = ()

    @property
    def height(self) -> int:
        """Its height with all lines."""
        lines = sum(LEADING[line.kind] for line in (*self.body, *self.ports))
        return lines + 2 * PAD - 4 + (8 if self.ports else 0)


@dataclass(frozen=True)
class Way:
    """One or several actions from one stage to another, by their labels."""

    source: str
    target: str
    labels: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines written beside the arrow."""
        return tuple(line for label in self.labels for line in balanced(label, ARROW_LABEL, LABEL_ROOM))

    @property
    def arc(self) -> Arc:
        """The arrow with room for its label."""
        widest = max(width(line, ARROW_LABEL) for line in self.lines)
        return Arc(self.source, self.target, widest + 8, 16 * len(self.lines) + 4)


@dataclass(frozen=True)
class Scene:
    """All that is drawn, whatever the case; hashable, so that its layout is computed once."""

    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    initial: str
    came_from: str


@dataclass(frozen=True)
class Column:
    """One column of the drawing."""

    boxes: tuple[Box, ...]
    layout: Layout
    left: int


@dataclass(frozen=True)
class Plan:
    """The finished layout."""

    columns: tuple[Column, ...]
    width: int
    height: int


def scene_of(blueprint: Blueprint, translate: Translate) -> Scene:
    """The boxes and arrows of a definition in the reader's language."""
    number = numbers(blueprint)
    boxes = tuple(
        Box(
            stage.id,
            stage.final,
            translate(stage.label),
            _body(blueprint, stage, number[stage.id], translate),
        )
        for stage in blueprint.stages.values()
    )
    found = tuple(
        Way(source, target, tuple(translate(word.label) for word in words))
        for (source, target), words in ways(blueprint).items()
    )
    return Scene(boxes, found, blueprint.initial, translate("来自"))


def _body(blueprint: Blueprint, stage: Stage, number: int, translate: Translate) -> tuple[Written, ...]:
    lines = [
        Written("label", line)
        for line in wrap(f"{number} {translate(stage.label)}", LINE["label"], BOX - 2 * PAD)
    ]
    if stage.final:
        return tuple(lines)
    time, source = time_words(blueprint, stage, translate)
    if who := holder(stage):
        lines += _written("plain", translate(who))
    if time:
        lines += _written("plain" if source else "quiet", time)
    if stage.minimum:
        lines += _written("plain", f"{translate('至少')} {translate(stage.minimum.rule.label)}")
    for part in stage.parts:
        lines += _written("quiet", f"∥ {translate(part.label)} · {translate(part.held_by.title)}")
    return tuple(lines)


def _written(kind: str, text: str) -> list[Written]:
    return [Written(kind, line) for line in wrap(text, LINE[kind], BOX - 2 * PAD)]


@lru_cache(maxsize=64)
def plan(scene: Scene) -> Plan:
    """Lay the scene out in as many columns as make it largest on a page of A4."""
    aside = _aside(scene)
    drawn = [way for way in scene.ways if way.target not in aside and way.source != way.target]
    ranks, back = rank([box.code for box in scene.boxes if box.code not in aside], [way.arc for way in drawn])
    entered: set[str] = set()
    arrows = []
    for way in sorted(drawn, key=lambda way: abs(ranks[way.target] - ranks[way.source])):
        climbs = way.arc in back
        if abs(ranks[way.target] - ranks[way.source]) <= LONG or (not climbs and way.target not in entered):
            arrows.append(way)
            entered |= set() if climbs else {way.target}
    most = min(MOST_COLUMNS, max(ranks.values(), default=0) + 1)
    plans = [_in_columns(scene, ranks, arrows, columns) for columns in range(1, most + 1)]
    return max(plans, key=lambda finished: (min(_scale(finished), 1.0), -len(finished.columns)))


def _aside(scene: Scene) -> set[str]:
    """The final stages that are one way out among others: named in the boxes that lead there, listed at the foot."""
    final = {box.code for box in scene.boxes if box.final}
    going_on = {way.source for way in scene.ways if way.target not in final}
    sources = {code: {way.source for way in scene.ways if way.target == code} for code in final}
    return {code for code, before in sources.items() if len(before) > 1 or before & going_on}


def _scale(finished: Plan) -> float:
    """How large the drawing is on its page, the better way round."""
    long, short = PAGE
    return max(
        min(long / finished.width, short / finished.height),
        min(short / finished.width, long / finished.height),
    )


def _in_columns(scene: Scene, ranks: Mapping[str, int], arrows: Sequence[Way], count: int) -> Plan:
    column_of = _cut(scene, ranks, arrows, count)
    inside = [way for way in arrows if column_of[way.source] == column_of[way.target]]
    boxes = _with_ports(scene, ranks, inside)
    columns, left, height = [], 0, 0
    for index in range(count):
        members = tuple(box for box in boxes if column_of.get(box.code) == index)
        arcs = [way.arc for way in inside if column_of[way.source] == index]
        layout = lay_out([Node(box.code, BOX, box.height) for box in members], arcs)
        columns.append(Column(members, layout, left))
        left += layout.width + COLUMN_GAP
        height = max(height, layout.height)
    aside = tuple(box for box in boxes if box.code not in ranks)
    across = max((left - COLUMN_GAP + GAP_Y) // (BOX + GAP_Y), 1)
    foot, deep = _foot(aside, height + COLUMN_GAP, across)
    return Plan((*columns, foot) if aside else tuple(columns), max(left - COLUMN_GAP, BOX), max(height, deep))


def _foot(boxes: Sequence[Box], top: int, across: int) -> tuple[Column, int]:
    """The final stages in rows at the foot of the page."""
    places: dict[str, tuple[int, int]] = {}
    bottom = top
    for start in range(0, len(boxes), across):
        row, top = boxes[start : start + across], bottom + (GAP_Y if start else 0)
        places |= {box.code: (BOX // 2 + index * (BOX + GAP_Y), top) for index, box in enumerate(row)}
        bottom = top + max(box.height for box in row)
    return Column(tuple(boxes), Layout(places, (), 0, bottom), 0), bottom


def _cut(scene: Scene, ranks: Mapping[str, int], arrows: Sequence[Way], count: int) -> dict[str, int]:
    """The column of each stage: columns of like height, with few arrows cut."""
    last = max(ranks.values(), default=0)
    heights = [0] * (last + 1)
    for box in scene.boxes:
        if box.code in ranks:
            heights[ranks[box.code]] = max(heights[ranks[box.code]], box.height + 2 * GAP_Y + 24)

    def cost(cuts: tuple[int, ...]) -> tuple[int, ...]:
        edges = (0, *cuts, last + 1)
        tallest = max(sum(heights[a:b]) for a, b in pairwise(edges))
        cut = sum(_side(ranks[way.source], cuts) != _side(ranks[way.target], cuts) for way in arrows)
        return (tallest + 40 * cut, *cuts)

    cuts = min(combinations(range(1, last + 1), count - 1), key=cost)
    return {code: _side(place, cuts) for code, place in ranks.items()}


def _side(place: int, cuts: Collection[int]) -> int:
    return sum(place >= cut for cut in cuts)


def _with_ports(scene: Scene, ranks: Mapping[str, int], drawn: Collection[Way]) -> list[Box]:
    """The boxes with a line for each way that is not drawn as an arrow, and where one comes from if none is."""
    by_code = {box.code: box for box in scene.boxes}
    number = {box.code: position for position, box in enumerate(scene.boxes, 1)}
    last = len(by_code)
    ports: dict[str, list[Written]] = {code: [] for code in by_code}
    for way in scene.ways:
        if way in drawn:
            continue
        sign = (
            "↻"
            if way.source == way.target
            else "↑"
            if ranks.get(way.target, last) <= ranks[way.source]
            else "→"
        )
        where = "" if way.source == way.target else f"{number[way.target]} {by_code[way.target].label}："
        ports[way.source] += _written("quiet", f"{sign} {where}{'、'.join(way.labels)}")
    entered = {way.target for way in drawn if ranks[way.target] > ranks[way.source]}
    for code in by_code:
        sources = sorted(
            {number[way.source] for way in scene.ways if way.target == code and way.source != code}
        )
        if sources and code not in entered:
            ports[code] += _written("quiet", f"{scene.came_from} {'、'.join(map(str, sources))}")
    return [replace(box, ports=tuple(ports[box.code])) for box in scene.boxes]
