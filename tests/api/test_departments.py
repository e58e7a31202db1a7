"""Departments through the API: they act on what is handed to them, know of nothing else, and the ledger has the grant."""

import shutil

import pytest

from definitions import CATALOGUE
from tests.api.conforms import faults
from tests.api.conftest import World
from tests.api.test_dibao import PEOPLE

INSURANCE, HOUSING = "330212D05000", "330212D04000"
PAPERS = ("application", "identity", "medical_bill", "insurance_sheet", "tier_certificate", "authorisation")
DEPARTMENTS = {
    "insurer": ("department_reviewer", INSURANCE),
    "insurers_head": ("department_approver", INSURANCE),
    "housing": ("department_reviewer", HOUSING),
}


@pytest.fixture
def world(migrated, tmp_path):
    path = tmp_path / "departments.db"
    shutil.copy(migrated, path)
    made = World(f"sqlite:///{path}", CATALOGUE, PEOPLE | DEPARTMENTS)
    yield made
    made.edge.database.close()


def example(world, number, action, who):
    offered = {one["code"]: one["schema"] for one in world.get(f"/cases/{number}", who).json["actions"]}
    return offered[action]["examples"][0]


def done(world, number, action, who, **form):
    answer = world.do(number, action, who, example(world, number, action, who) | form)
    assert answer.status == 200, answer.text


def granted(world):
    number = world.open("medical")
    for kind in PAPERS:
        assert world.upload(number, kind).status == 201
    certificate = {"group": "low_edge", "certificate": "DB-1", "valid_until": "2017-06-30"}
    done(world, number, "submit", "window", **certificate)
    done(world, number, "accept", "window")
    done(world, number, "pass_on", "reviewer")
    assert world.get(f"/cases/{number}", "housing").status == 404
    done(world, number, "agree", "insurer")
    done(world, number, "approve", "insurers_head")
    return number


def test_a_department_acts_on_its_own_cases_and_knows_no_others(world):
    number = granted(world)
    tasks = world.get("/tasks", "insurer").json["items"]
    assert [(one["case"], one["role"], one["scope"]) for one in tasks] == [
        (number, "department_reviewer", INSURANCE)
    ]
    assert not world.get("/tasks", "housing").json["items"]
    assert [one["number"] for one in world.get("/cases", "insurer").json["items"]] == [number]
    assert not world.get("/cases", "housing").json["items"]


def test_the_ledger_has_what_a_department_granted(world):
    number = granted(world)
    answer = world.get("/ledger")
    [grant] = answer.json["items"]
    assert (grant["kind"], grant["case"], grant["amount"], grant["paid_on"]) == (
        "grant",
        number,
        "1200.00",
        None,
    )
    whole = world.get("/openapi.json").json
    assert not faults({"$ref": "#/components/schemas/LedgerPage"}, answer.json, whole)
    assert world.get("/ledger?kind=grant&programme=medical").json["items"] == [grant]
    assert not world.get("/ledger?kind=payment").json["items"]
    assert not world.get("/ledger?month=2001-01").json["items"]


def test_an_invoice_used_before_is_refused_with_its_case(world):
    number = granted(world)
    bills = [
        {"invoice": f"{number}-1", "hospital": "区人民医院", "issued_on": "2016-09-01", "total": "10.00", "insurance": "0.00",
         "charity": "0.00", "other_aid": "0.00"}
    ]  # fmt: skip
    again = world.open("medical")
    refused = world.do(
        again, "submit", "window", example(world, again, "submit", "window") | {"bills": bills}
    )
    assert (refused.status, number in refused.text) == (422, True)
