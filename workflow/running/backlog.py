"""What is due and not yet carried out: how much, since when. Rows that stand in the list of incidents are not counted
twice: a person is at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.health import Finding
from workflow.models import CalendarYear, Deadline, Incident, OutboxMessage, Tick
from workflow.periods import local_date
from workflow.running.incidents import PENDING, held_rows

ALARM = timedelta(minutes=5)
"""What is due for longer is nobody's quiet day: everybody who signs in reads of it."""
SWEEP = "deadlines"
"""The job that reminds."""


@dataclass(frozen=True)
class Oldest:
    """Since when the oldest deadline and the oldest message wait, and when reminders were last looked for."""

    deadline: datetime | None
    message: datetime | None
    ticked: datetime | None

    def waiting(self, now: datetime) -> timedelta:
        """For how long the older of the two waits."""
        return max((now - at for at in (self.deadline, self.message) if at is not None), default=timedelta(0))


def _due(now: datetime) -> tuple[object, ...]:
    return Deadline.next_at <= now, Deadline.id.not_in(held_rows(SWEEP))


def oldest(session: Session, now: datetime) -> Oldest:
    """Three short looks at an index each, for every page."""
    return Oldest(
        session.scalar(select(Deadline.next_at).where(*_due(now)).order_by(Deadline.next_at).limit(1)),  # type: ignore[arg-type]
        session.scalar(
            select(OutboxMessage.created_at)
            .where(OutboxMessage.state == "waiting")
            .order_by(OutboxMessage.id)
            .limit(1)
        ),
        session.scalar(select(Tick.at).where(Tick.name == SWEEP)),
    )


def undelivered(session: Session, now: datetime) -> int:
    """How many deadlines have a step due, and messages wait to be handed out."""
    due = session.scalar(select(func.count()).select_from(Deadline).where(*_due(now))) or 0  # type: ignore[arg-type]
    waiting = session.scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "waiting")
    )
    return due + (waiting or 0)


def figures(session: Session, now: datetime) -> dict[str, int]:
    """Gauges for monitoring: seconds, days and counts, by name."""
    found = oldest(session, now)
    last = session.scalar(select(func.max(CalendarYear.year)))
    today = local_date(now)
    states: dict[str, int] = dict(
        session.execute(
            select(Incident.state, func.count()).where(Incident.state.in_(PENDING)).group_by(Incident.state)
        ).all()
    )
    return {
        "due_backlog": undelivered(session, now),
        "oldest_deadline_age_seconds": _seconds(found.deadline, now),
        "outbox_age_seconds": _seconds(found.message, now),
        "incidents_open": states.get("open", 0),
        "incidents_retrying": states.get("retrying", 0),
        "calendar_days_left": 0
        if last is None
        else max(0, (today.replace(year=last, month=12, day=31) - today).days),
    }


def _seconds(at: datetime | None, now: datetime) -> int:
    return 0 if at is None else max(0, int((now - at).total_seconds()))


def findings(session: Session, now: datetime) -> Iterator[Finding]:
    """What a person who looks after the service must know of it."""
    found, number = oldest(session, now), undelivered(session, now)
    waits = int(found.waiting(now).total_seconds() // 60)
    if found.waiting(now) > ALARM:
        yield Finding(
            "送达",
            "wrong",
            f"有 {number} 条到期没有送达，最早的已等 {waits} 分钟。",
            "请检查 jiuzhu scheduler 和“运行异常”。",
        )
    else:
        yield Finding("送达", "fine", f"未送达 {number} 条")
    number = session.scalar(select(func.count()).select_from(Incident).where(Incident.state == "open")) or 0
    if number:
        yield Finding("运行异常", "wrong", f"有 {number} 项多次没有办成。", "请在“运行异常”中逐项处理。")
    else:
        yield Finding("运行异常", "fine", "没有")
