"""Sentences with values, of the rooms below: found in their code, recognised when shown, translated at the edge.

The engine and the definitions write Chinese sentences, `f"还缺材料：{names}。请先上传。"`, and keep them so in the
journal and in derivations. The id of such a sentence in the catalogue names its places: `还缺材料：{names}。请先上传。`
Shown in another language, a text is matched against these ids, its values are translated in their turn, and put into
the translation. So nothing below knows of languages, and what is stored is translated like what is new.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
RULES = "definitions/rules/*.py"
ROOMS = (
    "workflow/*.py", "workflow/changes/*.py", "workflow/desk/*.py", "workflow/flow/*.py", "workflow/forecast/*.py", "workflow/households/*.py",
    "workflow/imports/*.py", "workflow/migration/*.py", "workflow/people/*.py", "workflow/releases/*.py", "workflow/running/*.py", "workflow/timing/*.py",
    "definitions/*.py", "definitions/changes/*.py", "definitions/dibao/*.py", "definitions/dynamic_review/*.py", "definitions/shared/*.py", RULES,
)  # fmt: skip
"""Where sentences are written that people read on pages."""
PAGES = "web/*.py", "web/*/*.py"
"""Modules of pages: what they raise is read there, other texts of theirs are translated where they are written."""
APART = {"cli", "api"}
"""Those that are no pages."""
UNREAD = {
    "sweeps.py", "verify.py", "health.py", "config.py", "backup.py", "exports.py", "catalogue.py", "checker.py",
    "bundle.py", "nightly.py",
}  # fmt: skip
"""Modules that speak to those who run the system, on the console or in Chinese records alone."""
SPEAKING = {"Wrong", "Step"}
"""What is made with a plain sentence, beside refusals and what a derivation says (`trace`, `Reason` of the rules)."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PLACE = re.compile(r"\{([a-z_][a-z_0-9]*)\}")
LEAST = 2
"""So many Chinese characters a sentence must have beside its values, to be told from others."""


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of the rooms below, as an id of the catalogue, with the file it stands in."""
    for room in ROOMS:
        speaking = SPEAKING | ({"Reason"} if room == RULES else set())
        for path in sorted(ROOT.glob(room)):
            if path.name not in UNREAD:
                place = path.relative_to(ROOT).as_posix()
                yield from ((text, place) for text in dict.fromkeys(_written(path, speaking)))
    for room in PAGES:
        for path in sorted(ROOT.glob(room)):
            if path.parent.name not in APART:
                place = path.relative_to(ROOT).as_posix()
                yield from ((text, place) for text in dict.fromkeys(_refused(path)))


def _written(path: Path, speaking: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            text, places = _template(node)
            if places and len(_CHINESE.findall(text)) >= LEAST:
                yield text
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _plain(node.exc)
        elif isinstance(node, ast.Call) and _speaks(node.func, speaking):
            yield from _plain(node)


def _refused(path: Path) -> Iterator[str]:
    """What a module raises itself, without what it gives to `_()`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _plain(node.exc)
            for value in node.exc.args:
                if isinstance(value, ast.JoinedStr) and _CHINESE.search(text := _template(value)[0]):
                    yield text


def _template(sentence: ast.JoinedStr) -> tuple[str, list[str]]:
    """The sentence with named places, and their names."""
    text, places = "", list[str]()
    for part in sentence.values:
        if isinstance(part, ast.FormattedValue):
            name = wanted = _name(part.value)
            number = 1
            while name in places:
                number += 1
                name = f"{wanted}{number}"
            places.append(name)
            text += f"{{{name}}}"
        elif isinstance(part, ast.Constant):
            text += str(part.value)
    return text, places


def _name(value: ast.expr) -> str:
    """What a place is called: after the thing that stands there."""
    if isinstance(value, ast.Name):
        name = value.id
    elif isinstance(value, ast.Attribute):
        name = value.attr
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        name = "items" if value.func.attr == "join" else _name(value.func.value)
    elif isinstance(value, ast.Call) and value.args:
        name = _name(value.args[0])
    elif isinstance(value, ast.Subscript):
        name = _name(value.slice)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        name = value.value
    else:
        name = "value"
    found = name.strip("_").lower()
    return found if re.fullmatch("[a-z][a-z_0-9]*", found) else "value"


def _speaks(func: ast.expr, speaking: set[str]) -> bool:
    if isinstance(func, ast.Attribute):
        return isinstance(func.value, ast.Name) and func.value.id == "trace"
    return isinstance(func, ast.Name) and func.id in speaking


def _plain(call: ast.Call) -> Iterator[str]:
    for node in [*call.args, *(keyword.value for keyword in call.keywords)]:
        values = node.values if isinstance(node, ast.Dict) else [node]
        for value in values:
            if (
                isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and _CHINESE.search(value.value)
            ):
                yield value.value


@dataclass(frozen=True)
class Sentence:
    """A sentence with places: how a text of it is recognised, and its translation."""

    shape: re.Pattern[str]
    translation: str


def prepare(catalog: Iterable[tuple[str, str]]) -> list[Sentence]:
    """The sentences with places among ids and translations, those with most text of their own first."""
    found = {
        text: translation
        for text, translation in catalog
        if translation and text != translation and _PLACE.search(text)
    }
    return [
        Sentence(_shape(text), found[text])
        for text in sorted(found, key=lambda text: (-len(_PLACE.sub("", text)), text))
    ]


def _shape(text: str) -> re.Pattern[str]:
    parts = _PLACE.split(text)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )


def translator(sentences: list[Sentence], plain: Callable[[str], str]) -> Callable[[str], str]:
    """A function that translates a text whole, or as a sentence with its values; else leaves it as it is."""

    @lru_cache(maxsize=8192)
    def translate(text: str) -> str:
        if not _CHINESE.search(text):
            return text
        if (whole := plain(text)) != text:
            return whole
        for sentence in sentences:
            if hit := sentence.shape.fullmatch(text):
                return _PLACE.sub(
                    lambda place, hit=hit: translate(hit[place[1]]),  # type: ignore[misc]
                    sentence.translation,
                )
        head, _colon, tail = text.rpartition("：")
        if head and (said := translate(head)) != head:
            return f"{said}: {translate(tail)}"
        pieces = re.split("([、；])", text)
        if len(pieces) == 1:
            return text
        return "".join({"、": ", ", "；": "; "}.get(piece) or translate(piece) for piece in pieces)

    return translate
