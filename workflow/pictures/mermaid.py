"""A definition as a Mermaid state diagram, for documents that draw their own."""

from __future__ import annotations

from workflow.catalogue import Blueprint
from workflow.pictures.reading import holder, time_words, ways

_WIDE = str.maketrans(
    {":": "：", ";": "；", '"': "”", "#": "＃", "<": "＜", ">": "＞", "{": "（", "}": "）", "\n": " "}
)
"""Signs that mean something in Mermaid, by their wide forms."""


def mermaid(blueprint: Blueprint) -> str:
    """A `stateDiagram-v2`: stages with holder and limit, one arrow for each pair of stages. Ids carry a `s_` of
    their own, for `end` or `state` would be words of the language.
    """
    lines = ["stateDiagram-v2", "    direction TB"]
    for stage in blueprint.stages.values():
        said = (stage.label, holder(stage), time_words(blueprint, stage)[0])
        lines.append(f'    state "{" · ".join(_plain(word) for word in said if word)}" as s_{stage.id}')
    lines.append(f"    [*] --> s_{blueprint.initial}")
    for (source, target), words in ways(blueprint).items():
        lines.append(f"    s_{source} --> s_{target} : {' / '.join(_plain(word.label) for word in words)}")
    lines += [f"    s_{stage.id} --> [*]" for stage in blueprint.stages.values() if stage.final]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.translate(_WIDE)
