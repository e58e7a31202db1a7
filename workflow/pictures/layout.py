"""A layered layout: boxes in ranks from top to bottom, arrows through lanes of their own, so that nothing overlaps.

The steps are those of Sugiyama: break the cycles, rank by the longest path, give every arrow a place in each rank it
crosses (its label among them), order the ranks by barycentres, and move everything as near to its neighbours as its
width allows. Equal input gives equal output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

GAP_X, GAP_Y = 18, 17
"""Between boxes or labels side by side, and between ranks."""
PORT_GAP = 18
"""Between the ends of two arrows on one box."""
SWEEPS = 14


@dataclass(frozen=True)
class Node:
    """A box to be placed."""

    code: str
    width: int
    height: int


@dataclass(frozen=True)
class Arc:
    """An arrow to be drawn, with room for its label."""

    source: str
    target: str
    width: int
    height: int


@dataclass(frozen=True)
class Route:
    """An arrow as drawn: from the first point to the last, straight while x stays; the middle of its label."""

    arc: Arc
    points: tuple[tuple[int, int], ...]
    label: tuple[int, int]
    back: bool


@dataclass(frozen=True)
class Layout:
    """Middle of the top edge of every box, the routes, and the size of the whole."""

    places: Mapping[str, tuple[int, int]]
    routes: tuple[Route, ...]
    width: int
    height: int


def rank(codes: Sequence[str], arcs: Iterable[Arc]) -> tuple[dict[str, int], set[Arc]]:
    """The rank of each box by the longest way to it, and the arcs that lead back up."""
    out: dict[str, list[Arc]] = {code: [] for code in codes}
    for arc in arcs:
        out[arc.source].append(arc)
    back, order, state = set[Arc](), list[str](), dict[str, int]()
    for start in codes:
        if start in state:
            continue
        state[start] = 1
        path = [(start, iter(out[start]))]
        while path:
            code, rest = path[-1]
            for arc in rest:
                if state.get(arc.target) == 1:
                    back.add(arc)
                elif arc.target not in state:
                    state[arc.target] = 1
                    path.append((arc.target, iter(out[arc.target])))
                    break
            else:
                state[code] = 2
                order.append(code)
                path.pop()
    ranks = dict.fromkeys(codes, 0)
    for code in reversed(order):
        for arc in out[code]:
            if arc not in back:
                ranks[arc.target] = max(ranks[arc.target], ranks[code] + 1)
    return ranks, back


@dataclass(eq=False)
class _Cell:
    """A box, or the place of an arrow in a rank it crosses."""

    row: int
    width: int
    height: int
    node: Node | None = None
    up: list[_Cell] = field(default_factory=list)
    down: list[_Cell] = field(default_factory=list)
    index: int = 0
    x: float = 0.0

    @property
    def weight(self) -> float:
        """How much this place wants to be straight with its neighbours."""
        return 1.0 if self.node else 4.0


def lay_out(nodes: Sequence[Node], arcs: Sequence[Arc]) -> Layout:
    """Places and routes. Every arc joins two different nodes."""
    ranks, back = rank([node.code for node in nodes], arcs)
    rows: list[list[_Cell]] = [[] for _ in range(2 * max(ranks.values(), default=0) + 1)]
    boxes = {node.code: _Cell(2 * ranks[node.code], node.width, node.height, node) for node in nodes}
    for cell in boxes.values():
        rows[cell.row].append(cell)
    chains = {arc: _chain(arc, boxes, rows, arc in back) for arc in arcs}
    _order(rows)
    _spread(rows)
    left = min((cell.x - cell.width / 2 for row in rows for cell in row), default=0)
    right = max((cell.x + cell.width / 2 for row in rows for cell in row), default=0)
    for row in rows:
        for cell in row:
            cell.x -= left
    tops, bottoms = _heights(rows)
    places = {}
    for code, cell in boxes.items():
        slack = bottoms[cell.row] - tops[cell.row] - cell.height
        places[code] = (round(cell.x), tops[cell.row] + slack // 2)
    routes = tuple(
        _route(arc, chain, places, boxes, tops, bottoms, arc in back) for arc, chain in chains.items()
    )
    return Layout(places, routes, round(right - left), bottoms[-1])


def _chain(arc: Arc, boxes: Mapping[str, _Cell], rows: list[list[_Cell]], back: bool) -> list[_Cell]:
    """The places of an arrow from the upper box to the lower one; its label is next to where it starts."""
    upper, lower = (arc.target, arc.source) if back else (arc.source, arc.target)
    first, last = boxes[upper].row + 1, boxes[lower].row - 1
    chain = [boxes[upper]]
    for row in range(first, last + 1):
        labelled = row == (last if back else first)
        cell = _Cell(row, arc.width if labelled else 0, arc.height if labelled else 0)
        rows[row].append(cell)
        chain.append(cell)
    chain.append(boxes[lower])
    for above, below in pairwise(chain):
        above.down.append(below)
        below.up.append(above)
    return chain


def _order(rows: list[list[_Cell]]) -> None:
    """Order every rank so that few arrows cross."""
    _number(rows)
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else reversed(rows):
            keys = {
                id(cell): sum(other.index for other in near) / len(near) if near else cell.index
                for cell in row
                for near in (cell.up if downwards else cell.down,)
            }
            row.sort(key=lambda cell, keys=keys: (keys[id(cell)], cell.index))  # type: ignore[misc]
            _number([row])
        if (crossings := _crossings(rows)) < fewest:
            best, fewest = [list(row) for row in rows], crossings
    rows[:] = best
    _number(rows)


def _number(rows: Iterable[list[_Cell]]) -> None:
    for row in rows:
        for index, cell in enumerate(row):
            cell.index = index


def _crossings(rows: list[list[_Cell]]) -> int:
    total = 0
    for row in rows:
        ends = [(cell.index, below.index) for cell in row for below in cell.down]
        total += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(ends) for c, d in ends[:n])
    return total


def _spread(rows: list[list[_Cell]]) -> None:
    """Move the places of each rank to the middle of their neighbours, as far as their widths allow."""
    for row in rows:
        edge = 0.0
        for cell in row:
            cell.x = edge + cell.width / 2
            edge += cell.width + GAP_X
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = []
            for cell in row:
                near = (
                    cell.up + cell.down
                    if sweep > SWEEPS
                    else (cell.up if sweep % 2 == 0 else cell.down) or cell.up + cell.down
                )
                heavy = sum(other.weight for other in near)
                wanted.append(sum(other.x * other.weight for other in near) / heavy if near else cell.x)
            _separate(row, wanted)


def _separate(row: list[_Cell], wanted: Sequence[float]) -> None:
    """The nearest places to the wanted ones that keep order and distance."""
    gaps = [(one.width + other.width) / 2 + GAP_X for one, other in pairwise(row)]
    for cell, place in zip(row, _apart(wanted, gaps, [cell.weight for cell in row]), strict=True):
        cell.x = place


def _apart(wanted: Sequence[float], gaps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones with at least these gaps between them, in the same order."""
    offsets = list(accumulate(gaps, initial=0.0))[: len(wanted)]
    blocks: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        block = ((want - offset) * weight, weight, 1)
        while blocks and blocks[-1][0] / blocks[-1][1] > block[0] / block[1]:
            before = blocks.pop()
            block = (block[0] + before[0], block[1] + before[1], block[2] + before[2])
        blocks.append(block)
    places = [total / weight for total, weight, count in blocks for _ in range(count)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def _heights(rows: list[list[_Cell]]) -> tuple[list[int], list[int]]:
    tops, bottoms, y = [], [], 0
    for row in rows:
        height = max((cell.height for cell in row), default=0)
        tops.append(y)
        bottoms.append(y + height)
        y += height + GAP_Y
    return tops, bottoms


def _route(
    arc: Arc, chain: list[_Cell], places: Mapping[str, tuple[int, int]], boxes: Mapping[str, _Cell],
    tops: list[int], bottoms: list[int], back: bool,
) -> Route:  # fmt: skip
    upper, lower = chain[0], chain[-1]
    assert upper.node
    assert lower.node
    start, end = _port(upper, chain[1], upper.down), _port(lower, chain[-2], lower.up)
    points = [(start, places[upper.node.code][1] + upper.height), (start, bottoms[upper.row])]
    for cell in chain[1:-1]:
        points += [(round(cell.x), tops[cell.row]), (round(cell.x), bottoms[cell.row])]
    points += [(end, tops[lower.row]), (end, places[lower.node.code][1])]
    labelled = chain[-2] if back else chain[1]
    label = (round(labelled.x), (tops[labelled.row] + bottoms[labelled.row]) // 2)
    return Route(arc, tuple(reversed(points) if back else points), label, back)


def _port(box: _Cell, toward: _Cell, all_: list[_Cell]) -> int:
    """Where on the edge of a box an arrow meets it: straight where that is possible, side by side otherwise."""
    order = sorted(all_, key=lambda cell: (cell.x, cell.index))
    reach = box.width / 2 - PORT_GAP
    wanted = [min(max(cell.x, box.x - reach), box.x + reach) for cell in order]
    places = _apart(wanted, [PORT_GAP] * (len(order) - 1), [1.0] * len(order))
    place = next(place for cell, place in zip(order, places, strict=True) if cell is toward)
    return round(toward.x if abs(place - toward.x) < 1 else place)
