"""The journal as JSON lines, for `workflow/checker.py`, which verifies it without the service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from workflow.checker import COVERED, FORMAT, VERSION
from workflow.models import Case, Checkpoint, CheckpointHead, JournalEntry, moment_text

_ROWS = 2000


def journal_lines(conn: Connection, now: datetime, cases: Sequence[int] | None = None) -> Iterator[str]:
    """Head, checkpoints, each case with its entries, and the count at the end; of these cases alone where named.

    Checkpoints cover all cases, so they are only in an export of all.
    """
    yield _line("journal", {"format": FORMAT, "version": VERSION, "exported_at": moment_text(now)})
    if cases is None:
        yield from _checkpoints(conn)
    wanted = select(Case.id, Case.number, Case.seq, Case.head_hash).order_by(Case.id)
    entries = select(JournalEntry.__table__).order_by(JournalEntry.case_id, JournalEntry.seq)
    if cases is not None:
        wanted, entries = wanted.where(Case.id.in_(cases)), entries.where(JournalEntry.case_id.in_(cases))
    heads = {row.id: row for row in conn.execute(wanted)}
    rows = conn.execute(entries.execution_options(yield_per=_ROWS))
    count, with_entries = 0, set[int]()
    for case_id, own in groupby(rows, key=lambda row: row.case_id):
        with_entries.add(case_id)
        head = heads[case_id]
        yield _line(
            "case", {"id": case_id, "number": head.number, "seq": head.seq, "head_hash": head.head_hash}
        )
        for row in own:
            count += 1
            yield _line("entry", {"number": head.number, **_covered(row), "hash": row.hash})
    for case_id in heads.keys() - with_entries:
        head = heads[case_id]
        yield _line(
            "case", {"id": case_id, "number": head.number, "seq": head.seq, "head_hash": head.head_hash}
        )
    yield _line("end", {"cases": len(heads), "entries": count})


def _checkpoints(conn: Connection) -> Iterator[str]:
    heads = conn.execute(
        select(CheckpointHead.__table__).order_by(CheckpointHead.day, CheckpointHead.case_id)
    ).all()
    by_day = {
        day: [[row.case_id, row.seq, row.hash] for row in rows]
        for day, rows in groupby(heads, key=lambda row: row.day)
    }
    for point in conn.execute(select(Checkpoint.__table__).order_by(Checkpoint.day)):
        yield _line("checkpoint", {
            "day": point.day.isoformat(), "cases": point.cases, "entries": point.entries, "heads": by_day.get(point.day, []),
            "prev_hash": point.prev_hash, "hash": point.hash,
        })  # fmt: skip


def _covered(row: Any) -> dict[str, Any]:
    values = ((name, getattr(row, name)) for name in COVERED)
    return {name: moment_text(value) if isinstance(value, datetime) else value for name, value in values}


def _line(kind: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": kind, **row}, ensure_ascii=False, separators=(",", ":")) + "\n"
