"""A rung of a deadline's ladder takes effect: it is entered in the journal, told, and at `overdue` put before a supervisor."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from workflow.actors import SYSTEM_ACTOR
from workflow.acts import open_case
from workflow.areas import ancestor
from workflow.clocks import begun, ends, next_rung, read_rule
from workflow.entries import TaskRow, note, read
from workflow.facts import CaseState
from workflow.flow.kept import answers_for
from workflow.ladders import CODES, HALF, HOLDER, Rung
from workflow.models import Deadline
from workflow.office import Office
from workflow.periods import CHINA
from workflow.policy import scope_of
from workflow.roles import ROLES, SUPERVISOR
from workflow.sending import fetch, send
from workflow.telling import tell

ESCALATION = "escalation"
"""The definition of which an overdue deadline opens a case, where the catalogue has it."""
CAUGHT_UP = timedelta(hours=1)
"""What is told so long after its moment (the machine stood still) comes as one digest."""
SAYS = {"overdue": "时限已过，列为逾期", "bulletin": "列入通报"}


_READ = select(Deadline.__table__).where(Deadline.id == bindparam("deadline"))
_CLIMBED = (
    update(Deadline)
    .where(Deadline.id == bindparam("deadline"))
    .values(rung=bindparam("at_rung"), next_at=bindparam("next"), overdue=bindparam("late"))
)
_COLUMNS = tuple(Deadline.__table__.columns.keys())


def climb(
    office: Office, conn: Connection, deadline_id: int, case_id: int, now: datetime
) -> tuple[bool, datetime | None]:
    """Carry out the rung that is due on a deadline, under its case's lock: whether it was, and when the next one is."""
    case, tasks = read(office, conn, case_id)
    (found,) = fetch(conn, _READ, {"deadline": deadline_id})
    row = SimpleNamespace(**dict(zip(_COLUMNS, found, strict=True)))
    if row.state != "open" or row.next_at is None or row.next_at > now:
        return False, None
    task = next((task for task in tasks if task.task_part == row.part), None)
    ladder = office.ladders.named(row.ladder)
    rung = ladder.rungs[row.rung]
    _announce(conn, case, row, task, rung, now)
    if rung.code == "overdue" and rung.escalates and ESCALATION in office.catalogue.codes:
        _escalate(office, conn, case, row, task, now)
    position, moment = next_rung(
        ladder, row.rung + 1, read_rule(row.rule), begun(row), ends(row), office.calendar
    )
    late = row.overdue or rung.code == "overdue"
    send(conn, [(_CLIMBED, {"deadline": row.id, "at_rung": position, "next": moment, "late": late})])
    return True, moment


def words_of(rung: Rung) -> str:
    """What the journal says of a rung."""
    if rung.share:
        return (
            f"{CODES[rung.code]}：时限已过 {rung.share}%"
            if rung.code != "remind" or rung.share != HALF
            else "提醒：时限过半"
        )
    if rung.before:
        return f"{CODES[rung.code]}：离到期还有 {rung.before} 个工作日"
    if rung.code == "head":
        return f"逾期{rung.after.label if rung.after else ''}，报部门负责人并列入通报".replace(
            "2 个工作日", "两个工作日"
        )
    if rung.after and rung.code != "bulletin":
        return f"{CODES[rung.code]}：已逾期 {rung.after.label}"
    return SAYS[rung.code]


def _announce(
    conn: Connection, case: CaseState, row: Any, task: TaskRow | None, rung: Rung, now: datetime
) -> None:
    note(
        conn, case, actor=SYSTEM_ACTOR, now=now, action=rung.code, says=f"{words_of(rung)}：{row.label}", source=row.source,
        stales=False,
    )  # fmt: skip
    if rung.code == "bulletin":
        return
    topic = "again" if rung.code == "remind" and rung.share != HALF else rung.code
    key = f"{row.kind}:{row.visit}:{row.due_on.isoformat()}" + (":remind" if topic != rung.code else "")
    facts = {"label": row.label, "due": due_words(row), "source": row.source}
    facts |= _manner(row, now)
    if rung.tells != HOLDER:
        role = ROLES[rung.tells]
        tell(
            conn,
            case,
            topic,
            now,
            role=role.code,
            scope=scope_of(role, case.area_code),
            key=key,
            facts=facts,
        )
        return
    role_code, scope = (task.task_role, task.task_scope) if task else (row.role, row.scope)
    holder = answers_for(conn, case, row) or (task.task_assignee if task else None)
    tell(conn, case, topic, now, user_id=holder, role=role_code, scope=scope, key=key,
         facts=facts)  # fmt: skip


def due_words(row: Any) -> str:
    """The end of a limit for a message: its day, or its moment in China."""
    end = ends(row)
    return f"{end.astimezone(CHINA):%Y-%m-%d %H:%M}" if isinstance(end, datetime) else end.isoformat()


def _escalate(
    office: Office, conn: Connection, case: CaseState, row: Any, task: TaskRow | None, now: datetime
) -> None:
    """Put the missed deadline before the supervisor of the area at which it was held, as a case of its own."""
    if row.scope and ROLES[row.role].of_department:
        area = ancestor(case.area_code, "county")
    elif row.scope and ROLES[row.role].levels[0] != "village":
        area = row.scope
    else:
        area = scope_of(SUPERVISOR, case.area_code)
    facts = {
        "number": case.number, "label": row.label, "due": due_words(row), "source": row.source, "role": row.role,
        "part": row.part, "stage": case.stage, "late_user_id": answers_for(conn, case, row) or (task.task_assignee if task else None),
    }  # fmt: skip
    if task and task.task_owner:
        facts["late_owner_id"] = task.task_owner
    opened = open_case(
        office, conn, ESCALATION, subject=("case", case.id), area_code=area, actor=SYSTEM_ACTOR, now=now,
        title=case.title, parent=case, facts=facts,
    )  # fmt: skip
    tell(conn, opened, "escalated", now, role=SUPERVISOR.code, scope=scope_of(SUPERVISOR, area),
         facts=facts | _manner(row, now))  # fmt: skip


def _manner(row: Any, now: datetime) -> dict[str, Any]:
    """How it is to be delivered: what a limit of hours says goes at once, what was missed goes in one digest."""
    if row.due_at:
        return {"urgent": True}
    return {"since": row.next_at.isoformat()} if row.next_at <= now - CAUGHT_UP else {}
