"""A definition in plain text: what the drawing shows, for those who read, hear or search it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflow.catalogue import Blueprint
from workflow.pictures.reading import Translate, holder, kept, numbers, time_words
from workflow.vocabulary import Stage


@dataclass(frozen=True)
class Heat:
    """What cases made of a stage: counts and times in words, and how long they stand there, 0 (nothing told) to 4."""

    words: str
    level: int = 0


COLD: Mapping[str, Heat] = MappingProxyType({})


def text(
    blueprint: Blueprint, *, done: Collection[str] = (), current: str = "", heat: Mapping[str, Heat] = COLD,
    notes: Mapping[str, str] | None = None, translate: Translate = str,
) -> str:  # fmt: skip
    """Numbered stages, each with holder, limit, parts and the ways out of it; where a case stands, if told.

    `notes` tell of stages done by whom and when.
    """
    number = numbers(blueprint)
    lines = [f"{translate(blueprint.title)}（{'、'.join(blueprint.editions)}）"]
    for stage in blueprint.stages.values():
        mark = (
            f"［{translate('现在')}］"
            if stage.id == current
            else f"［{' '.join(filter(None, (translate('已办'), (notes or {}).get(stage.id))))}］"
            if stage.id in done
            else ""
        )
        head = f"{number[stage.id]}. {mark}{translate(stage.label)}"
        lines.append(head + (f"：{said}" if (said := _said(blueprint, stage, translate)) else ""))
        if stage.id in heat:
            lines.append(f"   ⌛ {heat[stage.id].words}")
        lines += [f"   ∥ {translate(part.label)}（{translate(part.held_by.title)}）" for part in stage.parts]
        for word in blueprint.actions.values():
            if stage.id in word.moves and not word.stays:
                target = word.moves[stage.id]
                lines.append(
                    f"   → {translate(word.label)}：{number[target]} {translate(blueprint.stages[target].label)}"
                )
        if names := [translate(word.label) for word in kept(blueprint, stage.id)]:
            lines.append(f"   · {translate('在本环节还可以')}：{'、'.join(names)}")
    return "\n".join(lines) + "\n"


def _said(blueprint: Blueprint, stage: Stage, translate: Translate) -> str:
    if stage.final:
        return translate("办结")
    who, (time, _) = holder(stage), time_words(blueprint, stage, translate)
    return "，".join(word for word in (translate(who) if who else "", time) if word)
