"""The re-checks of a month: those under way by their limit, those to come by the date their benefit carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.dibao.forms import REVIEW_CLASSES
from definitions.editions.catalogue import EDITIONS
from workflow.models import Area, Case, Deadline, ScheduledAct
from workflow.policy import area_filter

STATES = {"late": "已逾期", "open": "正在复核", "planned": "未启动", "done": "已办结"}
CLASSES = {code: label.split("：")[0] for code, label in REVIEW_CLASSES.items()}
REVIEW = "dynamic_review"


@dataclass(frozen=True)
class Review:
    """A re-check and the day it must be decided by. `case` is the re-check itself, or the benefit before it begins."""

    case: Case
    due: date
    state: str
    review_class: str
    village: str


def reviews_between(
    session: Session,
    areas: Sequence[str],
    first: date,
    last: date,
    today: date,
    actor_id: int | None,
    review_class: str = "",
    state: str = "",
) -> list[Review]:
    """The re-checks due from `first` to `last`, in order of their days."""
    running = list(_running(session, areas, first, last, today))
    begun = {case.parent_id for case, _due, stands in running if stands != "done"}
    found = [*running, *(line for line in _planned(session, areas, first, last) if line[0].id not in begun)]
    kept = [
        (case, due, stands) for case, due, stands in found
        if actor_id not in case.barred and state in {"", stands} and review_class in {"", case.facts.get("review_class", "")}
    ]  # fmt: skip
    places = {case.area_code for case, _due, _stands in kept}
    names = dict(session.execute(select(Area.code, Area.name).where(Area.code.in_(places))).all())
    lines = [
        Review(case, due, stands, case.facts.get("review_class", ""), names.get(case.area_code, ""))
        for case, due, stands in kept
    ]
    return sorted(lines, key=lambda line: (line.due, line.case.number))


def _running(
    session: Session, areas: Sequence[str], first: date, last: date, today: date
) -> Iterator[tuple[Case, date, str]]:
    rows = session.execute(
        select(Case, Deadline)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(
            Deadline.state.in_(("open", "met", "late")), Deadline.due_on.between(first, last), Deadline.kind == "span:review",
            Case.definition == REVIEW, area_filter(Case.area_code, areas),
        )
    )  # fmt: skip
    for case, limit in rows:
        if limit.state == "open":
            yield case, limit.due_on, "late" if limit.due_on < today else "open"
        else:
            yield case, limit.due_on, "done"


def _planned(
    session: Session, areas: Sequence[str], first: date, last: date
) -> Iterator[tuple[Case, date, str]]:
    """Benefits whose next re-check is not opened yet: its opening is planned some days before its date."""
    ahead = timedelta(days=max(e.integer("review_opens_days_before", last) for e in EDITIONS.values()))
    rows = session.scalars(
        select(Case)
        .join(ScheduledAct, ScheduledAct.case_id == Case.id)
        .where(
            ScheduledAct.action == "open_review", ScheduledAct.state == "planned",
            ScheduledAct.on_date.between(first - ahead, last), area_filter(Case.area_code, areas),
        )
    )  # fmt: skip
    for case in rows:
        due = date.fromisoformat(case.facts["review_due"])
        if first <= due <= last:
            yield case, due, "planned"
