"""Tasks, households, documents, the ledger, definitions."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.api.conftest import HOUSEHOLD, PDF, VILLAGE
from tests.api.test_asking import problem
from workflow.models import AccessLog, Case, Entitlement, PaymentLine


def task_of(world, number, part=""):
    return next(t for t in world.get(f"/cases/{number}", "auditor").json["tasks"] if t["part"] == part)


def test_the_worklist_holds_what_the_caller_may_do(world):
    number = world.in_review()
    (task,) = world.get("/tasks", "visitor").json["items"]
    assert (task["case"], task["part"], task["label"], task["role"], task["assignee"]) == (
        number,
        "visit",
        "上门走访",
        "investigator",
        None,
    )
    assert world.get("/tasks", "window").json["items"] == []
    assert len(world.get("/tasks?definition=toy&stage=review", "visitor").json["items"]) == 1
    assert world.get("/tasks?deadline=overdue", "visitor").json["items"] == []
    problem(world.get("/tasks?definition=nosuch", "visitor"), 400, "malformed")


def test_tasks_page_by_cursor(world):
    numbers = {world.in_review() for _ in range(3)}
    first = world.get("/tasks?limit=2", "visitor").json
    second = world.get(f"/tasks?limit=2&cursor={first['next']}", "visitor").json
    assert {t["case"] for t in first["items"] + second["items"]} == numbers
    assert (len(first["items"]), second["next"]) == (2, None)


def test_claim_release_assign_delegate(world):
    number = world.in_review()
    task = task_of(world, number, "visit")["id"]
    claimed = world.post(f"/tasks/{task}/claim", who="visitor")
    assert claimed.status == 200
    assert claimed.headers["ETag"] == f'"{claimed.json["version"]}"'
    assert task_of(world, number, "visit")["assignee"] == {"id": world.ids["visitor"], "name": "visitor员"}
    problem(world.post(f"/tasks/{task}/claim", who="visitor2"), 409, "conflict")
    problem(world.post(f"/tasks/{task}/claim", who="window"), 403, "not-permitted")
    problem(world.post(f"/tasks/{task}/release", who="visitor2"), 403, "not-permitted")
    hand = {"to": world.ids["visitor2"], "reason": "外出开会，请代办"}
    assert world.post(f"/tasks/{task}/delegate", hand, "visitor").status == 200
    assert task_of(world, number, "visit")["assignee"]["id"] == world.ids["visitor2"]
    assert world.post(f"/tasks/{task}/release", who="visitor2").status == 200
    assert task_of(world, number, "visit")["assignee"]["id"] == world.ids["visitor"]
    assert world.post(f"/tasks/{task}/assign", hand, "supervisor").status == 200
    problem(
        world.post(f"/tasks/{task}/assign", hand | {"to": world.ids["window"]}, "supervisor"), 409, "unmet"
    )


@pytest.mark.parametrize(
    "body, field",
    [
        ({"to": 999, "reason": "请接办这一件"}, "to"),
        ({"to": "x", "reason": "请接办这一件"}, "to"),
        ({"to": 1}, "reason"),
    ],
)
def test_a_hand_over_to_nobody_or_without_reason_is_422(world, body, field):
    task = task_of(world, world.in_review(), "visit")["id"]
    found = problem(world.post(f"/tasks/{task}/assign", body, "supervisor"), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [field]


@pytest.mark.parametrize("task", ["0", "99", "x", "²", "9" * 30, "-1"])
def test_a_task_that_is_not_there_is_404(world, task):
    problem(world.post(f"/tasks/{task}/claim"), 404, "not-found")


def test_a_task_may_be_taken_as_it_was_seen(world):
    task = task_of(world, world.in_review(), "visit")["id"]
    problem(world.post(f"/tasks/{task}/claim", who="visitor", seen=1), 412, "stale")
    assert world.post(f"/tasks/{task}/claim", who="visitor", seen=2).status == 200


def test_a_finished_task_is_409(world):
    number = world.open()
    task = task_of(world, number)["id"]
    world.do(number, "withdraw", "window")
    problem(world.post(f"/tasks/{task}/claim"), 409, "conflict")


def test_registering_and_finding_a_household_never_shows_a_whole_number(world):
    body = HOUSEHOLD | {
        "members": [{"relation": "head", "name": "李大山", "birth": "1950-02-03", "sex": "M"}]
    }
    made = world.post("/households", body)
    assert made.status == 201
    assert made.json["members"][0]["id_number"] == ""
    page = world.get("/households?limit=1").json
    assert page["items"] == [made.json]
    (old,) = world.get(f"/households?limit=1&cursor={page['next']}").json["items"]
    assert old["members"][0]["id_number"] == "330212********0025"
    by_number = world.get("/households?q=330212196001010025")
    assert by_number.json["items"] == [old]
    assert "330212196001010025" not in by_number.text
    logged = world.rows(select(AccessLog.what, AccessLog.household_id).order_by(AccessLog.id))
    assert logged == [
        ("api:household", made.json["id"]),
        ("api:household", old["id"]),
        ("api:household", old["id"]),
    ]


def test_a_household_is_refused_field_by_field_and_by_role(world):
    found = problem(world.post("/households", HOUSEHOLD | {"setting": "moon", "members": []}), 422, "invalid")
    assert {error["field"] for error in found["errors"]} == {"setting", "members"}
    problem(world.post("/households", HOUSEHOLD, "auditor"), 403, "not-permitted")
    rows = [HOUSEHOLD["members"][0] | {"wage": 1}]
    assert (
        problem(world.post("/households", HOUSEHOLD | {"members": rows}), 400, "unknown-key")["key"]
        == "members/0/wage"
    )
    taken = problem(world.post("/households", HOUSEHOLD), 422, "invalid")
    assert taken["errors"]


def test_a_document_is_attached_and_shown(world):
    number = world.open()
    made = world.upload(number)
    assert (made.status, made.json["kind"], made.json["media_type"], made.json["size"]) == (
        201,
        "application",
        "application/pdf",
        len(PDF),
    )
    assert world.get(f"/cases/{number}").json["documents"] == [made.json]


@pytest.mark.parametrize(
    "more, field",
    [
        ({"kind": "nosuch"}, "kind"), ({"body": b""}, "file"), ({"body": b"#!/bin/sh"}, "file"), ({"name": "a.exe"}, "file"),
        ({"body": b"%PDF-" + b"0" * 10 * 1024 * 1024}, "file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_422(world, more, field):
    found = problem(world.upload(world.open(), **more), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [field]


def test_a_document_needs_its_case_its_file_and_a_role(world):
    number = world.open()
    problem(
        world.post("/documents", data={"case": number, "kind": "application"}), 415, "unsupported-media-type"
    )
    problem(
        world.post("/documents", data={"case": number}, content_type="multipart/form-data"), 400, "malformed"
    )
    assert problem(world.upload(number, person="1"), 400, "unknown-key")["key"] == "person"
    problem(world.upload("WJ-2016-999999"), 404, "not-found")
    problem(world.upload(number, who="auditor"), 403, "not-permitted")
    world.do(number, "withdraw", "window")
    problem(world.upload(number), 409, "not-now")


@pytest.fixture
def ledger(world):
    number = world.open()
    with world.edge.database.acting() as conn:
        session = world.edge.office.session(conn)
        case_id = session.scalar(select(Case.id))
        for programme, to in (("dibao", None), ("tekun", "2016-08")):
            session.add(Entitlement(
                case_id=case_id, household_id=world.household, programme=programme, area_code=VILLAGE,
                from_month="2016-10" if to is None else "2016-01", to_month=to, amount=Decimal("744.50"), base=Decimal("700.00"),
                supplement=Decimal("44.50"), shares={}, decided_by=number,
            ))  # fmt: skip
        for month, state in (("2016-10", "paid"), ("2016-11", "due")):
            session.add(PaymentLine(
                list_id=case_id, case_id=case_id, household_id=world.household, person_id=1, programme="dibao", month=month,
                amount=Decimal("744.50"), state=state, paid_on=date(2016, 10, 9) if state == "paid" else None,
            ))  # fmt: skip
        session.flush()
    return world


@pytest.mark.parametrize(
    "query, count",
    [
        ("", 4), ("kind=entitlement", 2), ("kind=payment", 2), ("programme=dibao", 3), ("month=2016-10", 2), ("month=2016-08", 1),
        ("state=due", 1), ("state=paid&month=2016-11", 0), ("household=1", 4), ("household=2", 0), ("case=WJ-2016-000001", 4),
        ("case=x", 0), ("area=330212101000", 4), ("area=330212001000", 0), ("kind=entitlement&state=due", 0),
    ],
)  # fmt: skip
def test_the_ledger_by_filter(ledger, query, count):
    assert len(ledger.get(f"/ledger?{query}", "auditor").json["items"]) == count


def test_the_ledger_pages_over_both_kinds(ledger):
    seen, following = [], ""
    for _ in range(10):
        page = ledger.get(f"/ledger?limit=1{following}").json
        seen += [(item["kind"], item["id"], item["amount"]) for item in page["items"]]
        if page["next"] is None:
            break
        following = f"&cursor={page['next']}"
    assert seen == [
        ("entitlement", 1, "744.50"),
        ("entitlement", 2, "744.50"),
        ("payment", 1, "744.50"),
        ("payment", 2, "744.50"),
    ]


def test_the_ledger_of_others_is_empty(ledger):
    for who in ("stranger", "admin"):
        assert ledger.get("/ledger", who).json == {"items": [], "next": None}
    with ledger.edge.database.acting() as conn:
        conn.execute(Case.__table__.update().values(barred=[ledger.ids["auditor"]]))
    assert ledger.get("/ledger", "auditor").json["items"] == []


def test_definitions_page_too(world):
    first = world.get("/definitions?limit=1").json
    second = world.get(f"/definitions?limit=1&cursor={first['next']}").json
    assert [one["code"] for one in first["items"] + second["items"]] == ["toy", "elder"]
    assert second["next"] is None
    assert {"code", "title", "editions", "stages", "actions"} <= set(first["items"][0])
