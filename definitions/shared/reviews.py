"""When the next re-check is due, and the act that opens it ahead of its date."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.rules.review import review_due
from definitions.shared.planning import plan
from workflow.facts import CaseState


def plan_next_review(session: Session, case: CaseState, last: date, today: date) -> None:
    """Fix `review_due` by class and setting (M220-33; M57-31) and plan its opening some days before [design]."""
    due = review_due(
        case.edition, today, review_class=case.facts["review_class"], last=last, setting=case.facts["setting"]
    ).due
    ahead = edition(case.edition).integer("review_opens_days_before", today)
    case.facts["review_due"] = due.isoformat()
    plan(
        session,
        case.id,
        "open_review",
        max(due - timedelta(days=ahead), today + timedelta(days=1)),
        origin=case,
    )
