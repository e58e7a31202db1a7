"""Opening, looking at and acting on cases; versions, forms, refusals."""

import pytest
from sqlalchemy import func, select

from tests.api.test_asking import problem
from workflow.models import AccessLog, Case, JournalEntry, User


def test_a_case_is_as_contracted(world):
    number = world.open()
    case = world.get(f"/cases/{number}").json
    assert number == "WJ-2016-000001"
    assert (case["definition"], case["edition"], case["stage"], case["version"]) == (
        "toy",
        "NB2016",
        "draft",
        1,
    )
    assert case["area"] == "330212101200"
    assert case["subject"] == {"kind": "household", "id": world.household}
    first = case["deadlines"][0]
    assert {k: first[k] for k in ("kind", "due", "source", "state", "provisional")} == {
        "kind": "stage:draft", "due": "2016-09-12", "source": "X-2", "state": "open", "provisional": False,
    }  # fmt: skip
    assert case["tasks"][0]["assignee"]["id"] == world.ids["window"]


def test_the_etag_is_the_version_and_opening_tells_where(world):
    made = world.post("/cases", {"definition": "toy", "household": world.household})
    assert (made.status, made.headers["ETag"], made.headers["Location"]) == (
        201,
        '"1"',
        "/api/v1/cases/WJ-2016-000001",
    )
    done = world.do(made.json["number"], "withdraw", "window")
    assert (done.status, done.headers["ETag"], done.json["version"]) == (200, '"2"', 2)
    assert (done.json["stage"], done.json["result"], done.json["actions"]) == ("gone", "withdrawn", [])


def actions(world, number, who):
    return {action["code"]: action["schema"] for action in world.get(f"/cases/{number}", who).json["actions"]}


def test_only_the_actions_the_caller_may_take_now_are_named(world):
    number = world.open()
    assert set(actions(world, number, "window")) == {"submit", "withdraw"}
    assert not actions(world, number, "reviewer")
    world.upload(number)
    world.do(number, "submit", "window")
    assert not actions(world, number, "window")
    assert set(actions(world, number, "reviewer")) == {"agree"}
    assert set(actions(world, number, "visitor")) == {"visit"}


def test_an_action_that_waits_for_documents_names_them_and_has_no_example(world):
    number = world.open()
    waiting = actions(world, number, "window")["submit"]
    assert waiting["x-needs"] == ["application"]
    assert "examples" not in waiting
    world.upload(number)
    ready = actions(world, number, "window")["submit"]
    assert (ready["examples"], "x-needs" in ready) == ([{}], False)


def test_every_example_goes_through(world):
    number = world.in_review()
    for who, code in (("visitor", "visit"), ("reviewer", "agree"), ("window", "finish")):
        (example,) = actions(world, number, who)[code]["examples"]
        assert world.do(number, code, who, example).status == 200
    assert world.get(f"/cases/{number}").json["result"] == "approved"


def test_trying_an_example_changes_nothing(world):
    number = world.in_review()
    before = world.rows(select(Case.version, Case.head_hash, Case.seq))
    actions(world, number, "reviewer")
    assert world.rows(select(Case.version, Case.head_hash, Case.seq)) == before


def test_a_task_that_a_colleague_has_taken_offers_nothing(world):
    number = world.in_review()
    task = next(t["id"] for t in world.get(f"/cases/{number}").json["tasks"] if t["part"] == "visit")
    world.post(f"/tasks/{task}/claim", who="visitor2")
    assert not actions(world, number, "visitor")
    assert set(actions(world, number, "visitor2")) == {"visit"}


def test_a_stale_version_is_412_and_a_missing_one_428(world):
    number = world.open()
    world.upload(number)
    problem(world.post(f"/cases/{number}/actions/submit"), 428, "version-missing")
    found = problem(world.post(f"/cases/{number}/actions/submit", seen=9), 412, "stale")
    assert found["version"] == 1
    for etag in ('W/"1"', "1", '"x"', '"1", "2"'):
        answer = world.client.post(
            f"/api/v1/cases/{number}/actions/submit",
            headers=world.headers("window") | {"If-Match": etag, "Idempotency-Key": "k"},
        )
        assert answer.status_code == 412
    assert world.rows(select(func.count()).select_from(JournalEntry)) == [(1,)]


def test_a_version_star_says_nothing(world):
    number = world.open()
    headers = world.headers("window") | {"If-Match": "*", "Idempotency-Key": "k"}
    assert world.client.post(f"/api/v1/cases/{number}/actions/withdraw", headers=headers).status_code == 428


def test_a_claim_makes_a_seen_version_stale_for_all_alike(world):
    number = world.in_review()
    seen = world.get(f"/cases/{number}", "reviewer").json["version"]
    assert world.do(number, "visit", "visitor", {"visitors": [world.ids["visitor"]]}).status == 200
    answer = world.post(
        f"/cases/{number}/actions/agree", {"reason": "可以办理了", "amount": "1.00"}, "reviewer", seen=seen
    )
    problem(answer, 412, "stale")


def test_refused_by_stage_or_guard_is_409(world):
    number = world.in_review()
    problem(world.do(number, "finish", "window"), 409, "not-now")
    problem(world.do(number, "agree", "reviewer", {"reason": "可以办理了", "amount": "900.00"}), 409, "unmet")
    waiting = world.open()
    assert problem(world.do(waiting, "submit", "window"), 409, "unmet")["needs"] == ["application"]


def test_not_ones_role_is_403(world):
    number = world.in_review()
    problem(
        world.do(number, "agree", "window", {"reason": "可以办理了", "amount": "1.00"}), 403, "not-permitted"
    )
    problem(
        world.post("/cases", {"definition": "toy", "household": world.household}, "reviewer"),
        403,
        "not-permitted",
    )
    problem(world.post("/cases", {"definition": "elder", "household": world.household}), 403, "not-permitted")


def test_an_action_nobody_knows_is_404(world):
    problem(world.do(world.open(), "abolish", "window"), 404, "not-found")


@pytest.mark.parametrize(
    "body, fields",
    [
        ({}, {"reason", "amount"}), ({"reason": "是", "amount": "1"}, {"reason"}), ({"reason": ["x"], "amount": 5}, {"reason", "amount"}),
        ({"reason": {"a": 1}, "amount": "1e99"}, {"reason", "amount"}), ({"reason": "x" * 5000, "amount": "-1"}, {"reason", "amount"}),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_is_422_field_by_field(world, body, fields):
    found = problem(world.do(world.in_review(), "agree", "reviewer", body), 422, "invalid")
    assert {error["field"] for error in found["errors"]} == fields
    assert all(error["pointer"] == f"#/{error['field']}" and error["detail"] for error in found["errors"])


@pytest.mark.parametrize("visitors", [["²"], ["-1"], [10**30], [None], {"a": 1}, "x", [[1]], [True]])
def test_odd_ids_in_a_form_are_422_not_a_fault(world, visitors):
    problem(world.do(world.in_review(), "visit", "visitor", {"visitors": visitors}), 422, "invalid")


@pytest.mark.parametrize("count", ["--5", "9" * 5000, "1.0", True, [1], {"a": 1}, "²"])
def test_odd_numbers_in_a_form_are_422_not_a_fault(world, count):
    rows = [{"who": "甲", "count": count}]
    problem(
        world.do(world.in_review(), "visit", "visitor", {"visitors": [world.ids["visitor"]], "notes": rows}),
        422,
        "invalid",
    )


@pytest.mark.parametrize(
    "change, field",
    [
        ({"definition": "nosuch"}, "definition"), ({"definition": ["toy"]}, "definition"), ({"household": 99}, "household"),
        ({"household": "x"}, "household"), ({"household": None}, "household"), ({"area": "330212999999"}, "area"), ({"area": "1"}, "area"),
    ],
)  # fmt: skip
def test_opening_with_something_unknown_is_422(world, change, field):
    answer = world.post("/cases", {"definition": "toy", "household": world.household} | change)
    assert {error["field"] for error in problem(answer, 422, "invalid")["errors"]} == {field}


def test_who_may_not_know_of_a_case_gets_404_everywhere(world):
    number = world.in_review()
    task = world.get(f"/cases/{number}").json["tasks"][0]["id"]
    for who in ("stranger", "admin"):
        problem(world.get(f"/cases/{number}", who), 404, "not-found")
        problem(world.get(f"/cases/{number}/journal", who), 404, "not-found")
        problem(world.post(f"/cases/{number}/actions/agree", {}, who, seen=2), 404, "not-found")
        problem(world.post(f"/tasks/{task}/claim", who=who), 404, "not-found")
        problem(world.upload(number, who=who), 404, "not-found")
        assert world.get("/cases", who).json == {"items": [], "next": None}
        assert world.get("/tasks", who).json["items"] == []
        assert world.get("/households", who).json["items"] == []
        answer = world.post("/cases", {"definition": "toy", "household": world.household}, who)
        assert problem(answer, 422, "invalid")["errors"][0]["field"] == "household"
    there, nowhere = (world.get(f"/cases/{n}", "stranger").json for n in (number, "WJ-2016-999999"))
    assert there["detail"].replace(number, "") == nowhere["detail"].replace("WJ-2016-999999", "")


def test_a_barred_reader_does_not_know_of_the_case(world):
    number = world.open()
    with world.edge.database.acting() as conn:
        conn.execute(Case.__table__.update().values(barred=[world.ids["auditor"]]))
    problem(world.get(f"/cases/{number}", "auditor"), 404, "not-found")
    assert world.get("/cases", "auditor").json["items"] == []


@pytest.mark.parametrize(
    "number",
    ["1", "WJ-2016-1", "wj-2016-000001", "WJ-2016-000001%00", "WJ-2016-²00001", "%F0%9F%98%80", "x" * 4000],
)
def test_a_number_that_is_none_is_404(world, number):
    problem(world.get(f"/cases/{number}"), 404, "not-found")


def test_the_journal_pages_from_the_first_entry(world):
    number = world.in_review()
    first = world.get(f"/cases/{number}/journal?limit=1").json
    second = world.get(f"/cases/{number}/journal?limit=1&cursor={first['next']}").json
    assert [e["seq"] for e in first["items"] + second["items"]] == [1, 2]
    assert second["next"] is None
    entry = second["items"][0]
    assert (entry["actor"], entry["action"], entry["from"], entry["to"]) == (
        "window员",
        "submit",
        "draft",
        "review",
    )
    assert entry["prev_hash"] == first["items"][0]["hash"]


def test_every_look_at_a_case_is_logged(world):
    number = world.open()
    world.get(f"/cases/{number}", "auditor")
    world.get(f"/cases/{number}/journal", "auditor")
    world.get(f"/cases/{number}", "stranger")
    logged = world.rows(
        select(User.login, AccessLog.what).join(User, User.id == AccessLog.user_id).order_by(AccessLog.id)
    )
    assert logged == [("auditor", "api:case"), ("auditor", "api:journal")]


def test_cases_page_newest_first_and_filters_narrow(world):
    numbers = [world.open() for _ in range(5)]
    world.do(numbers[0], "withdraw", "window")
    seen, cursor = [], ""
    while True:
        page = world.get(f"/cases?limit=2{cursor}").json
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == numbers[::-1]

    def found(query):
        return {item["number"] for item in world.get(f"/cases?{query}", "auditor").json["items"]}

    assert found("state=closed") == found("result=withdrawn") == found("stage=gone") == {numbers[0]}
    assert found("state=open&definition=toy&edition=NB2016&area=330212101000") == set(numbers[1:])
    assert found(f"household={world.household}") == set(numbers)
    assert not found("household=77")
    assert not found("area=330212001000")
    assert not found("definition=elder")


def test_updated_since_is_the_moment_of_the_last_entry(world):
    old = world.open()
    world.clock.move(world.clock.now().replace(hour=5))
    new = world.open()
    found = world.get("/cases?updated_since=2016-09-05T10:00:00%2B08:00").json["items"]
    assert [item["number"] for item in found] == [new]
    world.do(old, "withdraw", "window")
    assert len(world.get("/cases?updated_since=2016-09-05T05:00:00Z").json["items"]) == 2
