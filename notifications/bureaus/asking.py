"""Putting the questions that are due, source by source, and taking what comes back at once.

A question is claimed in one short transaction, put in none, and its outcome written in another. A process that dies in
between leaves a claim that runs out: the question is then put once more under the same key, which the source knows.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from definitions.verification.absorbing import absorb
from notifications.bureaus import circuit
from notifications.bureaus.http import HttpTransport
from notifications.bureaus.protocol import Accepted, BadAnswer, BureauDown, QuestionRefused, Transport
from workflow.errors import Refused, Unmet
from workflow.models import Query, VerificationSource
from workflow.running.job import Run
from workflow.sweeps import Swept
from workflow.verification.answers import Reply
from workflow.verification.queries import Wanted, acknowledged, due, give_up, mark_sent, try_again, wanted

ROUND = 100
"""Questions a source and run: the next run reads the clock anew."""
CLAIM = timedelta(seconds=30)
"""How long a claim stands beyond the time-out of its source."""
CALLBACK = "/api/v1/verification/callbacks"
Roads = Callable[[Run, VerificationSource], Transport]


@dataclass(frozen=True)
class _Claimed:
    """A question in hand. `polled`: the source has said that it has it."""

    query_id: int
    attempts: int
    polled: bool
    wanted: Wanted


def ask_bureaus(run: Run, roads: Roads | None = None) -> Swept:
    """Ask every source on HTTP what is due, all at the same time, so that a slow one keeps nobody waiting."""
    with run.database.reading() as session:
        sources = session.scalars(
            select(VerificationSource)
            .where(VerificationSource.active, VerificationSource.transport == "http")
            .order_by(VerificationSource.code)
        ).all()
        session.expunge_all()
        sources = [one for one in sources if _waiting(run, one.code)]
    if not sources:
        return Swept()
    with ThreadPoolExecutor(len(sources)) as pool:
        rounds = list(pool.map(lambda source: _round(run, source, roads or road), sources))
    errors = [one.error for one in rounds if one.error]
    return Swept(sum(one.done for one in rounds), sum(one.failed for one in rounds), "；".join(errors))


def road(run: Run, source: VerificationSource) -> Transport:
    """The way to a source over HTTP. Raises Refused where it is not set up."""
    secret = run.config.bureau_secrets.get(source.secret_name, "")
    if not secret:
        raise Refused(
            f"{source.title}：没有密钥，请设置环境变量 BUREAU_SECRET_{source.secret_name or '名称'}。"
        )
    return HttpTransport(
        source.code, source.address, secret, timeout=source.timeout_seconds, networks=run.config.bureau_networks,
        callback=run.config.public_url + CALLBACK, now=lambda: moment(run), nonce=lambda: run.office.entropy.token(24),
    )  # fmt: skip


def moment(run: Run) -> datetime:
    """Now, in a run that waits for others."""
    return run.now + timedelta(seconds=run.elapsed())


def _waiting(run: Run, code: str) -> bool:
    with run.database.reading() as session:
        return bool(due(session, run.now, limit=1, sources=[code]))


def _round(run: Run, source: VerificationSource, roads: Roads) -> Swept:
    """What is due at one source, until its circuit opens."""
    swept = Swept()
    try:
        opened = roads(run, source)
    except Refused as error:
        return Swept(failed=1, error=error.message)
    with closing(opened) as transport:
        for _ in range(ROUND):
            if run.stopped() or (claimed := _claim(run, source)) is None:
                break
            if _put(run, source, transport, claimed):
                swept.done += 1
    return swept


def _claim(run: Run, source: VerificationSource) -> _Claimed | None:
    """The next due question, if the circuit lets it through; from here on it counts as put."""
    now = moment(run)
    until = now + CLAIM + timedelta(seconds=3 * source.timeout_seconds)
    while True:
        with run.database.acting() as conn:
            session = run.office.session(conn)
            found = due(session, now, limit=1, sources=[source.code])
            if not found or not circuit.admits(conn, source.code, now):
                return None
            query = found[0]
            polled = query.accepted_at is not None
            if polled:
                try_again(session, query, now, at=until, why=query.note)
            else:
                try:
                    mark_sent(session, query, now, retry_at=until)
                except Unmet:
                    continue  # withdrawn this moment: it has ended as superseded
            return _Claimed(query.id, query.attempts, polled, wanted(session, query))


def _put(run: Run, source: VerificationSource, transport: Transport, claimed: _Claimed) -> bool:
    """Put a question, or ask how it stands, and write down what came of it; whether the source has it."""
    try:
        said = transport.poll(claimed.wanted.key) if claimed.polled or claimed.attempts > 1 else None
        said = said or transport.ask(claimed.wanted)
    except BureauDown as error:
        rest = timedelta(seconds=source.breaker_seconds)
        with run.database.acting() as conn:
            circuit.failed(conn, source.code, moment(run), str(error), rest=rest)
            _failed(run, conn, source, claimed, str(error))
        return False
    except BadAnswer as error:
        with run.database.acting() as conn:
            circuit.succeeded(conn, source.code, moment(run))
            _failed(run, conn, source, claimed, f"答复不能采用：{error}")
        return False
    except QuestionRefused as error:
        with run.database.acting() as conn:
            circuit.succeeded(conn, source.code, moment(run))
            _leave(run, conn, claimed, str(error))
        return False
    with run.database.acting() as conn:
        circuit.succeeded(conn, source.code, moment(run))
        if isinstance(said, Reply):
            taken = absorb(run.office, conn, claimed.wanted.key, said, moment(run))
            if taken.status == "unfit":
                _failed(run, conn, source, claimed, f"答复不能采用：{taken.why}")
        else:
            _accepted(run, conn, source, claimed, said)
    return True


def _accepted(
    run: Run, conn: Connection, source: VerificationSource, claimed: _Claimed, said: Accepted
) -> None:
    """The source will answer later: a call back, or at the latest asked again in a while."""
    session = run.office.session(conn)
    if (query := _still(session, claimed)) is not None:
        now = moment(run)
        poll_at = now + timedelta(seconds=min(said.seconds or source.poll_seconds, source.poll_seconds))
        query.accepted_at = query.accepted_at or now
        acknowledged(session, query, now, poll_at=poll_at)


def _failed(run: Run, conn: Connection, source: VerificationSource, claimed: _Claimed, why: str) -> None:
    """An attempt came to nothing: again after a while, or given up when all tries are used."""
    session = run.office.session(conn)
    if (query := _still(session, claimed)) is None:
        return
    now, tries = moment(run), source.retry_seconds
    if claimed.polled:
        try_again(session, query, now, at=now + timedelta(seconds=source.poll_seconds), why=why)
    elif claimed.attempts <= len(tries):
        try_again(session, query, now, at=now + timedelta(seconds=tries[claimed.attempts - 1]), why=why)
    else:
        give_up(session, query, now, why=why)


def _leave(run: Run, conn: Connection, claimed: _Claimed, why: str) -> None:
    session = run.office.session(conn)
    if (query := _still(session, claimed)) is not None:
        give_up(session, query, moment(run), why=why)


def _still(session: Session, claimed: _Claimed) -> Query | None:
    """The question under lock, unless it was answered, withdrawn or claimed by another meanwhile."""
    query = session.get_one(Query, claimed.query_id, with_for_update=True, populate_existing=True)
    ours = query.state == "sent" and query.attempts == claimed.attempts
    return query if ours else None
