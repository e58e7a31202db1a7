"""Triggers by which nobody is asked about, by SQL either, who has not allowed it: no authorisation, no query.

An authorisation counts where it is the person's own, names the source, is not withdrawn, and holds on the local day on
which the question is put (`asked_at`) or sent (`sent_at`).
"""

from __future__ import annotations

from sqlalchemy import Connection

WORDS = "no valid authorisation"
"""What the database says; workflow/verification/queries.py knows it."""
_TABLE = "verification_query"
_MOVED = (
    "NEW.sent_at IS {other} OLD.sent_at OR NEW.asked_at <> OLD.asked_at OR NEW.source <> OLD.source "
    "OR NEW.person_id <> OLD.person_id OR NEW.authorisation_id <> OLD.authorisation_id"
)
_ALLOWED = """
    SELECT 1 FROM authorisation a
    WHERE a.id = NEW.authorisation_id AND a.person_id = NEW.person_id AND a.withdrawn_at IS NULL
    AND {names} AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to >= {day})
"""


def install(conn: Connection) -> None:
    """Put the triggers on the queries."""
    if conn.dialect.name == "sqlite":
        allowed = _ALLOWED.format(
            names="instr(a.scope, '\"' || NEW.source || '\"') > 0",
            day="date(coalesce(NEW.sent_at, NEW.asked_at), '+8 hours')",
        )
        for verb, when in (("INSERT", "1"), ("UPDATE", _MOVED.format(other="NOT"))):
            conn.exec_driver_sql(
                f"CREATE TRIGGER {_TABLE}_authorised_{verb.lower()} BEFORE {verb} ON {_TABLE} "
                f"WHEN ({when}) AND NOT EXISTS ({allowed}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    allowed = _ALLOWED.format(
        names="position('\"' || NEW.source || '\"' in a.scope) > 0",
        day="(coalesce(NEW.sent_at, NEW.asked_at)::timestamptz at time zone 'Asia/Shanghai')::date",
    )
    conn.exec_driver_sql(
        "CREATE FUNCTION need_authorisation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM 1 FROM ({allowed} FOR SHARE) AS held; "
        f"IF NOT FOUND THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$"
    )
    conn.exec_driver_sql(
        f"CREATE TRIGGER {_TABLE}_authorised_insert BEFORE INSERT ON {_TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION need_authorisation()"
    )
    conn.exec_driver_sql(
        f"CREATE TRIGGER {_TABLE}_authorised_update BEFORE UPDATE ON {_TABLE} FOR EACH ROW "
        f"WHEN ({_MOVED.format(other='DISTINCT FROM')}) EXECUTE FUNCTION need_authorisation()"
    )


def remove(conn: Connection) -> None:
    """Take them off again (downgrade)."""
    on = "" if conn.dialect.name == "sqlite" else f" ON {_TABLE}"
    for verb in ("insert", "update"):
        conn.exec_driver_sql(f"DROP TRIGGER {_TABLE}_authorised_{verb}{on}")
    if on:
        conn.exec_driver_sql("DROP FUNCTION need_authorisation()")
