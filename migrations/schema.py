"""Bringing a database up to the newest schema, and comparing what it holds with the models."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from migrations import alembic_config, append_only, past_limits, reference
from workflow.errors import Refused
from workflow.models import Base


def upgrade(conn: Connection) -> None:
    """Create or change the tables up to the newest revision and add the reference data. Twice changes nothing."""
    bring_to(conn, "head")
    reference.fill(conn)


def bring_to(conn: Connection, revision: str) -> None:
    """Create or change the tables up to a revision; no data. Raises Refused for one that is unknown or already past."""
    config = alembic_config()
    config.attributes["connection"] = conn
    known = [found.revision for found in ScriptDirectory.from_config(config).walk_revisions()]
    wanted = known[0] if revision == "head" else revision
    present = MigrationContext.configure(conn).get_current_revision()
    if wanted not in known or (present is not None and present not in known):
        raise Refused(f"程序不认识数据库版本 {wanted if wanted not in known else present}，请用更新的程序。")
    if present is not None and known.index(present) < known.index(wanted):
        raise Refused(f"数据库版本 {present} 比需要的 {wanted} 新；请换一个还没有建立的数据库。")
    command.upgrade(config, revision)


def differences(conn: Connection) -> list[str]:
    """Where the database's schema differs from the models, in words; empty where it does not."""
    context = MigrationContext.configure(conn, opts={"compare_type": True})
    found = [_words(item) for item in compare_metadata(context, Base.metadata)]
    found += [f"缺少防篡改触发器：{name}" for name in sorted(_missing_triggers(conn))]
    return found


def _words(item: Any) -> str:
    """One difference as Alembic gives it: a tuple of the kind and the objects, or a list of changes to a column."""
    if isinstance(item, list):
        return "；".join(_words(change) for change in item)
    kind, *objects = item
    names = [str(getattr(o, "name", None) or o) for o in objects if isinstance(o, str) or hasattr(o, "name")]
    return f"{kind}: {'.'.join(names)}"


def _missing_triggers(conn: Connection) -> set[str]:
    if conn.dialect.name == "sqlite":
        wanted = {f"{table}_no_{verb}" for table in append_only.TABLES for verb in ("update", "delete")}
        found = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        wanted = {f"{table}_append_only" for table in append_only.TABLES}
        found = conn.execute(text("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"))
    return (wanted | set(past_limits.NAMES)) - set(found.scalars())
