"""A definition as a drawing: SVG with presentation attributes only, no style and no script, so that any page may hold it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from xml.sax.saxutils import escape

from workflow.catalogue import Blueprint
from workflow.pictures.layout import Route
from workflow.pictures.lettering import width as text_width
from workflow.pictures.outline import COLD, Heat, text
from workflow.pictures.reading import Translate
from workflow.pictures.scene import (
    BOX,
    LEADING,
    LINE,
    PAD,
    Box,
    Column,
    Plan,
    Scene,
    Way,
    plan,
    scene_of,
)

FONTS = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif"
PAPER, SHEET, LINES, INK, INK_2, INK_3 = "#f7f6f2", "#ffffff", "#b9b5a8", "#1d2433", "#4d566a", "#5f6779"
BRAND, BRAND_SOFT, GO, GO_SOFT = "#1f4e79", "#e6eef6", "#1d6b43", "#e3f1e8"
WARM, HOT = (SHEET, "#fdf3e3", "#fae3c3", "#f6cf9b", "#efb36b"), "#8a4b10"
"""Boxes by how long cases stand there, and their line."""
MARGIN, HEAD, FOOT = 24, 58, 44
ADDED, REMOVED, CHANGED = "新增", "取消", "有变"
"""How a drawing marks what differs from another edition."""
MARKS = {ADDED: (GO_SOFT, GO), REMOVED: ("#faeae7", "#a8321f"), CHANGED: ("#fdf3dc", "#7a5200")}


def svg(
    blueprint: Blueprint,
    *,
    done: Collection[str] = (),
    current: str = "",
    marks: Mapping[str, str] | None = None,
    heat: Mapping[str, Heat] = COLD,
    notes: Mapping[str, str] | None = None,
    translate: Translate = str,
) -> str:
    """The map of the stages. With `done` and `current`, where a case has been, stands, and may go next.

    `marks` are stages that differ from another edition, and how. `heat` is what many cases made of each stage: words
    in its flag, and a warm box where they stand long. `notes` tell of stages done by whom and when.
    """
    scene = scene_of(blueprint, translate)
    finished = plan(scene)
    title, editions = translate(blueprint.title), "、".join(blueprint.editions)
    after = MARGIN + text_width(title, 20) + 12
    legend, across = _legend(translate)
    width = max(finished.width + 2 * MARGIN, after + text_width(editions, 13) + MARGIN, across)
    height = finished.height + HEAD + FOOT + MARGIN
    name = f"map-{blueprint.code}-{blueprint.editions[0].lower()}"
    look = _Look(scene, finished, frozenset(done), current, translate, marks or {}, heat, notes or {})
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="stage-map" role="img" aria-labelledby="{name} {name}-text" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONTS}">'
    )
    return "\n".join(
        [
            root,
            f'<title id="{name}">{escape(title)} · {escape(editions)}</title>',
            f'<desc id="{name}-text">{escape(text(blueprint, done=done, current=current, heat=heat, notes=notes, translate=translate))}</desc>',
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
            _text(MARGIN, 36, 20, INK, title, weight=700),
            _text(after, 36, 13, INK_3, editions),
            f'<g transform="translate({MARGIN} {HEAD})">',
            *look.columns(),
            "</g>",
            f'<g transform="translate(0 {height - 20})">',
            *legend,
            "</g>",
            "</svg>",
        ]
    )


class _Look:
    """How boxes and arrows look, given where the case stands."""

    def __init__(
        self, scene: Scene, finished: Plan, done: frozenset[str], current: str, translate: Translate, marks: Mapping[str, str],
        heat: Mapping[str, Heat], notes: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.marks, self.heat, self.notes = marks, heat, notes
        self.scene, self.plan, self.done, self.current, self.translate = (
            scene,
            finished,
            done,
            current,
            translate,
        )
        self.next = {way.target for way in scene.ways if way.source == current} - {current}
        self.ways = {way.arc: way for way in scene.ways}

    def columns(self) -> Iterator[str]:
        """All columns, thin rules between them; arrows first, so that boxes lie on them."""
        for column in self.plan.columns:
            if column.left:
                x = column.left - 22
                yield f'<path d="M{x} 0V{self.plan.height}" stroke="{LINES}" stroke-dasharray="1 5" fill="none"/>'
            yield f'<g transform="translate({column.left} 0)">'
            yield from (self.line(route) for route in column.layout.routes)
            for route in column.layout.routes:
                yield from self.label(route)
            for box in column.boxes:
                yield from self.box(box, column)
            yield "</g>"

    def line(self, route: Route) -> str:
        """The arrow: straight in its lanes, smooth between them."""
        ahead = route.arc.source == self.current
        colour, thick = (BRAND, 2) if ahead else (INK_3, 1.3)
        (x, y), *rest = route.points
        path = [f"M{x} {y}"]
        for to_x, to_y in rest:
            if to_x == x:
                path.append(f"V{to_y}")
            else:
                middle = (y + to_y) // 2
                path.append(f"C{x} {middle} {to_x} {middle} {to_x} {to_y}")
            x, y = to_x, to_y
        up = 1 if route.back else -1
        head = f"M{x} {y}l-4 {8 * up}h8z"
        dashes = ' stroke-dasharray="5 4"' if route.back else ""
        return (
            f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{thick}"{dashes}/>'
            f'<path d="{head}" fill="{colour}"/>'
        )

    def label(self, route: Route) -> Iterator[str]:
        """What the arrow is called, on a strip of paper."""
        way: Way = self.ways[route.arc]
        x, y = route.label
        height = 16 * len(way.lines)
        top = y - height // 2
        yield (
            f'<rect x="{x - route.arc.width // 2}" y="{top - 1}" width="{route.arc.width}" height="{height + 2}" fill="{PAPER}"/>'
        )
        colour = BRAND if way.source == self.current else INK_2
        for number, line in enumerate(way.lines):
            yield _text(x, top + 12 + 16 * number, 12, colour, line, anchor="middle")

    def box(self, box: Box, column: Column) -> Iterator[str]:
        """The stage: a rounded box, a pill for the end; a tag tells where the case stands."""
        middle, top = column.layout.places[box.code]
        x, height = middle - BOX // 2, box.height
        fill, stroke, thick, tag = self.style(box)
        radius = min(height // 2, 20) if box.final else 6
        yield f'<g class="stage" data-stage="{escape(box.code)}">'
        shape = f'x="{x}" y="{top}" width="{BOX}" height="{height}" rx="{radius}"'
        yield f'<rect {shape} fill="{fill}" stroke="{stroke}" stroke-width="{thick}"/>'
        if box.final:
            yield f'<rect x="{x + 3}" y="{top + 3}" width="{BOX - 6}" height="{height - 6}" rx="{radius - 3}" fill="none" stroke="{stroke}"/>'
        y = top + PAD - 2
        for line in box.body:
            y += LEADING[line.kind]
            weight, colour = (
                (700, INK) if line.kind == "label" else (400, INK_2 if line.kind == "plain" else INK_3)
            )
            yield _text(x + PAD, y - 4, LINE[line.kind], colour, line.text, weight=weight)
        if box.ports:
            yield f'<path d="M{x + PAD} {y + 4}h{BOX - 2 * PAD}" stroke="{LINES}" stroke-dasharray="2 3"/>'
            y += 8
        for line in box.ports:
            y += LEADING[line.kind]
            yield _text(x + PAD, y - 3, LINE[line.kind], BRAND, line.text)
        if box.code == self.scene.initial:
            yield f'<circle cx="{x + BOX - 17}" cy="{top + 25}" r="5" fill="{INK}"/>'
        if tag:
            yield from self.tag(tag, stroke, x + BOX, top)
        yield "</g>"

    def style(self, box: Box) -> tuple[str, str, str, str]:
        """Fill, line, its width and tag."""
        if mark := self.marks.get(box.code):
            fill, line = MARKS[mark]
            return fill, line, "2", self.translate(mark)
        if warm := self.heat.get(box.code):
            return WARM[warm.level], HOT if warm.level else INK_3, "1.2", warm.words
        if box.code == self.current:
            return BRAND_SOFT, BRAND, "3", self.translate("现在")
        if box.code in self.done:
            return GO_SOFT, GO, "1.5", f"✓ {self.notes.get(box.code, '')}".rstrip()
        if box.code in self.next:
            return SHEET, BRAND, "1.5", ""
        return SHEET, LINES, "1.2", ""

    def tag(self, word: str, colour: str, right: int, top: int) -> Iterator[str]:
        """A small flag on the upper edge."""
        wide = 22 if len(word) == 1 else text_width(word, 12) + 16
        yield f'<rect x="{right - wide - 8}" y="{top - 9}" width="{wide}" height="20" rx="10" fill="{colour}"/>'
        yield _text(right - wide // 2 - 8, top + 5, 12, "#ffffff", word, weight=700, anchor="middle")


def _legend(translate: Translate) -> tuple[list[str], int]:
    """How to read the drawing, and how wide that is."""
    lines, x = [], MARGIN
    for sign, words in (
        (f'<path d="M0 -4h22" stroke="{INK_3}" stroke-width="1.3"/>', "办理"),
        (f'<path d="M0 -4h22" stroke="{INK_3}" stroke-width="1.3" stroke-dasharray="5 4"/>', "退回"),
        (f'<text font-size="12" fill="{BRAND}">↑ →</text>', "转到该序号的环节"),
        (f'<text x="8" font-size="12" fill="{INK_3}">∥</text>', "并行事项"),
        (f'<circle cx="13" cy="-4" r="5" fill="{INK}"/>', "开办"),
    ):
        label = translate(words)
        lines.append(f'<g transform="translate({x} 0)">{sign}{_text(30, 0, 12, INK_3, label)}</g>')
        x += 48 + text_width(label, 12)
    return lines, x


def _text(
    x: int, y: int, size: int, colour: str, words: str, *, weight: int = 400, anchor: str = "start"
) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004 - the ordinary weight
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}"{bold}{at}>{escape(words)}</text>'
