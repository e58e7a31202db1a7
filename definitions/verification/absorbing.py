"""Taking in what sources answer: stored once, compared with what was declared, told to whoever works on the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from definitions.verification.comparing import declared, findings
from definitions.verification.items import faults
from definitions.verification.sources import SOURCES
from workflow.models import Case, CheckReport, Finding, Person, Query
from workflow.office import Office
from workflow.periods import local_date
from workflow.verification import answers
from workflow.verification.answers import Absorbed, Reply
from workflow.verification.queries import UNSETTLED, holder_told

_AT_ONCE = 400


def absorb(office: Office, conn: Connection, key: str, reply: Reply, now: datetime) -> Absorbed:
    """Take in one answer by the key of its query. The same answer again changes nothing. Raises nothing: see Absorbed."""
    return absorb_all(office, conn, [(key, reply)], now)[0]


def absorb_all(
    office: Office, conn: Connection, replies: Sequence[tuple[str, Reply]], now: datetime
) -> list[Absorbed]:
    """Take in many answers in one transaction, in order; one that is unfit says why and changes nothing."""
    session = office.session(conn)
    unfit = {place: told for place, (_, reply) in enumerate(replies) if (told := faults(reply.items))}
    fit = [(place, *one) for place, one in enumerate(replies) if place not in unfit]
    stored = answers.absorb_all(session, office.vault, [(key, reply) for _, key, reply in fit], now)
    kept = [(done, reply) for done, (_, _, reply) in zip(stored, fit, strict=True) if done.kept]
    compare(session, kept, now)
    _tell(session, stored, now)
    session.flush()
    done = dict(zip((place for place, _, _ in fit), stored, strict=True))
    return [
        done[place] if place in done else Absorbed("unfit", why="；".join(unfit[place]))
        for place in range(len(replies))
    ]


def compare(session: Session, kept: Sequence[tuple[Absorbed, Reply]], now: datetime) -> None:
    """Make the findings of stored answers; an answer takes the place of an earlier one to the same query."""
    ids = [done.query_id for done, _ in kept if done.query_id is not None]
    where = {
        query_id: (person, household)
        for start in range(0, len(ids), _AT_ONCE)
        for query_id, person, household in session.execute(
            select(Query.id, Person, Case.subject_id)
            .join(Person, Person.id == Query.person_id)
            .join(Case, Case.id == Query.case_id)
            .where(Query.id.in_(ids[start : start + _AT_ONCE]))
        )
    }
    if not where:
        return
    for start in range(0, len(ids), _AT_ONCE):
        session.execute(delete(Finding).where(Finding.query_id.in_(ids[start : start + _AT_ONCE])))
    said = declared(session, {household for _, household in where.values()}, local_date(now))
    rows = []
    latest = {done.query_id: (done, reply) for done, reply in kept}
    for query_id, (done, reply) in latest.items():
        assert query_id is not None
        person, household = where[query_id]
        rows += [
            row | {"answer_id": done.answer_id, "query_id": query_id}
            for row in findings(reply.items, person, household, reply.as_of, said)
        ]
    if rows:
        session.execute(insert(Finding), rows)


def _tell(session: Session, stored: Sequence[Absorbed], now: datetime) -> None:
    """The holder hears when the last answer is in, when one is about somebody else, and when one comes after the report."""
    moved = {one.query_id: one for one in stored if one.status in ("stored", "late", "mismatch")}
    ids = [query_id for query_id in moved if query_id is not None]
    queries = [
        query
        for start in range(0, len(ids), _AT_ONCE)
        for query in session.scalars(select(Query).where(Query.id.in_(ids[start : start + _AT_ONCE])))
    ]
    for query in queries:
        status = moved[query.id].status
        if status == "late":
            tell_late(session, query, now)
        elif status == "mismatch":
            holder_told(
                session,
                query.case_id,
                "answer_mismatch",
                now,
                key=str(query.id),
                facts={"words": SOURCES[query.source]},
            )
    waiting = set()
    orders = sorted({query.case_id for query in queries if moved[query.id].status == "stored"})
    for start in range(0, len(orders), _AT_ONCE):
        waiting |= set(session.scalars(
            select(Query.case_id).where(Query.case_id.in_(orders[start : start + _AT_ONCE]), Query.state.in_(UNSETTLED))
        ))  # fmt: skip
    for case_id in orders:
        if case_id not in waiting:
            holder_told(session, case_id, "answers_complete", now, key="all", facts={})


def tell_late(session: Session, query: Query, now: datetime) -> None:
    """An answer came after the report: who signed it looks whether it must be corrected."""
    report = session.scalars(
        select(CheckReport)
        .where(CheckReport.case_id == query.case_id)
        .order_by(CheckReport.version.desc())
        .limit(1)
    ).first()
    signer = report.issued_by if report is not None else None
    words = SOURCES[query.source]
    holder_told(
        session, query.case_id, "answer_late", now, user_id=signer, key=str(query.id), facts={"words": words}
    )
