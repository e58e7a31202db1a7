"""The description is true: every operation is walked, every answer fits its schema and its statuses are named."""

import re

import pytest

from tests.api.conforms import faults
from tests.api.conftest import HOUSEHOLD
from web.api.routes import OPERATIONS, blueprint


@pytest.fixture
def described(world):
    return world.client.get("/api/v1/openapi.json").get_json()


def operations(described):
    return {
        o["operationId"]: (path, method, o)
        for path, methods in described["paths"].items()
        for method, o in methods.items()
    }


def test_it_is_openapi_3_1_and_names_every_route(world, described):
    assert described["openapi"].startswith("3.1")
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in world.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith(f"{blueprint.name}.") and not rule.endpoint.endswith(".nowhere")
    }
    assert routed == {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_every_reference_leads_somewhere(described):
    names = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', __import__("json").dumps(described)))
    assert names <= set(described["components"]["schemas"])
    assert {f"Form.tests.api.toy.{name}" for name in ("Decision", "Visit")} <= names


def fits(described, operation, answer):
    named = described["paths"][operation[0]][operation[1]]["responses"]
    assert str(answer.status) in named, (operation[:2], answer.status)
    media_type = answer.headers["Content-Type"].split(";")[0]
    schema = named[str(answer.status)]["content"][media_type]["schema"]
    assert faults(schema, answer.json, described) == []


def test_every_operation_answers_as_described(world, described):
    number = world.in_review()
    review = next(t["id"] for t in world.get(f"/cases/{number}").json["tasks"] if t["part"] == "visit")
    hand = {"to": world.ids["visitor2"], "reason": "外出开会，请代办"}
    decision = {"reason": "可以办理了", "amount": "10.00"}
    papers = f"/households/{world.household}/authorisations"
    walks = {
        "list_cases": lambda: world.get("/cases"),
        "get_case": lambda: world.get(f"/cases/{number}", "reviewer"),
        "get_journal": lambda: world.get(f"/cases/{number}/journal"),
        "list_tasks": lambda: world.get("/tasks", "visitor"),
        "list_households": lambda: world.get("/households"),
        "list_people": lambda: world.get("/people?q=王秀英"),
        "get_person": lambda: world.get("/people/1"),
        "create_authorisation": lambda: world.post(papers, {
            "person_id": 1, "signed_on": "2016-09-05", "scope": ["tax"]}),
        "list_authorisations": lambda: world.get(papers),
        "withdraw_authorisation": lambda: world.post(f"{papers}/1/withdraw", {"reason": "本人书面撤回"}),
        "list_ledger": lambda: world.get("/ledger"),
        "list_definitions": lambda: world.get("/definitions"),
        "create_case": lambda: world.post("/cases", {"definition": "toy", "household": world.household}),
        "create_household": lambda: world.post("/households", HOUSEHOLD | {"members": HOUSEHOLD["members"][1:] and [
            {"relation": "head", "name": "李大山", "birth": "1950-02-03", "sex": "M"}]}),
        "create_document": lambda: world.upload(number, who="reviewer"),
        "claim_task": lambda: world.post(f"/tasks/{review}/claim", who="visitor"),
        "delegate_task": lambda: world.post(f"/tasks/{review}/delegate", hand, "visitor"),
        "recall_task": lambda: world.post(f"/tasks/{review}/recall", who="visitor"),
        "advise_task": lambda: (world.post(f"/tasks/{review}/delegate", hand, "visitor"),
                                world.post(f"/tasks/{review}/advise", {"opinion": "已经看过，建议同意"}, "visitor2"))[1],
        "transfer_task": lambda: world.post(f"/tasks/{review}/transfer", hand, "visitor"),
        "urge_task": lambda: world.post(f"/tasks/{review}/urge", {"words": "请今天办结"}, "supervisor"),
        "take_next": lambda: world.post("/tasks/next", who="visitor2"),
        "release_task": lambda: world.post(f"/tasks/{review}/release", who="visitor2"),
        "assign_task": lambda: world.post(f"/tasks/{review}/assign", hand, "supervisor"),
        "take_action": lambda: world.do(number, "agree", "reviewer", decision),
    }  # fmt: skip
    found = operations(described)
    assert set(walks) == {operation.code for operation in OPERATIONS}
    for code, walk in walks.items():
        answer = walk()
        assert answer.status in {200, 201}, (code, answer.text)
        fits(described, found[code], answer)


REFUSALS = {
    "without a token": lambda w, n: w.get(f"/cases/{n}", None),
    "unknown filter": lambda w, n: w.get(f"/cases/{n}?x=1"),
    "unknown case": lambda w, n: w.get("/cases/WJ-2016-000099"),
}
POSTED = {
    "without a token": lambda w, n: w.post(f"/cases/{n}/actions/agree", who=None),
    "unknown key": lambda w, n: w.do(n, "agree", "reviewer", {"x": 1}),
    "no version": lambda w, n: w.post(f"/cases/{n}/actions/agree", {}, "reviewer"),
    "stale": lambda w, n: w.post(f"/cases/{n}/actions/agree", {}, "reviewer", seen=99),
    "role": lambda w, n: w.do(n, "agree", "window"),
    "stage": lambda w, n: w.do(n, "finish", "window"),
    "form": lambda w, n: w.do(n, "agree", "reviewer", {}),
    "needs": lambda w, n: w.do(w.open(), "submit", "window"),
    "type": lambda w, n: w.do(n, "agree", "reviewer", data="x", content_type="text/plain"),
    "unknown": lambda w, n: w.post("/cases/WJ-2016-000099/actions/agree", {}, "reviewer", seen=1),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_of_reading_are_as_described(world, described, name):
    fits(described, operations(described)["get_case"], REFUSALS[name](world, world.in_review()))


@pytest.mark.parametrize("name", POSTED)
def test_refusals_of_acting_are_as_described(world, described, name):
    answer = POSTED[name](world, world.in_review())
    assert answer.status >= 400
    fits(described, operations(described)["take_action"], answer)


def test_an_example_fits_its_schema(world):
    number = world.in_review()
    for who in ("visitor", "reviewer"):
        for action in world.get(f"/cases/{number}", who).json["actions"]:
            assert faults(action["schema"], action["schema"]["examples"][0], {}) == []


def test_the_validator_itself_finds_faults(described):
    for schema, value in (
        ({"type": "integer"}, True), ({"enum": ["a"]}, "b"), ({"type": ["string", "null"]}, 1), ({"const": True}, 1),
        ({"type": "object", "properties": {}, "additionalProperties": False}, {"x": 1}), ({"format": "date"}, "2016-02-30"),
        ({"type": "object", "required": ["x"]}, {}), ({"type": "array", "items": {"type": "string"}}, [1]), ({"minItems": 1}, []),
        ({"$ref": "#/components/schemas/Status"}, {"status": 1}), ({"pattern": "^a$"}, "b"), ({"maximum": 2}, 3),
        ({"additionalProperties": {"type": "string"}}, {"x": 1}), ({"oneOf": [{"type": "string"}, {"maxLength": 9}]}, "x"),
    ):  # fmt: skip
        assert faults(schema, value, described), (schema, value)
