"""Answers: stored once however often they come, sealed, and never about somebody else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from workflow.errors import NotFound, Refused
from workflow.models import Answer, Case, Person, Query, canonical
from workflow.verification.queries import HEARD
from workflow.verification.vault import Vault

Outcome = Literal["data", "no_data", "unknown_person"]
Status = Literal["stored", "doubled", "late", "mismatch", "closed", "unknown_key", "unfit"]
_AT_ONCE = 400
"""Keys a statement: well below what any database takes."""


class Erased(Refused):
    """原始答复的保存期已满，内容已经清除；报告里的比对结果仍在。"""


@dataclass(frozen=True)
class Reply:
    """What a source says about somebody. `raw` is what it sent, as it came; `transport`: http, files, letter or hand."""

    about_number: str
    about_name: str
    as_of: date
    transport: str
    outcome: Outcome = "data"
    items: tuple[dict[str, str], ...] = ()
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is kept and hashed: the same by whatever road it came."""
        about = {"id_number": self.about_number, "name": self.about_name}
        said = {
            "about": about,
            "as_of": self.as_of.isoformat(),
            "outcome": self.outcome,
            "items": list(self.items),
        }
        return canonical(said | ({"raw": self.raw} if self.raw else {}))


@dataclass(frozen=True)
class Absorbed:
    """What became of a reply: stored; doubled (it was there); late (after the report); mismatch (not this person);
    closed (nobody may know any more); unknown_key; unfit (`why` says what is wrong with it: nothing was stored).
    """

    status: Status
    query_id: int | None = None
    answer_id: int | None = None
    why: str = ""

    @property
    def kept(self) -> bool:
        """Whether its content was stored now."""
        return self.status in ("stored", "late")


def absorb_all(
    session: Session, vault: Vault, replies: Sequence[tuple[str, Reply]], now: datetime
) -> list[Absorbed]:
    """Store replies by the keys of their queries, in order. The same again changes nothing."""
    found = _queries(session, [key for key, _ in replies])
    ids = [query.id for query, _, _ in found.values()]
    known = {(row.query_id, row.sha256): row.id for row in _rows(session, ids)}
    made: list[tuple[Status, Query, Answer] | Absorbed] = []
    fresh: dict[tuple[int, str], Answer] = {}
    for key, reply in replies:
        if key not in found:
            made.append(Absorbed("unknown_key", why="没有这个查询编号"))
            continue
        query, person, closed = found[key]
        text = reply.text
        sha = hashlib.sha256(text.encode()).hexdigest()
        if (query.id, sha) in known or (query.id, sha) in fresh:
            made.append(Absorbed("doubled", query.id, known.get((query.id, sha))))
            continue
        status = _status(query, person, reply, closed)
        answer = Answer(
            query_id=query.id, received_at=now, as_of=reply.as_of, outcome=reply.outcome, transport=reply.transport,
            sha256=sha, payload=vault.seal(text, query.key) if status in ("stored", "late") else None,
            late=closed is not None,
        )  # fmt: skip
        _move(query, status, reply, now)
        session.add(answer)
        fresh[query.id, sha] = answer
        made.append((status, query, answer))
    session.flush()
    return [
        one if isinstance(one, Absorbed) else Absorbed(one[0], one[1].id, one[2].id, _WHY.get(one[0], ""))
        for one in made
    ]


_WHY = {
    "mismatch": "答复的不是被查询的人，没有收下内容",
    "closed": "授权已撤回或查询已取消，没有收下内容",
    "late": "报告已经出具，答复另行留存",
}


def _queries(session: Session, keys: Sequence[str]) -> dict[str, tuple[Query, Person, datetime | None]]:
    found: dict[str, tuple[Query, Person, datetime | None]] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(Query, Person, Case.closed_at)
            .join(Person, Person.id == Query.person_id)
            .join(Case, Case.id == Query.case_id)
            .where(Query.key.in_(wanted[start : start + _AT_ONCE]))
            .order_by(Query.id)
            .with_for_update(of=Query)
        )
        found |= {query.key: (query, person, closed) for query, person, closed in rows}
    return found


def _rows(session: Session, query_ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(query_ids), _AT_ONCE):
        part = query_ids[start : start + _AT_ONCE]
        found += session.execute(
            select(Answer.id, Answer.query_id, Answer.sha256).where(Answer.query_id.in_(part))
        ).all()
    return found


def _status(query: Query, person: Person, reply: Reply, closed: datetime | None) -> Status:
    if query.state == "superseded":
        return "closed"
    about = (reply.about_number.strip().upper(), _plain(reply.about_name))
    if reply.outcome == "unknown_person" or about != ((person.id_number or "").upper(), _plain(person.name)):
        return "mismatch"
    return "late" if closed is not None else "stored"


def _plain(name: str) -> str:
    return "".join(name.split()).replace("•", "·").replace("・", "·")


def _move(query: Query, status: Status, reply: Reply, now: datetime) -> None:
    """Where the query stands now. Something said of somebody else never displaces an answer that was heard."""
    if status == "closed" or (status == "mismatch" and query.state in HEARD):
        return
    if status == "mismatch":
        query.state = "mismatch"
        query.note = (
            "来源部门说姓名与证件号不符" if reply.outcome == "unknown_person" else "答复的不是被查询的人"
        )
    else:
        query.state, query.note = ("answered" if reply.outcome == "data" else "no_data"), ""
    query.answered_at, query.next_try_at = now, None


def raw_text(session: Session, vault: Vault, answer_id: int) -> tuple[Answer, Query, str]:
    """An answer as it came. Raises NotFound, and Erased where its time is over or it was never kept."""
    answer = session.get(Answer, answer_id)
    if answer is None:
        raise NotFound
    query = session.get_one(Query, answer.query_id)
    if answer.payload is None:
        raise Erased
    return answer, query, vault.open(answer.payload, query.key)


def erase(session: Session, before: datetime, now: datetime, *, at_once: int = 500) -> int:
    """Erase the content of answers about households none of whose cases has run since `before`; the hashes stay. How many."""
    order, other = aliased(Case), aliased(Case)
    since = (
        select(other.id)
        .where(
            other.subject_kind == order.subject_kind,
            other.subject_id == order.subject_id,
            or_(other.closed_at.is_(None), other.closed_at >= before),
        )
        .exists()
    )
    over = (
        select(Answer.id)
        .join(Query, Query.id == Answer.query_id)
        .join(order, order.id == Query.case_id)
        .where(Answer.payload.is_not(None), Answer.received_at < before, ~since)
        .order_by(Answer.id)
        .limit(at_once)
    )
    if ids := list(session.scalars(over)):
        session.execute(update(Answer).where(Answer.id.in_(ids)).values(payload=None, erased_at=now))
    return len(ids)
