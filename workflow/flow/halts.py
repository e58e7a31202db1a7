"""Suspending (挂起) and revoking (撤销): one person asks with a reason, a second confirms. Either may be declined.

A suspended case takes no act until it is resumed. Its legal dates stay as they are and go on running; what they remind
of goes to the person who suspended it. A revoked case ends by the action its definition names, with what that undoes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from workflow.actors import Actor
from workflow.acts import act
from workflow.entries import note, read
from workflow.errors import NotFound, NotPermitted, Unmet
from workflow.facts import CaseState
from workflow.models import Case, Halt
from workflow.office import Office
from workflow.policy import scope_of
from workflow.roles import ADMINISTRATOR, HEAD, SUPERVISOR
from workflow.telling import tell

LEADERS = (SUPERVISOR, HEAD)
"""Who asks for, confirms and ends the suspension of a case."""
GUARDIAN = ADMINISTRATOR
"""Who asks for, confirms and ends the suspension of a definition."""
PENDING = ("asked", "on")
SAYS = {"suspend": "挂起", "revoke": "撤销"}


def pending(conn: Connection, case_id: int) -> Halt | None:
    """The order on a case that is asked for or in force, of the case alone or of its definition."""
    return _one(conn, select(Halt.__table__).where(Halt.case_id == case_id, Halt.state.in_(PENDING)))


def on_definition(conn: Connection, definition: str, *states: str) -> Halt | None:
    """The order on a definition that is asked for or in force."""
    wanted = select(Halt.__table__).where(
        Halt.case_id.is_(None), Halt.definition == definition, Halt.state.in_(states or PENDING)
    )
    return _one(conn, wanted)


def _one(conn: Connection, wanted: Select[Any]) -> Halt | None:
    row = conn.execute(wanted).mappings().first()
    return Halt(**row) if row is not None else None


def leads(actor: Actor, case: CaseState) -> bool:
    """Whether he may halt this case."""
    return any(actor.holds(role, scope_of(role, case.area_code)) for role in LEADERS)


def ask(
    office: Office, conn: Connection, case: CaseState, kind: str, *, reason: str, actor: Actor, now: datetime
) -> Halt:
    """Ask to suspend or revoke a case under lock. Raises NotPermitted, Unmet where one is asked for or in force."""
    if not leads(actor, case):
        raise NotPermitted(f"{SAYS[kind]}由督办或部门负责人提出。")
    if case.closed_at is not None:
        raise Unmet(f"案件已办结，不用{SAYS[kind]}。")
    if (there := pending(conn, case.id)) is not None:
        raise Unmet(f"已经提出{SAYS[there.kind]}，等待处理。" if there.state == "asked" else "案件已挂起。")
    session = office.session(conn)
    row = Halt(kind=kind, definition=case.definition, case_id=case.id, acts=True, state="asked", reason=reason,
               asked_by=actor.id, asked_at=now)  # fmt: skip
    session.add(row)
    session.flush()
    note(conn, case, actor=actor, now=now, action=f"ask_{kind}", says=f"提出{SAYS[kind]}", reason=reason)
    tell(conn, case, "halt_asked", now, role=HEAD.code, scope=scope_of(HEAD, case.area_code),
         facts={"label": SAYS[kind], "reason": reason})  # fmt: skip
    return row


def confirm(office: Office, conn: Connection, case: CaseState, *, actor: Actor, now: datetime) -> CaseState:
    """A second person confirms what is asked for: the case stands still, or ends. Raises NotPermitted, Unmet."""
    row = _asked(conn, case, actor)
    if actor.id == row.asked_by:
        raise NotPermitted(f"{SAYS[row.kind]}须由提出人以外的人确认。")
    state = "on" if row.kind == "suspend" else "done"
    conn.execute(
        update(Halt).where(Halt.id == row.id).values(state=state, confirmed_by=actor.id, confirmed_at=now)
    )
    if row.kind == "suspend":
        case.halt_id = row.id
        conn.execute(update(Case).where(Case.id == case.id).values(halt_id=row.id))
        note(conn, case, actor=actor, now=now, action="confirm_suspend", says="确认挂起", reason=row.reason)
        return case
    word = revocation(office, case)
    note(conn, case, actor=actor, now=now, action="confirm_revoke", says="确认撤销", reason=row.reason)
    return act(office, conn, case.id, word, actor=actor, form={"reason": row.reason}, seen=None, now=now,
               origin=f"{case.number}#{case.seq}")  # fmt: skip


def decline(
    office: Office, conn: Connection, case: CaseState, *, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """Do not halt the case; the one who asked may so take it back himself."""
    row = _asked(conn, case, actor)
    conn.execute(
        update(Halt)
        .where(Halt.id == row.id)
        .values(state="declined", ended_by=actor.id, ended_at=now, ended_why=reason)
    )
    note(
        conn,
        case,
        actor=actor,
        now=now,
        action=f"decline_{row.kind}",
        says=f"不予{SAYS[row.kind]}",
        reason=reason,
    )
    return case


def resume(
    office: Office, conn: Connection, case: CaseState, *, reason: str, actor: Actor, now: datetime
) -> CaseState:
    """The case goes on, unless its definition stands still. Raises Unmet where it is not suspended by itself."""
    row = pending(conn, case.id)
    if row is None or row.state != "on":
        raise Unmet("案件没有挂起。" if case.halt_id is None else "这类办件整体挂起，由系统管理员恢复。")
    if not leads(actor, case):
        raise NotPermitted("恢复办理由督办或部门负责人办理。")
    whole = on_definition(conn, case.definition, "on")
    case.halt_id = whole.id if whole is not None and whole.acts else None
    conn.execute(
        update(Halt)
        .where(Halt.id == row.id)
        .values(state="ended", ended_by=actor.id, ended_at=now, ended_why=reason)
    )
    conn.execute(update(Case).where(Case.id == case.id).values(halt_id=case.halt_id))
    note(conn, case, actor=actor, now=now, action="resume_case", says="恢复办理", reason=reason)
    return case


def revocation(office: Office, case: CaseState) -> str:
    """The action that revokes a case of this definition. Raises Unmet where it has none, or none for the present stage."""
    blueprint = office.catalogue.of(case)
    found = next((word for word in blueprint.actions.values() if word.revokes), None)
    if found is None or case.stage not in found.moves:
        raise Unmet(
            f"“{blueprint.title}”在“{blueprint.stages[case.stage].label}”环节不能撤销，请按正常步骤办结。"
        )
    return found.code


def ask_definition(
    office: Office, conn: Connection, definition: str, *, acts: bool, reason: str, actor: Actor, now: datetime
) -> Halt:
    """Ask to suspend a definition: no new cases, and with `acts` none of those under way takes an act."""
    if not _guards(actor):
        raise NotPermitted("流程挂起由系统管理员提出。")
    title = office.catalogue.editions(definition)[0].title
    if on_definition(conn, definition) is not None:
        raise Unmet(f"“{title}”已经提出挂起或已挂起。")
    session = office.session(conn)
    row = Halt(kind="suspend", definition=definition, case_id=None, acts=acts, state="asked", reason=reason,
               asked_by=actor.id, asked_at=now)  # fmt: skip
    session.add(row)
    session.flush()
    return row


def confirm_definition(
    office: Office, conn: Connection, halt_id: int, *, actor: Actor, now: datetime
) -> None:
    """A second person confirms: from now on it stands still. Cases suspended by themselves stay so."""
    row = _of_definition(conn, halt_id, "asked", actor)
    if actor.id == row.asked_by:
        raise NotPermitted("流程挂起须由提出人以外的人确认。")
    conn.execute(
        update(Halt).where(Halt.id == row.id).values(state="on", confirmed_by=actor.id, confirmed_at=now)
    )
    if row.acts:
        conn.execute(
            update(Case)
            .where(Case.definition == row.definition, Case.closed_at.is_(None), Case.halt_id.is_(None))
            .values(halt_id=row.id)
        )


def end_definition(
    office: Office, conn: Connection, halt_id: int, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The definition goes on, or is not suspended after all."""
    row = _of_definition(conn, halt_id, "", actor)
    conn.execute(
        update(Halt)
        .where(Halt.id == row.id)
        .values(
            state="ended" if row.state == "on" else "declined",
            ended_by=actor.id,
            ended_at=now,
            ended_why=reason,
        )
    )
    conn.execute(update(Case).where(Case.halt_id == row.id).values(halt_id=None))


def _asked(conn: Connection, case: CaseState, actor: Actor) -> Halt:
    row = pending(conn, case.id)
    if row is None or row.state != "asked":
        raise Unmet("没有等待确认的挂起或撤销。")
    if not leads(actor, case):
        raise NotPermitted(f"{SAYS[row.kind]}由督办或部门负责人确认。")
    return row


def _of_definition(conn: Connection, halt_id: int, state: str, actor: Actor) -> Halt:
    row = _one(conn, select(Halt.__table__).where(Halt.id == halt_id, Halt.case_id.is_(None)))
    if row is None:
        raise NotFound
    if not _guards(actor):
        raise NotPermitted("流程挂起由系统管理员办理。")
    if row.state not in ((state,) if state else PENDING):
        raise Unmet("这项挂起已经处理过了。")
    return row


def _guards(actor: Actor) -> bool:
    return GUARDIAN.code in actor.roles


__all__ = [
    "ask", "ask_definition", "confirm", "confirm_definition", "decline", "end_definition", "leads",
    "on_definition", "pending", "read", "resume", "revocation",
]  # fmt: skip
