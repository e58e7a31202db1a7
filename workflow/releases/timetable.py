"""Putting an edition of the law in force from a day on: written by one person, signed by another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.catalogue import Catalogue
from workflow.errors import NotFound, Unmet
from workflow.models import Case, EditionOrder, EditionPeriod, Release
from workflow.periods import local_date
from workflow.releases.signing import author, sign


def propose_order(
    session: Session,
    catalogue: Catalogue,
    edition: str,
    *,
    from_date: date,
    source: str,
    actor: Actor,
    now: datetime,
) -> EditionOrder:
    """Write the order that an edition be in force from a day after today. Raises NotPermitted, Unmet."""
    paper = author(actor, now)
    if not source.strip():
        raise Unmet("请写明依据哪一份文件。")
    _check(session, catalogue, edition, from_date, local_date(now))
    row = EditionOrder(
        edition=edition,
        from_date=from_date,
        source=source.strip(),
        effects=_effects(session, edition, from_date),
        **paper,
    )
    session.add(row)
    session.flush()
    return row


def confirm_order(
    session: Session, catalogue: Catalogue, order_id: int, *, actor: Actor, now: datetime
) -> EditionOrder:
    """Sign it: the period it falls into ends the day before. Raises NotFound, NotPermitted, Unmet."""
    row = session.get(EditionOrder, order_id)
    if row is None:
        raise NotFound
    if row.signed_at is None:
        _check(session, catalogue, row.edition, row.from_date, local_date(now))
    sign(row, actor, now)
    before = _period(session, row.from_date)
    after = session.scalar(
        select(EditionPeriod)
        .where(EditionPeriod.from_date > row.from_date)
        .order_by(EditionPeriod.from_date)
        .limit(1)
    )
    until = after.from_date - timedelta(days=1) if after else None
    if before is not None and before.from_date == row.from_date:
        before.edition, before.source = row.edition, row.source
    else:
        if before is not None:
            before.to_date = row.from_date - timedelta(days=1)
        session.add(
            EditionPeriod(from_date=row.from_date, to_date=until, edition=row.edition, source=row.source)
        )
    session.flush()
    return row


def _period(session: Session, day: date) -> EditionPeriod | None:
    found: EditionPeriod | None = session.scalar(
        select(EditionPeriod)
        .where(EditionPeriod.from_date <= day)
        .order_by(EditionPeriod.from_date.desc())
        .limit(1)
    )
    return found


def _check(session: Session, catalogue: Catalogue, edition: str, from_date: date, today: date) -> None:
    if from_date <= today:
        raise Unmet("生效日期必须在今天以后：已经受理的案件按受理时的版本办，不能倒签。")
    missing = [
        code for code in catalogue.codes if all(edition not in b.editions for b in catalogue.editions(code))
    ]
    if missing:
        raise Unmet(f"没有“{edition}”这个版本的流程：{'、'.join(missing)}。")
    released = set(
        session.scalars(
            select(Release.definition).where(Release.edition == edition, Release.signed_at.is_not(None))
        )
    )
    if unreleased := [code for code in catalogue.codes if code not in released]:
        raise Unmet(f"“{edition}”版本还有流程没有发布：{'、'.join(unreleased)}。")
    now = _period(session, from_date)
    if now is not None and now.edition == edition and (now.to_date is None or now.to_date >= from_date):
        raise Unmet(f"{from_date} 起本来就是“{edition}”版本。")


def _effects(session: Session, edition: str, from_date: date) -> dict[str, Any]:
    """Whom it touches: open cases keep their edition; those not yet accepted take the one in force at acceptance."""
    before = _period(session, from_date)
    rows = session.execute(
        select(Case.edition, Case.accepted_on.is_(None), func.count())
        .where(Case.closed_at.is_(None))
        .group_by(Case.edition, Case.accepted_on.is_(None))
    )
    kept: dict[str, int] = {}
    waiting = 0
    for old, unaccepted, number in rows:
        kept[old] = kept.get(old, 0) + number
        waiting += number if unaccepted else 0
    return {"replaces": before.edition if before else None, "open_cases": kept, "not_accepted": waiting}
