"""Queries: one source about one person for one order; from waiting to a state somebody is responsible for.

No function here reaches the network. Whoever does takes what is `due`, marks it sent, commits, and only then sends: a
kill in between leads to the same query with the same key again, which the source knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.errors import Unmet
from workflow.models import Authorisation, Case, OutboxMessage, Person, Query
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import VERIFIER
from workflow.telling import tell

UNSETTLED = ("waiting", "sent", "failed", "by_letter", "mismatch")
"""States in which something is still to come, or to be done."""
HEARD = ("answered", "no_data")
_AT_ONCE = ("waiting", "sent")
NO_LEAVE = "授权已撤回、过期或不含这个来源，查询没有发出"


@dataclass(frozen=True)
class Wanted:
    """What goes over the wire, and nothing else does."""

    key: str
    source: str
    name: str
    id_number: str
    authorisation: str
    valid_to: date | None
    purposes: str
    due_on: date


def put(
    session: Session,
    case: Case | Any,
    asked: Mapping[Authorisation, Collection[str]],
    *,
    due: Mapping[str, date],
    now: datetime,
) -> int:
    """Put the questions of an order: who allowed it is asked about at these sources, each by its day. How many.

    The database refuses one whose authorisation does not hold today.
    """
    rows = [
        {
            "key": str(uuid5(NAMESPACE_URL, f"{case.number}:{held.person_id}:{source}")), "case_id": case.id,
            "person_id": held.person_id, "source": source, "authorisation_id": held.id, "state": "waiting",
            "asked_at": now, "due_on": due[source], "attempts": 0, "next_try_at": now, "note": "",
        }
        for held, sources in asked.items()
        for source in sources
    ]  # fmt: skip
    if rows:
        session.execute(insert(Query), rows)
    return len(rows)


def due(
    session: Session, now: datetime, *, limit: int = 100, sources: Collection[str] | None = None
) -> Sequence[Query]:
    """What is to be sent, sent again or looked after now, the longest due first, locked: others take other rows.

    A case that is suspended asks nobody; an authorisation that does not hold lets nothing through.
    """
    today = local_date(now)
    wanted = (
        select(Query)
        .join(Authorisation, Authorisation.id == Query.authorisation_id)
        .join(Case, Case.id == Query.case_id)
        .where(
            Query.next_try_at <= now,
            Query.state.in_(_AT_ONCE),
            Case.halt_id.is_(None),
            Authorisation.withdrawn_at.is_(None),
            Authorisation.valid_from <= today,
            or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= today),
        )
        .order_by(Query.next_try_at, Query.id)
        .limit(limit)
        .with_for_update(of=Query, skip_locked=True)
    )
    if sources is not None:
        wanted = wanted.where(Query.source.in_(sources))
    return session.scalars(wanted).all()


def wanted(session: Session, query: Query) -> Wanted:
    """What the source is told: who, on whose leave, for what, and by when."""
    person = session.get_one(Person, query.person_id)
    held = session.get_one(Authorisation, query.authorisation_id)
    return Wanted(
        query.key, query.source, person.name, person.id_number or "", held.number, held.valid_to, held.purposes,
        query.due_on,
    )  # fmt: skip


def mark_sent(session: Session, query: Query, now: datetime, *, retry_at: datetime | None = None) -> None:
    """An attempt is made now; without an answer the next comes at `retry_at`.

    Raises Unmet where the authorisation does not hold any more; the query has then ended as superseded.
    """
    today = local_date(now)
    held = session.get_one(
        Authorisation, query.authorisation_id, with_for_update={"read": True}, populate_existing=True
    )
    holds = held.withdrawn_at is None and held.valid_from <= today <= (held.valid_to or today)
    if not holds or query.source not in held.scope:
        query.state, query.next_try_at, query.note = "superseded", None, NO_LEAVE
        session.flush()
        raise Unmet(f"{NO_LEAVE}（授权 {held.number}）。")
    query.state, query.sent_at, query.next_try_at = "sent", now, retry_at
    query.attempts += 1
    session.flush()


def acknowledged(session: Session, query: Query, now: datetime, *, poll_at: datetime | None = None) -> None:
    """The source has taken the question and answers later; it is asked how far it is at `poll_at`."""
    query.accepted_at = query.accepted_at or now
    query.next_try_at, query.note = poll_at, "对方已受理，等待答复"
    session.flush()


def try_again(session: Session, query: Query, now: datetime, *, at: datetime, why: str) -> None:
    """An attempt failed; the next comes at `at`."""
    query.next_try_at, query.note = at, why[:200]
    session.flush()


def give_up(session: Session, query: Query, now: datetime, *, why: str) -> None:
    """No further try by itself: the verifier writes a letter, or does without. He is told once a source and order."""
    query.state, query.next_try_at, query.note = "failed", None, why[:200]
    session.flush()
    holder_told(session, query.case_id, "query_failed", now, key=query.source, facts={"words": why[:200]})


def by_letter(session: Session, query: Query, now: datetime) -> None:
    """The question goes out on paper; the verifier types in what comes back. Raises Unmet without a valid authorisation."""
    if query.state not in ("waiting", "sent", "failed"):
        raise Unmet("这项查询已经有了结果，不用再发函。")
    mark_sent(session, query, now)
    query.state, query.note = "by_letter", "已发函询，等待回函"
    session.flush()


def close_order(session: Session, case_id: int, now: datetime, *, reported: bool) -> None:
    """The order is over. With a report, what was asked is silent ("asked, not answered"); all else is superseded."""
    mine = Query.case_id == case_id
    if reported:
        _end(
            session,
            mine & Query.state.in_(("sent", "failed", "by_letter")),
            "silent",
            "已询问，出具报告时未答复",
        )
        _end(session, mine & (Query.state == "waiting"), "superseded", "未发出")
    else:
        _end(session, mine & Query.state.in_(UNSETTLED), "superseded", "不再核对")


def _end(session: Session, which: Any, state: str, note: str) -> None:
    session.execute(
        update(Query)
        .where(which)
        .values(state=state, next_try_at=None, note=note)
        .execution_options(synchronize_session="fetch")
    )


def of_order(session: Session, case_id: int) -> Sequence[Query]:
    """The queries of an order."""
    return session.scalars(select(Query).where(Query.case_id == case_id).order_by(Query.id)).all()


def holder_told(
    session: Session,
    case_id: int,
    topic: str,
    now: datetime,
    *,
    key: str,
    facts: Mapping[str, Any],
    user_id: int | None = None,
) -> None:
    """Tell whoever works on the order, or the verifiers where nobody has taken it, or one person; once a key."""
    case = session.get_one(Case, case_id)
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == f"{case.number}:{topic}:{key}")):
        return
    tell(
        session.connection(), case, topic, now, user_id=user_id, role=VERIFIER.code,
        scope=scope_of(VERIFIER, case.area_code), key=key, facts=dict(facts),
    )  # fmt: skip
