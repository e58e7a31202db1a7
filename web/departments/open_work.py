"""What departments have in hand: open referrals and tasks of the service centre, by department and age (R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.models import Case, Deadline, Task, User
from workflow.periods import local_date
from workflow.policy import readable

REFERRAL, COORDINATION = "referral", "coordination"


@dataclass(frozen=True)
class Line:
    """A case with a department, or back from it: how many days since it was sent, by when, who holds it."""

    case: Case
    days: int
    due: date | None
    provisional: bool
    late: bool
    holder: str

    @property
    def chased(self) -> int:
        """How often it was urged."""
        return len(self.case.facts.get("chased", ()))

    @property
    def department(self) -> str:
        """The department it is or was with, "" where it was not sent yet."""
        return str(self.case.facts.get("department_name", ""))


@dataclass
class Group:
    """One department's lines, the oldest first."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def late(self) -> int:
        """How many are overdue."""
        return sum(line.late for line in self.lines)

    @property
    def oldest(self) -> int:
        """Days the oldest has been out."""
        return max((line.days for line in self.lines), default=0)


def open_lines(session: Session, actor: Actor, definition: str, today: date) -> list[Line]:
    """The open cases of a definition this reader may see, the oldest first."""
    return _lines(session, actor, [Case.definition == definition, Case.closed_at.is_(None)], today)


def closed_since(session: Session, actor: Actor, definition: str, since: date, today: date) -> list[Line]:
    """Those that ended from a day on, the latest first."""
    found = _lines(session, actor, [Case.definition == definition, Case.closed_at.is_not(None)], today)
    kept = [line for line in found if line.case.closed_at and local_date(line.case.closed_at) >= since]
    return sorted(kept, key=lambda line: line.case.id, reverse=True)


def _lines(session: Session, actor: Actor, wanted: Sequence[object], today: date) -> list[Line]:
    cases = session.scalars(select(Case).where(*wanted, readable(actor)).order_by(Case.id)).all()  # type: ignore[arg-type]
    mine = [case for case in cases if actor.id not in case.barred]
    ids = [case.id for case in mine]
    limits: dict[int, Deadline] = {}
    for row in session.scalars(select(Deadline).where(Deadline.case_id.in_(ids), Deadline.state == "open")):
        if row.case_id not in limits or row.due_on < limits[row.case_id].due_on:
            limits[row.case_id] = row
    holders = dict(
        session.execute(
            select(Task.case_id, User.name)
            .join(User, User.id == Task.assignee_id)
            .where(Task.case_id.in_(ids), Task.state == "open")
        ).all()
    )
    lines = [_line(case, limits.get(case.id), holders.get(case.id, ""), today) for case in mine]
    return sorted(lines, key=lambda line: (-line.days, line.case.number))


def _line(case: Case, limit: Deadline | None, holder: str, today: date) -> Line:
    sent = case.facts.get("sent_on")
    since = date.fromisoformat(sent) if sent else local_date(case.opened_at)
    until = local_date(case.closed_at) if case.closed_at else today
    return Line(
        case, (until - since).days, limit.due_on if limit else None, bool(limit and limit.provisional),
        bool(limit and limit.due_on < today), holder,
    )  # fmt: skip


def by_department(lines: Sequence[Line]) -> list[Group]:
    """The lines of each department; the one with the most that is late comes first."""
    groups: dict[str, Group] = {}
    for line in lines:
        groups.setdefault(line.department, Group(line.department)).lines.append(line)
    return sorted(groups.values(), key=lambda group: (-group.late, -group.oldest, group.name))
