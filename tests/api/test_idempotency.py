"""One POST, one act, whatever the network does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.api import toy
from tests.api.conftest import World, migrate
from tests.api.test_asking import problem
from web.api import idempotency
from workflow.models import Case, IdempotencyKey, JournalEntry


def count(world, table):
    return world.rows(select(func.count()).select_from(table))[0][0]


def same(first, second):
    drop = {"Date"}
    heads = [{k: v for k, v in answer.headers.items() if k not in drop} for answer in (first, second)]
    return (first.status, first.text, heads[0]) == (second.status, second.text, heads[1])


def test_the_first_answer_is_given_again(world):
    body = {"definition": "toy", "household": world.household}
    first = world.post("/cases", body, key="a")
    again = world.post("/cases", dict(reversed(body.items())), key="a")
    assert same(first, again)
    assert count(world, Case) == 1


def test_the_first_answer_of_an_act_stands_though_the_case_moved_on(world):
    number = world.open()
    world.upload(number)
    first = world.post(f"/cases/{number}/actions/submit", seen=1, key="s")
    assert world.do(number, "visit", "visitor", {"visitors": [world.ids["visitor"]]}).status == 200
    again = world.post(f"/cases/{number}/actions/submit", seen=1, key="s")
    assert same(first, again)
    assert first.status == 200


@pytest.mark.parametrize("change", [{"household": 2}, {"definition": "elder"}, {"area": "330212101200"}])
def test_the_same_key_with_another_body_is_422(world, change):
    body = {"definition": "toy", "household": world.household}
    world.post("/cases", body, key="a")
    problem(world.post("/cases", body | change, key="a"), 422, "idempotency-key-reused")
    assert count(world, Case) == 1


def test_the_same_key_at_another_address_or_with_another_file_is_422(world):
    one, two = world.open(), world.open()
    world.post(f"/cases/{one}/actions/withdraw", seen=1, key="a")
    problem(world.post(f"/cases/{two}/actions/withdraw", seen=1, key="a"), 422, "idempotency-key-reused")
    first = world.upload(two, key="f")
    assert same(first, world.upload(two, key="f"))
    problem(world.upload(two, key="f", body=b"%PDF-other"), 422, "idempotency-key-reused")


def test_a_key_is_the_callers_own(world):
    body = {"definition": "toy", "household": world.household}
    assert world.post("/cases", body, key="a").status == 201
    problem(world.post("/cases", body, "reviewer", key="a"), 403, "not-permitted")


@pytest.mark.parametrize("key", ["", " ", "x" * 121, "a b", "钥匙".encode().decode("latin-1")])
def test_a_post_without_a_usable_key_is_400(world, key):
    headers = world.headers("window") | {"Idempotency-Key": key, "Content-Type": "application/json"}
    for path in ("/cases", "/households", "/tasks/1/claim", "/cases/WJ-2016-000001/actions/submit"):
        answer = world.client.post(f"/api/v1{path}", headers=headers, data="{}")
        assert answer.status_code == 400
        assert "Idempotency-Key" in answer.get_json()["detail"]


def test_a_refusal_is_an_answer_too(world):
    number = world.open()
    first = world.post(f"/cases/{number}/actions/submit", seen=1, key="s")
    assert first.status == 409
    world.upload(number)
    assert same(first, world.post(f"/cases/{number}/actions/submit", seen=1, key="s"))
    assert world.post(f"/cases/{number}/actions/submit", seen=1, key="t").status == 200


def test_a_stale_request_was_not_tried_and_may_come_again(world):
    number = world.open()
    world.upload(number)
    assert world.post(f"/cases/{number}/actions/submit", seen=7, key="s").status == 412
    assert world.post(f"/cases/{number}/actions/submit", seen=1, key="s").status == 200


def test_a_refused_act_leaves_nothing_behind(world):
    number = world.in_review()
    before = (count(world, JournalEntry), world.rows(select(Case.version, Case.head_hash)))
    world.do(number, "agree", "reviewer", {"reason": "可以办理了", "amount": "900.00"})
    assert (count(world, JournalEntry), world.rows(select(Case.version, Case.head_hash))) == before


def test_a_fault_keeps_neither_act_nor_key(world, monkeypatch):
    def broken(*_args):
        raise RuntimeError("the power goes")

    monkeypatch.setattr(idempotency, "keep", broken)
    answer = world.post("/cases", {"definition": "toy", "household": world.household}, key="a")
    problem(answer, 500, "fault")
    assert (count(world, Case), count(world, IdempotencyKey)) == (0, 0)
    monkeypatch.undo()
    assert world.post("/cases", {"definition": "toy", "household": world.household}, key="a").status == 201


def test_old_keys_are_forgotten(world):
    world.open()
    with world.edge.database.acting() as conn:
        assert idempotency.forget(conn, world.edge.now() + timedelta(days=6)) == 0
        assert idempotency.forget(conn, world.edge.now() + timedelta(days=8)) == 1


def eight_at_once(world):
    number = world.open()
    world.upload(number)

    def send(_):
        return world.post(
            f"/cases/{number}/actions/submit", seen=1, key="same", client=world.app.test_client()
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status for answer in answers} == {200}, [answer.text for answer in answers]
    assert all(same(answers[0], answer) for answer in answers)
    assert count(world, JournalEntry) == 2


def test_eight_at_once_are_one_act_on_sqlite(world):
    eight_at_once(world)


def test_eight_at_once_are_one_act_on_postgresql(fresh_postgres):
    world = World(fresh_postgres(migrate), toy.CATALOGUE)
    eight_at_once(world)
    world.edge.database.close()
