"""Authorisations through the API, and a check that runs on them."""

import shutil

import pytest
from sqlalchemy import select

from definitions import CATALOGUE
from definitions.verification import SOURCES
from tests.api.conforms import faults
from tests.api.conftest import COUNTY, STAFF, World
from workflow.models import AccessLog, Authorisation, Query

PEOPLE = STAFF | {"verifier": ("verification_officer", COUNTY)}


@pytest.fixture
def district(migrated, tmp_path):
    path = tmp_path / "checked.db"
    shutil.copy(migrated, path)
    made = World(f"sqlite:///{path}", CATALOGUE, PEOPLE)
    yield made
    made.edge.database.close()


def place(world) -> str:
    return f"/households/{world.household}/authorisations"


def head(world) -> int:
    page = world.get("/households").json
    return page["items"][0]["members"][0]["id"]


def signed(world, **more):
    body = {"person_id": head(world), "signed_on": "2016-09-05", "scope": list(SOURCES)}
    return world.post(place(world), body | more)


def test_what_is_signed_is_recorded_listed_and_taken_back(district):
    made = signed(district, valid_to="2016-12-31")
    assert made.status == 201, made.text
    described = district.client.get("/api/v1/openapi.json").get_json()
    assert not faults(described["components"]["schemas"]["Authorisation"], made.json, described)
    listed = district.get(place(district)).json["items"]
    assert [row["number"] for row in listed] == [made.json["number"]]
    assert (listed[0]["valid_to"], listed[0]["withdrawn_at"]) == ("2016-12-31", None)
    back = district.post(f"{place(district)}/{made.json['id']}/withdraw", {"reason": "本人书面撤回"})
    assert (back.status, back.json["withdrawn_reason"]) == (200, "本人书面撤回")
    assert (
        district.post(f"{place(district)}/{made.json['id']}/withdraw", {"reason": "本人书面撤回"}).status
        == 409
    )
    assert district.rows(select(AccessLog.id).where(AccessLog.what == "api:authorisations"))


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"person_id": 10**6}, "person_id"),
        ({"signed_on": "2017-01-01"}, "signed_on"),
        ({"scope": ["army"]}, "scope"),
        ({"valid_to": "2016-09-04"}, "valid_to"),
    ],
)
def test_what_contradicts_itself_is_refused_by_field(district, wrong, field):
    told = signed(district, **wrong)
    assert told.status == 422
    assert [error["field"] for error in told.json["errors"]] == [field]
    assert not district.rows(select(Authorisation.id))


def test_who_has_no_such_post_records_nothing(district):
    body = {"person_id": head(district), "signed_on": "2016-09-05", "scope": ["tax"]}
    assert district.post(place(district), body, "auditor").status == 403
    assert district.get("/households/999999/authorisations").status == 404


def test_a_check_is_a_case_and_asks_nobody_before_everybody_has_signed(district):
    number = district.open("verification", "verifier")
    assert district.do(number, "ask", "verifier").status == 409
    assert not district.rows(select(Query.id))
    signed(district)
    assert district.do(number, "ask", "verifier").status == 200
    assert len(district.rows(select(Query.id))) == len(SOURCES)
