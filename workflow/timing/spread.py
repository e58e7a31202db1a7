"""Spreading periodic work over the working days of its window, so that a date shared by many makes no wave."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.calendar import Calendar
from workflow.models import ScheduledAct


def quietest_day(session: Session, action: str, first: date, last: date, calendar: Calendar) -> date:
    """The working day from `first` to `last` on which fewest acts of this kind are planned, the earliest of several.

    `first` itself where the window holds no working day. What is planned already stays where it is.
    """
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    working = [day for day in days if calendar.is_working(day)]
    if not working:
        return first
    planned = dict(
        session.execute(
            select(ScheduledAct.on_date, func.count())
            .where(
                ScheduledAct.state == "planned",
                ScheduledAct.on_date.between(working[0], working[-1]),
                ScheduledAct.action == action,
            )
            .group_by(ScheduledAct.on_date)
        ).all()
    )
    return min(working, key=lambda day: (planned.get(day, 0), day))
