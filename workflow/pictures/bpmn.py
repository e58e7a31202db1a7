"""A definition as a BPMN 2.0 process with its diagram, for other people's modelling tools.

A stage with a holder is a user task, one that waits for another case a receive task, one with parts a sub-process in
which the parts run at once. Where there are several ways on, an exclusive gateway follows. What leaves a case in place
is no flow; it is told in the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from workflow.catalogue import Blueprint
from workflow.pictures.layout import Arc, Layout, Node, lay_out
from workflow.pictures.lettering import width
from workflow.pictures.reading import holder, kept, time_words, ways
from workflow.vocabulary import Stage

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": LINES}

EVENT, GATEWAY, TASK, TASK_HIGH, GAP = 36, 50, 140, 80, 20
SIZES = {"startEvent": EVENT, "endEvent": EVENT, "exclusiveGateway": GATEWAY}
START = "opened"


@dataclass(frozen=True)
class Flow:
    """An arrow between two nodes."""

    source: str
    target: str
    name: str = ""

    @property
    def id(self) -> str:
        """Its id in the document."""
        return f"flow_{self.source}_{self.target}"

    @property
    def arc(self) -> Arc:
        """The arrow with room for its name."""
        return Arc(self.source, self.target, width(self.name, 12), 20 if self.name else 0)


def bpmn(blueprint: Blueprint) -> str:
    """The BPMN document."""
    for prefix, space in PREFIXES.items():
        ET.register_namespace(prefix, space)
    flows = _flows(blueprint)
    root = ET.Element(
        _tag("bpmn:definitions"),
        {"id": f"definitions_{blueprint.code}", "targetNamespace": "urn:jiuzhu:definition"},
    )
    name = f"{blueprint.title}（{'、'.join(blueprint.editions)}）"
    process = ET.SubElement(
        root, _tag("bpmn:process"), {"id": blueprint.code, "name": name, "isExecutable": "false"}
    )
    _node(process, "startEvent", START, "开办", flows)
    for stage in blueprint.stages.values():
        element = _node(
            process, _kind(stage), _task(stage.id), stage.label, flows, _documentation(blueprint, stage)
        )
        for part in stage.parts:
            inner = ET.SubElement(element, _tag(f"bpmn:{'receiveTask' if part.opens else 'userTask'}"))
            inner.attrib |= {
                "id": _part(stage.id, part.code),
                "name": f"{part.label}（{part.held_by.title}）",
            }
        if any(flow.source == _after(stage.id) for flow in flows):
            _node(process, "exclusiveGateway", _after(stage.id), "", flows)
    for flow in flows:
        ends = {"sourceRef": flow.source, "targetRef": flow.target}
        ET.SubElement(
            process,
            _tag("bpmn:sequenceFlow"),
            {"id": flow.id} | ({"name": flow.name} if flow.name else {}) | ends,
        )
    _diagram(root, blueprint, flows)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _flows(blueprint: Blueprint) -> list[Flow]:
    flows = [Flow(START, _task(blueprint.initial))]
    found = ways(blueprint)
    for code in blueprint.stages:
        onward = [(target, words) for (source, target), words in found.items() if source == code]
        start = _after(code) if len(onward) > 1 else _task(code)
        if len(onward) > 1:
            flows.append(Flow(_task(code), start))
        flows += [
            Flow(start, _task(target), " / ".join(word.label for word in words)) for target, words in onward
        ]
    return flows


def _task(stage: str) -> str:
    return f"stage_{stage}"


def _after(stage: str) -> str:
    return f"after_{stage}"


def _part(stage: str, part: str) -> str:
    return f"part_{stage}_{part}"


def _kind(stage: Stage) -> str:
    if stage.final:
        return "endEvent"
    if stage.parts:
        return "subProcess"
    return "userTask" if stage.held_by else "receiveTask"


def _documentation(blueprint: Blueprint, stage: Stage) -> str:
    time, source = time_words(blueprint, stage)
    said = [
        f"{name}：{value}"
        for name, value in (("承办岗位", holder(stage)), ("时限", time), ("依据", source))
        if value
    ]
    if staying := "、".join(word.label for word in kept(blueprint, stage.id)):
        said.append(f"在本环节还可以：{staying}")
    return "；".join(said)


def _node(
    process: ET.Element, kind: str, code: str, name: str, flows: Iterable[Flow], documentation: str = ""
) -> ET.Element:
    node = ET.SubElement(process, _tag(f"bpmn:{kind}"), {"id": code} | ({"name": name} if name else {}))
    if documentation:
        ET.SubElement(node, _tag("bpmn:documentation")).text = documentation
    for flow in flows:
        if flow.target == code:
            ET.SubElement(node, _tag("bpmn:incoming")).text = flow.id
    for flow in flows:
        if flow.source == code:
            ET.SubElement(node, _tag("bpmn:outgoing")).text = flow.id
    return node


def _diagram(root: ET.Element, blueprint: Blueprint, flows: list[Flow]) -> None:
    sizes = {START: Node(START, EVENT, EVENT)}
    for stage in blueprint.stages.values():
        side = SIZES.get(_kind(stage), 0)
        wide = side or max(len(stage.parts), 1) * (TASK + GAP) - GAP + (2 * GAP if stage.parts else 0)
        high = side or TASK_HIGH + (3 * GAP if stage.parts else 0)
        sizes[_task(stage.id)] = Node(_task(stage.id), wide, high)
    sizes |= {flow.source: Node(flow.source, GATEWAY, GATEWAY) for flow in flows if flow.source not in sizes}
    layout = lay_out(list(sizes.values()), [flow.arc for flow in flows])
    diagram = ET.SubElement(root, _tag("bpmndi:BPMNDiagram"), {"id": "diagram"})
    plane = ET.SubElement(diagram, _tag("bpmndi:BPMNPlane"), {"id": "plane", "bpmnElement": blueprint.code})
    for code, node in sizes.items():
        x, y = layout.places[code]
        _shape(plane, code, (x - node.width // 2, y, node.width, node.height), open_=node.width > TASK)
    for stage in blueprint.stages.values():
        x, y = layout.places[_task(stage.id)]
        left = x - sizes[_task(stage.id)].width // 2 + GAP
        for index, part in enumerate(stage.parts):
            _shape(
                plane, _part(stage.id, part.code), (left + index * (TASK + GAP), y + 2 * GAP, TASK, TASK_HIGH)
            )
    _edges(plane, layout, {flow.arc: flow for flow in flows})


def _shape(plane: ET.Element, code: str, bounds: tuple[int, int, int, int], *, open_: bool = False) -> None:
    shape = ET.SubElement(plane, _tag("bpmndi:BPMNShape"), {"id": f"shape_{code}", "bpmnElement": code})
    if open_:
        shape.set("isExpanded", "true")
    sides = dict(zip(("x", "y", "width", "height"), map(str, bounds), strict=True))
    ET.SubElement(shape, _tag("dc:Bounds"), sides)


def _edges(plane: ET.Element, layout: Layout, flows: dict[Arc, Flow]) -> None:
    for route in layout.routes:
        flow = flows[route.arc]
        edge = ET.SubElement(
            plane, _tag("bpmndi:BPMNEdge"), {"id": f"edge_{flow.id}", "bpmnElement": flow.id}
        )
        for x, y in dict.fromkeys(route.points):
            ET.SubElement(edge, _tag("di:waypoint"), {"x": str(x), "y": str(y)})
        if flow.name:
            label = ET.SubElement(edge, _tag("bpmndi:BPMNLabel"))
            x, y = route.label
            sides = {"x": x - flow.arc.width // 2, "y": y - 10, "width": flow.arc.width, "height": 20}
            ET.SubElement(label, _tag("dc:Bounds"), {name: str(value) for name, value in sides.items()})


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"
