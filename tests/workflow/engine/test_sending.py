"""What acts write travels with the commit: it is there for whoever reads after, or not at all and known to be."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Insert, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from workflow import statements as sql
from workflow.entries import read
from workflow.errors import NotFound
from workflow.models import Case, OutboxMessage
from workflow.sending import fetch, send
from workflow.telling import tell


@pytest.fixture
def case(district):
    return district.application()


ADD = insert(OutboxMessage)
NOW = datetime(2016, 9, 5, 2, tzinfo=UTC)


def message(case: int, key: str) -> tuple[Insert, dict[str, Any]]:
    return (ADD, {"key": key, "topic": "urged", "case_id": case, "created_at": NOW})


def keys(district, case: int) -> list[str]:
    return [row.key for row in district.messages(case, "urged")]


def test_the_next_statement_sees_what_was_sent(district, case):
    counting = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.key == "a")
    with district.database.acting() as conn:
        send(conn, [message(case, "a")])
        assert conn.execute(counting).scalar_one() == 1
        assert fetch(conn, sql.READ_CASE, {"case": case})[0][0] == case


def test_what_was_sent_last_is_there_after_the_commit(district, case):
    with district.database.acting() as conn:
        send(conn, [message(case, "a"), message(case, "b")])
    assert keys(district, case) == ["a", "b"]


def test_columns_not_given_take_their_constant_default(district, case):
    with district.database.acting() as conn:
        send(conn, [message(case, "a")])
    (row,) = district.messages(case, "urged")
    assert (row.state, row.facts, row.role, row.error) == ("waiting", {}, "", "")


def test_a_refused_row_is_known_before_anybody_is_told_of_success(district, case):
    with pytest.raises(DBAPIError), district.database.acting() as conn:
        send(conn, [message(case, "a"), message(case, "a")])
    assert keys(district, case) == []


def test_after_a_refused_row_the_connection_serves_again(district, case):
    for _ in range(3):
        with pytest.raises(DBAPIError), district.database.acting() as conn:
            send(conn, [message(case, "a"), message(case, "a")])
        with district.database.acting() as conn:
            assert conn.execute(select(func.count()).select_from(Case)).scalar_one() == 1


def test_what_was_sent_before_an_error_is_gone_with_it(district, case):
    with pytest.raises(NotFound), district.database.acting() as conn:  # noqa: PT012 - the error comes after the rows
        send(conn, [message(case, "a")])
        raise NotFound
    with district.database.acting() as conn:
        conn.execute(select(Case.id))
    assert keys(district, case) == []


def test_a_savepoint_takes_back_what_was_sent_since_and_no_more(district, case):
    with district.database.acting() as conn:
        send(conn, [message(case, "before")])
        inner = conn.begin_nested()
        send(conn, [message(case, "inside")])
        inner.rollback()
        send(conn, [message(case, "after")])
    assert sorted(keys(district, case)) == ["after", "before"]


def test_a_savepoint_that_ends_well_keeps_what_was_sent(district, case):
    with district.database.acting() as conn, conn.begin_nested():
        send(conn, [message(case, "inside")])
    assert keys(district, case) == ["inside"]


def test_a_message_may_be_all_that_a_transaction_does(district, case):
    with district.database.acting() as conn:
        tell(conn, read(district.office, conn, case)[0], "urged", NOW, key="alone")
    assert len(keys(district, case)) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_resting_connection_that_the_server_closed_is_replaced(district, case):
    def server() -> int:
        with district.database.acting() as conn:
            return int(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())

    first = server()
    other = type(district.database)(district.url)
    with other.acting() as conn:
        conn.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    other.close()
    assert server() != first
    assert district.stage(case) == "draft"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_snapshot_keeps_its_moment_and_its_connection_acts_again(district, case):
    with district.database.snapshot() as conn:
        assert conn.execute(select(func.count()).select_from(OutboxMessage)).scalar_one() == 0
        with district.database.acting() as acting:
            send(acting, [message(case, "a")])
        assert conn.execute(select(func.count()).select_from(OutboxMessage)).scalar_one() == 0
    for key in "bcd":
        with district.database.acting() as acting:
            send(acting, [message(case, key)])
    assert keys(district, case) == ["a", "b", "c", "d"]
