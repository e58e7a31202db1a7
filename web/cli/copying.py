"""A copy of the live database to try things in: made as a backup is, while the live one runs, and never the live one."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from workflow.db import Database
from workflow.errors import BadConfiguration, Refused

SQLITE = "sqlite:///"


def same_database(one: str, other: str) -> bool:
    """Whether two addresses lead to one database."""
    if one.startswith(SQLITE) and other.startswith(SQLITE):
        return Path(one.removeprefix(SQLITE)).resolve() == Path(other.removeprefix(SQLITE)).resolve()
    a, b = make_url(one), make_url(other)
    return (a.host or "", a.port or 5432, a.database) == (b.host or "", b.port or 5432, b.database)


def new_file(path: Path) -> str:
    """The address of a new SQLite file that only its owner can read. Raises Refused where it is there already."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Refused(f"{path} 已经存在；副本要写进一个新文件。") from None
    except OSError as error:
        raise Refused(f"写不进 {path}：{error.strerror}。") from None
    return f"{SQLITE}{path}"


def copy(source: str, target: Database, now: datetime) -> None:
    """Copy one moment of a running database into an empty one. The live one is only read; in the copy nothing is sent.

    Raises Refused where both are one database, the live one is not migrated, or the target holds data.
    """
    from migrations import head_revision, schema
    from workflow import journal
    from workflow.backup import back_up, read_manifest, restore

    if same_database(source, target.url):
        raise Refused(
            "副本不能写在原数据库里：请用 --into 另给一个文件，或者把 DATABASE_URL 指向另一个空的数据库。"
        )
    live = _open(source)
    try:
        live.check_migrated()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "copy.zip"
            back_up(live, path, head_revision(), now, noted=False)
            with target.acting() as conn:
                schema.bring_to(conn, "head")
                restore(conn, path, read_manifest(path), now)
                if not (verdict := journal.verify(conn)).ok:
                    raise Refused(f"原数据库的办理日志不完整，没有复制：{verdict.first_broken}。")
    finally:
        live.close()


def _open(url: str) -> Database:
    if not url.startswith((SQLITE, "postgresql+psycopg://")):
        raise BadConfiguration(
            "--copy-of 无法识别：请写 sqlite:///文件 或 postgresql+psycopg://用户@主机/库名。"
        )
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        raise Refused(f"没有 {url.removeprefix(SQLITE)} 这个数据库文件。")
    return Database(url)
