"""People through the API: found and read, numbers masked, every look logged."""

from sqlalchemy import select

from tests.api.conftest import HOUSEHOLD
from workflow.models import AccessLog, Person

BODY = {"relation": "head", "name": "王小明", "birth": "2008-01-01", "sex": "M"}


def test_people_are_found_and_read_and_every_look_is_logged(world):
    (found,) = world.get("/people?q=wangxiuying").json["items"]
    assert (found["name"], found["id_kind"], found["id_number"]) == (
        "王秀英",
        "citizen",
        "330212********0025",
    )
    whole = world.get(f"/people/{found['id']}").json
    assert [home["relation"] for home in whole["households"]] == ["head"]
    assert [tie["relation"] for tie in whole["kin"]] == ["child"]
    with world.edge.database.reading() as session:
        seen = session.scalars(select(AccessLog.person_id).where(AccessLog.what == "api:person")).all()
    assert seen == [found["id"]] * 2


def test_nobody_without_a_query_and_nobody_of_others(world):
    assert world.get("/people").json == {"items": []}
    assert world.get("/people?q=王秀英", "stranger").json == {"items": []}
    assert world.get("/people/1", "stranger").status == 404
    assert world.get("/people/999").status == 404


def test_who_looks_alike_is_told_and_decided_when_a_household_is_registered(world):
    body = HOUSEHOLD | {"members": [BODY]}
    refused = world.post("/households", body)
    assert refused.status == 422
    assert "可能已经登记过：王小明" in refused.text
    assert "同一人编号" in refused.text
    made = world.post("/households", body | {"members": [BODY | {"not_same": "同村同名，出生证不同"}]})
    assert made.status == 201, made.text
    other = made.json["members"][0]["id"]
    with world.edge.database.reading() as session:
        assert session.get(Person, other).name == "王小明"
    told = world.get(f"/people/{other}").json["duplicates"]
    assert told["found"] == []
    assert {one["method"] for one in told["unchecked"]} == {"number", "near"}


def test_somebody_in_another_household_cannot_be_chosen_as_the_same(world):
    members = [BODY | {"same_as": 2}]
    assert "请先在那里办理离户" in world.post("/households", HOUSEHOLD | {"members": members}).text
    assert (
        "不在可能重复的人当中"
        in world.post("/households", HOUSEHOLD | {"members": [BODY | {"same_as": 1}]}).text
    )
