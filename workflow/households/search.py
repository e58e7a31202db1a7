"""Finding households by what people say at the counter."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from workflow.actors import Actor
from workflow.models import Area, Household, Membership, Person
from workflow.people.typed import ways
from workflow.policy import area_filter, readable_areas


def find_households(
    session: Session, actor: Actor, query: str = "", limit: int = 20, before: int | None = None
) -> Sequence[Household]:
    """Households the actor may see, newest first: of a member by name, pinyin, initials, number or its last four, or
    of a village by name. Without a query, all of his areas. `before` is the last id of the page before.
    """
    typed = "".join(query.split())
    wanted = (
        select(Household)
        .where(area_filter(Household.area_code, readable_areas(actor)))
        .options(selectinload(Household.memberships).selectinload(Membership.person))
        .order_by(Household.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(Household.id < before)
    if typed:
        named = or_(*(way.condition for way in ways(typed)))
        members = select(Membership.household_id).join(Person).where(Membership.to_date.is_(None), named)
        villages = select(Area.code).where(
            Area.level == "village", Area.name.startswith(typed, autoescape=True)
        )
        wanted = wanted.where(or_(Household.id.in_(members), Household.area_code.in_(villages)))
    return session.scalars(wanted).all()
