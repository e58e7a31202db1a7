"""`doctor`: what is wrong, and what to do."""

import sqlite3
from datetime import UTC, datetime

import pytest

from web.jobs import JOBS

AUTUMN = datetime(2025, 11, 3, 1, tzinfo=UTC)


def states(said):
    return {(f["name"], f["state"]) for f in said.document["findings"]}


def change(tmp_path, *statements):
    db = sqlite3.connect(tmp_path / "district.db")
    with db:
        for statement in statements:
            db.execute(statement)
    db.close()


def ticked(at):
    rows = ", ".join(f"('{job.id}', '{at}', 40, 1, 0, '')" for job in JOBS)
    return f"INSERT INTO tick (name, at, milliseconds, done, failed, error) VALUES {rows}"


USER = "INSERT INTO staff (login, name, email, phone, password_hash, reset_hash, locale, digest, created_at) VALUES ('z', 'z', '', '', '$argon2id$', '', '', 0, '2025-01-01T00:00:00Z')"


def test_a_service_in_order_is_fine(jiuzhu, tmp_path):
    change(tmp_path, ticked("2026-03-02T00:59:30Z"), USER)
    said = jiuzhu("doctor", "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert ("样例标准", "look") in states(said)


def test_without_a_database_it_says_what_to_run(bare):
    said = bare("doctor")
    assert said.code == 1
    assert "jiuzhu db upgrade" in said.out


def test_an_unreachable_database_is_a_finding(bare, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://x@127.0.0.1:1/x")
    said = bare("doctor", "--json")
    assert said.code == 1
    assert ("数据库", "wrong") in states(said)


@pytest.mark.parametrize("at, state", [("2026-03-02T00:59:30Z", "fine"), ("2026-03-02T00:40:00Z", "wrong")])
def test_a_silent_scheduler_is_seen(jiuzhu, tmp_path, at, state):
    change(tmp_path, ticked(at), USER)
    assert ("定时任务", state) in states(jiuzhu("doctor", "--json"))


def test_a_job_that_fails_is_seen(jiuzhu, tmp_path):
    change(
        tmp_path,
        ticked("2026-03-02T00:59:30Z"),
        "UPDATE tick SET error = 'OSError: disk' WHERE name = 'deadlines'",
    )
    assert "OSError: disk" in jiuzhu("doctor").out


@pytest.mark.parametrize("now, statements, state", [
    (AUTUMN, (), "fine"),
    (datetime(2026, 10, 31, 1, tzinfo=UTC), (), "fine"),
    (datetime(2026, 11, 1, 1, tzinfo=UTC), (), "look"),
    (datetime(2027, 1, 1, 1, tzinfo=UTC), (), "wrong"),
    (AUTUMN, ("DELETE FROM calendar_year WHERE year = 2026",), "look"),
])  # fmt: skip
def test_a_missing_calendar_is_seen_in_time(jiuzhu, tmp_path, now, statements, state):
    change(tmp_path, *statements)
    found = {s for name, s in states(jiuzhu("doctor", "--json", now=now)) if name == "日历"}
    assert found - {"fine"} == {state} - {"fine"}


@pytest.mark.parametrize("now, state", [
    (datetime(2027, 4, 30, 1, tzinfo=UTC), None), (datetime(2027, 5, 1, 1, tzinfo=UTC), "look"),
    (datetime(2027, 6, 30, 1, tzinfo=UTC), "look"), (datetime(2027, 7, 1, 1, tzinfo=UTC), "wrong"),
])  # fmt: skip
def test_standards_that_end_are_seen_sixty_days_before(jiuzhu, now, state):
    found = {s for name, s in states(jiuzhu("doctor", "--json", now=now)) if name == "标准"}
    assert found == ({state} if state else set())


def test_messages_that_pile_up_are_seen(jiuzhu, tmp_path):
    db = sqlite3.connect(tmp_path / "district.db")
    with db:
        db.execute(
            "INSERT INTO outbox_message (key, topic, case_id, role, scope, facts, state, error, created_at) "
            "VALUES ('k', 't', 1, '', '', '{}', 'waiting', '', '2026-03-02T00:40:00Z')"
        )
    db.close()
    assert ("消息", "wrong") in states(jiuzhu("doctor", "--json"))


def test_production_asks_for_more(jiuzhu, monkeypatch, tmp_path):
    change(tmp_path, ticked("2026-03-02T00:59:30Z"), USER)
    said = jiuzhu("doctor", "--production", "--json")
    assert said.code == 1
    assert {("网址", "wrong"), ("备份", "wrong"), ("样例标准", "wrong")} <= states(said)
    monkeypatch.setenv("PUBLIC_URL", "https://jiuzhu.example")
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    change(tmp_path, "UPDATE standard SET sample = 0")
    assert jiuzhu("backup", "b.zip").code == 0
    said = jiuzhu("doctor", "--production", "--json")
    assert [f for f in said.document["findings"] if f["state"] == "wrong"] == []
    monkeypatch.setenv("SECRET_KEY", "short")
    assert ("密钥", "wrong") in states(jiuzhu("doctor", "--production", "--json"))
