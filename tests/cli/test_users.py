"""`user add|list|disable|reset|token`."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from workflow import staff
from workflow.db import Database


def opened(tmp_path):
    return Database(f"sqlite:///{tmp_path / 'district.db'}")


def test_a_user_is_added_with_roles_and_sets_the_password_by_the_link(jiuzhu, tmp_path):
    said = jiuzhu(
        "user",
        "add",
        "zhang",
        "--name",
        "张三",
        "--role",
        "window_clerk=330212101000",
        "--role",
        "supervisor=330212000000",
    )
    assert said.code == 0
    link = said.out.strip().splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/password/")
    (row,) = jiuzhu("user", "list", "--json").document
    assert (row["name"], row["full_name"], row["roles"], row["sign_in"]) == (
        "zhang", "张三", ["supervisor", "window_clerk"], False,
    )  # fmt: skip
    database = opened(tmp_path)
    with database.acting() as conn:
        session = Session(conn)
        secret = link.rpartition("/")[2]
        staff.finish_reset(session, secret, "a long enough sentence", datetime(2026, 3, 2, 2, tzinfo=UTC))
        session.flush()
    database.close()
    assert jiuzhu("user", "list", "--json").document[0]["sign_in"] is True


def test_a_role_that_cannot_be_given_leaves_no_account(jiuzhu):
    assert jiuzhu("user", "add", "zhang", "--name", "张三", "--role", "window_clerk=330212000000").code == 1
    assert jiuzhu("user", "list", "--json").document == []


def test_a_token_opens_the_account_and_nothing_else_is_printed(jiuzhu, tmp_path):
    jiuzhu("user", "add", "zhang", "--name", "张三")
    said = jiuzhu("user", "token", "zhang")
    assert said.err == ""
    database = opened(tmp_path)
    with database.reading() as session:
        assert staff.find_by_token(session, said.out.strip()).login == "zhang"
    database.close()


def test_a_disabled_user_gets_neither_token_nor_link(jiuzhu):
    jiuzhu("user", "add", "zhang", "--name", "张三", "--role", "window_clerk=330212101000")
    assert jiuzhu("user", "disable", "zhang").code == 0
    assert jiuzhu("user", "token", "zhang").code == 1
    assert jiuzhu("user", "reset", "zhang").code == 1
    (row,) = jiuzhu("user", "list", "--json").document
    assert (row["roles"], row["sign_in"], row["disabled"]) == ([], False, True)


def test_a_reset_shows_a_new_link(jiuzhu):
    first = jiuzhu("user", "add", "zhang", "--name", "张三", "--json").document["link"]
    assert jiuzhu("user", "reset", "zhang", "--json").document["link"] != first
