"""The definitions that run here: sound, written down as they are, and drawn so that they can be read."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from statemachine.io import load

from definitions import CATALOGUE
from definitions.editions.catalogue import EDITIONS
from workflow import pictures
from workflow.definition_checks import check
from workflow.pictures.scene import BOX, plan, scene_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "definitions"
BLUEPRINTS = pytest.mark.parametrize(
    "blueprint", list(CATALOGUE), ids=[f"{b.code}-{b.editions[0]}" for b in CATALOGUE]
)


def test_no_definition_breaks_a_rule():
    assert [str(finding) for finding in check(CATALOGUE, EDITIONS)] == []


def test_every_edition_has_every_definition():
    for code in CATALOGUE.codes:
        assert {edition for blueprint in CATALOGUE.editions(code) for edition in blueprint.editions} == set(
            EDITIONS
        )


def test_the_written_catalogue_is_up_to_date():
    stale = [
        name
        for name, content in pictures.docs_of(CATALOGUE).items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != content
    ]
    assert not stale, "run `jiuzhu definitions docs`, read the difference and commit it"


def test_the_fingerprints_are_those_on_record():
    recorded = json.loads((DOCS / "fingerprints.json").read_text(encoding="utf-8"))
    assert recorded == {
        code: {edition: pictures.fingerprint(CATALOGUE.get(code, edition)) for edition in recorded[code]}
        for code in CATALOGUE.codes
    }


@BLUEPRINTS
def test_every_definition_can_be_shown_in_every_format(blueprint):
    for form in ("svg", "bpmn", "scxml"):
        ET.fromstring(pictures.show(blueprint, form).encode())
    assert json.loads(pictures.show(blueprint, "json"))["code"] == blueprint.code
    assert all(
        f"`{code}`" in pictures.show(blueprint, "md") for code in (*blueprint.stages, *blueprint.actions)
    )
    assert all(f"s_{code}" in pictures.show(blueprint, "mermaid") for code in blueprint.stages)


@BLUEPRINTS
def test_the_library_reads_back_the_same_machine(blueprint):
    machine = load(pictures.scxml(blueprint), format="scxml")
    read = {(s.id, t.event): t.target.id if t.target else s.id for s in machine.states for t in s.transitions}
    assert read == {
        (source, code): target
        for code, word in blueprint.actions.items()
        for source, target in word.moves.items()
    }


@BLUEPRINTS
def test_no_two_boxes_or_labels_of_a_drawing_overlap(blueprint):
    for column in plan(scene_of(blueprint, str)).columns:
        places = column.layout.places
        areas = [
            (x - BOX // 2, y, x + BOX // 2, y + box.height)
            for box in column.boxes
            for x, y in [places[box.code]]
        ] + [
            (
                route.label[0] - route.arc.width // 2,
                route.label[1] - route.arc.height // 2,
                route.label[0] + route.arc.width // 2,
                route.label[1] + route.arc.height // 2,
            )
            for route in column.layout.routes
        ]
        for number, (left, top, right, bottom) in enumerate(areas):
            for other in areas[:number]:
                assert not (left < other[2] and other[0] < right and top < other[3] and other[1] < bottom)
