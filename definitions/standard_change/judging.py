"""What new standards make of one benefit: its last decision with nothing changed but the district's amounts.

A change in the family itself is the re-check's business (M57-30), so the family is taken as the last decision had it,
and only where those facts give that decision's amount again to the fen. Only a rise is adjusted without a person: where
the facts do not, where the amount would fall or the family fall out, a re-check is opened (M57-32 asks for reasons).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.editions.standards import Standards
from definitions.rules.benefit import Assessment, benefit
from definitions.rules.facts import HouseholdFacts
from definitions.rules.household_document import read_household
from definitions.rules.quick import Judge, Verdict
from definitions.shared.assessment import as_facts, family_document
from workflow.errors import Refused
from workflow.facts import CaseState
from workflow.models import Case

ADJUST, REVIEW, SAME = "adjust", "review", "same"
OUTCOMES = {ADJUST: "调整金额", REVIEW: "启动复核", SAME: "不变"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a benefit: `outcome` of `OUTCOMES` with its reason; the assessment to be kept where it rises."""

    outcome: str
    why: str
    old: Decimal
    new: Decimal
    eligible: bool
    low_edge: bool
    assessment: dict[str, Any] | None


def standing_on(assessment: dict[str, Any]) -> date:
    """The day whose standards an assessment was computed by."""
    return date.fromisoformat(assessment.get("standard_from") or assessment["as_of"])


def judge(
    session: Session, case: Case | CaseState, on: date, *, present: Standards, future: Standards, change: str
) -> Judged:
    """Judge the last decision of a benefit by `future` standards on a day; `change` is the number of the change's case."""
    held = case.facts["assessment"]
    old = Decimal(held["total"])
    decided = date.fromisoformat(held["as_of"])
    document = family_document(session, case.subject_id, case.edition, decided)
    document |= {"edition": case.edition, "setting": case.facts["setting"]}
    if case.facts.get("deductions"):
        document["deductions"] = case.facts["deductions"]
    try:
        before = Judge(case.edition, then := standing_on(held), present).judge(_facts(document, then))
        after = benefit(_facts(document, on), future)
    except Refused as refused:
        return Judged(REVIEW, refused.message, old, old, eligible=False, low_edge=False, assessment=None)
    eligible = after.eligible and after.property_ok is not False
    outcome, why = _outcome(case, old, before, after, eligible)
    kept = None
    if outcome == ADJUST:
        kept = as_facts(after, decided) | {"standard_from": on.isoformat(), "standard_change": change}
    return Judged(outcome, why, old, after.total, eligible, after.low_edge, kept)


def _facts(document: dict[str, Any], day: date) -> HouseholdFacts:
    return read_household(document | {"as_of": day.isoformat()})


def _outcome(
    case: Case | CaseState, old: Decimal, before: Verdict, after: Assessment, eligible: bool
) -> tuple[str, str]:
    if case.facts.get("grace"):
        return REVIEW, "在渐退期内，按新标准是否仍应退出要由复核决定。"
    if before.total != old:
        return (
            REVIEW,
            f"按原核定时的家庭情况算得每月 {before.total} 元，与核定的 {old} 元不同，不能只换标准。",
        )
    if not eligible:
        return REVIEW, "按新标准不再符合条件，是否停发由复核决定。"
    if after.total < old:
        return REVIEW, f"按新标准为每月 {after.total} 元，低于现在的 {old} 元，减发由复核决定。"
    if after.total == old:
        return SAME, "金额不变。"
    return ADJUST, ""
