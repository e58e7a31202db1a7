"""Who of a family lives elsewhere, and whom a clerk counts, or does not, against the rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, union_all
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.changes.doing import may_register
from workflow.errors import FormRefused, NotPermitted, Refused
from workflow.models import Absence, CountedApart, Household
from workflow.periods import local_date

SHORTEST_REASON = 4


def absences(session: Session, household_id: int, on: date) -> list[Absence]:
    """Those of the family who live elsewhere on a day, members or not."""
    wanted = select(Absence).where(Absence.household_id == household_id, *_in_force(Absence, on))
    return list(session.scalars(wanted.order_by(Absence.id)))


def differing(session: Session, household_id: int, on: date) -> dict[int, CountedApart]:
    """By person: where a clerk differs from the rule on a day."""
    wanted = select(CountedApart).where(
        CountedApart.household_id == household_id, *_in_force(CountedApart, on)
    )
    return {row.person_id: row for row in session.scalars(wanted)}


def plain(session: Session, household_id: int) -> bool:
    """Whether nobody of the family was ever away and no clerk has differed: then every member counts."""
    either = union_all(
        select(Absence.id).where(Absence.household_id == household_id),
        select(CountedApart.id).where(CountedApart.household_id == household_id),
    )
    return session.execute(either.limit(1)).first() is None


def count_apart(
    session: Session,
    household: Household,
    person_id: int,
    *,
    counted: bool | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> CountedApart | None:
    """Count somebody, or not, from today on, whatever the rule says, and why; None follows the rule again.

    Raises NotPermitted, Refused for who is no member, FormRefused without a reason.
    """
    today = local_date(now)
    if not may_register(actor, household.area_code):
        raise NotPermitted("谁算家庭成员由家庭所在乡镇（街道）的窗口受理员或村级代理员认定。")
    if person_id not in {m.person_id for m in household.members(today)}:
        raise Refused("所选的人现在不是本户成员，请核对。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise FormRefused({"reason": f"请写明理由，至少 {SHORTEST_REASON} 个字"})
    wanted = select(CountedApart).where(
        CountedApart.household_id == household.id,
        CountedApart.person_id == person_id,
        CountedApart.to_date.is_(None),
    )
    for before in session.scalars(wanted):
        if before.from_date < today:
            before.to_date = today - timedelta(days=1)
        else:
            session.delete(before)
    session.flush()
    if counted is None:
        return None
    row = CountedApart(
        household_id=household.id, person_id=person_id, counted=counted, reason=reason.strip(), from_date=today,
        made_by=actor.id, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _in_force(table: type[Absence | CountedApart], on: date) -> tuple[ColumnElement[bool], ...]:
    return table.from_date <= on, or_(table.to_date.is_(None), table.to_date >= on)
