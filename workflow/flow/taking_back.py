"""撤回/拿回: one's own last act, while nobody has opened what follows from it, and only where the definition allows it.

The case stands where it was: task, parts and deadlines go on as if it had not been left, each deadline from its own start.
The journal keeps both entries.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from workflow import statements as sql
from workflow.actors import Actor
from workflow.clocks import begun, ends, next_rung, read_rule
from workflow.entering import task_row
from workflow.entries import write_back
from workflow.errors import NotPermitted, Unmet
from workflow.facts import CaseState, Facts
from workflow.flow.history import TAKE_BACK
from workflow.flow.returns import history_of
from workflow.models import CaseForm, CasePart, Deadline, JournalEntry, Signature, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.roles import ROLES
from workflow.sending import send


def check(facts: Facts) -> None:
    """Raise NotPermitted where there is nothing of one's own to take back, Unmet where it is too late, with the reason."""
    step = history_of(facts).last
    word = facts.office.catalogue.get(facts.case.definition, step.edition).actions.get(step.action)
    if word is None or not step.moved or step.actor_id != facts.actor.id or not word.withdrawable:
        raise NotPermitted("没有您本人刚刚办理、可以撤回的操作。")
    seen = facts.conn.execute(
        select(Task.seen_at, User.name)
        .join(User, User.id == Task.seen_by)
        .where(Task.case_id == facts.case.id, Task.visit == facts.case.visit, Task.seen_at.is_not(None))
        .limit(1)
    ).first()
    if seen is not None:
        raise Unmet(f"{seen.name}已经打开这件办件，“{word.label}”不能再撤回；确有错误的，请联系其退回。")
    if facts.case.version != step.version:
        later = facts.conn.execute(
            select(JournalEntry.actor_name, JournalEntry.says)
            .where(JournalEntry.case_id == facts.case.id, JournalEntry.version > step.version)
            .order_by(JournalEntry.seq)
            .limit(1)
        ).one()
        raise Unmet(f"{later.actor_name}已经“{later.says}”，“{word.label}”不能再撤回。")


def take_back(
    office: Office, conn: Connection, facts: Facts, form: dict[str, Any], *, actor: Actor, now: datetime
) -> CaseState:
    """Put the case back where it stood before its last act; `check` has been asked."""
    case, session = facts.case, facts.session
    history = history_of(facts)
    step, left = history.last, facts.blueprint.stages[facts.case.stage]
    blueprint = office.catalogue.get(case.definition, step.edition)
    word = blueprint.actions[step.action]
    body = (
        session.scalar(select(CaseForm.body).where(CaseForm.case_id == case.id, CaseForm.seq == step.seq))
        or {}
    )
    for undo in word.undo:
        undo(session, case, dict(body), actor, now)
    session.flush()
    today, came, was = local_date(now), case.visit, step.visit - 1
    _end_present(conn, case, came, now, actor, today)
    running = history.clocks_before(step)
    started = {span.code for span in blueprint.spans.values() if step.action in span.since} - running
    stopped = {span.code for span in blueprint.spans.values() if step.action in span.until} & running
    clocks = {code: due for code, due in case.clocks.items() if code not in started}
    case.stage, case.visit = step.from_stage, came + 1
    for row in _deadlines_of(session, case.id, was, stopped, blueprint.stages[case.stage]):
        _go_on(office, row, case.visit)
        if row.kind.startswith("span:"):
            clocks[row.kind.removeprefix("span:")] = row.due_on.isoformat()
    for code in started:
        conn.execute(_cancel(case.id).where(Deadline.kind == f"span:{code}", Deadline.visit == came))
    case.clocks = clocks
    session.flush()
    _parts_go_on(conn, case, was)
    _tasks_go_on(conn, session, case, was, actor, now)
    write_back(conn, case, actor=actor, now=now, action=TAKE_BACK, from_stage=left.id, says=f"撤回了“{word.label}”",
               reason=form["reason"])  # fmt: skip
    return case


def _end_present(
    conn: Connection, case: CaseState, visit: int, now: datetime, actor: Actor, today: Any
) -> None:
    """Task, parts and own deadlines of the stage that is left again come to nothing."""
    send(conn, [
        (sql.CLOSE_TASKS, {"case": case.id, "at": now, "by": actor.id, "done_task": 0}),
        (sql.CLOSE_PARTS, {"case": case.id, "of_visit": visit, "at": now}),
    ])  # fmt: skip
    conn.execute(_cancel(case.id).where(Deadline.visit == visit, ~Deadline.kind.startswith("span:")))


def _cancel(case_id: int) -> Any:
    return (
        update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.state == "open")
        .values(state="cancelled", next_at=None)
    )


def _deadlines_of(session: Session, case_id: int, visit: int, spans: set[str], stage: Any) -> list[Deadline]:
    """Those that ended with the act: of the stage and its unfinished parts, and the spans it stopped."""
    undone = set(
        session.scalars(
            select(CasePart.code).where(
                CasePart.case_id == case_id, CasePart.visit == visit, CasePart.state == "cancelled"
            )
        )
    )
    kinds = {f"stage:{stage.id}", f"minimum:{stage.id}", *(f"part:{code}" for code in undone)}
    own = session.scalars(
        select(Deadline).where(Deadline.case_id == case_id, Deadline.visit == visit, Deadline.kind.in_(kinds))
    ).all()
    stopped = [
        session.scalars(
            select(Deadline).where(Deadline.case_id == case_id, Deadline.kind == f"span:{code}").order_by(Deadline.id.desc()).limit(1)
        ).one()
        for code in sorted(spans)
    ]  # fmt: skip
    return [*own, *stopped]


def _go_on(office: Office, row: Deadline, visit: int) -> None:
    """The same deadline, with the date it had: it runs from its own start and reminds from where its ladder stood."""
    if not row.kind.startswith("span:"):
        row.visit = visit
    row.state, row.met_on = "open", None
    row.rung, row.next_at = next_rung(
        office.ladders.named(row.ladder),
        row.rung,
        read_rule(row.rule),
        begun(row),
        ends(row),
        office.calendar,
    )


def _parts_go_on(conn: Connection, case: CaseState, was: int) -> None:
    """Parts of the visit go on in the new one: finished ones finished, the others open; their signatures with them."""
    here = (CasePart.case_id == case.id, CasePart.visit == was)
    conn.execute(
        update(CasePart).where(*here, CasePart.state == "cancelled").values(state="open", done_at=None)
    )
    conn.execute(update(CasePart).where(*here).values(visit=case.visit))
    conn.execute(
        update(Signature).where(Signature.case_id == case.id, Signature.visit == was).values(visit=case.visit)
    )


def _tasks_go_on(
    conn: Connection, session: Session, case: CaseState, was: int, actor: Actor, now: datetime
) -> None:
    """The task of the stage is the actor's own again; those of unfinished parts are with whom they were."""
    undone = session.scalars(
        select(CasePart.code).where(
            CasePart.case_id == case.id, CasePart.visit == case.visit, CasePart.state == "open"
        )
    ).all()
    ended = session.scalars(
        select(Task).where(Task.case_id == case.id, Task.visit == was).order_by(Task.id.desc())
    ).all()
    again: dict[str, Task] = {}
    for task in ended:
        if task.part == "" or (task.part.partition(".")[0] in undone and task.state == "cancelled"):
            again.setdefault(task.part, task)
    send(conn, [
        (sql.ADD_TASK, task_row(case, ROLES[task.role], task.part, actor.id if task.part == "" else task.assignee_id,
                                task.opens_on, task.due_on, now))
        for task in again.values()
    ])  # fmt: skip
