"""A definition as SCXML (W3C), for tools that run or check state charts. Holder, limit and wording ride along as attributes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from workflow.catalogue import Blueprint
from workflow.pictures.reading import holder, roles_of, time_words

SCXML, OWN = "http://www.w3.org/2005/07/scxml", "urn:jiuzhu:definition"


def scxml(blueprint: Blueprint) -> str:
    """States and transitions by the same codes; an action that leaves the case in place is a transition without target."""
    ET.register_namespace("", SCXML)
    ET.register_namespace("jiuzhu", OWN)
    root = ET.Element(
        f"{{{SCXML}}}scxml", {"version": "1.0", "initial": blueprint.initial, "name": blueprint.code}
    )
    _say(root, title=blueprint.title, editions=" ".join(blueprint.editions))
    for stage in blueprint.stages.values():
        node = ET.SubElement(root, f"{{{SCXML}}}{'final' if stage.final else 'state'}", {"id": stage.id})
        time, source = time_words(blueprint, stage)
        _say(node, label=stage.label, holder=holder(stage), limit=time, source=source, result=stage.result)
        for word in blueprint.actions.values():
            if stage.id in word.moves:
                target = {} if word.stays else {"target": word.moves[stage.id]}
                way = ET.SubElement(node, f"{{{SCXML}}}transition", {"event": word.code} | target)
                _say(way, label=word.label, by=roles_of(word), source=word.source)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _say(node: ET.Element, **words: str) -> None:
    for name, value in words.items():
        if value:
            node.set(f"{{{OWN}}}{name}", value)
