"""On what lawful ground a family that the computation finds ineligible is kept on benefit (ZJ-50; M57-33; N22)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from definitions.editions.catalogue import edition
from definitions.rules.gradual_exit import EARNED, GradualExit, gradual_exit
from definitions.rules.household_document import read_household
from definitions.shared.assessment import as_facts, assess, document_of, standards_of
from definitions.shared.guards import month_of, months_between
from workflow.facts import CaseState
from workflow.households import facts_document
from workflow.models import Case
from workflow.people_queries import household_members

GROUNDS = {
    "employment_disregard": "就业增收在期限内不计入家庭收入（ZJ-50）",
    "gradual_exit": "渐退期未满，按原决定继续（M57-33；N22 一(三)）",
}
_NUMBERS = {"employment_disregard": "disregard_months_max", "gradual_exit": "gradual_exit_months_max"}
"""The number of an edition that makes a ground part of its law."""


def listed(code: str, today: date) -> list[str]:
    """The grounds an edition knows."""
    law = edition(code)
    return [ground for ground, number in _NUMBERS.items() if law.find(number, today) is not None]


def judged(session: Session, case: CaseState, today: date, ground: str = "") -> dict[str, Any] | None:
    """The household judged today, on this ground where one is relied on; None where nobody is left in it."""
    if not household_members(session, case.household_id, today):
        return None
    document = _disregarding(session, case, today) if ground == "employment_disregard" else None
    return as_facts(assess(session, case, today, document), today)


def fault(session: Session, case: CaseState, today: date, ground: str) -> str:
    """Why this ground does not carry, as far as the facts on record tell; "" where it does."""
    law, benefit = edition(case.edition), _benefit(session, case)
    if ground not in listed(case.edition, today):
        return f"规则版本 {case.edition} 没有“{GROUNDS[ground]}”的规定"
    if ground == "gradual_exit":
        return "" if benefit.stage == "gradual_exit" else "这个家庭不在渐退期内，不能以渐退期未满为依据"
    used, most = months_used(benefit, today), law.integer("disregard_months_max", today)
    if used >= most:
        return f"就业增收不计入的期限已用 {used} 个月，最多 {most} 个月（ZJ-50）"
    if not _has_new_earnings(_disregarding(session, case, today)):
        return "与原核定时相比没有劳动收入的增加，不能以就业增收不计入为依据（ZJ-50）"
    computed = judged(session, case, today, ground)
    if computed is None or not computed["eligible"]:
        return "扣除不计入的就业增收后仍不符合条件（ZJ-50）"
    return ""


def open_results(session: Session, case: CaseState, today: date) -> str:
    """The results that are open to an ineligible family, in words."""
    found = [
        f"维持（依据：{GROUNDS[ground]}）"
        for ground in listed(case.edition, today)
        if not fault(session, case, today, ground)
    ]
    if leaving(session, case, today).allowed:
        found.append("渐退")
    return "、".join([*found, "停发"])


def leaving(session: Session, case: CaseState, today: date, months: int | None = None) -> GradualExit:
    """Whether the family of a review can leave benefit by degrees, and why (M57-33). Somebody must be left in it."""
    return gradual_exit(
        read_household(document_of(session, case, today)),
        months,
        running=bool(_benefit(session, case).facts.get("grace")),
        standards=standards_of(session, case.area_code),
    )


def months_used(benefit: Case, today: date) -> int:
    """Months for which new earnings have been left out by earlier decisions."""
    since = benefit.facts.get("disregard_since")
    return len(months_between(since, month_of(today))) - 1 if since else 0


def _benefit(session: Session, case: CaseState) -> Case:
    return session.get_one(Case, case.parent_id)


def _disregarding(session: Session, case: CaseState, today: date) -> dict[str, Any]:
    """The household's document with what work brings in more than at the last assessment marked as new earnings."""
    benefit = _benefit(session, case)
    document = document_of(session, case, today)
    then = date.fromisoformat(benefit.facts["assessment"]["as_of"])
    known = {member["id"]: member for member in facts_document(session, case.household_id, then)["members"]}
    for member in document["members"]:
        before = {category: _sum(known.get(member["id"]), category) for category in EARNED}
        member["incomes"] = [part for income in member["incomes"] for part in _split(income, before)]
    return document | {"employment_disregard": {"months_used": months_used(benefit, today)}}


def _sum(member: dict[str, Any] | None, category: str) -> Decimal:
    incomes = member["incomes"] if member else []
    return sum((Decimal(i["annual"]) for i in incomes if i["category"] == category), Decimal(0))


def _split(income: dict[str, Any], before: dict[str, Decimal]) -> list[dict[str, Any]]:
    """An income from work as what there was `before` of its category, which it uses up, and what has come to it."""
    if income["category"] not in EARNED or income["new_employment"]:
        return [income]
    old = min(Decimal(income["annual"]), before[income["category"]])
    new = Decimal(income["annual"]) - old
    before[income["category"]] -= old
    parts = ((old, False), (new, True))
    return [income | {"annual": f"{part:.2f}", "new_employment": flag} for part, flag in parts if part] or [
        income
    ]


def _has_new_earnings(document: dict[str, Any]) -> bool:
    return any(
        i["new_employment"] and Decimal(i["annual"]) for m in document["members"] for i in m["incomes"]
    )
