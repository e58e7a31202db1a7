"""Settling incidents: trying one row again, leaving it out with a reason, giving it to a colleague; and the job that does
by itself what needs nobody. A try counts for nothing: settled is what the row itself shows to be (its post-condition).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.actors import Actor, load_actor
from workflow.areas import covers
from workflow.db import Database
from workflow.entries import note, read
from workflow.errors import Busy, FormRefused, NotFound, NotPermitted, Unmet
from workflow.models import AccessLog, Case, Incident, Tick
from workflow.periods import local_date
from workflow.policy import area_filter
from workflow.roles import ADMINISTRATOR, SUPERVISOR
from workflow.running.incidents import PENDING, pending, record, settle
from workflow.running.job import WHOLE_JOB, Job, Mend, Run, run_job

log = logging.getLogger(__name__)
SHORTEST_REASON = 4
STILL_WRONG = "重试已经执行，但问题仍在："
BY_ITSELF = "问题已经消除"


def mend_of(jobs: Iterable[Job], row: Incident) -> Mend | None:
    """How an incident is mended; None where its job is no longer there."""
    job = next((one for one in jobs if one.id == row.kind), None)
    if job is None or (row.ref != WHOLE_JOB and job.mend is None):
        return None
    return _whole(job) if row.ref == WHOLE_JOB else job.mend


def _whole(job: Job) -> Mend:
    """A job that failed as a whole is mended by a run without a failure."""

    def once(run: Run, _ref: int) -> None:
        run_job(job, run)

    def holds(session: Session, _run: Run, _ref: int) -> bool:
        tick = session.get(Tick, job.id)
        return tick is not None and not tick.failed and not tick.error

    return Mend(once, holds)


def may_settle(actor: Actor, case: Case | None) -> bool:
    """Administrators settle all, supervisors those of cases of their area."""
    if ADMINISTRATOR.code in actor.roles:
        return True
    return case is not None and any(
        role == SUPERVISOR.code and covers(scope, case.area_code) for role, scope in actor.grants
    )


def listed(
    session: Session, actor: Actor, *, settled: bool = False, limit: int = 200
) -> list[tuple[Incident, Case | None]]:
    """What the actor may settle, or what was settled, with its case; open ones first."""
    wanted = select(Incident, Case).outerjoin(Case, Case.id == Incident.case_id)
    if ADMINISTRATOR.code not in actor.roles:
        mine = [scope for role, scope in actor.grants if role == SUPERVISOR.code]
        wanted = wanted.where(Incident.case_id.is_not(None), area_filter(Case.area_code, mine))
    if settled:
        wanted = wanted.where(Incident.state.not_in(PENDING)).order_by(Incident.id.desc())
    else:
        wanted = wanted.where(Incident.state.in_(PENDING)).order_by(Incident.state, Incident.id)
    return [(incident, case) for incident, case in session.execute(wanted.limit(limit))]


def waiting(session: Session, actor: Actor) -> int:
    """How many incidents wait for somebody like him."""
    return sum(row.state == "open" for row, _case in listed(session, actor))


def find(session: Session, incident_id: int, actor: Actor) -> tuple[Incident, Case | None]:
    """An incident and its case. Raises NotFound where there is none or it is not the actor's to settle."""
    row = session.get(Incident, incident_id)
    case = session.get(Case, row.case_id) if row is not None and row.case_id else None
    if row is None or not may_settle(actor, case):
        raise NotFound
    return row, case


def retry(run: Run, jobs: Iterable[Job], incident_id: int, *, actor: Actor) -> bool:
    """Try the row now; whether the matter is settled. Where it is not the incident stays, with what is wrong still.

    Raises NotFound, Unmet where it was settled before.
    """
    row, mend = _to_settle(run.database, jobs, incident_id, actor)
    done = _attempt(run, mend, row, by=actor.id)
    _written(run, row, actor, "incident_retry", "重试" + ("，已办成" if done else "，没有办成"), "")
    return done


def skip(run: Run, jobs: Iterable[Job], incident_id: int, *, reason: str, actor: Actor) -> None:
    """Leave the row out for good, with a reason. Raises NotFound, FormRefused, Unmet where it may not be left out."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明跳过的理由，至少 {SHORTEST_REASON} 个字"})
    row, mend = _to_settle(run.database, jobs, incident_id, actor)
    if mend.skip is None:
        raise Unmet("这一项不能跳过：它是法定的登记，或者已签发的决定。请排除原因后重试。")
    with run.database.acting() as conn:
        mend.skip(conn, run, row.ref)
        if not settle(conn, row.id, "skipped", by=actor.id, reason=reason.strip(), now=run.now):
            raise Unmet("这一项刚刚已经处理过了。")
    _written(run, row, actor, "incident_skip", "跳过", reason.strip())


def reassign(run: Run, incident_id: int, *, to: int, reason: str, actor: Actor) -> None:
    """Put an incident into a colleague's hands, who could settle it himself. Raises NotFound, FormRefused, NotPermitted."""
    if not to:
        raise FormRefused({"to": "请选择接办人"})
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明转交的理由，至少 {SHORTEST_REASON} 个字"})
    with run.database.acting() as conn, run.office.session(conn) as session:
        row, case = find(session, incident_id, actor)
        if row.state not in PENDING:
            raise Unmet("这一项已经处理过了。")
        receiver = load_actor(session, to, local_date(run.now))
        if not may_settle(receiver, case):
            raise NotPermitted(f"{receiver.name}不是系统管理员，也不是这个区域的督办，不能接办。")
        row.holder_id = to
        session.flush()
        session.expunge_all()
    _written(run, row, actor, "incident_reassign", f"转交给{receiver.name}", reason.strip())


def tend_incidents(run: Run, jobs: Iterable[Job]) -> tuple[int, int]:
    """Settle what has come right, and try what is due and nobody else comes back to; (settled, still failing)."""
    done = failed = 0
    with run.database.reading() as session:
        rows = pending(session)
        session.expunge_all()
    for row in rows:
        if run.stopped():
            break
        mend = mend_of(jobs, row)
        if mend is None:
            continue
        if _holds(run, mend, row):
            done += _close(run.database, row, None, BY_ITSELF, run.now)
        elif row.next_at <= run.now and not mend.sweeps:
            settled = _attempt(run, mend, row, by=None)
            done, failed = done + settled, failed + (not settled)
    return done, failed


def _to_settle(
    database: Database, jobs: Iterable[Job], incident_id: int, actor: Actor
) -> tuple[Incident, Mend]:
    with database.reading() as session:
        row, _case = find(session, incident_id, actor)
        session.expunge(row)
    mend = mend_of(jobs, row)
    if row.state not in PENDING or mend is None:
        raise Unmet("这一项已经处理过了。")
    return row, mend


def _attempt(run: Run, mend: Mend, row: Incident, *, by: int | None) -> bool:
    cause: BaseException | str | None = None
    try:
        mend.once(run, row.ref)
    except Busy:
        raise
    except Exception as error:
        log.exception("incident %s: %s row %s", row.id, row.kind, row.ref)
        cause = error
    if cause is None and _holds(run, mend, row):
        return _close(run.database, row, by, BY_ITSELF if by is None else "重试后办成", run.now)
    with run.database.acting() as conn:
        here = conn.execute(
            select(Incident.tries).where(Incident.id == row.id, Incident.state.in_(PENDING))
        ).first()
        if here is not None and (here.tries == row.tries or row.ref != WHOLE_JOB):
            told = row.cause.removeprefix(STILL_WRONG)
            record(
                conn,
                row.kind,
                row.ref,
                case_id=row.case_id,
                cause=cause or f"{STILL_WRONG}{told}",
                payload="",
                now=run.now,
            )
            conn.execute(update(Incident).where(Incident.id == row.id).values(payload=row.payload))
    return False


def _holds(run: Run, mend: Mend, row: Incident) -> bool:
    with run.database.reading() as session:
        return mend.holds(session, run, row.ref)


def _close(database: Database, row: Incident, by: int | None, reason: str, now: datetime) -> bool:
    with database.acting() as conn:
        return settle(conn, row.id, "done", by=by, reason=reason, now=now)


def _written(run: Run, row: Incident, actor: Actor, action: str, says: str, reason: str) -> None:
    """In the log of accesses, and in the case's journal where the case still takes entries."""
    with run.database.acting() as conn, run.office.session(conn) as session:
        session.add(
            AccessLog(
                at=run.now,
                user_id=actor.id,
                what=action,
                case_id=row.case_id,
                reason=f"{row.kind} {row.ref}：{says} {reason}"[:200],
            )
        )
        session.flush()
    if row.case_id is None:
        return
    try:
        with run.database.acting() as conn:
            case, _ = read(run.office, conn, row.case_id)
            note(
                conn,
                case,
                actor=actor,
                now=run.now,
                action=action,
                says=f"运行异常：{says}",
                reason=reason,
                stales=False,
            )
    except Busy:
        raise
    except Exception:
        log.exception("incident %s could not be entered in the journal of case %s", row.id, row.case_id)
