"""The exported models: valid, read without a complaint by others, and telling the same ways as the definitions."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import SpiffWorkflow
from lxml import etree
from statemachine.io import load

from definitions import CATALOGUE
from tests.exports.spiff import Run, parse
from tests.exports.walks import covering, paths, steps_of
from tests.parts.browser import ROOT
from workflow.catalogue import Blueprint
from workflow.pictures import bpmn, mermaid, scxml

BPMN, OWN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}", "{urn:jiuzhu:definition}"
SCHEMA = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
VIEWER = ROOT / "node_modules" / "bpmn-js" / "dist"
LENGTH = 6
OPEN = """async xml => {
    const viewer = new BpmnJS({ container: "#canvas" });
    const { warnings } = await viewer.importXML(xml);
    viewer.get("canvas").zoom("fit-viewport");
    const drawn = viewer.get("elementRegistry").filter(e => e.type !== "label").map(e => e.id);
    return [warnings.map(w => w.message), drawn];
}"""

every = pytest.mark.parametrize("blueprint", list(CATALOGUE), ids=lambda one: f"{one.code}-{one.editions[0]}")


def in_bpmn(blueprint: Blueprint) -> set[tuple[str, str, str]]:
    """What moves a case, read from the BPMN document alone."""
    process = ET.fromstring(bpmn(blueprint)).find(f"{BPMN}process")
    flows = process.findall(f"{BPMN}sequenceFlow")
    stage = {node.get("id"): node.get(f"{OWN}stage") for node in process}
    before = {flow.get("targetRef"): flow.get("sourceRef") for flow in flows if not flow.get("name")}
    inner = {flow.get("sourceRef"): flow.get("targetRef") for flow in flows if not flow.get("name")}
    found = set()
    for flow in (flow for flow in flows if flow.get(f"{OWN}actions")):
        source, target = flow.get("sourceRef"), flow.get("targetRef")
        source = source if stage[source] else before[source]
        while not stage[target]:
            target = inner[target]
        found |= {(stage[source], action, stage[target]) for action in flow.get(f"{OWN}actions").split()}
    return found


def in_scxml(blueprint: Blueprint) -> set[tuple[str, str, str]]:
    machine = load(scxml(blueprint), format="scxml")
    return {
        (state.id, transition.event, transition.target.id)
        for state in machine.states
        for transition in state.transitions
        if transition.target and not transition.internal
    }


@every
def test_the_bpmn_document_is_valid_by_the_schema_of_omg(blueprint):
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(bpmn(blueprint).encode()))


def test_the_schema_finds_a_fault():
    broken = bpmn(CATALOGUE.get("objection", "NAT2021")).replace("bpmn:endEvent", "bpmn:lastEvent")
    assert not etree.XMLSchema(etree.parse(SCHEMA)).validate(etree.fromstring(broken.encode()))


def test_bpmn_js_opens_every_model_without_a_warning_and_draws_all_of_it(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1400})
    page.set_content('<div id="canvas" style="position: absolute; inset: 0"></div>')
    page.add_script_tag(path=VIEWER / "bpmn-navigated-viewer.production.min.js")
    page.add_style_tag(path=VIEWER / "assets" / "diagram-js.css")
    for blueprint in CATALOGUE:
        document = bpmn(blueprint)
        page.locator("#canvas").evaluate("node => node.replaceChildren()")
        warnings, drawn = page.evaluate(OPEN, document)
        process = ET.fromstring(document).find(f"{BPMN}process")
        assert warnings == []
        assert set(drawn) == {node.get("id") for node in process} | {blueprint.code}
    page.close()


@every
def test_bpmn_scxml_and_mermaid_have_the_transitions_of_the_definition(blueprint):
    steps = steps_of(blueprint)
    assert in_bpmn(blueprint) == steps
    assert in_scxml(blueprint) == steps
    arrows = re.findall(r"^    s_(\w+) --> s_(\w+) : (.*)$", mermaid(blueprint), re.MULTILINE)
    told = {(source, word, target) for source, target, words in arrows for word in words.split(" / ")}
    assert told == {(source, blueprint.label(action), target) for source, action, target in steps}


@every
def test_the_same_sequences_of_actions_lead_through_every_form(blueprint):
    wanted = paths(steps_of(blueprint), blueprint.initial, LENGTH)
    assert paths(in_bpmn(blueprint), blueprint.initial, LENGTH) == wanted
    assert paths(in_scxml(blueprint), blueprint.initial, LENGTH) == wanted


@every
def test_the_scxml_is_read_back_as_an_equivalent_machine(blueprint):
    machine = load(scxml(blueprint), format="scxml")
    assert {state.id for state in machine.states} == set(blueprint.stages)
    assert {state.id for state in machine.states if state.final} == {
        stage.id for stage in blueprint.stages.values() if stage.final
    }
    assert [state.id for state in machine.states if state.initial] == [blueprint.initial]
    kept = {
        (state.id, transition.event)
        for state in machine.states
        for transition in state.transitions
        if not transition.target or transition.internal
    }
    assert kept == {
        (stage, word.code) for word in blueprint.actions.values() if word.stays for stage in word.moves
    }


@every
def test_the_machine_read_back_goes_every_way_the_definition_goes(blueprint):
    read = load(scxml(blueprint), format="scxml")
    final = {stage.id for stage in blueprint.stages.values() if stage.final}
    for walk in covering(steps_of(blueprint), blueprint.initial, final):
        machine = read()
        for _source, action, target in walk:
            machine.send(action)
            assert {state.id for state in machine.configuration} == {target}
        assert machine.is_terminated


@every
@pytest.mark.parametrize("order", [1, -1])
def test_spiffworkflow_goes_every_way_step_by_step_to_its_end(blueprint, order):
    spec = parse(blueprint.code, bpmn(blueprint))
    final = {stage.id for stage in blueprint.stages.values() if stage.final}
    walks = covering(steps_of(blueprint), blueprint.initial, final)
    assert {walk[-1][2] for walk in walks} == final
    for walk in walks:
        run = Run(spec, blueprint)
        source, _action, target = walk[-1]
        assert run.walk(walk, order) == [f"end_{target}_{source}"]
        assert run.workflow.completed
