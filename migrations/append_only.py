"""Triggers that let nobody change or remove a journal entry, by SQL either."""

from __future__ import annotations

from sqlalchemy import Connection

from migrations import authorised, past_limits

TABLES = ("journal_entry", "checkpoint", "checkpoint_head", "deadline_past")


def install(conn: Connection) -> None:
    """Put the triggers on the append-only tables."""
    past_limits.install(conn)
    authorised.install(conn)
    if conn.dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                conn.exec_driver_sql(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    conn.exec_driver_sql(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        conn.exec_driver_sql(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def remove(conn: Connection) -> None:
    """Take the triggers off again (downgrade)."""
    past_limits.remove(conn)
    authorised.remove(conn)
    if conn.dialect.name == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                conn.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        return
    for table in TABLES:
        conn.exec_driver_sql(f"DROP TRIGGER {table}_append_only ON {table}")
    conn.exec_driver_sql("DROP FUNCTION refuse_change()")
