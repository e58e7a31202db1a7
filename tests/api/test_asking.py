"""Who may ask, and with what: tokens, parameters, bodies, addresses."""

import json

import pytest

from workflow import staff

CURSORS = ("x", "WzFd", "W10", "bm9wZQ", "%2e", "9" * 300)
LISTS = ("/cases", "/tasks", "/ledger", "/definitions", "/households")


def problem(answer, status, kind):
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == f"urn:jiuzhu:problem:{kind}"
    assert answer.json["status"] == status
    assert any("\u4e00" <= c <= "\u9fff" for c in answer.json["detail"])
    return answer.json


@pytest.mark.parametrize(
    "sent",
    [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer jz_wrong"}, {"Authorization": "Basic eDp5"}],
)
@pytest.mark.parametrize("path", [*LISTS, "/cases/WJ-2016-000001", "/cases/WJ-2016-000001/journal"])
def test_without_a_good_token_everything_is_401(world, path, sent):
    answer = world.get(path, who=None, **sent)
    problem(answer, 401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "path", ["/cases", "/households", "/documents", "/tasks/1/claim", "/cases/WJ-2016-000001/actions/submit"]
)
def test_without_a_token_nothing_is_done(world, path):
    problem(world.post(path, who=None), 401, "not-signed-in")


def test_a_closed_account_and_a_revoked_token_are_401(world):
    with world.edge.database.acting() as conn:
        session = world.edge.office.session(conn)
        staff.disable(session, staff.find_user(session, "window"), world.edge.now())
        session.flush()
    problem(world.get("/cases"), 401, "not-signed-in")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["no_such_filter", "stage[in]", "stage__ne", "Limit", "or", "sort", "areas"])
def test_an_unknown_parameter_is_refused_by_name(world, path, name):
    answer = world.get(f"{path}?limit=5&{name}=1")
    assert problem(answer, 400, "unknown-parameter")["parameter"] == name
    assert name in answer.json["detail"]


def test_a_single_case_takes_no_parameter(world):
    assert (
        problem(world.get(f"/cases/{world.open()}?expand=1"), 400, "unknown-parameter")["parameter"]
        == "expand"
    )


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=501", "limit=-1", "limit=1e2", "limit=²", "limit=", "limit=5&limit=6", "state=", "state=OPEN",
        "definition=nosuch", "stage=nosuch", "definition=toy&stage=nosuch", "edition=NB2099", "area=33", "area=%2533",
        "area=330212101200'--", "household=x", "household=0", "household=99999999999999999999", "updated_since=yesterday",
        "updated_since=2016-09-05T00:00:00", "updated_since=0001-01-01T00:00:00%2B14:00", "result=%00", "stage=draft%0a",
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused_with_the_parameters_name(world, query):
    found = problem(world.get(f"/cases?{query}"), 400, "malformed")
    assert found["parameter"] in query


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_is_not_ours_is_refused(world, path, cursor):
    assert problem(world.get(f"{path}?cursor={cursor}"), 400, "malformed")["parameter"] == "cursor"


def test_a_cursor_belongs_to_its_filters(world):
    for _ in range(3):
        world.open()
    following = world.get("/cases?limit=1&state=open").json["next"]
    assert world.get(f"/cases?limit=1&state=open&cursor={following}").status == 200
    problem(world.get(f"/cases?limit=1&cursor={following}"), 400, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"1", b"null", b'"x"', b"\xff\xfe", b'{"a":NaN}', b'{"a":1.5}', b'{"a":1,"a":2}', b"[" * 100_000,
        b'{"definition":"\\ud800"}', b'{"definition":"\\u0000"}', b"9" * 5000,
    ],
)  # fmt: skip
def test_a_body_that_is_no_good_json_is_refused(world, body):
    problem(world.post("/cases", data=body, content_type="application/json"), 400, "malformed")


def test_a_body_of_another_type_or_too_large_is_refused(world):
    problem(
        world.post("/cases", data="definition=toy", content_type="application/x-www-form-urlencoded"),
        415,
        "unsupported-media-type",
    )
    problem(world.post("/documents", {"case": "x"}), 415, "unsupported-media-type")
    large = json.dumps({"definition": "x" * 2_000_000})
    problem(world.post("/cases", data=large, content_type="application/json"), 413, "too-large")


def test_a_backslash_u0000_that_is_only_text_is_text(world):
    answer = world.post("/cases", {"definition": "\\u0000", "household": world.household})
    assert problem(answer, 422, "invalid")["errors"][0]["field"] == "definition"


def test_unknown_keys_are_refused_by_name_also_in_rows(world):
    answer = world.post("/cases", {"definition": "toy", "household": world.household, "stage": "done"})
    assert problem(answer, 400, "unknown-key")["key"] == "stage"
    number = world.in_review()
    answer = world.do(
        number, "agree", "reviewer", {"reason": "可以办理了", "amount": "1.00", "stage": "done"}
    )
    assert problem(answer, 400, "unknown-key")["key"] == "stage"
    answer = world.do(
        number, "visit", "visitor", {"visitors": [1], "notes": [{"who": "甲", "count": 1}, {"whom": "乙"}]}
    )
    assert problem(answer, 400, "unknown-key")["key"] == "notes/1/whom"


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("get", "/api/v1/nothing", 404), ("get", "/api/v2/cases", 404), ("delete", "/api/v1/cases", 405),
        ("put", "/api/v1/cases/WJ-2016-000001", 405), ("get", "/api/v1/documents", 405), ("patch", "/api/v1/openapi.json", 405),
    ],
)  # fmt: skip
def test_other_addresses_and_methods_are_problems_too(world, method, path, status):
    answer = getattr(world.client, method)(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


def test_nothing_is_stored_on_the_way(world):
    assert world.get("/cases").headers["Cache-Control"] == "no-store"
