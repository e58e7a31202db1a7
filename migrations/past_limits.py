"""Triggers that keep what a limit was before its date was moved, its row taken away, or an ended one went on."""

from __future__ import annotations

from sqlalchemy import Connection

KEPT = (
    "case_id", "visit", "kind", "label", "stage", "part", "role", "started_on", "rule", "due_on", "due_at", "source",
    "minimum", "provisional", "state", "met_on",
)  # fmt: skip
NAMES = ("deadline_moved", "deadline_removed")
_COLUMNS = ", ".join(("deadline_id", "until_seq", *KEPT))
_VALUES = ", ".join(
    ("OLD.id", '(SELECT seq FROM "case" WHERE id = OLD.case_id)', *(f"OLD.{name}" for name in KEPT))
)
_KEEP = f"INSERT INTO deadline_past ({_COLUMNS}) VALUES ({_VALUES})"  # noqa: S608 - fixed names only
_WHEN = (
    "OLD.due_on <> NEW.due_on OR OLD.kind <> NEW.kind OR (OLD.state <> 'open' AND NEW.state = 'open') "
    "OR (OLD.state = 'open' AND NEW.state = 'cancelled' AND NEW.met_on IS NULL)"
)


def install(conn: Connection) -> None:
    """Put the triggers on the table of limits. An act that moves no date pays nothing for them."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            f"CREATE TRIGGER deadline_moved AFTER UPDATE ON deadline WHEN {_WHEN} BEGIN {_KEEP}; END"
        )
        conn.exec_driver_sql(f"CREATE TRIGGER deadline_removed BEFORE DELETE ON deadline BEGIN {_KEEP}; END")
        return
    conn.exec_driver_sql(
        f"CREATE FUNCTION keep_past_limit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_KEEP}; RETURN OLD; END $$"
    )
    conn.exec_driver_sql(
        f"CREATE TRIGGER deadline_moved AFTER UPDATE ON deadline FOR EACH ROW WHEN ({_WHEN}) EXECUTE FUNCTION keep_past_limit()"
    )
    conn.exec_driver_sql(
        "CREATE TRIGGER deadline_removed BEFORE DELETE ON deadline FOR EACH ROW EXECUTE FUNCTION keep_past_limit()"
    )


def remove(conn: Connection) -> None:
    """Take them off again (downgrade)."""
    on = "" if conn.dialect.name == "sqlite" else " ON deadline"
    for name in NAMES:
        conn.exec_driver_sql(f"DROP TRIGGER {name}{on}")
    if on:
        conn.exec_driver_sql("DROP FUNCTION keep_past_limit()")
