"""A definition as a BPMN 2.0 process with its diagram, for other people's modelling tools and engines.

A stage with a holder is a user task, one that waits for another case a receive task. Parts are tasks between two
parallel gateways before the stage's own task, in any order; one that falls away when the case leaves the stage, or that
need not be done, ends there too, undone. Where there are several ways on, an exclusive gateway follows. A final stage
has an end event for each stage that leads to it.

Flows carry the codes of their actions (`jiuzhu:actions`), and a condition over `action`, the code of what was decided,
which whoever runs the process sets as a task is done. What leaves a case in place is no flow; it is told in the
documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from workflow.catalogue import Blueprint
from workflow.pictures.layout import Arc, Layout, Node, lay_out
from workflow.pictures.lettering import width
from workflow.pictures.reading import holder, kept, time_words, ways
from workflow.vocabulary import Part, Stage

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
OWN = "urn:jiuzhu:definition"
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": LINES, "jiuzhu": OWN}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"

EVENT, GATEWAY, TASK, TASK_HIGH = 36, 50, 140, 80
SIDES = {"startEvent": EVENT, "endEvent": EVENT, "exclusiveGateway": GATEWAY, "parallelGateway": GATEWAY}
BESIDE = 6
"""Between an arrow and its name."""
START = "opened"


@dataclass(frozen=True)
class Block:
    """A node of the process."""

    id: str
    kind: str
    name: str = ""
    told: str = ""
    stage: str = ""

    @property
    def box(self) -> Node:
        """Its box in the diagram."""
        side = SIDES.get(self.kind, 0)
        return Node(self.id, side or TASK, side or TASK_HIGH)


@dataclass(frozen=True)
class Flow:
    """An arrow between two nodes; `actions` are the codes of what leads along it, `needs` when it is taken."""

    source: str
    target: str
    name: str = ""
    actions: tuple[str, ...] = ()
    needs: str = ""

    @property
    def id(self) -> str:
        """Its id in the document."""
        return f"flow_{self.source}_{self.target}"

    @property
    def arc(self) -> Arc:
        """The arrow with room for its name on its right, and as much on its left."""
        room = 2 * (width(self.name, 12) + BESIDE)
        return Arc(self.source, self.target, room if self.name else 0, 20 if self.name else 0)


def bpmn(blueprint: Blueprint) -> str:
    """The BPMN document."""
    for prefix, space in PREFIXES.items():
        ET.register_namespace(prefix, space)
    blocks, flows = list(_blocks(blueprint)), list(_flows(blueprint))
    root = ET.Element(
        _tag("bpmn:definitions"),
        {"id": f"definitions_{blueprint.code}", "targetNamespace": OWN, "expressionLanguage": FEEL},
    )
    for block in blocks:
        if block.kind == "receiveTask":
            ET.SubElement(root, _tag("bpmn:message"), {"id": _message(block.id), "name": _message(block.id)})
    name = f"{blueprint.title}（{'、'.join(blueprint.editions)}）"
    process = ET.SubElement(
        root, _tag("bpmn:process"), {"id": blueprint.code, "name": name, "isExecutable": "true"}
    )
    for block in blocks:
        _write_block(process, block, flows)
    for flow in flows:
        _write_flow(process, flow)
    _diagram(root, blueprint.code, blocks, flows)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _blocks(blueprint: Blueprint) -> Iterator[Block]:
    yield Block(START, "startEvent", "开办")
    found = ways(blueprint)
    for stage in blueprint.stages.values():
        if stage.parts:
            fork, join = _fork(stage.id), _join(stage.id)
            yield Block(_entry(blueprint, stage.id), "exclusiveGateway")
            yield Block(fork, "parallelGateway")
            for part in stage.parts:
                kind = "receiveTask" if part.opens else "userTask"
                yield Block(_part(stage.id, part.code), kind, part.label, _part_told(part))
            yield Block(join, "parallelGateway")
        if stage.final:
            for source, target in found:
                if target == stage.id:
                    yield Block(_end(source, target), "endEvent", stage.label, stage=stage.id)
            continue
        kind = "userTask" if stage.held_by else "receiveTask"
        yield Block(_task(stage.id), kind, stage.label, _told(blueprint, stage), stage=stage.id)
        if sum(source == stage.id for source, _target in found) > 1:
            yield Block(_after(stage.id), "exclusiveGateway")


def _flows(blueprint: Blueprint) -> Iterator[Flow]:
    yield Flow(START, _entry(blueprint, blueprint.initial))
    found = ways(blueprint)
    for stage in blueprint.stages.values():
        if stage.parts:
            fork, join = _fork(stage.id), _join(stage.id)
            yield Flow(_entry(blueprint, stage.id), fork)
            for part in stage.parts:
                task = _part(stage.id, part.code)
                yield Flow(fork, task)
                yield Flow(task, join)
            yield Flow(join, _task(stage.id))
        onward = [(target, words) for (source, target), words in found.items() if source == stage.id]
        several = len(onward) > 1
        start = _after(stage.id) if several else _task(stage.id)
        if several:
            yield Flow(_task(stage.id), start)
        for target, words in onward:
            codes = tuple(word.code for word in words)
            needs = f"action in {json.dumps(codes)}" if several else ""
            labels = " / ".join(word.label for word in words)
            final = blueprint.stages[target].final
            entered = _end(stage.id, target) if final else _entry(blueprint, target)
            yield Flow(start, entered, labels, codes, needs)


def _entry(blueprint: Blueprint, stage: str) -> str:
    return f"into_{stage}" if blueprint.stages[stage].parts else _task(stage)


def _task(stage: str) -> str:
    return f"stage_{stage}"


def _end(source: str, stage: str) -> str:
    return f"end_{stage}_{source}"


def _fork(stage: str) -> str:
    return f"fork_{stage}"


def _join(stage: str) -> str:
    return f"join_{stage}"


def _after(stage: str) -> str:
    return f"after_{stage}"


def _part(stage: str, part: str) -> str:
    return f"part_{stage}_{part}"


def _message(task: str) -> str:
    return f"message_{task}"


def _told(blueprint: Blueprint, stage: Stage) -> str:
    time, source = time_words(blueprint, stage)
    said = [
        f"{name}：{value}"
        for name, value in (("承办岗位", holder(stage)), ("时限", time), ("依据", source))
        if value
    ]
    if staying := "、".join(word.label for word in kept(blueprint, stage.id)):
        said.append(f"在本环节还可以：{staying}")
    return "；".join(said)


def _part_told(part: Part) -> str:
    said = [f"承办岗位：{part.held_by.title}", "必办" if part.required else "可选"]
    said += [f"时限：{part.limit.rule.label}", f"依据：{part.limit.source}"] if part.limit else []
    return "；".join(said)


def _write_block(process: ET.Element, block: Block, flows: list[Flow]) -> None:
    node = ET.SubElement(process, _tag(f"bpmn:{block.kind}"), {"id": block.id})
    if block.name:
        node.set("name", block.name)
    if block.stage:
        node.set(_tag("jiuzhu:stage"), block.stage)
    if block.kind == "receiveTask":
        node.set("messageRef", _message(block.id))
    if block.told:
        ET.SubElement(node, _tag("bpmn:documentation")).text = block.told
    for end, tag in (("target", "bpmn:incoming"), ("source", "bpmn:outgoing")):
        for flow in flows:
            if getattr(flow, end) == block.id:
                ET.SubElement(node, _tag(tag)).text = flow.id


def _write_flow(process: ET.Element, flow: Flow) -> None:
    node = ET.SubElement(process, _tag("bpmn:sequenceFlow"), {"id": flow.id})
    if flow.name:
        node.set("name", flow.name)
    node.attrib |= {"sourceRef": flow.source, "targetRef": flow.target}
    if flow.actions:
        node.set(_tag("jiuzhu:actions"), " ".join(flow.actions))
    if flow.needs:
        condition = ET.SubElement(node, _tag("bpmn:conditionExpression"))
        condition.set(XSI_TYPE, "bpmn:tFormalExpression")
        condition.text = flow.needs


def _diagram(root: ET.Element, code: str, blocks: list[Block], flows: list[Flow]) -> None:
    boxes = {block.id: block.box for block in blocks}
    layout = lay_out(list(boxes.values()), [flow.arc for flow in flows])
    diagram = ET.SubElement(root, _tag("bpmndi:BPMNDiagram"), {"id": "diagram"})
    plane = ET.SubElement(diagram, _tag("bpmndi:BPMNPlane"), {"id": "plane", "bpmnElement": code})
    for name, box in boxes.items():
        x, y = layout.places[name]
        shape = ET.SubElement(plane, _tag("bpmndi:BPMNShape"), {"id": f"shape_{name}", "bpmnElement": name})
        _bounds(shape, x - box.width // 2, y, box.width, box.height)
    middles = {block.id: layout.places[block.id][0] for block in blocks if block.kind in SIDES}
    _edges(plane, layout, {flow.arc: flow for flow in flows}, middles)


def _edges(plane: ET.Element, layout: Layout, flows: dict[Arc, Flow], middles: dict[str, int]) -> None:
    """The arrows. Events and gateways are met in the middle of their upper or lower edge, where their outline is."""
    for route in layout.routes:
        flow = flows[route.arc]
        edge = ET.SubElement(
            plane, _tag("bpmndi:BPMNEdge"), {"id": f"edge_{flow.id}", "bpmnElement": flow.id}
        )
        (first, top), *between, (last, bottom) = route.points
        ends = (middles.get(flow.source, first), top), (middles.get(flow.target, last), bottom)
        edges = {top} if flow.source in middles else set()
        edges |= {bottom} if flow.target in middles else set()
        between = [point for point in between if point[1] not in edges]
        for x, y in dict.fromkeys((ends[0], *between, ends[1])):
            ET.SubElement(edge, _tag("di:waypoint"), {"x": str(x), "y": str(y)})
        if flow.name:
            label = ET.SubElement(edge, _tag("bpmndi:BPMNLabel"))
            x, y = route.label
            _bounds(label, x + BESIDE, y - 10, width(flow.name, 12), 20)


def _bounds(node: ET.Element, x: int, y: int, wide: int, high: int) -> None:
    sides = {"x": x, "y": y, "width": wide, "height": high}
    ET.SubElement(node, _tag("dc:Bounds"), {name: str(value) for name, value in sides.items()})


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"
