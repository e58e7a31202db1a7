"""The means test and amount of a case on a day, with the derivation that is stored with the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.editions.standards import StandardRow, TableStandards
from definitions.rules.benefit import Assessment, benefit
from definitions.rules.household_document import read_household
from definitions.shared.counting import left_out
from workflow.areas import ancestor
from workflow.facts import CaseState
from workflow.households import facts_document
from workflow.models import Standard


def standards_of(session: Session, area_code: str) -> TableStandards:
    """The released local numbers of the county an area belongs to."""
    rows = session.scalars(select(Standard).where(Standard.area_code == ancestor(area_code, "county")))
    return TableStandards(
        StandardRow(r.kind, r.setting, r.from_date, r.to_date, r.amount, r.source, r.sample) for r in rows
    )


def family_document(session: Session, household_id: int, code: str, on: date) -> dict[str, Any]:
    """The members of a household who count on a day under an edition, with their means."""
    document = facts_document(session, household_id, on)
    if apart := left_out(session, household_id, code, on):
        document["members"] = [member for member in document["members"] if member["id"] not in apart]
    return document


def document_of(session: Session, case: CaseState, today: date) -> dict[str, Any]:
    """The household of a case on a day as the rules read it."""
    document = family_document(session, case.household_id, case.edition, today)
    document |= {"edition": case.edition, "as_of": today.isoformat(), "setting": case.facts["setting"]}
    if case.facts.get("deductions"):
        document["deductions"] = case.facts["deductions"]
    return document


def assess(
    session: Session, case: CaseState, today: date, document: dict[str, Any] | None = None
) -> Assessment:
    """Judge the household of a case, or this document of it, by its edition on a day.

    Raises NumberMissing where a standard is missing.
    """
    document = document or document_of(session, case, today)
    return benefit(read_household(document), standards_of(session, case.area_code))


def as_facts(assessment: Assessment, today: date) -> dict[str, Any]:
    """The assessment as it is kept on the case and printed in the letter."""
    return {
        "as_of": today.isoformat(),
        "eligible": assessment.eligible and assessment.property_ok is not False,
        "income_ok": assessment.eligible,
        "property_ok": assessment.property_ok is not False,
        "low_edge": assessment.low_edge,
        "countable_income": f"{assessment.countable_income:.2f}",
        "per_capita": f"{assessment.per_capita:.2f}",
        "base": f"{assessment.base:.2f}",
        "supplement": f"{assessment.supplement:.2f}",
        "total": f"{assessment.total:.2f}",
        "shares": {member: f"{share:.2f}" for member, share in assessment.shares.items()},
        "steps": [step.as_json() for step in assessment.steps],
        "reasons": [reason.as_json() for reason in assessment.reasons],
    }
