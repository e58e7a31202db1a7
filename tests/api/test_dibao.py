"""The real definitions through the API: whatever is offered to anybody goes through as its example says."""

import random
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import update

from definitions import CATALOGUE
from definitions.shared.materials import MATERIALS
from tests.api.conforms import faults
from tests.api.conftest import COUNTY, STAFF, TOWN, VILLAGE, World
from workflow.models import Area

PEOPLE = STAFF | {
    "agent": ("village_agent", VILLAGE),
    "reviewer2": ("town_reviewer", TOWN),
    "verifier": ("verification_officer", COUNTY),
    "county": ("county_reviewer", COUNTY),
    "county2": ("county_reviewer", COUNTY),
    "approver": ("county_approver", COUNTY),
    "head": ("department_head", COUNTY),
}
ENDINGS = {"discard", "withdraw", "refuse_intake", "recuse"}


def office(url):
    """The office with the telephone numbers that stand on notices and letters."""
    made = World(url, CATALOGUE, PEOPLE)
    with made.edge.database.acting() as conn:
        conn.execute(update(Area).values(phone="0574-88888888", office="社会救助窗口"))
    return made


@pytest.fixture
def district(migrated, tmp_path):
    path = tmp_path / "dibao.db"
    shutil.copy(migrated, path)
    made = office(f"sqlite:///{path}")
    yield made
    made.edge.database.close()


def offers(world, number):
    for who in PEOPLE:
        answer = world.get(f"/cases/{number}", who)
        if answer.status == 200:
            for action in answer.json["actions"]:
                yield who, action, answer.json["version"]


def upload_what_is_missing(world, number):
    """Documents that some action waits for."""
    missing = {kind for _, action, _ in offers(world, number) for kind in action["schema"].get("x-needs", ())}
    assert missing <= set(MATERIALS)
    for kind in missing:
        assert any(world.upload(number, kind, who).status == 201 for who in PEOPLE if who != "auditor")
    return missing


def walk(district, seed, steps):
    chance, taken = random.Random(seed), []
    district.open("dibao", chance.choice(["agent", "window"]))
    for _ in range(steps):
        numbers = [case["number"] for case in district.get("/cases?state=open", "auditor").json["items"]]
        while any(upload_what_is_missing(district, number) for number in numbers):
            pass
        found = [(number, *offer) for number in numbers for offer in offers(district, number)]
        going_on = [offer for offer in found if offer[2]["code"] not in ENDINGS]
        if not going_on:
            district.clock.move(timedelta(days=1))
            continue
        rarest = min(taken.count((number, action["code"])) for number, _, action, _ in going_on)
        fresh = [offer for offer in going_on if taken.count((offer[0], offer[2]["code"])) == rarest]
        number, who, action, version = chance.choice(fresh)
        (example,) = action["schema"]["examples"]
        assert faults(action["schema"], example, {}) == [], (action["code"], example)
        answer = district.post(f"/cases/{number}/actions/{action['code']}", example, who, seen=version)
        assert answer.status == 200, (number, action["code"], example, answer.text)
        taken.append((number, action["code"]))
        district.clock.move(timedelta(hours=3))
    assert "submit" in {code for _, code in taken}


def test_every_offered_example_goes_through(district):
    walk(district, seed=0, steps=25)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 7))
def test_every_offered_example_goes_through_for_long(district, seed):
    walk(district, seed, steps=90)


def test_the_description_holds_every_form_of_every_edition(district):
    described = district.client.get("/api/v1/openapi.json").get_json()
    body = described["paths"]["/api/v1/cases/{number}/actions/{action}"]["post"]["requestBody"]
    table = body["content"]["application/json"]["schema"]["x-actions"]
    for blueprint in CATALOGUE:
        for edition in blueprint.editions:
            assert set(table[blueprint.code][edition]) == set(blueprint.actions)
            assert set(table[blueprint.code][edition].values()) <= set(described["components"]["schemas"])
