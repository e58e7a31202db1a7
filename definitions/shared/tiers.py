"""Which group of persons in need somebody belongs to, and until when: read from what is granted, else from a certificate.

Aid of single departments rests on it (R649-28, 33; ZJ-21, 26): nobody proves twice what the district knows itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from definitions.rules.medical import GROUPS
from definitions.shared.guards import month_of
from workflow.facts import CaseState
from workflow.models import Case, Entitlement

GRANTED = ("tekun", "dibao")
"""Groups that stand in the district's own entitlements, the one that comes first for somebody in both."""
CERTIFIED = {code: GROUPS[code] for code in ("tekun", "low_edge", "expenditure")}
"""Groups shown by a certificate where the district does not grant them by this system."""
DIRECT = ("dibao", "tekun", "low_edge")
"""Who is helped directly by the department: no review by the town, no publicity (R649-30; ZJ-23)."""


@dataclass(frozen=True)
class Tier:
    """A group, what shows it, and its last day (None: open)."""

    group: str
    shown_by: str
    until: date | None = None

    @property
    def label(self) -> str:
        """What the group is called."""
        return GROUPS[self.group]


def tier_of(session: Session, case: CaseState, person_id: int, on: date) -> Tier | None:
    """The group of a member of the case's household on a day: as granted, else by a certificate handed in."""
    month = month_of(on)
    rows = session.execute(
        select(Entitlement.programme, Entitlement.shares, Case.number)
        .join(Case, Case.id == Entitlement.case_id)
        .where(
            Entitlement.household_id == case.household_id,
            Entitlement.programme.in_(GRANTED),
            Entitlement.from_month <= month,
            or_(Entitlement.to_month.is_(None), Entitlement.to_month >= month),
        )
    ).all()
    held = {row.programme: row.number for row in rows if str(person_id) in row.shares}
    for group in GRANTED:
        if group in held:
            return Tier(group, held[group])
    shown = case.facts.get("certificate")
    if shown and date.fromisoformat(shown["until"]) >= on:
        return Tier(shown["group"], shown["number"], date.fromisoformat(shown["until"]))
    return None
