"""Kinds of papers a case can hold, and which of them an application needs."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.facts import CaseState, Facts
from workflow.forms import is_adult
from workflow.models import Document
from workflow.people_queries import household_members

MATERIALS: dict[str, str] = {
    "application": "申请书",
    "identity": "身份证和户口簿",
    "statement": "家庭收入和财产声明",
    "authorisation": "核对授权书",
    "undertaking": "诚信承诺书",
    "entrustment": "委托书",
    "income_proof": "收入证明",
    "disability_card": "残疾人证",
    "illness_proof": "疾病证明",
    "objection_evidence": "对核对结果的异议材料",
    "visit_form": "入户调查表（双方签字）",
    "appraisal_minutes": "民主评议记录",
    "posting_photo": "公示张贴照片",
    "taking_down_photo": "公示期满照片",
    "county_visit_form": "县级入户抽查表",
    "service_proof": "送达回证",
    "withdrawal_letter": "撤回申请书",
    "handout_receipt": "领取凭证（签名）",
    "tier_certificate": "救助对象证件",
    "medical_bill": "医疗费用票据",
    "insurance_sheet": "医保结算单",
    "school_proof": "在校（就学）证明",
    "other": "其他材料",
}
"""Kind of document -> its name (M57-9, M220-13)."""

REQUIRED = ("application", "identity", "statement", "authorisation", "undertaking")
"""What every application needs (M57-9; M220-13)."""


def required_kinds(case: CaseState) -> list[str]:
    """The materials of this application; a written entrustment where an agent files it (R649-11)."""
    return [*REQUIRED, *(["entrustment"] if case.facts.get("by_agent") else [])]


def needs_application(facts: Facts) -> list[str]:
    """Everything an accepted application must hold."""
    return required_kinds(facts.case)


def gaps(facts: Facts) -> list[str]:
    """All that is missing from an application, in words: papers, and authorisations of single adults (M57-10)."""
    session, case = facts.session, facts.case
    present = set(session.scalars(select(Document.kind).where(Document.case_id == case.id)))
    missing = [MATERIALS[kind] for kind in required_kinds(case) if kind not in present]
    missing += [f"{name}的核对授权" for name in unauthorised(session, case, facts)]
    return missing


def unauthorised(session: Session, case: CaseState, facts: Facts) -> list[str]:
    """The adult members whose signed authorisation is not recorded (M57-9(3))."""
    signed = set(case.facts.get("authorised", ()))
    members = household_members(session, case.household_id, facts.today)
    return [
        person.name for person in members if is_adult(person.birth, facts.today) and person.id not in signed
    ]


def photo(kind: str) -> Callable[[Facts], list[str]]:
    """Needs a document of this kind, taken in the present visit of the stage."""
    return this_round(kind)


def this_round(*kinds: str) -> Callable[[Facts], list[str]]:
    """Needs these kinds of documents, handed in since the case entered its present stage: earlier ones do not count."""

    def needed(facts: Facts) -> list[str]:
        return list(kinds)

    needed.fresh = True  # type: ignore[attr-defined]
    return needed


def any_of(*kinds: str) -> Callable[[Facts], list[str]]:
    """Needs these kinds of documents."""

    def needed(facts: Facts) -> list[str]:
        return list(kinds)

    return needed


def with_also(more: Callable[[Facts], list[str]], *kinds: str) -> Callable[[Facts], list[str]]:
    """Needs these kinds of documents, and those a function names for the case."""

    def needed(facts: Facts) -> list[str]:
        return [*kinds, *more(facts)]

    return needed
