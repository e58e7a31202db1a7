"""Which article stands behind each letter in each edition, what the decision is called, and the remedies by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from definitions.editions.sources import cite
from definitions.letters.sheet import Given, LetterNotForEdition

EDITIONS = ("NB2016", "NAT2021", "NAT2021-DELEGATED")


@dataclass(frozen=True, slots=True)
class Terms:
    """The edition's words for deciding."""

    decide: str
    decided: str
    refuse: str


TERMS: dict[str, Terms] = {
    "NB2016": Terms("批准", "审批", "不予批准"),
    "NAT2021": Terms("确认", "审核确认", "不予确认"),
    "NAT2021-DELEGATED": Terms("确认", "审核确认", "不予确认"),
}

CLAUSES: dict[str, tuple[str, str]] = {
    "receipt": ("R649-11;M220-13", "R649-11;M57-10"),
    "intake_receipt": ("R649-60;ZJ-53", "R649-60"),
    "acceptance": ("R649-11;M220-13", "R649-11;M57-10"),
    "correction": ("M220-13", "M57-10"),
    "not_accepted": ("R649-11;M220-13", "R649-11;M57-10"),
    "check_result": ("M220-20", "M57-18"),
    "publicity_first": ("M220-25;ZJ-11", "M57-19"),
    "publicity_second": ("M220-29", ""),
    "publicity_result": ("", "M57-24"),
    "publicity_long_term": ("M220-34", ""),
    "publicity_aid": ("ZJ-23", "ZJ-23"),
    "approval": ("R649-11;M220-29", "R649-11;M57-21"),
    "refusal": ("R649-11;M220-26", "R649-11;M57-21"),
    "aid_refused_medical": ("R649-28;ZJ-21;ZJ-23", "R649-28;ZJ-21;ZJ-23"),
    "aid_refused_education": ("R649-33;ZJ-26;ZJ-28", "R649-33;ZJ-26;ZJ-28"),
    "aid_refused_referral": ("R649-60;ZJ-53", "R649-60;ZJ-53"),
    "aid_granted_medical": ("R649-29;ZJ-22;ZJ-23", "R649-29;ZJ-22;ZJ-23"),
    "aid_granted_education": ("R649-34;ZJ-27;ZJ-28", "R649-34;ZJ-27;ZJ-28"),
    "certificate": ("M220-29", "M57-21"),
    "adjustment": ("R649-13;M220-33", "R649-13;M57-32"),
    "stop": ("R649-13;ZJ-51", "R649-13;M57-32"),
    "gradual_exit": ("", "M57-33;N22"),
    # Suspension is practice; the nearest text is the duty to decide in time on increase, reduction and stop.
    "suspension": ("R649-13", "R649-13"),
    "terminated": ("ZJ-51", "M57-29"),
    # Closing an application whose gaps were not filled stands on no article; it rests on the one-off notice.
    "withdrawn": ("M220-13", "M57-10"),
}
"""Letter -> the articles of NB2016 and of the national editions; "" where the edition has no such letter."""


def basis(given: Given, kind: str) -> str:
    """The articles of a letter in words. Raises LetterNotForEdition where the case's edition has none."""
    return cite(clause(given.text("edition"), kind, given.title))


def clause(edition: str, kind: str, title: str) -> str:
    """The articles of a letter as source tags."""
    if edition not in EDITIONS:
        raise LetterNotForEdition(f"没有规则版本 {edition}，不能出具{title}。", edition=edition)
    source = CLAUSES[kind][0 if edition == "NB2016" else 1]
    if not source:
        raise LetterNotForEdition(f"规则版本 {edition} 没有{title}，请核对案件适用的规则。", edition=edition)
    return source


@dataclass(frozen=True, slots=True)
class Remedy:
    """What somebody who disagrees can do, by the law in force when the letter is signed."""

    from_: date
    days: int
    months: int
    source: str


REMEDIES = (
    Remedy(date(2015, 5, 1), 60, 6, "AR17-9;APL-46"),
    Remedy(date(2024, 1, 1), 60, 6, "AR23-20;APL-46"),
)
"""Reconsideration and lawsuit, oldest first. The government of the county may be asked under both wordings."""


def remedy(given: Given, *, what: str = "本决定") -> str:
    """The remedy clause: reconsideration within 60 days, or a lawsuit within 6 months."""
    on = given.day("signed_on")
    rule = next((r for r in reversed(REMEDIES) if r.from_ <= on), REMEDIES[0])
    return (
        f"如果您不服{what}，可以自收到本通知书之日起{rule.days}日内，向{given.text('review_body')}申请行政复议；"
        f"也可以自收到本通知书之日起{rule.months}个月内，直接向有管辖权的人民法院提起行政诉讼。"
        f"（{cite(rule.source)}）"
    )


def contact(given: Given) -> str:
    """Whom to ask, a line each, as far as it is known."""
    parts = [f"电话：{given.text('phone')}"] if given.has("phone") else []
    parts += [f"地址：{given.text('address')}"] if given.has("address") else []
    return "咨询" + "\n".join(parts) if parts else ""
