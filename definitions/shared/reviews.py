"""When the next re-check is due, and the act that opens it ahead of its date."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.rules.review import review_due
from definitions.shared.planning import plan
from workflow.decision_tables import keep
from workflow.facts import CaseState
from workflow.office import office_of
from workflow.timing.spread import quietest_day


def plan_next_review(session: Session, case: CaseState, last: date, today: date) -> None:
    """Fix `review_due` by class and setting (M220-33; M57-31) and plan its opening some days before [design].

    The openings are spread over the first half of those days: many families share a date, and no morning may bring
    them all. The other half stays for the work; never is one opened after its date.
    """
    found = review_due(
        case.edition, today, review_class=case.facts["review_class"], last=last, setting=case.facts["setting"]
    )
    keep(case, found.decision)
    due = found.due
    ahead = edition(case.edition).integer("review_opens_days_before", today)
    case.facts["review_due"] = due.isoformat()
    first = max(due - timedelta(days=ahead), today + timedelta(days=1))
    latest = max(first, due - timedelta(days=ahead // 2))
    on = quietest_day(session, "open_review", first, latest, office_of(session).calendar)
    plan(session, case.id, "open_review", on, origin=case)
