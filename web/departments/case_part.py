"""What the page of a case tells of its dealings with a department: the need, the answer, bills and grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from definitions.education import LEVELS
from definitions.rules.medical import GROUPS
from workflow.models import AidBill, AidGrant, Case, Person

TITLES = {
    "referral": "需求和答复", "coordination": "交办和反馈", "medical": "医疗费用和资格", "education": "就学情况和资格",
}  # fmt: skip
"""Definition -> the heading of its part of the page."""


@dataclass(frozen=True)
class Told:
    """Labelled lines, what was given back and why, the director's words, bills, and grants in the ledger."""

    title: str
    lines: Sequence[tuple[str, str]]
    back: Sequence[Mapping[str, str]]
    words: Sequence[Mapping[str, str]]
    bills: Sequence[AidBill]
    grants: Sequence[AidGrant]


def told_of(session: Session, case: Case) -> Told | None:
    """The part of a case, None for programmes that deal with no department."""
    if case.definition not in TITLES:
        return None
    facts = case.facts
    bills = select(AidBill).where(AidBill.case_id == case.id, AidBill.released_on.is_(None))
    grants = select(AidGrant).where(AidGrant.case_id == case.id)
    return Told(
        TITLES[case.definition], [(label, text) for label, text in _lines(session, facts) if text], facts.get("given_back", ()),
        facts.get("instructions", ()), session.scalars(bills.order_by(AidBill.id)).all(),
        session.scalars(grants.order_by(AidGrant.id)).all(),
    )  # fmt: skip


def _lines(session: Session, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    ids = facts.get("persons") or [facts[name] for name in ("person_id",) if facts.get(name)]
    names = session.scalars(select(Person.name).where(Person.id.in_(ids)).order_by(Person.id)).all()
    tier, school = facts.get("tier"), facts.get("school_opinion")
    signed = facts.get("signed_on")
    return [
        ("部门", str(facts.get("department_name", ""))),
        ("为谁", "、".join(names)),
        ("需求", str(facts.get("need_text", ""))),
        ("要求", str(facts.get("question", ""))),
        ("关于案件", str(facts.get("about", ""))),
        ("签收", f"{signed} {facts.get('signed_by', '')}" if signed else ""),
        ("救助资格", f"{GROUPS[tier['group']]}（{tier['shown_by']}）" if tier else ""),
        (
            "就学",
            f"{LEVELS[facts['level']]} {facts['school']}，{facts['school_year']}"
            if facts.get("level")
            else "",
        ),
        ("学校意见", f"{'同意' if school['agreed'] else '不同意'}：{school['note']}" if school else ""),
        ("申请金额", f"{facts['requested']} 元" if facts.get("requested") else ""),
        ("答复", str(facts.get("answer", ""))),
        ("不能办理的理由", str(facts.get("refusal_reason", ""))),
    ]
