"""Extending a limit: once, before it ends, with one of the edition's reasons, confirmed by a second person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.clocks import Fixed, next_rung
from workflow.entries import note, read, write_back
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.forms import SHORTEST_REASON
from workflow.models import Deadline, Extension
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import scope_of
from workflow.roles import HEAD, SUPERVISOR, TOWN_REVIEWER
from workflow.telling import tell
from workflow.timing.recount import redate_tasks

ASKERS = (TOWN_REVIEWER, SUPERVISOR)
CONFIRMERS = (SUPERVISOR, HEAD)


def ask_extension(
    office: Office,
    conn: Connection,
    case_id: int,
    span_code: str,
    *,
    code: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Extension:
    """Ask to extend a running span. Raises Unmet where law gives no extension, it was used, or the limit has passed.

    The new last day is counted from the span's start by the edition's longer limit (N22: 30 to 45 working days).
    """
    case, _ = read(office, conn, case_id)
    if not any(actor.holds(role, scope_of(role, case.area_code)) for role in ASKERS):
        raise NotPermitted("延期由乡镇审核人或督办提出。")
    span = office.catalogue.of(case).spans.get(span_code)
    if span is None or span.extension is None:
        raise Unmet("按本案的规则版本，这项时限不能延期。")
    if code not in span.extension.reasons:
        raise FormRefused({"code": f"延期理由只能是：{'、'.join(span.extension.reasons.values())}"})
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明延期的具体情况，至少 {SHORTEST_REASON} 个字"})
    session = office.session(conn)
    deadline = _running(session, case_id, span_code)
    if local_date(now) > deadline.due_on:
        raise Unmet(f"时限已于 {deadline.due_on.isoformat()} 届满，期满后不能再延期。")
    if deadline.extended_from is not None or session.scalar(
        select(Extension.id).where(Extension.deadline_id == deadline.id)
    ):
        raise Unmet("这项时限已经提出过延期，只能延期一次。")
    row = Extension(
        case_id=case_id, deadline_id=deadline.id, code=code, reason=reason, asked_by=actor.id, asked_at=now,
        due_on=span.extension.to.due(deadline.started_on, office.calendar),
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(conn, case, actor=actor, now=now, action="ask_extension", says=f"申请延期：{span.extension.reasons[code]}",
         reason=reason, source=span.extension.source, stales=False)  # fmt: skip
    tell(conn, case, "extension_asked", now, role=SUPERVISOR.code, scope=scope_of(SUPERVISOR, case.area_code),
         facts={"label": deadline.label, "reason": reason})  # fmt: skip
    return row


def confirm_extension(
    office: Office, conn: Connection, extension_id: int, *, actor: Actor, now: datetime
) -> Extension:
    """A second person confirms, still before the limit ends; the deadline and its ladder move."""
    session = office.session(conn)
    row = session.get(Extension, extension_id)
    if row is None:
        raise NotFound
    case, _ = read(office, conn, row.case_id)
    if not any(actor.holds(role, scope_of(role, case.area_code)) for role in CONFIRMERS):
        raise NotPermitted("延期由督办或部门负责人确认。")
    if row.asked_by in {actor.id, *(one.principal_id for one in actor.lent)}:
        raise NotPermitted("延期须由提出人以外的人确认。")
    if row.confirmed_at is not None:
        raise Unmet("这项延期已经确认过了。")
    deadline = session.get_one(Deadline, row.deadline_id)
    if deadline.state != "open":
        raise Unmet("这项时限已经结束，不用延期。")
    if local_date(now) > deadline.due_on:
        raise Unmet(f"时限已于 {deadline.due_on.isoformat()} 届满，期满后不能再确认延期。")
    span = office.catalogue.of(case).spans[deadline.kind.removeprefix("span:")]
    assert span.extension is not None
    row.confirmed_by, row.confirmed_at = actor.id, now
    row.due_on = span.extension.to.due(deadline.started_on, office.calendar)
    deadline.extended_from, deadline.due_on, deadline.rule = (
        deadline.due_on,
        row.due_on,
        str(span.extension.to),
    )
    deadline.source = span.extension.source
    deadline.rung, deadline.next_at = next_rung(
        office.ladders.named(deadline.ladder),
        deadline.rung,
        span.extension.to,
        deadline.started_on,
        row.due_on,
        office.calendar,
    )
    if deadline.next_at is not None and deadline.next_at < now:
        deadline.next_at = now
    session.flush()
    case.clocks = {**case.clocks, span.code: row.due_on.isoformat()}
    redate_tasks(office, conn, case)
    write_back(conn, case, actor=actor, now=now, action="extend", says=f"确认延期至 {row.due_on.isoformat()}",
               reason=row.reason, source=span.extension.source)  # fmt: skip
    return row


def bring_forward(
    office: Office,
    conn: Connection,
    case_id: int,
    span_code: str,
    fact: str,
    due: date,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> bool:
    """End a running span sooner, because something happened that law wants settled by `due`; False where it is not later.

    `fact` is the date of the case's facts by which the span runs.
    """
    case, _ = read(office, conn, case_id)
    session = office.session(conn)
    deadline = _running(session, case_id, span_code)
    if deadline.due_on <= due:
        return False
    deadline.due_on, deadline.rule = due, str(Fixed(due))
    deadline.rung, deadline.next_at = next_rung(
        office.ladders.named(deadline.ladder),
        deadline.rung,
        Fixed(due),
        deadline.started_on,
        due,
        office.calendar,
    )
    session.flush()
    case.facts = case.facts | {fact: due.isoformat()}
    case.clocks = {**case.clocks, span_code: due.isoformat()}
    redate_tasks(office, conn, case)
    write_back(
        conn,
        case,
        actor=actor,
        now=now,
        action="bring_forward",
        says=f"时限提前至 {due.isoformat()}",
        reason=reason,
    )
    return True


def _running(session: Session, case_id: int, span_code: str) -> Deadline:
    found = session.scalar(
        select(Deadline).where(
            Deadline.case_id == case_id, Deadline.kind == f"span:{span_code}", Deadline.state == "open"
        )
    )
    if found is None:
        raise Unmet("这项时限没有在计时，不能延期。")
    return found
