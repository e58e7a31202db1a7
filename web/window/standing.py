"""Where each thing stands that a window has set going: stage, who has it, the next legal day, the result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.intake.results import INTAKE, has_result
from workflow.models import Area, Case, Deadline, Task, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import area_filter
from workflow.roles import ROLES

SHOWN = 200


@dataclass(frozen=True)
class Thing:
    """One case opened from an intake: who has it now (roles, names), by when, and its result once it has one."""

    case: Case
    stage: str
    holders: list[str]
    due: date | None
    provisional: bool
    result: str
    department: str


@dataclass(frozen=True)
class Line:
    """An intake on the desk: how many working days it is old, its own next day, and its things."""

    case: Case
    village: str
    age: int
    due: date | None
    things: list[Thing]

    @property
    def nearest(self) -> date | None:
        """The day that comes first, its own or that of one of its things."""
        days = [one.due for one in self.things if one.due] + ([self.due] if self.due else [])
        return min(days, default=None)


def things_of(office: Office, session: Session, cases: Sequence[Case]) -> dict[int, list[Thing]]:
    """What was opened from these intakes, by intake, in four queries however many they are."""
    found = session.scalars(
        select(Case).where(Case.parent_id.in_([case.id for case in cases])).order_by(Case.id)
    ).all()
    holders, limits = _holders(session, found), next_limits(session, found)
    things: dict[int, list[Thing]] = defaultdict(list)
    for case in found:
        stage, limit = office.catalogue.of(case).stages[case.stage], limits.get(case.id)
        ended = has_result(office.catalogue, case)
        things[case.parent_id or 0].append(
            Thing(case, stage.label, [] if ended else holders[case.id], None if ended or limit is None else limit.due_on,
                  limit is not None and limit.provisional, stage.label if ended else "",
                  case.facts.get("department_name", ""))
        )  # fmt: skip
    return things


def _holders(session: Session, cases: Iterable[Case]) -> dict[int, list[str]]:
    """Whose the open tasks are: the name of who took it, else the role."""
    rows = session.execute(
        select(Task.case_id, Task.role, User.name).outerjoin(User, User.id == Task.assignee_id)
        .where(Task.case_id.in_([case.id for case in cases]), Task.state == "open").order_by(Task.id)
    )  # fmt: skip
    found: dict[int, list[str]] = defaultdict(list)
    for case_id, role, name in rows:
        title = ROLES[role].title if role in ROLES else role
        said = f"{title} {name}" if name else title
        if said not in found[case_id]:
            found[case_id].append(said)
    return found


def next_limits(session: Session, cases: Iterable[Case]) -> dict[int, Deadline]:
    """The legal limit of each case that ends next."""
    rows = session.scalars(
        select(Deadline).where(
            Deadline.case_id.in_([case.id for case in cases]), Deadline.state == "open", Deadline.minimum.is_(False),
            Deadline.ladder != "silent",
        ).order_by(Deadline.due_on.desc(), Deadline.id)
    )  # fmt: skip
    return {row.case_id: row for row in rows}


def desk(
    office: Office,
    session: Session,
    areas: Sequence[str],
    today: date,
    *,
    stage: str = "",
    barred: int | None = None,
) -> list[Line]:
    """The open intakes of these areas, the nearest day first; with a stage those that stand there, ended ones too."""
    wanted = Case.stage == stage if stage else Case.closed_at.is_(None)
    cases = [
        case for case in session.scalars(
            select(Case).where(Case.definition == INTAKE, area_filter(Case.area_code, areas), wanted)
            .order_by(Case.id.desc()).limit(SHOWN)
        ) if barred not in case.barred
    ]  # fmt: skip
    things, own = things_of(office, session, cases), next_limits(session, cases)
    places = {case.area_code for case in cases}
    names = dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(places))).all())
    lines = [
        Line(case, names.get(case.area_code, ""), office.calendar.working_days_between(local_date(case.opened_at), today),
             own[case.id].due_on if case.id in own else None, things[case.id])
        for case in cases
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.nearest or date.max, line.case.id))
