"""What an item is worth to a household: the amounts the rules compute and the district has set, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from definitions.editions.number import NumberMissing
from definitions.editions.standards import KINDS, find_local
from definitions.matcher.conditions import rigid
from definitions.matcher.items import PolicyItem
from definitions.matcher.needs import Member
from definitions.matcher.situation import Situation
from definitions.rules.medical import medical_aid
from definitions.rules.temporary import temporary_aid
from definitions.rules.trace import Reason, Step
from workflow.errors import Refused

MEDICAL_GROUPS = {"rigid": "expenditure"}
"""Tier -> the group of the medical rule, where it has another name."""
LEVELS = {
    "preschool": ("preschool",),
    "compulsory": ("compulsory",),
    "high_school": ("high", "vocational"),
    "university": ("university",),
}
"""Stage of school of an item -> the levels the district sets amounts for."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What an item is worth, and how that was found."""

    from_: Decimal | None = None
    to: Decimal | None = None
    per: str = ""
    steps: tuple[Step, ...] = ()
    reasons: tuple[Reason, ...] = ()


def _dibao(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    if isinstance(at.judged, Refused):
        return Amount()
    total = at.judged.total if holds else None
    return Amount(total, total, "month", at.judged.steps)


def _one_person(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    """Each member judged alone: from the least of them to all together."""
    if not holds:
        return Amount(per="month")
    chosen = [at.alone(_member(at, person)) for person in people]
    return Amount(
        min(one.total for one in chosen), sum((one.total for one in chosen), Decimal(0)), "month",
        tuple(step for one in chosen for step in one.steps),
    )  # fmt: skip


def _status(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    """No money of its own: a status that opens other aid."""
    return Amount(steps=() if isinstance(at.judged, Refused) else at.judged.steps)


def _rigid(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    if holds is None or isinstance(at.judged, Refused):
        return Amount()
    known = (at.needs.spending, at.needs.average_income, at.needs.rigid_threshold)
    family = rigid(at) if None not in known else None
    return (
        Amount() if family is None or isinstance(family, Refused) else Amount(steps=family.derivation.steps)
    )


def _medical(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    """At most the share of what is left of the bill that the district pays the group, by its deductible and ratio."""
    bill = at.needs.bill
    if not holds or bill is None:
        return Amount(per="once")
    left = max(Decimal(0), bill.total - bill.insurance - bill.charity - bill.other_aid)
    group = MEDICAL_GROUPS.get(item.item, item.item)
    terms = [_local(at, f"medical_{term}_{group}") for term in ("deductible", "ratio")]
    try:
        aid = medical_aid(
            at.law.code, at.day, total=bill.total, insurance=bill.insurance, charity=bill.charity, other_aid=bill.other_aid,
            requested=left, group=group, deductible=terms[0], ratio=terms[1],
        )  # fmt: skip
    except Refused as refused:
        return Amount(per="once", reasons=(Reason("no_amount", refused.message),))
    local = tuple(r for r in aid.derivation.reasons if r.code == "local_terms_missing" and terms[1] is None)
    return Amount(None, aid.aid, "once", aid.derivation.steps, local)


def _education(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    """The district's amount a school year for each student; from the least to the most where it has several."""
    found = [_local(at, f"education_{level}") for level in LEVELS[item.item]]
    amounts = [amount for amount in found if amount is not None]
    if not holds or not amounts:
        return Amount(per="year")
    return Amount(min(amounts) * len(people), max(amounts) * len(people), "year")


def _temporary(item: PolicyItem, at: Situation, people: tuple[str, ...], holds: bool | None) -> Amount:
    """At most the cap of the law, and at most what was lost where that is known."""
    if not holds:
        return Amount(per="once")
    facts, loss = at.needs.facts, at.needs.loss
    try:
        found = temporary_aid(
            at.law.code, at.day, persons=len(at.members), requested=loss or Decimal(0), exceptional=False,
            standard=facts.standard, setting=facts.setting, standards=at.standards,
        )  # fmt: skip
    except Refused as refused:
        return Amount(per="once", reasons=(Reason("no_amount", refused.message),))
    most = found.cap if loss is None else found.granted
    return Amount(None, most, "once", found.derivation.steps)


def _local(at: Situation, kind: str) -> Decimal | None:
    """A local amount, None where the district has none or it differs between town and country and nobody said which."""
    if kind not in KINDS:
        return None
    try:
        found = find_local(at.standards, kind, at.needs.facts.setting, at.day)
    except NumberMissing:
        return None
    return found.amount if found else None


def _member(at: Situation, ident: str) -> Member:
    return next(m for m in at.members if m.id == ident)


AMOUNTS: dict[str, Callable[[PolicyItem, Situation, tuple[str, ...], bool | None], Amount]] = {
    "dibao": _dibao,
    "one_person": _one_person,
    "status": _status,
    "rigid": _rigid,
    "medical": _medical,
    "education": _education,
    "temporary": _temporary,
}
"""Name of an amount in the table of items -> how it is found by the rules."""
