"""One POST, one act: the first answer is kept under the caller's key, in the transaction of the act itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from web.api.problems import Problem
from workflow.inserting import add_once
from workflow.models import IdempotencyKey, canonical

LONGEST = 120
KEPT = timedelta(days=7)
"""A retry comes within minutes; after this long a key may be forgotten."""
REFUSALS_KEPT = frozenset({403, 404, 409, 422})
"""Refusals that are an answer to what was asked. Others (malformed, stale, busy) say that nothing was tried."""


@dataclass(frozen=True)
class Kept:
    """An answer as it is sent: status, the headers of its own, and the exact text."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def read_key(raw: str) -> str:
    """The key of the request. Raises Problem 400."""
    if not raw:
        raise Problem(
            "idempotency-key-missing",
            "请带上 Idempotency-Key（每个新请求一个新值，重发时不变），以免重复办理。",
        )
    if not re.fullmatch(f"[!-~]{{1,{LONGEST}}}", raw):
        raise Problem("malformed", f"Idempotency-Key 用 1 至 {LONGEST} 个可见的 ASCII 字符。")
    return raw


def request_hash(path: str, body: Mapping[str, Any], file: bytes = b"") -> str:
    """What makes two requests the same: where they go and what they say, not how it is spaced."""
    return hashlib.sha256(
        f"{path}\n{canonical(body)}\n{hashlib.sha256(file).hexdigest()}".encode()
    ).hexdigest()


def first_answer(conn: Connection, user_id: int, key: str, digest: str, now: datetime) -> Kept | None:
    """The answer already given under this key; None where this request is the first and has now taken the key.

    The row goes in before anything is done: a second request waits for the first one's commit here, on either
    database. Raises Problem 422 where the key was used for another request.
    """
    if add_once(conn, IdempotencyKey, user_id=user_id, key=key, request_hash=digest, status=0, headers="{}", body="",
                at=now):  # fmt: skip
        return None
    found = conn.execute(
        select(IdempotencyKey.__table__).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    ).one()
    if found.request_hash != digest:
        raise Problem(
            "idempotency-key-reused", "这个 Idempotency-Key 已用于内容不同的请求；新的请求请换一个新值。"
        )
    return Kept(found.status, found.body, json.loads(found.headers))


def keep(conn: Connection, user_id: int, key: str, answer: Kept) -> None:
    """Write the answer beside the key; it commits with the act, or not at all."""
    conn.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        .values(status=answer.status, headers=canonical(dict(answer.headers)), body=answer.body)
    )


def forget(conn: Connection, now: datetime) -> int:
    """Delete the keys nobody will come back to; how many."""
    return conn.execute(delete(IdempotencyKey).where(IdempotencyKey.at < now - KEPT)).rowcount
