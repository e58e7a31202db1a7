"""Backups: one zip file with every table as JSON lines, the same for SQLite and PostgreSQL, taken while acts go on.

All tables are read inside one transaction that sees a single moment (SQLite: a WAL snapshot; PostgreSQL: repeatable
read). Values are those the database stores, so that a restored journal has the same hashes on either database. The
manifest comes last and holds a SHA-256 for each table: a backup that was cut short has none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)

from workflow import settings
from workflow.db import Database
from workflow.errors import Refused
from workflow.models import moment_text

FORMAT, FORMAT_VERSION = "jiuzhu-backup", 1
MANIFEST = "manifest.json"
RESTORED, BACKED_UP = "restored_at", "backed_up_at"
"""Settings: when this database was restored (deliveries wait for review), and when it was last backed up."""
PASSING = frozenset({"alembic_version", "web_session", "attempt", "tick"})
"""Not kept: signed-in browsers, counted failures and ticks belong to the moment."""
GIVEN = frozenset(
    {
        "area",
        "calendar_day",
        "calendar_year",
        "edition_period",
        "standard",
        "setting",
        "release",
        "department",
        "verification_source",
    }
)
"""Reference data that an empty installation has; a restore replaces it."""
_BATCH_ROWS, _BATCH_BYTES = 1000, 8_000_000


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `tables` gives rows and SHA-256 by table, in the order in which they can be filled."""

    revision: str
    made_at: str
    tables: dict[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(rows for rows, _ in self.tables.values())


def back_up(database: Database, path: Path, revision: str, now: datetime, *, noted: bool = True) -> Manifest:
    """Write a backup; the file appears under its name when it is whole. Raises Refused where it cannot be written.

    One that is not `noted` is made for something else, and the database is only read.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as raw:
            manifest = _write(database, raw, revision, now)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    except OSError as error:
        raise Refused(f"备份写不进 {path}：{error.strerror}。") from error
    finally:
        part.unlink(missing_ok=True)
    if noted:
        with database.acting() as conn:
            settings.put(conn, BACKED_UP, moment_text(now))
    return manifest


def _write(database: Database, raw: IO[bytes], revision: str, now: datetime) -> Manifest:
    tables: dict[str, tuple[int, str]] = {}
    with database.snapshot() as conn, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in _tables(conn):
            with packed.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                tables[table.name] = _dump(conn, table, out)
        manifest = Manifest(revision, moment_text(now), tables)
        listed = [{"name": name, "rows": rows, "sha256": digest} for name, (rows, digest) in tables.items()]
        head = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "revision": revision,
            "made_at": manifest.made_at,
        }
        packed.writestr(MANIFEST, json.dumps(head | {"tables": listed}, indent=1))
    return manifest


def _tables(conn: Connection) -> list[Table]:
    """The tables as the database has them, each after those it refers to."""
    metadata = MetaData()
    metadata.reflect(conn)
    return [table for table in metadata.sorted_tables if table.name not in PASSING]


def _dump(conn: Connection, table: Table, out: IO[bytes]) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH_ROWS)
    for values in _lines(table, conn.execute(wanted)):
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        out.write(line)
        digest.update(line)
        rows += 1
    return rows - 1, digest.hexdigest()


def _lines(table: Table, rows: Any) -> Iterator[list[Any]]:
    """The column names, then each row."""
    yield [column.name for column in table.columns]
    for row in rows:
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def read_manifest(path: Path) -> Manifest:
    """What a backup file says it holds. Raises Refused where it is none, or not whole."""
    try:
        with zipfile.ZipFile(path) as packed:
            found = json.loads(packed.read(MANIFEST))
            names = set(packed.namelist())
    except OSError as error:
        raise Refused(f"读不出 {path}：{error.strerror}。") from None
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise Refused(f"{path} 不是完整的备份文件。") from None
    if found.get("format") != FORMAT or found.get("version") != FORMAT_VERSION:
        raise Refused(f"{path} 不是这个系统的备份，或者由更新的版本备份。")
    tables = {item["name"]: (item["rows"], item["sha256"]) for item in found["tables"]}
    if names != {MANIFEST, *(f"{name}.jsonl" for name in tables)}:
        raise Refused(f"{path} 里的表与清单不符，备份不完整。")
    return Manifest(found["revision"], found["made_at"], tables)


def check_empty(conn: Connection) -> None:
    """Raise Refused where the database holds anything but reference data."""
    filled = [
        table.name
        for table in _tables(conn)
        if table.name not in GIVEN and conn.execute(select(1).select_from(table).limit(1)).first() is not None
    ]
    if filled:
        raise Refused(f"数据库里已有数据（{'、'.join(filled[:5])} 等表），只能恢复到空的数据库。")


def restore(conn: Connection, path: Path, manifest: Manifest, now: datetime) -> None:
    """Fill a database of the manifest's schema and mark it restored. Raises Refused; the caller then rolls back."""
    check_empty(conn)
    tables = {table.name: table for table in _tables(conn)}
    strange = sorted(set(manifest.tables) ^ set(tables))
    if strange:
        raise Refused(f"备份里的表与数据库不一致：{'、'.join(strange)}。")
    for table in reversed(tables.values()):
        if table.name in GIVEN:
            conn.execute(table.delete())
    with zipfile.ZipFile(path) as packed:
        for name, expected in manifest.tables.items():
            with packed.open(f"{name}.jsonl") as lines:
                if _load(conn, tables[name], lines) != expected:
                    raise Refused(f"备份里的表 {name} 与清单的校验值不符，备份已损坏或被改动。")
    settings.put(conn, RESTORED, moment_text(now))


def _load(conn: Connection, table: Table, lines: IO[bytes]) -> tuple[int, str]:
    digest, rows, size = hashlib.sha256(), 0, 0
    columns: Sequence[str] = ()
    readers: list[Callable[[Any], Any]] = []
    batch: list[dict[str, Any]] = []
    for line in lines:
        digest.update(line)
        values = json.loads(line)
        if not columns:
            columns = values
            if set(columns) != set(table.columns.keys()):
                raise Refused(f"备份里的表 {table.name} 的栏目与数据库不一致。")
            readers = [_reader(table.columns[name].type) for name in columns]
            continue
        batch.append({name: read(v) for name, read, v in zip(columns, readers, values, strict=True)})
        rows, size = rows + 1, size + len(line)
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            conn.execute(insert(table), batch)
            batch, size = [], 0
    if batch:
        conn.execute(insert(table), batch)
    if conn.dialect.name == "postgresql":
        _advance(conn, table)
    return rows, digest.hexdigest()


def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a value comes back from JSON for a column of this type."""
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value)
    if isinstance(kind, Boolean):
        return lambda value: None if value is None else bool(value)
    return lambda value: value


def _advance(conn: Connection, table: Table) -> None:
    """Let PostgreSQL's numbering go on after the highest number restored."""
    keys = list(table.primary_key.columns)
    if len(keys) != 1 or not isinstance(keys[0].type, Integer):
        return
    place = {"t": f'"{table.name}"', "c": keys[0].name}
    sequence = conn.execute(text("SELECT pg_get_serial_sequence(:t, :c)"), place).scalar()
    highest = conn.execute(select(func.max(keys[0]))).scalar()
    if sequence and highest:
        conn.execute(text("SELECT setval(CAST(:s AS regclass), :n)"), {"s": sequence, "n": highest})
